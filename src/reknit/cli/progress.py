"""How far long work is: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ShowProgress = Callable[[str, float], None]


@contextmanager
def progress_shown() -> Iterator[ShowProgress]:
    """A function for the engine to call with what it does and how much is done (0 to 1).

    Draws on stderr, so that stdout stays for results, and only when stderr is a terminal.
    """
    if not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bars:
        task = bars.add_task("Reading", total=1.0)

        def show(doing: str, share: float) -> None:
            bars.update(task, description=doing, completed=min(max(share, 0.0), 1.0))

        yield show


def _say_nothing(doing: str, share: float) -> None:
    """In a pipe."""
