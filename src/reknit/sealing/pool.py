"""Data keys made ahead, so that a single write does not wait for a commit of the key store.

Rules: a key in the pool is committed already and given out once; a key that is never used is
harmless; the pool lives in the keeper's memory and goes with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

Keys = list[tuple[UUID, bytes]]
SIZE = 256


class KeyPool:
    """Keys made ahead by `make(count)`, which commits them."""

    def __init__(self, make: Callable[[int], Keys], size: int = SIZE) -> None:
        self._make = make
        self._size = size
        self._ready: Keys = []
        self._lock = threading.Lock()

    def take(self, count: int) -> Keys:
        """`count` keys; from the pool where it is a few, else made for the purpose."""
        if count > self._size // 4:
            return self._make(count)
        with self._lock:
            if len(self._ready) < count:
                self._ready += self._make(self._size)
            taken, self._ready = self._ready[:count], self._ready[count:]
        return taken
