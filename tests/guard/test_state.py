"""The state hash covers what people said and decided; undoing restores it (I8, test 7)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from reknit.guard import approvals, assessments, blocks, consent, vault, vital
from reknit.guard.log import Resource
from reknit.guard.models import Approval, Assessment, CannotBeAsked, Matter
from reknit.intake import imports
from reknit.records import accounts, judgements
from reknit.records.models import Account, Proof, Verdict
from reknit.records.state import state_hash
from reknit.vocabulary import Assurance, GivenBy, How, Purpose, Scope
from tests.cast import IDRIS_FOUND, renamed
from tests.guard.scene import Scene, a_scene, an_account, supervisor
from tests.intake.test_imports import take
from tests.staff import noor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def a_block(scene: Scene) -> Callable[[], object]:
    row = blocks.block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.CONTACT_VERIFIED, name="Amal Haddad"
    )
    return lambda: blocks.lift(supervisor(), row.id, assurance=Assurance.SEEN_BY_STAFF)


def a_decision(scene: Scene) -> Callable[[], object]:
    row = vital.decide(
        noor().as_actor(), scene.idris.id, because=CannotBeAsked.UNCONSCIOUS,
        recipient=scene.seeker, scope=Scope.WHEREABOUTS, reason="in a coma",
    )  # fmt: skip
    approvals.confirm(supervisor(), Approval.objects.get(resource_id=str(row.id)).id)
    return lambda: vital.end(noor().as_actor(), row.id)


def an_approval(scene: Scene) -> Callable[[], object]:
    about = Resource("account", str(scene.idris.id))
    row = approvals.propose(noor().as_actor(), Matter.DEATH, about, "a list of the dead")
    approvals.confirm(supervisor(), row.id)
    return lambda: approvals.undo(noor().as_actor(), row.id, "somebody else")


def an_assessment(scene: Scene) -> Callable[[], object]:
    actor = noor().as_actor()
    assessments.record_proof(actor, scene.enquiry.id, Proof.DOCUMENTED, "two cards")
    row = Assessment.objects.get(about="proof")
    return lambda: assessments.undo(actor, row.id)


def a_judgement_of_two(scene: Scene) -> Callable[[], object]:
    other = an_account(renamed(IDRIS_FOUND, "other"))
    row = judgements.judge(
        noor(), scene.idris, other, Verdict.MATCH, "same", enquiry=scene.enquiry, needs_two=True
    )
    asked = approvals.propose(
        noor().as_actor(), Matter.IDENTIFICATION, Resource.of(row), "the same mark"
    )
    approvals.confirm(supervisor(), asked.id)

    def undo() -> None:
        judgements.undo(noor(), row.id, timezone.now())
        accounts.remove(Account.objects.filter(id=other.id), timezone.now())

    return undo


@pytest.mark.parametrize(
    "decide", [a_block, a_decision, an_approval, an_assessment, a_judgement_of_two],
    ids=lambda decide: decide.__name__,
)  # fmt: skip
def test_what_was_decided_is_state_and_undoing_restores_it(
    scene: Scene, decide: Callable[[Scene], Callable[[], object]]
) -> None:
    before = state_hash()
    undo = decide(scene)
    assert state_hash() != before
    undo()
    assert state_hash() == before


def test_what_somebody_said_and_took_back_stays_state(scene: Scene) -> None:
    before = state_hash()
    said = scene.agree()
    agreed = state_hash()
    consent.withdraw(noor().as_actor(), said.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
    assert len({before, agreed, state_hash()}) == 3


def test_where_somebody_is_and_how_they_are_reached_is_state(scene: Scene) -> None:
    hashes = {state_hash()}
    for said in ({"last_known_location": "Tyre"}, {"phones": "+961 3 123 456"}):
        vault.put([scene.idris.id], [said])
        hashes.add(state_hash())
    assert len(hashes) == 3


def test_undoing_an_import_restores_the_state_whatever_was_said_of_its_people_since() -> None:
    scene = a_scene()
    before = state_hash()
    batch = take(
        [renamed(IDRIS_FOUND, "there", phones="+961 3 123 457", last_known_location="Tyre")]
    )
    account = Account.objects.get(batch=batch)
    judgements.judge(noor(), scene.sought, account, Verdict.MATCH, "same", enquiry=scene.enquiry)
    actor = noor().as_actor()
    consent.give(
        actor, account.id, purpose=Purpose.FAMILY_TRACING, recipient=scene.seeker,
        scope=Scope.WHEREABOUTS, given_by=GivenBy.SELF, how=How.IN_PERSON,
        assurance=Assurance.SEEN_BY_STAFF,
    )  # fmt: skip
    blocks.block(actor, account.id, assurance=Assurance.UNVERIFIED, name="Somebody Else")
    scene.idris = account
    a_decision(scene)
    an_approval(scene)
    assert state_hash() != before
    imports.undo(actor, batch.id, "the wrong list")
    assert state_hash() == before
