"""A second process for one rebuild: it reads and standardises a part of the accounts, hands them to
the keeper through a pipe, and ends.

Rules: it is as closed as the keeper (no core dump, nobody attaches), gets the ring through a pipe,
and ends with the keeper; where it fails, the keeper does its part as well. A ring behind a plug
stays in one process.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from types import TracebackType

from reknit.guard.keeper.hardening import end_with_parent, harden


class Second:
    """The other process, started; `result` waits for what it has to say."""

    def __init__(self, ring: bytes) -> None:
        command = [sys.executable, "-m", "reknit.guard.keeper.second", str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(ring)
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it has failed; `result` says so

    def result(self) -> object | None:
        """What it standardised, by kind; None where it failed."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            said: object = pickle.load(self._process.stdout)  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError):
            said = None
        return said if self._process.wait() == 0 else None

    def __enter__(self) -> Second:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()


def main() -> None:
    """Read the ring from stdin, write the standardised accounts to stdout."""
    harden()
    end_with_parent(int(sys.argv[1]))
    text = sys.stdin.buffer.read()
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else may go into the pipe
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reknit.settings")
    import django

    django.setup()
    from reknit.config import collect_seldom
    from reknit.guard.keeper.reading import LAST, SPLIT, standardise_accounts
    from reknit.matching.adopting import carry
    from reknit.sealing import holders
    from reknit.sealing.ring import KeyRing

    collect_seldom()
    holders.use(KeyRing.from_json(text, "the keeper's ring"))
    people = standardise_accounts(SPLIT, LAST)
    pickle.dump({kind: carry(some) for kind, some in people.items()}, out, protocol=5)
    out.flush()


if __name__ == "__main__":
    try:
        main()
    except Exception as failure:
        # Its text may name a person.
        sys.stderr.write(f"reknit.keeper: the second process failed: {type(failure).__name__}\n")
        sys.exit(1)
