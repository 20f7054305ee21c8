"""Whether the installation is locked, and whether `reknit serve` runs here.

Rules: a marker file keeps the lock over restarts, until `reknit keys unlock` takes it away;
`reknit serve` holds a lock on a file of its own as long as it lives, so that nobody takes a dead
keeper for a stopped installation, and no second one starts on the same folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

MARKER = "locked"
SERVING = "serve.lock"
SOCKET = "keeper.sock"


def is_locked(run: Path) -> bool:
    """Is the marker there?"""
    return (run / MARKER).exists()


def lock(run: Path) -> None:
    """Leave the marker, safe against a loss of power."""
    handle = os.open(run / MARKER, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(run)


def unlock(run: Path) -> None:
    """Take the marker away."""
    (run / MARKER).unlink(missing_ok=True)
    sync_folder(run)


def sync_folder(folder: Path) -> None:
    """Make a file's coming or going in the folder safe against a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_serving(run: Path) -> bool:
    """Does a `reknit serve` of this installation live?"""
    try:
        handle = os.open(run / SERVING, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextlib.contextmanager
def held(file: Path) -> Iterator[bool]:
    """Hold the lock of `file` while the block runs; False where another process holds it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextlib.contextmanager
def turn(file: Path) -> Iterator[None]:
    """Wait for the lock of `file`, and hold it while the block runs; a process that dies lets go.

    The kernel wakes whoever waits. SQLite's own wait for its one writer sleeps between looks, up to
    a tenth of a second, and two busy processes then write no more than one does.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
