"""Jobs that come again: seekers' answers at the fixed hours, retention, reminders, the
need of cases and what judgements teach each night.

Rules: each run puts the next one into the queue before it does anything, under a key of its due
time, so that a failed run breaks no chain and several workers make one; a run that was missed while
nothing was running is made up for at the start. Each job may run twice and has one effect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from reknit.casework import needs, retraining
from reknit.guard import answers, erasing, retention, rights
from reknit.guard.disclosure import next_publication
from reknit.intake import drafts, learned
from reknit.queue import enqueue
from reknit.queue.worker import Handler, Run
from reknit.records import statistics
from reknit.vocabulary import SYSTEM

NIGHT_HOUR = 2
"""The hour (UTC) at which retention runs."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """What is done, and when next after a time."""

    work: Callable[[], object]
    next_after: Callable[[dt.datetime], dt.datetime]


def tonight(at: dt.datetime) -> dt.datetime:
    """The next NIGHT_HOUR after a time.

    >>> tonight(dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)).isoformat()
    '2026-11-27T02:00:00+00:00'
    """
    today = at.astimezone(dt.UTC).replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return today if at < today else today + dt.timedelta(days=1)


def nightly() -> None:
    """Retention, reminders of requests that are due, drafts that are too old, what a crash left of
    an erasure, how the database's rows are spread, the need of each open case as of today, and
    learning from corrected messages and from judgements, where there are enough."""
    erasing.finish()
    drafts.sweep()
    retention.run(SYSTEM, dry_run=False)
    rights.remind(SYSTEM)
    statistics.gather()
    needs.nightly()
    if learned.is_due():
        with transaction.atomic():
            enqueue(learned.JOB, "", key=learned.JOB)
    retraining.consider()


RECURRING: Mapping[str, Recurring] = {
    "publish answers": Recurring(answers.publish, next_publication),
    "nightly": Recurring(nightly, tonight),
}


def ensure() -> None:
    """Put the next run of each into the queue, where it is not there yet."""
    for name in RECURRING:
        _enqueue_next(name)


def _enqueue_next(name: str) -> None:
    now = timezone.now()
    due = RECURRING[name].next_after(now)
    with transaction.atomic():
        enqueue(name, "", key=f"{name} {due:%Y-%m-%dT%H}", delay=due - now)


def _handler(name: str) -> Handler:
    def run(_run: Run) -> None:
        _enqueue_next(name)
        RECURRING[name].work()

    return run


HANDLERS: Mapping[str, Handler] = {name: _handler(name) for name in RECURRING}
