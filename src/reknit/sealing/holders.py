"""Which holder of the key ring this process asks.

Rules: where the keeper runs, or should, only it is asked; where none does (a command on a stopped
installation, a test), the process opens the ring itself, unless the installation is locked or the
ring needs a passphrase. The keeper says `use`, and is its own holder.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reknit.sealing import locking
from reknit.sealing.errors import LockedError, NoRingError
from reknit.sealing.holder import KeyHolder
from reknit.sealing.line import Line
from reknit.sealing.remote import SocketHolder
from reknit.sealing.sources import holder_of, source_of


class Status(StrEnum):
    """Whether anything can be opened."""

    OPEN = "open"
    LOCKED = "locked"
    NO_RING = "no_ring"


class _Own(NamedTuple):
    holder: KeyHolder | None


_own: _Own | None = None


def use(holder: KeyHolder | None) -> None:
    """From now on this process is its own holder (the keeper); None: locked."""
    global _own
    _own = _Own(holder)


def current_holder() -> KeyHolder:
    """The holder for this process. Raises LockedError when no ring is open."""
    from reknit.settings import CONFIG

    if _own is not None:
        if _own.holder is None:
            raise LockedError("the installation is locked: 'reknit keys unlock'.")
        return _own.holder
    line = line_to(CONFIG.run)
    if line.is_open():
        return SocketHolder(line)
    if locking.is_locked(CONFIG.run):
        raise LockedError("the installation is locked: 'reknit keys unlock'.")
    return _opened(CONFIG.keyring, _stamp(CONFIG.keyring))


def status() -> Status:
    """Whether rows can be opened now; asks the keeper where it runs."""
    try:
        current_holder().verify_key()
    except NoRingError:
        return Status.NO_RING
    except LockedError:
        return Status.LOCKED
    return Status.OPEN


@cache
def line_to(run: Path) -> Line:
    """This process's line to the keeper of an installation."""
    return Line(run)


@cache
def _opened(keyring: str, stamp: int) -> KeyHolder:
    """`stamp` tells a ring that was rotated from the one that was read before."""
    return holder_of(source_of(keyring))


def _stamp(keyring: str) -> int:
    kind, _, place = keyring.partition(":")
    if kind != "file":
        return 0
    try:
        return Path(place).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
