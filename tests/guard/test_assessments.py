"""Proof and risk are decisions by people, with reasons; a flag is lowered by two."""

from __future__ import annotations

import pytest

from reknit.guard import approvals, assessments
from reknit.guard.assessments import Concern, assess_risk, record_proof
from reknit.guard.errors import NotPermittedError
from reknit.guard.log import Resource
from reknit.guard.models import Assessment, Entry, Matter
from reknit.guard.reasons import Failure, Reason, Success
from reknit.records.models import Enquiry, Proof, Risk
from reknit.records.state import state_hash
from reknit.sealing import records
from reknit.vocabulary import Role
from tests.guard.scene import Scene, a_scene, supervisor
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    return a_scene(risk=None)


def risk_of(scene: Scene) -> str:
    return Enquiry.objects.get(id=scene.enquiry.id).risk


def test_one_person_flags_and_says_why(scene: Scene) -> None:
    found = assess_risk(
        noor().as_actor(), scene.enquiry.id, Risk.FLAGGED, "He asks for her alone.",
        [Concern.ABUSE, Concern.IMPOSTOR],
    )  # fmt: skip
    assert isinstance(found, Success)
    assert risk_of(scene) == Risk.FLAGGED
    said = records.unseal([Assessment.objects.get()])[0]
    assert said == {"reason": "He asks for her alone.", "concerns": ["abuse", "impostor"]}
    assert "alone" not in Entry.objects.get(action="assessment:record").detail


def test_one_person_does_not_lower_a_flag(scene: Scene) -> None:
    actor = noor().as_actor()
    assess_risk(actor, scene.enquiry.id, Risk.FLAGGED, "so", [Concern.ABUSE])
    alone = assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "all is well")
    assert alone == Failure(Reason.NEEDS_SECOND_PERSON)
    assert risk_of(scene) == Risk.FLAGGED
    asked = approvals.propose(
        actor, Matter.LOWER_RISK, Resource.of(scene.enquiry), "met both, apart"
    )
    approvals.confirm(supervisor(), asked.id)
    assert assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "met both") == Success()
    assert risk_of(scene) == Risk.NO_CONCERN


def test_one_lowering_does_not_allow_the_next(scene: Scene) -> None:
    """A flag raised after two people lowered the one before it needs two again."""
    actor = noor().as_actor()
    assess_risk(actor, scene.enquiry.id, Risk.FLAGGED, "so", [Concern.ABUSE])
    asked = approvals.propose(actor, Matter.LOWER_RISK, Resource.of(scene.enquiry), "met both")
    approvals.confirm(supervisor(), asked.id)
    assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "met both")
    assess_risk(actor, scene.enquiry.id, Risk.FLAGGED, "a threat came", [Concern.ABUSE])
    again = assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "all is well")
    assert again == Failure(Reason.NEEDS_SECOND_PERSON)


def test_undoing_an_assessment_restores_the_state(scene: Scene) -> None:
    before = state_hash()
    record_proof(noor().as_actor(), scene.enquiry.id, Proof.VERIFIED, "birth certificates")
    assert state_hash() != before
    assessments.undo(noor().as_actor(), Assessment.objects.get().id)
    assert state_hash() == before


def test_undoing_a_flag_is_lowering_it(scene: Scene) -> None:
    actor = noor().as_actor()
    assess_risk(actor, scene.enquiry.id, Risk.FLAGGED, "so", [Concern.ABUSE])
    undone = assessments.undo(actor, Assessment.objects.get().id)
    assert undone == Failure(Reason.NEEDS_SECOND_PERSON)


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.CASEWORKER, SUD), (Role.DESK, "Nord"), (Role.DATA_PROTECTION_OFFICER, "Nord"),
     (Role.ADMINISTRATOR, "Nord"), (Role.SUPERVISOR, SUD)],
)  # fmt: skip
def test_only_the_case_and_its_supervisor_assess(scene: Scene, role: Role, place: str) -> None:
    actor = staff(role, place).as_actor()
    with pytest.raises(NotPermittedError):
        assess_risk(actor, scene.enquiry.id, Risk.NO_CONCERN, "so")
    with pytest.raises(NotPermittedError):
        record_proof(actor, scene.enquiry.id, Proof.VERIFIED, "so")


def test_an_assessment_says_on_what_it_rests(scene: Scene) -> None:
    with pytest.raises(ValueError, match="on what"):
        assess_risk(noor().as_actor(), scene.enquiry.id, Risk.NO_CONCERN, " ")
    with pytest.raises(ValueError, match="choose a concern"):
        assess_risk(noor().as_actor(), scene.enquiry.id, Risk.FLAGGED, "so")
