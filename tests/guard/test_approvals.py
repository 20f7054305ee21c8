"""One approver alone fails (trust: I11, test 10)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reknit.guard import approvals
from reknit.guard.ages import AgeGroup, age_group, age_group_of_all
from reknit.guard.assessments import Concern, assess_risk
from reknit.guard.errors import NotPermittedError
from reknit.guard.log import Resource
from reknit.guard.models import Approval, Matter
from reknit.guard.reasons import Failure, Success
from reknit.records.models import Account, Risk, User
from reknit.sealing import records
from reknit.vocabulary import Purpose, Role, Scope
from tests.guard.scene import Scene, a_scene, reason, supervisor
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CASE = Resource("enquiry", "4f1c9a52-0000-4000-8000-000000000000")
CHILD = {"person_record_id": "tala", "full_name": "Tala", "date_of_birth": "2017-05-02"}
ON = dt.date(2026, 11, 26)


@pytest.fixture
def proposed() -> Approval:
    return approvals.propose(noor().as_actor(), Matter.DEATH, CASE, "the hospital's list")


def why(verdict: Success | Failure) -> str | None:
    return verdict.reason.value if isinstance(verdict, Failure) else None


def test_one_approver_alone_fails(proposed: Approval) -> None:
    assert why(approvals.confirm(noor().as_actor(), proposed.id)) == "same_person"
    assert not approvals.approved(Matter.DEATH, CASE)


def test_a_second_person_makes_it_count(proposed: Approval) -> None:
    assert why(approvals.confirm(supervisor(), proposed.id)) is None
    assert approvals.approved(Matter.DEATH, CASE)


@pytest.mark.parametrize(
    "role", [Role.DESK, Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR]
)
def test_the_second_must_be_permitted(proposed: Approval, role: Role) -> None:
    with pytest.raises(NotPermittedError):
        approvals.confirm(staff(role).as_actor(), proposed.id)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SUPERVISOR])
def test_the_second_is_of_the_same_office(proposed: Approval, role: Role) -> None:
    other = staff(role, SUD).as_actor()
    with pytest.raises(NotPermittedError):
        approvals.confirm(other, proposed.id)
    with pytest.raises(NotPermittedError):
        approvals.refuse(other, proposed.id, "no")


def test_what_is_not_there_reads_as_not_permitted(proposed: Approval) -> None:
    with pytest.raises(NotPermittedError):
        approvals.confirm(supervisor(), uuid4())


def test_neither_account_may_be_disabled(proposed: Approval) -> None:
    User.objects.filter(id=noor().pk).update(is_active=False)
    assert why(approvals.confirm(supervisor(), proposed.id)) == "account_disabled"


def test_what_nobody_confirms_lapses(proposed: Approval) -> None:
    Approval.objects.filter(id=proposed.id).update(expires_at=timezone.now())
    assert why(approvals.confirm(supervisor(), proposed.id)) == "lapsed"


def test_it_counts_no_more_once_undone(proposed: Approval) -> None:
    approvals.confirm(supervisor(), proposed.id)
    assert why(approvals.undo(noor().as_actor(), proposed.id, "another person")) is None
    assert not approvals.approved(Matter.DEATH, CASE)
    assert why(approvals.confirm(supervisor(), proposed.id)) == "already_decided"


def test_a_refused_one_cannot_be_confirmed(proposed: Approval) -> None:
    approvals.refuse(supervisor(), proposed.id, "no proof")
    other = User.objects.create_user("second@nord.example", Role.SUPERVISOR, noor().office)
    assert why(approvals.confirm(other.as_actor(), proposed.id)) == "already_decided"


def test_to_propose_twice_is_one_proposal(proposed: Approval) -> None:
    again = approvals.propose(supervisor(), Matter.DEATH, CASE, "I heard it as well")
    assert again.id == proposed.id


def test_the_database_itself_refuses_one_person_twice(proposed: Approval) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(id=proposed.id).update(confirmed_by=proposed.proposed_by)


def test_who_may_not_propose_cannot() -> None:
    with pytest.raises(NotPermittedError):
        approvals.propose(staff(Role.DESK).as_actor(), Matter.DEATH, CASE, "so it is said")


def test_it_wants_a_reason() -> None:
    with pytest.raises(ValueError, match="say why"):
        approvals.propose(noor().as_actor(), Matter.DEATH, CASE, "  ")


def test_a_child_is_identified_by_two() -> None:
    """The judgement of one counts for nothing: neither asking nor telling (I11)."""
    scene = a_scene(CHILD)
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) == "needs_second_person"


def test_a_confirmed_judgement_of_a_child_counts() -> None:
    scene = a_scene(CHILD, needs_two=True)
    assert scene.judgement is not None
    asked = approvals.propose(
        noor().as_actor(), Matter.IDENTIFICATION, Resource.of(scene.judgement), "mother's photo"
    )
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) in {"not_reviewed", "not_permitted"}
    assert why(approvals.confirm(supervisor(), asked.id)) is None
    scene.idris = Account.objects.get(id=scene.idris.id)
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) is None


def test_a_flagged_case_goes_on_only_when_two_agree() -> None:
    scene = a_scene(risk=Risk.FLAGGED, needs_two=True)
    scene.agree()
    assert scene.judgement is not None
    found = approvals.propose(
        noor().as_actor(), Matter.IDENTIFICATION, Resource.of(scene.judgement), "met both"
    )
    approvals.confirm(supervisor(), found.id)
    assert reason(scene.tell()) == "risk_flagged"
    go_on = approvals.propose(
        noor().as_actor(), Matter.FLAGGED_CASE, Resource.of(scene.enquiry), "she fears another"
    )
    assert reason(scene.tell()) == "risk_flagged"
    approvals.confirm(supervisor(), go_on.id)
    assert reason(scene.tell()) is None
    approvals.undo(supervisor(), go_on.id, "new facts")
    assert reason(scene.tell()) == "risk_flagged"


def test_going_on_after_one_flag_says_nothing_about_the_next() -> None:
    scene = a_scene(risk=Risk.FLAGGED, needs_two=True)
    scene.agree()
    assert scene.judgement is not None
    for matter, resource in (
        (Matter.IDENTIFICATION, Resource.of(scene.judgement)),
        (Matter.FLAGGED_CASE, Resource.of(scene.enquiry)),
    ):
        asked = approvals.propose(noor().as_actor(), matter, resource, "met both")
        approvals.confirm(supervisor(), asked.id)
    assert reason(scene.tell()) is None
    assess_risk(noor().as_actor(), scene.enquiry.id, Risk.FLAGGED, "a threat", [Concern.ABUSE])
    assert reason(scene.tell()) == "risk_flagged"


def waiting_for(scene: Scene) -> list[Approval]:
    """What waits about who the person is."""
    rows = approvals.waiting(timezone.now())
    return [row for row in rows if row.resource_id == str(scene.judgement and scene.judgement.id)]


def test_a_flag_has_a_second_person_asked_about_a_match_that_one_made_alone() -> None:
    """One was enough when Noor judged; it no longer is, and nobody would have been asked."""
    scene = a_scene()
    scene.agree()
    assert (waiting_for(scene), reason(scene.tell())) == ([], None)
    assess_risk(supervisor(), scene.enquiry.id, Risk.FLAGGED, "a threat", [Concern.ABUSE])
    (asked,) = waiting_for(scene)
    assert (asked.matter, asked.proposed_by) == (Matter.IDENTIFICATION, noor())
    assert records.unseal([asked])[0]["reason"] == "the same mark"
    assert reason(scene.tell()) == "needs_second_person"
    assert why(approvals.confirm(noor().as_actor(), asked.id)) == "same_person"
    assert why(approvals.confirm(supervisor(), asked.id)) is None
    assert reason(scene.tell()) == "risk_flagged", "to go on is a matter of its own"
    assert approvals.alone(scene.enquiry, timezone.now().date()) == []


def test_a_flag_taken_back_asks_nobody_any_more() -> None:
    scene = a_scene()
    actor = noor().as_actor()
    assess_risk(actor, scene.enquiry.id, Risk.FLAGGED, "a threat", [Concern.ABUSE])
    assert len(waiting_for(scene)) == 1
    lower = approvals.propose(actor, Matter.LOWER_RISK, Resource.of(scene.enquiry), "a mistake")
    approvals.confirm(supervisor(), lower.id)
    assert why(assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "met both")) is None
    assert waiting_for(scene) == []


def test_who_judged_is_no_second_person_whoever_asks() -> None:
    scene = a_scene()
    assert scene.judgement is not None
    asked = approvals.propose(
        supervisor(), Matter.IDENTIFICATION, Resource.of(scene.judgement), "looks alike"
    )
    assert why(approvals.confirm(noor().as_actor(), asked.id)) == "same_person"


def test_a_death_is_told_only_when_two_agreed_on_it() -> None:
    scene = a_scene()
    assert reason(scene.tell(Scope.DEATH)) == "needs_second_person"


@pytest.mark.parametrize(
    ("content", "group"),
    [
        ({"date_of_birth": "1987-04-02"}, AgeGroup.ADULT),
        ({"date_of_birth": "2008-11-26"}, AgeGroup.ADULT),
        ({"date_of_birth": "2008-11-27"}, AgeGroup.MINOR),
        ({"date_of_birth": "2008"}, AgeGroup.DOUBTFUL),
        ({"date_of_birth": "2008-01-01"}, AgeGroup.DOUBTFUL),
        ({"date_of_birth": "2007"}, AgeGroup.ADULT),
        ({"age": "9"}, AgeGroup.DOUBTFUL),
        ({"age": "9", "source_date": "2026-11-01"}, AgeGroup.MINOR),
        ({"age": "9", "source_date": "2012-01-01"}, AgeGroup.ADULT),
        ({"age": "18"}, AgeGroup.DOUBTFUL),
        ({"age": "20"}, AgeGroup.DOUBTFUL),
        ({"age": "25"}, AgeGroup.ADULT),
        ({"age": "15-30"}, AgeGroup.DOUBTFUL),
        ({"age": "34", "date_of_birth": "2010-03-01"}, AgeGroup.DOUBTFUL),
        ({"age": "adult"}, AgeGroup.DOUBTFUL),
        ({"date_of_birth": "soon"}, AgeGroup.DOUBTFUL),
        ({}, AgeGroup.DOUBTFUL),
        ({"date_of_birth": None, "age": None}, AgeGroup.DOUBTFUL),
    ],
)
def test_doubtful_age_counts_as_minor(content: dict[str, str], group: AgeGroup) -> None:
    assert age_group(content, ON) is group
    assert group.counts_as_minor is (group is not AgeGroup.ADULT)


@pytest.mark.parametrize(
    ("ages", "group"),
    [
        (["34", "35"], AgeGroup.ADULT),
        (["34", ""], AgeGroup.ADULT),
        (["34", "12"], AgeGroup.DOUBTFUL),
        (["", ""], AgeGroup.DOUBTFUL),
    ],
)
def test_accounts_that_disagree_on_age_are_doubtful(ages: list[str], group: AgeGroup) -> None:
    contents = [{"age": age, "source_date": "2026-11-01"} for age in ages]
    assert age_group_of_all(contents, ON) is group
