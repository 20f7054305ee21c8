"""One decision for many cases: those that were confirmed, all or none, or a job; undone alike."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.utils import timezone

from reknit.casework import bulk, tasks
from reknit.casework.bulk import Plan
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Bulk, BulkKind, BulkState, Task, Transfer, TransferState
from reknit.casework.queue import Filter, View
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.jobs.handlers import HANDLERS
from reknit.queue import jobs as queue_jobs
from reknit.queue.models import Job, JobState
from reknit.queue.worker import Run, work_off
from reknit.records.models import Enquiry, User
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Role
from tests.casework.test_queue import a_case
from tests.guard.scene import supervisor
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
FREE = Filter(View.NOBODYS)


def do(actor: Actor, plan: Plan, wanted: Filter = FREE) -> Bulk:
    """As somebody does who looks, confirms and sends."""
    now = timezone.now()
    ids = bulk.cases(actor, wanted, plan.kind, now)
    return bulk.start(actor, wanted, plan, confirmed=bulk.fingerprint(ids), now=now)


def to_noor() -> Plan:
    return Plan(BulkKind.ASSIGN, to_user=noor())


def whose() -> list[Any]:
    return list(Enquiry.objects.order_by("pk").values_list("assigned_to", flat=True))


def test_it_gives_all_cases_of_the_filter_and_takes_them_back() -> None:
    cases = [a_case(None) for _ in range(3)]
    a_case(staff(Role.SUPERVISOR))
    before = state_hash()
    done = do(supervisor(), to_noor())
    assert (done.state, done.done, done.total) == (BulkState.DONE, 3, 3)
    assert Enquiry.objects.filter(assigned_to=noor()).count() == 3
    assert Entry.objects.filter(
        action="enquiry:assign", resource_id__in=[str(case.pk) for case in cases]
    ).count() == 3  # fmt: skip
    undone = bulk.undo(supervisor(), done.pk)
    assert (undone.state, undone.left) == (BulkState.UNDONE, 0)
    assert state_hash() == before
    with pytest.raises(CaseworkError, match="nothing to take back"):
        bulk.undo(supervisor(), done.pk)


def test_it_does_nothing_where_the_filter_holds_other_cases_than_were_confirmed() -> None:
    a_case(None)
    now = timezone.now()
    seen = bulk.fingerprint(bulk.cases(supervisor(), FREE, BulkKind.ASSIGN, now))
    a_case(None)
    with pytest.raises(CaseworkError, match=r"other cases now \(2\)"):
        bulk.start(supervisor(), FREE, to_noor(), confirmed=seen, now=now)
    assert whose() == [None, None]


def test_it_is_all_or_none() -> None:
    a_case(None)
    a_case(None, "Sud")
    coordinator = staff(Role.COORDINATOR).as_actor()
    with pytest.raises(CaseworkError, match="another office"):
        do(coordinator, to_noor())
    assert whose() == [None, None]
    assert not Bulk.objects.exists()


def test_undoing_leaves_what_somebody_has_changed_since() -> None:
    first, _second = a_case(None), a_case(None)
    done = do(supervisor(), to_noor())
    Enquiry.objects.filter(pk=first.pk).update(assigned_to=staff(Role.SUPERVISOR))
    undone = bulk.undo(supervisor(), done.pk)
    assert undone.left == 1
    first.refresh_from_db()
    assert first.assigned_to == staff(Role.SUPERVISOR)


def test_it_adds_a_task_to_each_and_takes_away_those_that_nobody_has_done() -> None:
    cases = [a_case(noor()) for _ in range(2)]
    plan = Plan(BulkKind.TASK, title="Ask for a photo")
    done = do(noor().as_actor(), plan, Filter(View.MINE))
    assert Task.objects.filter(enquiry__in=cases, assigned_to=noor()).count() == 2
    finished = Task.objects.filter(enquiry=cases[0]).get()
    tasks.done(noor().as_actor(), finished.pk)
    undone = bulk.undo(noor().as_actor(), done.pk)
    assert undone.left == 1
    assert Task.objects.filter(removed_at=None).get() == finished


def test_it_offers_cases_to_an_office_and_withdraws_what_was_not_answered() -> None:
    a_case(noor())
    plan = Plan(BulkKind.TRANSFER, to_office=office("Sud"), reason="they moved")
    done = do(supervisor(), plan, Filter())
    assert Transfer.objects.get().state == TransferState.WAITING
    bulk.undo(supervisor(), done.pk)
    assert Transfer.objects.get().state == TransferState.WITHDRAWN


INCOMPLETE = [
    (Plan(BulkKind.ASSIGN), "who is to work"),
    (Plan(BulkKind.TASK, title=" "), "what is to be done"),
    (Plan(BulkKind.TRANSFER, reason="because"), "which office"),
]


@pytest.mark.parametrize(("plan", "says"), INCOMPLETE)
def test_it_says_what_a_plan_lacks(plan: Plan, says: str) -> None:
    with pytest.raises(CaseworkError, match=says):
        bulk.check(plan)


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.CASEWORKER, BulkKind.ASSIGN), (Role.DESK, BulkKind.ASSIGN), (Role.DESK, BulkKind.TASK),
     (Role.COORDINATOR, BulkKind.TASK), (Role.COORDINATOR, BulkKind.TRANSFER)],
)  # fmt: skip
def test_whoever_may_not_do_it_to_one_may_not_do_it_to_many(role: Role, kind: BulkKind) -> None:
    a_case(None)
    plan = Plan(kind, to_user=noor(), to_office=office("Sud"), title="x", reason="x")
    with pytest.raises(NotPermittedError):
        do(staff(role).as_actor(), plan)
    assert not Bulk.objects.exists()


def test_a_caseworker_reaches_their_own_cases_only() -> None:
    a_case(staff(Role.SUPERVISOR))
    mine = a_case(noor())
    do(noor().as_actor(), Plan(BulkKind.TASK, title="Call"), Filter(View.ALL))
    assert [task.enquiry_id for task in Task.objects.all()] == [mine.pk]


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases to a commit, so that five need a job."""
    monkeypatch.setattr(bulk, "AT_ONCE", 2)


