"""The command line: parse, call one function, render.

Rules: a command's module imports click and nothing heavy until the command runs, so that
`reknit --help` answers at once; every failure is one line on stderr that says what, where and
what to do next; the exit code is 0 for done, 1 for findings or a refusal, 2 for wrong use.

>>> run(["--version"])
reknit 0.1.0
0
"""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from reknit.cli.app import reknit
from reknit.cli.failures import report_failure

__all__ = ["main", "reknit", "run"]


def main() -> None:
    """The `reknit` program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Names come in every script, and a terminal's or a pipe's own encoding may not know it.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(run(sys.argv[1:]))


def _stop(signal_number: int, frame: FrameType | None) -> None:
    """A polite kill stops as Ctrl-C does: nothing half-written stays."""
    raise KeyboardInterrupt


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code, having said on stderr what went wrong."""
    try:
        result = reknit.main(list(arguments), prog_name="reknit", standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as leaving:  # click's own answer to a reader that went away
        return leaving.code if isinstance(leaving.code, int) else 1
    except BaseException as failure:  # the last door: nothing passes it as a traceback
        return report_failure(failure)
    return result if isinstance(result, int) else 0
