"""The worker's loop: claim a job, keep its lease, run its handler, say how it ended.

Rules: one job is run by one worker at a time as long as its worker lives; a worker that dies loses
its lease after LEASE and the job starts again elsewhere; a handler that raises is tried again
later, at most `max_attempts` times, then set aside as failed with the error's kind only (its text
may hold a person's name). Where many small jobs of a name wait, a handler may take them `Together`;
one that was tried before is tried alone, so that a poison job costs the others one attempt at most.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Together:
    """A handler of several jobs of one name, `most` at once: what they have in common is done
    once. All of them succeed, or all are tried again, alone."""

    run: Callable[[Sequence[Run]], None]
    most: int


Handler = Callable[[Run], None] | Together


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
    handler = handlers[job.name]
    _attempt([job, *_more_like(job, handler, name)], handler, name)
    return True


def work_through(job_id: UUID, handler: Handler, show: Callable[[str, float], None]) -> JobState:
    """Run one job here and now, showing its progress, or watch the worker that has it.

    For commands, which wait for what they asked for. Returns how it ended.
    """
    name = f"command {uuid4()}"
    while True:
        job = _claim(Job.objects.filter(id=job_id), name)
        if job is not None:
            _attempt([job], handler, name, show)
        state = Job.objects.get(id=job_id)
        show(state.step or "waiting", state.progress)
        if state.state not in {JobState.WAITING, JobState.RUNNING}:
            return JobState(state.state)
        time.sleep(_WATCH_SECONDS)


def _attempt(
    jobs: Sequence[Job],
    handler: Handler,
    name: str,
    show: Callable[[str, float], None] | None = None,
) -> None:
    """Run the handler of claimed jobs, their leases kept alive meanwhile."""
    runs, done = [Run(job, name, show) for job in jobs], threading.Event()
    heart = threading.Thread(target=_keep_leases, args=(jobs, name, done), daemon=True)
    heart.start()
    try:
        if isinstance(handler, Together):
            handler.run(runs)
        else:
            handler(runs[0])
    except CancelledError:
        _end(jobs, name, JobState.CANCELLED)
    except LostLeaseError:
        _log.warning("job %s: lease lost", jobs[0].id)
    except Exception as failure:
        for job in jobs:
            _fail(job, name, failure)
    else:
        _end(jobs, name, JobState.DONE)
    finally:
        done.set()


def _keep_leases(jobs: Sequence[Job], name: str, done: threading.Event) -> None:
    """A heartbeat, in a thread of its own, until `done`."""
    while not done.wait(_HEARTBEAT_SECONDS):
        try:
            Job.objects.filter(_mine(jobs, name)).update(lease_until=timezone.now() + LEASE)
        except Exception as failure:
            _log.warning("job %s: heartbeat: %s", jobs[0].id, type(failure).__name__)
    connection.close()


def work_off(handlers: Mapping[str, Handler], *, name: str = "work_off") -> int:
    """Run all that is due now; how many times a handler ran."""
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
        job.again = False
        job.save(update_fields=["state", "worker", "lease_until", "attempts", "again"])
    return job


def _more_like(job: Job, handler: Handler, name: str) -> list[Job]:
    """Claimed as well: due jobs of the same name and priority that were never tried, where the
    handler takes some together and this one was not tried before."""
    if not isinstance(handler, Together) or job.attempts > 1:
        return []
    now = timezone.now()
    alike = Job.objects.filter(
        state=JobState.WAITING, name=job.name, priority=job.priority, run_at__lte=now, attempts=0
    ).order_by("run_at", "id")
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        more = list(alike.select_for_update(skip_locked=skip)[: handler.most - 1])
        claimed = {"state": JobState.RUNNING, "worker": name, "lease_until": now + LEASE}
        Job.objects.filter(id__in=[one.id for one in more]).update(**claimed, attempts=1)
    for one in more:
        one.attempts = 1
    return more


def _mine(jobs: Sequence[Job], name: str) -> Q:
    """Jobs that this worker holds, all at the same attempt."""
    ids, attempts = [job.id for job in jobs], jobs[0].attempts
    return Q(id__in=ids, worker=name, attempts=attempts, state=JobState.RUNNING)


def _end(jobs: Sequence[Job], name: str, state: JobState) -> None:
    mine, now = Job.objects.filter(_mine(jobs, name)), timezone.now()
    if state is not JobState.DONE:
        mine.update(state=state, ended_at=now, lease_until=None)
        return
    done = mine.filter(again=False).update(
        state=state, ended_at=now, lease_until=None, progress=1.0
    )
    if done < len(jobs):  # still held are those that were asked for again
        mine.update(state=JobState.WAITING, attempts=0, run_at=now, lease_until=None, progress=0.0)


def _fail(job: Job, name: str, failure: Exception) -> None:
    kind = type(failure).__name__
    _log.warning("job %s (%s), attempt %s: %s", job.id, job.name, job.attempts, kind)
    mine = Job.objects.filter(_mine([job], name))
    if job.attempts >= job.max_attempts:
        mine.update(state=JobState.FAILED, error=kind, ended_at=timezone.now(), lease_until=None)
        return
    wait = timedelta(seconds=min(2**job.attempts, _LONGEST_WAIT_SECONDS))
    mine.update(state=JobState.WAITING, error=kind, run_at=timezone.now() + wait, lease_until=None)
