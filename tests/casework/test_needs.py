"""How soon a case's turn comes: weighed when it changes, its reasons sealed, by hand if need be."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from reknit.casework import claims, needs
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Need, NeedStatement
from reknit.casework.need_rules import Band, Fact
from reknit.casework.needs import Known
from reknit.guard import assessments, erasing
from reknit.guard.assessments import Concern
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.intake import enquiries
from reknit.jobs.handlers import HANDLERS
from reknit.jobs.recurring import nightly
from reknit.queue.worker import work_off
from reknit.records.models import AccountKind, Enquiry, Risk
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC, Role
from tests.cast import IDRIS_SOUGHT, SIBLINGS_SOUGHT
from tests.guard.scene import an_account, an_enquiry, supervisor
from tests.intake.test_imports import take
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def a_case(**about: str) -> Enquiry:
    sought = an_account({**IDRIS_SOUGHT, **about}, AccountKind.SOUGHT)
    enquiry = an_enquiry(sought, noor())
    needs.weigh([enquiry.pk])
    enquiry.refresh_from_db()
    return enquiry


def rules_of(enquiry: Enquiry) -> list[str]:
    enquiry.refresh_from_db()
    return [rule.name for rule in needs.shown(noor().as_actor(), [enquiry])[enquiry.pk].rules]


def test_an_enquiry_is_weighed_when_it_comes_in() -> None:
    born = str(timezone.now().year - 4)
    said = {**IDRIS_SOUGHT, "date_of_birth": born}
    enquiry = enquiries.accept(PUBLIC, office(), said, {"seeker_name": "Amal"}, {}).enquiry
    assert enquiry.need == Band.IN_TURN
    work_off(HANDLERS)
    assert rules_of(enquiry) == ["small_child", "child"]
    assert enquiry.need == Band.NOW


def test_a_list_is_weighed_when_it_comes_in() -> None:
    young = [{**row, "date_of_birth": str(timezone.now().year - 12)} for row in SIBLINGS_SOUGHT]
    take(young, kind=AccountKind.SOUGHT, source="Families")
    work_off(HANDLERS)
    assert set(Enquiry.objects.values_list("need", flat=True)) == {Band.SOON}
    assert Need.objects.count() == len(young)


def test_it_counts_what_staff_state_and_undoing_restores_the_state() -> None:
    case = a_case()
    before = state_hash()
    known = Known({Fact.DETAINED}, deadline=timezone.now().date() + dt.timedelta(days=3))
    said = needs.state(noor().as_actor(), case.pk, known, "the lawyer's letter")
    assert rules_of(case) == ["detention_deadline", "deadline", "detained"]
    assert (case.need, case.due_on) == (Band.NOW, known.deadline)
    assert state_hash() != before
    needs.undo(noor().as_actor(), said.pk)
    assert rules_of(case) == []
    assert (case.need, case.due_on) == (Band.IN_TURN, None)
    assert state_hash() == before
    with pytest.raises(CaseworkError, match="already"):
        needs.undo(noor().as_actor(), said.pk)


def test_undoing_lets_the_statement_before_hold_again() -> None:
    case = a_case()
    needs.state(noor().as_actor(), case.pk, Known({Fact.MEDICAL}), "dialysis")
    second = needs.state(noor().as_actor(), case.pk, Known({Fact.DETAINED}), "a friend's call")
    assert rules_of(case) == ["detained"]
    needs.undo(noor().as_actor(), second.pk)
    assert rules_of(case) == ["medical"]


def test_a_person_may_say_otherwise_with_a_reason_and_take_that_back() -> None:
    case = a_case()
    with pytest.raises(CaseworkError, match="on what this rests"):
        needs.override(noor().as_actor(), case.pk, Band.NOW, "  ")
    by_hand = needs.override(noor().as_actor(), case.pk, Band.NOW, "the camp is being closed")
    needs.weigh([case.pk])
    case.refresh_from_db()
    assert case.need == Band.NOW
    shown = needs.shown(supervisor(), [case])[case.pk]
    assert (shown.by_hand, shown.reason, shown.rules) == (by_hand, "the camp is being closed", ())
    needs.undo(supervisor(), by_hand.pk)
    case.refresh_from_db()
    assert case.need == Band.IN_TURN
    assert needs.shown(supervisor(), [case])[case.pk].by_hand is None
    entries = Entry.objects.filter(action__in=["need:state", "need:undo"]).order_by("seq")
    assert [entry.resource_id for entry in entries] == [str(case.pk)] * 2


def test_a_concern_of_the_risk_assessment_is_a_reason_until_it_is_taken_back() -> None:
    case = a_case()
    assessments.assess_risk(
        noor().as_actor(), case.pk, Risk.FLAGGED, "two calls", [Concern.TRAFFICKING]
    )
    work_off({needs.JOB: HANDLERS[needs.JOB]})
    assert rules_of(case) == ["trafficking_concern"]


def test_the_night_counts_that_a_day_has_passed() -> None:
    case = a_case()
    assert case.need == Band.IN_TURN
    Enquiry.objects.filter(pk=case.pk).update(created_at=timezone.now() - dt.timedelta(days=61))
    nightly()
    assert rules_of(case) == ["waiting"]
    assert case.need == Band.SOON


def test_closed_cases_are_left_as_they_are() -> None:
    case = a_case()
    long_ago = timezone.now() - dt.timedelta(days=90)
    Enquiry.objects.filter(pk=case.pk).update(created_at=long_ago, closed_at=timezone.now())
    nightly()
    case.refresh_from_db()
    assert case.need == Band.IN_TURN


def test_no_column_tells_a_reason() -> None:
    """A thief of the disk learns a band and a date, not that somebody is ill or held (I7)."""
    case = a_case(date_of_birth=str(timezone.now().year - 3))
    needs.state(noor().as_actor(), case.pk, Known({Fact.MEDICAL, Fact.TRAFFICKING}), "dialysis")
    words = ["medical", "trafficking", "small_child", "dialysis"]
    for model in (Need, NeedStatement, Enquiry):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            rows = cursor.fetchall()
        for word in words:
            assert not any(word.encode() in bytes(v) for row in rows for v in row
                           if isinstance(v, bytes | memoryview))  # fmt: skip
            assert not any(word in str(v) for row in rows for v in row)


def test_reading_reasons_is_audited_for_each_case() -> None:
    cases = [a_case(), a_case()]
    needs.shown(noor().as_actor(), cases)
    assert Entry.objects.filter(action="need:read", kind="need").count() == 2


def test_reasons_go_when_the_person_sought_is_erased_and_the_queue_still_opens() -> None:
    case = a_case(date_of_birth=str(timezone.now().year - 3))
    needs.state(noor().as_actor(), case.pk, Known({Fact.MEDICAL}), "dialysis")
    needs.override(noor().as_actor(), case.pk, Band.SOON, "asked for")
    erasing.schedule(erasing.rows_about([case.sought_id]), "asked to be erased")
    erasing.finish()
    for row in (*Need.objects.all(), *NeedStatement.objects.all()):
        with pytest.raises(Exception, match="erased"):
            sealing.unseal([row])
    case.refresh_from_db()
    assert needs.shown(noor().as_actor(), [case])[case.pk].rules == ()
    nightly()


@pytest.mark.parametrize(
    "who", [(Role.CASEWORKER, "Sud"), (Role.SUPERVISOR, "Sud"), (Role.COORDINATOR, "Nord"),
            (Role.ADMINISTRATOR, "Nord"), (Role.DATA_PROTECTION_OFFICER, "Nord")],
)  # fmt: skip
def test_whoever_does_not_work_on_the_case_states_nothing(who: tuple[Role, str]) -> None:
    case, actor = a_case(), staff(*who).as_actor()
    with pytest.raises(NotPermittedError):
        needs.state(actor, case.pk, Known({Fact.MEDICAL}), "I say so")
    with pytest.raises(NotPermittedError):
        needs.override(actor, case.pk, Band.NOW, "I say so")
    assert not NeedStatement.objects.exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_sees_no_person_reads_no_reason(role: Role) -> None:
    case = a_case()
    with pytest.raises(NotPermittedError):
        needs.shown(staff(role).as_actor(), [case])
    with pytest.raises(NotPermittedError):
        needs.shown(staff(Role.CASEWORKER, "Sud").as_actor(), [case])


def test_stating_is_work_on_the_case() -> None:
    case = a_case()
    needs.state(noor().as_actor(), case.pk, Known(), "nothing new")
    assert claims.holder(case.pk) == noor()


def test_a_wrong_file_of_rules_stops_the_start_by_name(tmp_path: Path) -> None:
    (tmp_path / "needs.toml").write_text('version = "1"\nscores = "yes"\n', encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "reknit", "check", "--data", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "needs.toml: 'scores' may not be said" in run.stderr
    assert "Traceback" not in run.stderr
