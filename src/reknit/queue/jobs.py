"""Put work into the queue, ask it to stop, look how far it is.

enqueue("import", str(batch.id), key=f"import {batch.id}")
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from reknit.queue.models import Job, JobState
from reknit.sealing.bulk import insert

USUAL = 5


def enqueue(
    name: str,
    subject_id: str,
    *,
    key: str | None = None,
    delay: timedelta = timedelta(),
    priority: int = USUAL,
) -> Job:
    """A job in the caller's transaction: it exists if and only if the caller's change does.

    key: a job with the same key that waits is returned instead of a second one; one that runs is
    returned too, and runs once more after it is done, since it may have read what the caller's
    change changed; one that has ended gives its key up. priority: lower runs sooner.
    """
    if key is not None:
        same = Job.objects.select_for_update().filter(key=key).first()
        if same is not None:
            if same.state == JobState.RUNNING:
                Job.objects.filter(id=same.id).update(again=True)
            if same.state in {JobState.WAITING, JobState.RUNNING}:
                return same
            Job.objects.filter(id=same.id).update(key=None)
    return Job.objects.create(
        name=name, subject_id=subject_id, key=key, priority=priority, run_at=timezone.now() + delay
    )


class Wanted(NamedTuple):
    """One of many jobs: what to run, the row it works on, its key, which no job has had, its
    priority."""

    name: str
    subject_id: str
    key: str
    priority: int = USUAL


def enqueue_all(wanted: Sequence[Wanted]) -> None:
    """As `enqueue`, for many new jobs at once."""
    now = timezone.now()
    insert(
        [
            Job(
                name=one.name,
                subject_id=one.subject_id,
                key=one.key,
                priority=one.priority,
                run_at=now,
            )
            for one in wanted
        ]
    )


def cancel(job_id: UUID) -> bool:
    """Ask a job to stop: at once where it waits, at its next step where it runs. True if asked."""
    now = timezone.now()
    waiting = Job.objects.filter(id=job_id, state=JobState.WAITING)
    if waiting.update(state=JobState.CANCELLED, ended_at=now):
        return True
    running = Job.objects.filter(id=job_id, state=JobState.RUNNING)
    return bool(running.update(cancel_wanted=True))


def retry(job_id: UUID) -> bool:
    """Run a failed or cancelled job again, with all its attempts. True if there was one."""
    ended = Job.objects.filter(id=job_id, state__in=[JobState.FAILED, JobState.CANCELLED])
    return bool(
        ended.update(
            state=JobState.WAITING, attempts=0, cancel_wanted=False, again=False, error="",
            ended_at=None, run_at=timezone.now(),
        )
    )  # fmt: skip
