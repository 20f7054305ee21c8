"""Who cannot be asked has a decision by two, with its reason, which ends when they can be."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reknit.guard import approvals, consent, vital
from reknit.guard.disclosure import Disclosed
from reknit.guard.errors import UnusableConsentError
from reknit.guard.log import Resource
from reknit.guard.models import CannotBeAsked, Matter, VitalInterest
from reknit.vocabulary import Assurance, GivenBy, How, LegalBasis, Recipient, Scope
from tests.guard.scene import HARBOUR, Scene, a_scene, reason, supervisor
from tests.staff import noor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def decided(
    scene: Scene,
    *,
    because: CannotBeAsked = CannotBeAsked.UNCONSCIOUS,
    scope: Scope = Scope.WHEREABOUTS,
    by_two: bool = True,
) -> VitalInterest:
    row = vital.decide(
        noor().as_actor(), scene.idris.id, because=because, recipient=scene.seeker, scope=scope,
        reason="in a coma; the doctors need to know his allergies",
    )  # fmt: skip
    if by_two:
        confirm(vital.of(row))
    return row


def confirm(resource: Resource, matter: Matter = Matter.VITAL_INTEREST) -> None:
    (asked,) = [a for a in approvals.waiting(timezone.now()) if a.resource_id == resource.id]
    assert asked.matter == matter
    approvals.confirm(supervisor(), asked.id)


def test_one_person_cannot_decide(scene: Scene) -> None:
    decided(scene, by_two=False)
    assert reason(scene.tell()) == "no_consent"


def test_two_people_can_and_it_says_on_what_ground(scene: Scene) -> None:
    row = decided(scene)
    told = scene.tell()
    assert isinstance(told, Disclosed)
    assert told.values[0]["place"] == HARBOUR
    assert told.legal_basis is LegalBasis.VITAL_INTEREST
    assert row.until is not None


def test_it_is_for_one_scope_and_one_recipient(scene: Scene) -> None:
    decided(scene)
    assert reason(scene.tell(Scope.CONTACT)) == "no_consent"


def test_it_ends_when_they_can_be_asked(scene: Scene) -> None:
    row = decided(scene)
    vital.end(noor().as_actor(), row.id)
    assert reason(scene.tell()) == "no_consent"


def test_it_ends_when_they_say_anything(scene: Scene) -> None:
    decided(scene)
    scene.agree(Scope.ALIVE)
    assert reason(scene.tell()) == "no_consent"
    assert reason(scene.tell(Scope.ALIVE)) is None


def test_it_ends_by_itself(scene: Scene) -> None:
    row = decided(scene)
    VitalInterest.objects.filter(id=row.id).update(until=timezone.now())
    assert reason(scene.tell()) == "no_consent"


def test_it_cannot_last_long(scene: Scene) -> None:
    far = timezone.now() + dt.timedelta(days=400)
    row = vital.decide(
        noor().as_actor(), scene.idris.id, because=CannotBeAsked.INFANT, recipient=scene.seeker,
        scope=Scope.ALIVE, reason="two months old", until=far,
    )  # fmt: skip
    assert row.until is not None
    assert row.until <= timezone.now() + vital.LONGEST


def test_it_decides_nothing_against_what_they_refused_before(scene: Scene) -> None:
    consent.refuse(
        noor().as_actor(), scene.idris.id, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF
    )
    decided(scene)
    assert reason(scene.tell()) == "refused"


def test_it_counts_no_more_once_the_second_takes_it_back(scene: Scene) -> None:
    row = decided(scene)
    asked = approvals.Approval.objects.get(resource_id=str(row.id))
    approvals.undo(supervisor(), asked.id, "he woke up")
    assert reason(scene.tell()) == "no_consent"


def test_a_death_is_told_by_two_decisions_of_two(scene: Scene) -> None:
    assert scene.judgement is not None
    decided(scene, because=CannotBeAsked.DEAD, scope=Scope.DEATH)
    assert reason(scene.tell(Scope.DEATH)) == "needs_second_person"
    approvals.propose(
        noor().as_actor(), Matter.DEATH, Resource("account", str(scene.idris.id)), "the morgue"
    )
    confirm(Resource("account", str(scene.idris.id)), Matter.DEATH)
    type(scene.judgement).objects.filter(id=scene.judgement.id).update(
        needs_two=True, confirmed_by=supervisor().user_id
    )
    told = scene.tell(Scope.DEATH)
    assert isinstance(told, Disclosed)
    assert told.values == ({"deceased": True},)


@pytest.mark.parametrize(
    ("recipient", "scope", "because"),
    [
        ("family", Scope.ALIVE, CannotBeAsked.INFANT),
        ("anyone", Scope.ALIVE, CannotBeAsked.INFANT),
        ("seeker:1", Scope.EVERYTHING, CannotBeAsked.INFANT),
        ("seeker:1", Scope.WHEREABOUTS, CannotBeAsked.DEAD),
        ("seeker:1", Scope.DEATH, CannotBeAsked.UNCONSCIOUS),
    ],
)
def test_it_refuses_what_cannot_be_decided(
    scene: Scene, recipient: str, scope: Scope, because: CannotBeAsked
) -> None:
    with pytest.raises(UnusableConsentError):
        vital.decide(
            noor().as_actor(), scene.idris.id, because=because,
            recipient=Recipient.read(recipient), scope=scope, reason="so",
        )  # fmt: skip


def test_it_ends_when_a_representative_speaks_for_them(scene: Scene) -> None:
    decided(scene)
    scene.agree(
        Scope.CONTACT, given_by=GivenBy.REPRESENTATIVE, representative="father", child_view="yes"
    )
    assert reason(scene.tell()) == "no_consent"
