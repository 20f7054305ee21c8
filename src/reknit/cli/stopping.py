"""Asking a loop to stop, also from a signal's handler.

Rules: a handler takes no lock. `threading.Event.set` takes one that is not reentrant: when a second
signal came while the first one's handler held it, the process waited for itself for ever, and a
worker was left behind. Here a handler sets a word and writes a byte.

    stop = StopSignal()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.wait(1.0):
        look_after_things()
"""

from __future__ import annotations

import os
import select
from contextlib import suppress


class StopSignal:
    """What a signal's handler may set; one thread waits for it."""

    def __init__(self) -> None:
        self._asked = False
        self._out, self._in = os.pipe()
        os.set_blocking(self._in, False)

    def set(self) -> None:
        """Ask."""
        self._asked = True
        with suppress(BlockingIOError):  # the pipe is full of askings
            os.write(self._in, b"\0")

    def is_set(self) -> bool:
        """Has somebody asked?"""
        return self._asked

    def wait(self, timeout: float | None = None, /) -> bool:
        """Wait so many seconds at most, or until somebody asks; whether they have. The byte stays
        where it is, so that every later wait ends at once."""
        if not self._asked:
            select.select([self._out], [], [], timeout)
        return self._asked

    def __del__(self) -> None:
        os.close(self._out)
        os.close(self._in)
