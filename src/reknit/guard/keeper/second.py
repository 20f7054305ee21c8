"""A second process for one rebuild: it reads where people come from while the keeper reads their
names, hands the homes over through a pipe, and ends.

Rules: it is as closed as the keeper (no core dump, nobody attaches), gets no key and no name, only
the homes, through a pipe, and ends with the keeper; where it fails, the keeper reads them as well.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

import polars as pl

from reknit.guard.keeper.hardening import end_with_parent, harden
from reknit.matching.adopting import Carried, carry

COLUMNS = (
    "home_street", "home_neighborhood", "home_city", "home_state", "home_postal_code",
    "home_country",
)  # fmt: skip
"""What the other process is given of each person."""


class Second:
    """The other process, started; `give` it tables, then ask for the homes of each in that order.

    module: what it runs.
    """

    def __init__(self, module: str = "reknit.guard.keeper.second") -> None:
        command = [sys.executable, "-m", module, str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def give(self, tables: Sequence[pl.DataFrame]) -> None:
        """Hand the people tables over, without waiting until it takes them."""
        some = [table.select(COLUMNS) for table in tables]
        threading.Thread(target=self._hand_over, args=[some], daemon=True).start()

    def _hand_over(self, tables: list[pl.DataFrame]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError), self._process.stdin as line:  # failed: `result` says so
            pickle.dump(tables, line, protocol=5)

    def result(self) -> Carried | None:
        """The homes of the next table; None where it failed."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            said = pickle.load(self._process.stdout)  # noqa: S301 - our own process
        except (EOFError, pickle.UnpicklingError):
            return None
        return said if isinstance(said, Carried) else None

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
    """Read the tables from stdin, write the homes of each to stdout."""
    harden()
    end_with_parent(int(sys.argv[1]))
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else may go into the pipe
    from reknit.config import collect_seldom

    collect_seldom()
    # What reading a town takes is loaded while the keeper still opens the accounts.
    carry(pl.DataFrame({column: ["Qaraqosh", "حمص", ""] for column in COLUMNS}))
    tables: list[pl.DataFrame] = pickle.load(sys.stdin.buffer)  # noqa: S301 - the keeper's own
    for table in tables:
        pickle.dump(carry(table), out, protocol=5)
        out.flush()


if __name__ == "__main__":
    try:
        main()
    except Exception as failure:
        # Its text may name a person.
        sys.stderr.write(f"reknit.keeper: the second process failed: {type(failure).__name__}\n")
        sys.exit(1)