def five() -> list[Enquiry]:
    return [a_case(None) for _ in range(5)]


def a_run(row: Bulk) -> Run:
    """A worker's attempt at the job."""
    job = Job.objects.get(name=bulk.JOB, subject_id=str(row.pk), state=JobState.WAITING)
    job.state, job.worker, job.attempts = JobState.RUNNING, "test", 1
    job.save()
    return Run(job, "test")


@pytest.mark.usefixtures("few_at_once")
def test_many_are_a_job_with_progress_and_so_is_taking_them_back() -> None:
    five()
    before = state_hash()
    done = do(supervisor(), to_noor())
    assert (done.state, done.done) == (BulkState.WAITING, 0)
    assert whose() == [None] * 5
    with pytest.raises(CaseworkError, match="still runs"):
        bulk.undo(supervisor(), done.pk)
    work_off({bulk.JOB: HANDLERS[bulk.JOB]})
    done.refresh_from_db()
    assert (done.state, done.done) == (BulkState.DONE, 5)
    assert whose() == [noor().pk] * 5
    bulk.undo(supervisor(), done.pk)
    work_off({bulk.JOB: HANDLERS[bulk.JOB]})
    done.refresh_from_db()
    assert (done.state, done.done) == (BulkState.UNDONE, 0)
    assert state_hash() == before


@pytest.mark.usefixtures("few_at_once")
def test_a_job_that_died_goes_on_where_it_was() -> None:
    five()
    done = do(supervisor(), to_noor())
    bulk._step(str(done.pk))  # and then the machine stopped
    assert whose().count(noor().pk) == 2
    work_off({bulk.JOB: HANDLERS[bulk.JOB]})
    assert whose() == [noor().pk] * 5
    assert Entry.objects.filter(action="enquiry:assign").count() == 5


@pytest.mark.usefixtures("few_at_once")
def test_its_words_stand_on_the_cases_alone_once_it_is_done() -> None:
    five()
    done = do(supervisor(), Plan(BulkKind.TASK, to_user=noor(), title="Ask about Idris"))
    bulk._step(str(done.pk))  # not done yet: what is left needs them
    assert sealing.unseal([Bulk.objects.get(pk=done.pk)])[0]["title"] == "Ask about Idris"
    work_off({bulk.JOB: HANDLERS[bulk.JOB]})
    assert sealing.unseal([Bulk.objects.get(pk=done.pk)])[0].keys() == {"cases", "made"}
    tasks_now = sealing.unseal(list(Task.objects.all()))
    assert [said["title"] for said in tasks_now] == ["Ask about Idris"] * 5
    bulk.undo(supervisor(), done.pk)
    work_off({bulk.JOB: HANDLERS[bulk.JOB]})
    assert not Task.objects.filter(removed_at=None).exists()


@pytest.mark.usefixtures("few_at_once")
def test_a_job_stops_where_whoever_asked_may_no_longer_and_what_is_done_can_be_undone() -> None:
    five()
    done = do(supervisor(), to_noor())
    run = a_run(done)
    bulk._step(str(done.pk))
    User.objects.filter(pk=staff(Role.SUPERVISOR).pk).update(role=Role.DESK.value)
    bulk.run(run)
    done.refresh_from_db()
    assert (done.state, done.done) == (BulkState.FAILED, 2)
    User.objects.filter(pk=staff(Role.SUPERVISOR).pk).update(role=Role.SUPERVISOR.value)
    bulk.undo(supervisor(), done.pk)
    assert whose() == [None] * 5


@pytest.mark.usefixtures("few_at_once")
def test_a_job_that_is_cancelled_says_so_and_can_be_undone() -> None:
    five()
    done = do(supervisor(), to_noor())
    run = a_run(done)
    queue_jobs.cancel(run.job_id)
    with pytest.raises(Exception, match="asked to stop"):
        bulk.run(run)
    done.refresh_from_db()
    assert done.state == BulkState.FAILED


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_two_who_give_the_same_cases_at_once_never_both_count() -> None:
    """Each confirmed cases that nobody had. Whoever comes second finds that they have changed."""
    from django.db import connections

    cases = [a_case(None) for _ in range(4)]
    second = User.objects.create_user("second@nord.example", Role.CASEWORKER, office())
    plans = [to_noor(), Plan(BulkKind.ASSIGN, to_user=second)]
    wanted = Filter(View.ALL, found=tuple(case.pk for case in cases))
    actor, came = supervisor(), threading.Barrier(2)

    def come(plan: Plan) -> None:
        try:
            came.wait()
            do(actor, plan, wanted)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(whose())) == 1, "half of the cases went to one, half to the other"
    assert Bulk.objects.count() == 2
