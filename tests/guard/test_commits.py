"""Concurrent changes and their entries share a commit, and fail alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction

from reknit.guard import commits
from reknit.guard.audit import Resource, record
from reknit.guard.errors import AuditUnavailableError, NotPermittedError
from reknit.guard.log import Refusal, heads
from reknit.guard.models import Entry, Head
from reknit.records.models import Office, Source
from reknit.sealing.errors import LockedError
from reknit.vocabulary import SYSTEM, Purpose
from tests.installation import wait_for
from tests.staff import noor, office

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)


def _add(name: str) -> Office:
    place = Office.objects.create(name=name)
    record(SYSTEM, "office:add", Resource.of(place), Purpose.OPERATIONS)
    return place


def _adding(name: str) -> Callable[[], str]:
    return lambda: _add(name).name


def _together(works: list[Callable[[], object]]) -> list[object]:
    """All at once, each from a thread of its own; what each got or raised."""
    start = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return commits.commit(work)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def test_it_returns_what_the_work_returns_once_it_is_committed() -> None:
    place = commits.commit(lambda: _add("Nord"))
    assert Office.objects.get(pk=place.pk).name == "Nord"
    assert Entry.objects.get().resource_id == str(place.pk)


def test_many_callers_each_get_their_own_answer() -> None:
    answers = _together([_adding(f"Office {n}") for n in range(24)])
    assert answers == [f"Office {n}" for n in range(24)]
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(24))
    assert Head.objects.get().size == 24


def test_those_that_wait_share_a_commit_and_the_signature_of_its_head(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signed: list[int] = []
    append = heads.append

    def counted(entries: Sequence[Entry], head: Head) -> None:
        append(entries, head)
        signed.append(len(entries))

    monkeypatch.setattr(heads, "append", counted)
    busy, go_on = threading.Event(), threading.Event()

    def holds_the_writer() -> None:
        busy.set()
        assert go_on.wait(20)

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(commits.commit, holds_the_writer)
        assert busy.wait(20)
        others = [pool.submit(commits.commit, _adding(f"Office {n}")) for n in range(8)]
        queue = commits._the_writer()._asked
        wait_for(lambda: queue.qsize() == 8)
        go_on.set()
        first.result()
        assert [one.result() for one in others] == [f"Office {n}" for n in range(8)]
    shared = signed[1:]  # the first is of the work that held the writer
    assert sum(shared) == 8
    assert len(shared) < 8, "each committed by itself"


def test_a_work_that_fails_is_rolled_back_alone() -> None:
    def fails() -> None:
        _add("Half")
        raise LookupError("in the middle")

    answers = _together([fails, *[_adding(f"Whole {n}") for n in range(8)]])
    assert isinstance(answers[0], LookupError)
    assert not Office.objects.filter(name="Half").exists()
    assert Office.objects.count() == Entry.objects.count() == 8


def test_those_beside_a_work_that_fails_are_done_once() -> None:
    """They are rolled back with it and run again, each by itself."""
    runs: list[str] = []
    called: list[str] = []

    def work(name: str) -> Callable[[], None]:
        def add() -> None:
            runs.append(name)
            _add(name)
            transaction.on_commit(lambda: called.append(name))
            if name == "fails":
                raise LookupError(name)

        return add

    def fails_late() -> None:
        time.sleep(0.02)  # the others are gathered meanwhile
        work("fails")()

    first = threading.Thread(target=lambda: commits.commit(lambda: time.sleep(0.05)))
    first.start()
    answers = _together([fails_late, work("one"), work("two"), work("three")])
    first.join()
    assert [type(answer) for answer in answers] == [LookupError, *[type(None)] * 3]
    assert sorted(called) == sorted(o.name for o in Office.objects.all()) == ["one", "three", "two"]
    assert Entry.objects.count() == 3
    assert runs.count("fails") >= 2, "it was tried among the others, then by itself"


def test_a_constraint_checked_at_the_commit_fails_its_own_work_only() -> None:
    """Foreign keys are checked when the transaction ends, by when others share it."""

    def dangling() -> None:
        Source.objects.create(name="no such office", office_id=987_654)
        record(SYSTEM, "source:add", Resource("source", "1"), Purpose.OPERATIONS)

    answers = _together([dangling, *[_adding(f"Whole {n}") for n in range(8)]])
    assert isinstance(answers[0], IntegrityError)
    assert Office.objects.count() == Entry.objects.count() == 8


def test_an_entry_goes_with_the_savepoint_that_it_was_recorded_in() -> None:
    def work() -> None:
        _add("kept")
        try:
            with transaction.atomic():
                _add("undone")
                raise LookupError
        except LookupError:
            pass

    commits.commit(work)
    assert [o.name for o in Office.objects.all()] == ["kept"]
    assert Entry.objects.count() == 1


def test_callbacks_run_after_the_commit_in_the_thread_that_asked() -> None:
    seen: list[tuple[bool, int]] = []

    def work() -> None:
        pk = _add("Nord").pk
        transaction.on_commit(
            lambda: seen.append((Office.objects.filter(pk=pk).exists(), threading.get_ident()))
        )

    commits.commit(work)
    assert seen == [(True, threading.get_ident())]


def test_the_callbacks_of_a_work_that_fails_do_not_run() -> None:
    seen: list[int] = []

    def work() -> None:
        transaction.on_commit(lambda: seen.append(1))
        raise LookupError

    with pytest.raises(LookupError):
        commits.commit(work)
    assert seen == []


def test_inside_an_open_transaction_it_runs_there_and_does_not_wait_for_itself() -> None:
    with transaction.atomic():
        commits.commit(lambda: _add("inside"))
        assert connection.in_atomic_block
        assert Entry.objects.count() == 1
        transaction.set_rollback(True)
    assert Entry.objects.count() == Office.objects.count() == 0


def test_a_work_may_itself_ask_for_a_commit() -> None:
    commits.commit(lambda: commits.commit(lambda: _add("nested")))
    assert Entry.objects.count() == 1


def test_it_does_not_wait_for_keys_that_its_caller_holds() -> None:
    with transaction.atomic(using="keys"):
        commits.commit(lambda: _add("with keys"))
    assert Entry.objects.count() == 1


def test_a_refusal_stays_though_its_work_is_rolled_back() -> None:
    actor = noor().as_actor()
    refusal = Refusal(
        actor, "account:read", Resource("account", "1"), Purpose.FAMILY_TRACING, "not_permitted"
    )

    def work() -> None:
        _add("undone")
        raise NotPermittedError("no", refusal)

    with pytest.raises(NotPermittedError):
        commits.commit(work)
    assert not Office.objects.filter(name="undone").exists()
    assert [e.action for e in Entry.objects.all()] == ["account:read:refused"]


def test_nothing_is_changed_or_answered_where_the_log_cannot_be_signed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def locked() -> None:
        raise LockedError("the keys are locked")

    office()
    monkeypatch.setattr("reknit.guard.log.heads.current_holder", locked)
    answers = _together([_adding(f"Office {n}") for n in range(4)])
    assert all(isinstance(answer, AuditUnavailableError) for answer in answers)
    assert len({id(answer) for answer in answers}) == 4
    assert Office.objects.count() == 1
    assert not Entry.objects.exists()


def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(AuditUnavailableError, match="outside a transaction"):
        _add("loose")


def test_it_works_in_a_process_that_was_forked_from_one_with_a_writer() -> None:
    commits.commit(lambda: _add("parent"))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for alias in ("default", "keys"):
                connections[alias].connection = None  # the parent's, not this process's to close
            commits.commit(lambda: _add("child"))
            commits.stop()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    commits.commit(lambda: _add("parent again"))
    assert {o.name for o in Office.objects.all()} == {"parent", "child", "parent again"}
    assert Entry.objects.count() == 3
