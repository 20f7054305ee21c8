"""One line for whatever went wrong, and the exit code that goes with it.

Rules: 1 is a refusal, 2 is wrong use, 130 is Ctrl-C (a shell's own convention). Each room's
expected failures are the classes in its `errors` module, and their text is already a line for
people. Anything else is a fault of the program: the line says so without the error's own text,
which may hold people's names; REKNIT_DEBUG=1 shows all of it.

>>> report_failure(KeyboardInterrupt())
130
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from pathlib import Path

import click

REFUSED = 1
WRONG_USE = 2
INTERRUPTED = 130


class RefusalError(Exception):
    """The command will not go on; the text says what, where and what to do next."""


def report_failure(failure: BaseException) -> int:
    """Say on stderr, in one line, what went wrong; returns the exit code."""
    if os.environ.get("REKNIT_DEBUG"):
        traceback.print_exception(failure)
    if isinstance(failure, click.exceptions.NoArgsIsHelpError):
        failure.show()
        return WRONG_USE
    if isinstance(failure, BrokenPipeError):
        # The reader has left. What is still buffered has nowhere to go, at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    code, line = _code_and_line(failure)
    click.echo(line, err=True)
    return code


def _code_and_line(failure: BaseException) -> tuple[int, str]:
    match failure:
        case click.UsageError():
            return WRONG_USE, _usage_line(failure)
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED, "Stopped; nothing was written."
        case MemoryError():
            return REFUSED, (
                "reknit: there is not enough memory for these files. "
                "Split the larger one, or run on a machine with more."
            )
        case OSError() if failure.errno is not None and not _is_expected(failure):
            return REFUSED, _system_line(failure)
        case RefusalError():
            return REFUSED, f"reknit: {_one_line(str(failure))}"
    if _is_expected(failure):
        return REFUSED, f"reknit: {_one_line(str(failure))}"
    return REFUSED, _fault_line(failure)


def _is_expected(failure: BaseException) -> bool:
    """True for the errors that rooms define: their classes live in `reknit.<room>.errors`; and
    for a setting that cannot be used, `reknit.config.ConfigError`."""
    modules = [kind.__module__ for kind in type(failure).__mro__]
    return (
        any(module.startswith("reknit.") and module.endswith(".errors") for module in modules)
        or "reknit.config" in modules
    )


def _usage_line(failure: click.UsageError) -> str:
    path = failure.ctx.command_path if failure.ctx is not None else "reknit"
    said = _one_line(failure.format_message()).rstrip(".")
    return f"{path}: {said}. See '{path} --help'."


def _system_line(failure: OSError) -> str:
    place = f"{failure.filename}: " if failure.filename else ""
    steps = {
        errno.ENOSPC: "Free some space and run it again",
        errno.EDQUOT: "Free some space and run it again",
        errno.EACCES: "Choose a place you may write to, or ask for the right to",
        errno.EROFS: "Choose a place you may write to",
    }
    step = steps.get(failure.errno or 0, "Check the path and the disk")
    return f"reknit: {place}{failure.strerror or 'the system refused'}. {step}."


def _fault_line(failure: BaseException) -> str:
    frames = traceback.extract_tb(failure.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return (
        f"reknit: an unexpected {type(failure).__name__}{place}. This is a fault in Reknit, and "
        "nothing was written. REKNIT_DEBUG=1 shows the details; please report them, without "
        "people's names."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
