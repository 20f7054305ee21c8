"""Output files appear together, whole, at the end, or not at all.

Each file is written under its own name into a hidden folder beside its place and moved when all
are there, so Ctrl-C, a full disk or a fault leaves what was there before.

>>> folder = Path(tempfile.mkdtemp())
>>> with outputs() as files:
...     written = files.place(folder / "matches.csv").write_text("sought_id,found_id")
...     (folder / "matches.csv").exists()
False
>>> (folder / "matches.csv").exists()
True
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Outputs:
    """Where files are written until all of them move at once."""

    def __init__(self) -> None:
        self._folders: dict[Path, Path] = {}
        self._outdated: list[Path] = []

    def place(self, path: Path) -> Path:
        """Where to write what shall be at `path`.

        What a writer puts beside it (`matches.csv.sought.rejected.csv`) moves with it.
        """
        target = path.parent
        if target not in self._folders:
            self._folders[target] = Path(tempfile.mkdtemp(prefix=".reknit-", dir=target))
        return self._folders[target] / path.name

    def remove(self, path: Path) -> None:
        """Have what an earlier run left at `path` go when the new files come."""
        self._outdated.append(path)

    def _move(self) -> None:
        for target, folder in self._folders.items():
            for file in sorted(folder.iterdir()):
                file.replace(target / file.name)
        for path in self._outdated:
            path.unlink(missing_ok=True)

    def _clear(self) -> None:
        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def outputs() -> Iterator[Outputs]:
    """The files of one command: they move when the block ends well, and vanish when it does not."""
    files = Outputs()
    try:
        yield files
        with _uninterrupted():
            files._move()
    finally:
        files._clear()


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
