"""The application's time in a story: what is shown at fixed hours is waited for in no time.

clock = Clock(monkeypatch)           # a while before the next fixed hour, whatever time it is
clock.reach_the_hour()               # it strikes, and what is due then has run
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reknit.guard.disclosure import next_publication
from reknit.jobs import recurring
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off

BEFORE = dt.timedelta(minutes=20)
"""Longer than a story takes, shorter than a session that nobody uses lives."""


class Clock:
    """Runs as time does, ahead of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead, real = dt.timedelta(), timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + self._ahead)
        self.hour = next_publication(timezone.now() + BEFORE)
        self._ahead = self.hour - BEFORE - timezone.now()
        recurring.ensure()

    def reach_the_hour(self) -> None:
        """The fixed hour strikes."""
        self._ahead += self.hour - timezone.now()
        work_off(HANDLERS)
