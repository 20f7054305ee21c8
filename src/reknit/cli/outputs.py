"""Output files appear together, whole, at the end, or not at all.

Each file is written under its own name into a hidden folder beside its place and moved when all
are there, so Ctrl-C, a full disk or a fault leaves what was there before.

>>> with outputs() as place:  # doctest: +SKIP
...     write_table(matches, place(Path("matches.csv")))
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def outputs() -> Iterator[Callable[[Path], Path]]:
    """A function from where a file shall be to where to write it until then.

    All that stands in the hidden folder moves, also what a writer put beside the named file
    (`matches.csv.sought.rejected.csv`).
    """
    folders: dict[Path, Path] = {}

    def place(path: Path) -> Path:
        target = path.parent
        if target not in folders:
            folders[target] = Path(tempfile.mkdtemp(prefix=".reknit-", dir=target))
        return folders[target] / path.name

    try:
        yield place
        with _uninterrupted():
            for target, folder in folders.items():
                for file in sorted(folder.iterdir()):
                    file.replace(target / file.name)
    finally:
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while the finished files are renamed: by then it is too late."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
