"""Jobs run at least once, with one effect, whatever happens to their workers."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from reknit.queue import cancel, enqueue, retry
from reknit.queue.models import Job, JobState
from reknit.queue.worker import Run, Together, work, work_off, work_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keys"])


def test_it_runs_what_was_enqueued_once() -> None:
    seen: list[str] = []
    job = enqueue("test", "7")
    assert work_off({"test": lambda run: seen.append(run.subject_id)}) == 1
    job.refresh_from_db()
    assert (seen, job.state, job.progress) == (["7"], JobState.DONE, 1.0)


def test_it_does_not_exist_when_its_callers_change_does_not() -> None:
    with transaction.atomic():
        enqueue("test", "7")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_it_is_one_job_for_one_key_until_that_has_ended() -> None:
    with transaction.atomic():
        first = enqueue("test", "7", key="seven")
        assert enqueue("test", "7", key="seven") == first
    work_off({"test": lambda run: None})
    with transaction.atomic():
        assert enqueue("test", "7", key="seven") != first


def test_it_runs_a_job_again_that_was_asked_for_while_it_ran() -> None:
    """It may have read before the asker's change, which nobody else would look at."""
    with transaction.atomic():
        job = enqueue("test", "7", key="seven")
    seen: list[int] = []

    def handler(run: Run) -> None:
        seen.append(run.attempt)
        if len(seen) == 1:
            with transaction.atomic():
                assert enqueue("test", "7", key="seven") == job

    assert work_once({"test": handler}, name="w")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.ended_at) == (JobState.WAITING, 0, None)
    assert work_off({"test": handler}) == 1
    job.refresh_from_db()
    assert (seen, job.state, job.attempts) == ([1, 1], JobState.DONE, 1)


def test_it_runs_jobs_of_a_name_together_and_the_others_apart() -> None:
    for number in range(7):
        enqueue("many", str(number))
    enqueue("many", "urgent", priority=1)
    enqueue("one", "8")
    seen: list[list[str]] = []

    def together(runs: Sequence[Run]) -> None:
        seen.append([run.subject_id for run in runs])

    handlers = {"many": Together(together, 3), "one": lambda run: seen.append([run.subject_id])}
    assert work_off(handlers) == 5
    assert seen[0] == ["urgent"]
    assert sorted(map(len, seen)) == [1, 1, 1, 3, 3]
    assert sorted(one for some in seen for one in some) == [*"0123456", "8", "urgent"]
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}


def test_a_poison_job_costs_those_beside_it_one_attempt() -> None:
    jobs = [enqueue("many", str(number)) for number in range(3)]

    def fail(runs: Sequence[Run]) -> None:
        if any(run.subject_id == "1" for run in runs):
            raise ValueError

    for _ in range(jobs[1].max_attempts):
        work_off({"many": Together(fail, 3)})
        Job.objects.update(run_at=timezone.now())
    found = {job.subject_id: (job.state, job.attempts) for job in Job.objects.all()}
    assert found == {
        "0": (JobState.DONE, 2), "1": (JobState.FAILED, 5), "2": (JobState.DONE, 2),
    }  # fmt: skip


def test_it_runs_urgent_jobs_first() -> None:
    seen: list[str] = []
    enqueue("test", "usual")
    enqueue("test", "urgent", priority=1)
    work_off({"test": lambda run: seen.append(run.subject_id)})
    assert seen == ["urgent", "usual"]


def test_it_leaves_jobs_alone_whose_handler_it_does_not_know() -> None:
    enqueue("other", "7")
    assert not work_once({"test": lambda run: None}, name="w")


def test_it_tries_a_failing_job_again_later_and_sets_a_poison_one_aside() -> None:
    def fail(_run: Run) -> None:
        raise ValueError("Idris Haddad")

    poison, good = enqueue("poison", "7"), enqueue("test", "8")
    for attempt in range(1, poison.max_attempts + 1):
        Job.objects.filter(id=poison.id).update(run_at=timezone.now())
        work_off({"poison": fail, "test": lambda run: None})
        poison.refresh_from_db()
        assert poison.attempts == attempt
    good.refresh_from_db()
    assert (poison.state, poison.error, good.state) == (
        JobState.FAILED,
        "ValueError",
        JobState.DONE,
    )
    assert retry(poison.id)
    work_off({"poison": lambda run: None})
    poison.refresh_from_db()
    assert poison.state == JobState.DONE


def test_it_waits_longer_after_each_failure() -> None:
    def fail(_run: Run) -> None:
        raise ValueError

    job = enqueue("test", "7")
    work_off({"test": fail})
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert job.run_at > timezone.now() + timedelta(seconds=1)


def test_it_stops_a_running_job_at_its_next_step() -> None:
    job = enqueue("test", "7")

    def handler(run: Run) -> None:
        assert cancel(job.id)
        run.progress("half", 0.5)
        raise AssertionError("went on")

    work_off({"test": handler})
    job.refresh_from_db()
    assert (job.state, job.step) == (JobState.CANCELLED, "half")


def test_it_stops_a_waiting_job_before_it_begins() -> None:
    job = enqueue("test", "7")
    assert cancel(job.id)
    assert work_off({"test": lambda run: None}) == 0
    assert not cancel(job.id)


@pytest.mark.parametrize("together", [1, 7])
def test_it_gives_each_job_to_one_of_many_workers(together: int) -> None:
    seen: list[str] = []
    lock = threading.Lock()
    with transaction.atomic():
        for number in range(60):
            enqueue("test", str(number))

    def handle(runs: Sequence[Run]) -> None:
        with lock:
            seen.extend(run.subject_id for run in runs)

    def worker(name: str) -> None:
        while work_once({"test": Together(handle, together)}, name=name):
            pass
        connection.close()

    threads = [threading.Thread(target=worker, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen, key=int) == [str(number) for number in range(60)]


def test_it_stops_when_told() -> None:
    stop = threading.Event()

    def handler(_run: Run) -> None:
        stop.set()

    enqueue("test", "1")
    enqueue("test", "2")
    work({"test": handler}, name="w", stop=stop)
    assert Job.objects.filter(state=JobState.DONE).count() == 1


def test_it_hands_a_killed_workers_job_to_another_and_the_dead_one_cannot_end_it() -> None:
    """kill -9 in mid-job: the lease runs out, the job runs again."""
    job = enqueue("test", "7")
    script = Path(__file__).with_name("kill_me.py")
    command = [sys.executable, str(script), str(connection.settings_dict["NAME"])]
    doomed = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert doomed.stdout is not None
    assert doomed.stdout.readline() == "claimed\n"
    doomed.kill()
    doomed.wait()
    doomed.stdout.close()
    assert not work_once({"test": lambda run: None}, name="w"), "its lease still holds"
    Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    seen: list[int] = []
    assert work_once({"test": lambda run: seen.append(run.attempt)}, name="w")
    job.refresh_from_db()
    assert (seen, job.state, job.worker) == ([2], JobState.DONE, "w")


def test_it_tells_a_worker_that_lost_its_lease_to_stop() -> None:
    job = enqueue("test", "7")

    def handler(run: Run) -> None:
        Job.objects.filter(id=job.id).update(worker="another", attempts=2)
        run.progress("late", 0.9)
        raise AssertionError("went on")

    work_once({"test": handler}, name="w")
    job.refresh_from_db()
    assert (job.state, job.worker, job.step) == (JobState.RUNNING, "another", "")
