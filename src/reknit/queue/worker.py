"""The worker's loop: claim a job, keep its lease, run its handler, say how it ended.

Rules: one job is run by one worker at a time as long as its worker lives; a worker that dies loses
its lease after LEASE and the job starts again elsewhere; a handler that raises is tried again
later, at most `max_attempts` times, then set aside as failed with the error's kind only (its text
may hold a person's name).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

from django.db import close_old_connections, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from reknit.queue.errors import CancelledError, LostLeaseError
from reknit.queue.models import Job, JobState

LEASE = timedelta(seconds=30)
_HEARTBEAT_SECONDS = 10.0
_PROGRESS_SECONDS = 0.5
_WATCH_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 600
_log = logging.getLogger("reknit.queue")


class Run:
    """One attempt at one job, in the hands of its handler."""

    def __init__(
        self, job: Job, worker: str, show: Callable[[str, float], None] | None = None
    ) -> None:
        self._show = show
        self.job_id = job.id
        self.subject_id = job.subject_id
        self.attempt = job.attempts
        self._mine = Job.objects.filter(
            id=job.id, worker=worker, attempts=job.attempts, state=JobState.RUNNING
        )
        self._said = 0.0

    def progress(self, step: str, share: float) -> None:
        """Say how far the work is (0 to 1); call it between steps, outside transactions.

        Raises CancelledError when somebody asked for a stop, LostLeaseError when another worker
        has the job.
        """
        now = time.monotonic()
        if now - self._said < _PROGRESS_SECONDS and share < 1.0:
            return
        self._said = now
        if self._show is not None:
            self._show(step, share)
        until = timezone.now() + LEASE
        if not self._mine.update(step=step[:60], progress=share, lease_until=until):
            raise LostLeaseError(f"job {self.job_id}: another worker has it.")
        if self._mine.filter(cancel_wanted=True).exists():
            raise CancelledError(f"job {self.job_id}: asked to stop.")

    def keep_lease(self, done: threading.Event) -> None:
        """A heartbeat, in a thread of its own, until `done`."""
        while not done.wait(_HEARTBEAT_SECONDS):
            try:
                self._mine.update(lease_until=timezone.now() + LEASE)
            except Exception as failure:
                _log.warning("job %s: heartbeat: %s", self.job_id, type(failure).__name__)
        connection.close()


Handler = Callable[[Run], None]


class Stop(Protocol):
    """Somebody asks the worker to stop: a `threading.Event` does, where no signal sets it."""

    def is_set(self) -> bool:
        """Has somebody asked?"""
        ...

    def wait(self, timeout: float | None = None, /) -> bool:
        """Wait so many seconds at most, or until somebody asks; whether they have."""
        ...


def work(
    handlers: Mapping[str, Handler],
    *,
    name: str,
    stop: Stop,
    idle_seconds: float = 0.3,
    ready: Callable[[], bool] = lambda: True,
) -> None:
    """Run jobs until `stop` is set; the job in hand is finished first.

    ready: asked before each job; while it says no, jobs wait and lose none of their attempts.
    """
    while not stop.is_set():
        close_old_connections()
        try:
            busy = ready() and work_once(handlers, name=name)
        except Exception as failure:
            # The database may be away; the next round asks again.
            _log.warning("worker %s: %s", name, type(failure).__name__)
            busy = False
        if not busy:
            stop.wait(idle_seconds)


def work_once(handlers: Mapping[str, Handler], *, name: str) -> bool:
    """Claim and run one due job whose handler is known; False when there is none."""
    job = _claim(Job.objects.filter(name__in=list(handlers)), name)
    if job is None:
        return False
    _attempt(job, handlers[job.name], name)
    return True


def work_through(job_id: UUID, handler: Handler, show: Callable[[str, float], None]) -> JobState:
    """Run one job here and now, showing its progress, or watch the worker that has it.

    For commands, which wait for what they asked for. Returns how it ended.
    """
    name = f"command {uuid4()}"
    while True:
        job = _claim(Job.objects.filter(id=job_id), name)
        if job is not None:
            _attempt(job, handler, name, show)
        state = Job.objects.get(id=job_id)
        show(state.step or "waiting", state.progress)
        if state.state not in {JobState.WAITING, JobState.RUNNING}:
            return JobState(state.state)
        time.sleep(_WATCH_SECONDS)


def _attempt(
    job: Job, handler: Handler, name: str, show: Callable[[str, float], None] | None = None
) -> None:
    """Run a claimed job's handler, its lease kept alive meanwhile."""
    run, done = Run(job, name, show), threading.Event()
    heart = threading.Thread(target=run.keep_lease, args=(done,), daemon=True)
    heart.start()
    try:
        handler(run)
    except CancelledError:
        _end(job, name, JobState.CANCELLED)
    except LostLeaseError:
        _log.warning("job %s: lease lost", job.id)
    except Exception as failure:
        _fail(job, name, failure)
    else:
        _end(job, name, JobState.DONE)
    finally:
        done.set()


def work_off(handlers: Mapping[str, Handler], *, name: str = "work_off") -> int:
    """Run all that is due now; how many jobs that were."""
    count = 0
    while work_once(handlers, name=name):
        count += 1
    return count


def _claim(jobs: QuerySet[Job], name: str) -> Job | None:
    now = timezone.now()
    due = Q(state=JobState.WAITING, run_at__lte=now) | Q(
        state=JobState.RUNNING, lease_until__lt=now
    )
    waiting = jobs.filter(due).order_by("priority", "run_at", "id")
    if not waiting.exists():  # cheap, and takes no write lock
        return None
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        job = waiting.select_for_update(skip_locked=skip).first()
        if job is None:
            return None
        if job.attempts >= job.max_attempts:
            job.state, job.ended_at = JobState.FAILED, now
            job.error = job.error or "its worker died each time"
            job.save(update_fields=["state", "ended_at", "error"])
            return None
        job.state, job.worker, job.lease_until = JobState.RUNNING, name, now + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "worker", "lease_until", "attempts"])
    return job


def _mine(job: Job, name: str) -> Q:
    return Q(id=job.id, worker=name, attempts=job.attempts, state=JobState.RUNNING)


def _end(job: Job, name: str, state: JobState) -> None:
    done = {"progress": 1.0} if state is JobState.DONE else {}
    Job.objects.filter(_mine(job, name)).update(
        state=state, ended_at=timezone.now(), lease_until=None, **done
    )


def _fail(job: Job, name: str, failure: Exception) -> None:
    kind = type(failure).__name__
    _log.warning("job %s (%s), attempt %s: %s", job.id, job.name, job.attempts, kind)
    mine = Job.objects.filter(_mine(job, name))
    if job.attempts >= job.max_attempts:
        mine.update(state=JobState.FAILED, error=kind, ended_at=timezone.now(), lease_until=None)
        return
    wait = timedelta(seconds=min(2**job.attempts, _LONGEST_WAIT_SECONDS))
    mine.update(state=JobState.WAITING, error=kind, run_at=timezone.now() + wait, lease_until=None)
