"""Which holder of the key ring this process asks.

Today: the ring that the setting `REKNIT_KEYRING` points to, opened in this process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reknit.sealing.errors import LockedError
from reknit.sealing.holder import KeyHolder
from reknit.sealing.ring import KeyRing


@cache
def _opened(keyring: str) -> KeyHolder:
    kind, _, place = keyring.partition(":")
    if kind != "file":
        raise LockedError(f"REKNIT_KEYRING: {kind!r} cannot be opened here; use file:PATH.")
    return KeyRing.load(Path(place))


def current_holder() -> KeyHolder:
    """The holder for this process. Raises LockedError when no ring is open."""
    from reknit.settings import CONFIG

    return _opened(CONFIG.keyring)
