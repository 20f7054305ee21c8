"""The found person blocks somebody: that one is told nothing, and cannot tell that it is so."""

from __future__ import annotations

import pytest

from reknit.guard import blocks
from reknit.guard.blocks import block, lift
from reknit.guard.models import Entry
from reknit.guard.reasons import Failure, Success
from reknit.records import judgements
from reknit.records.models import Verdict
from reknit.vocabulary import Assurance, Purpose, Role
from tests.guard.scene import Scene, a_scene, an_account, reason, supervisor
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    scene = a_scene()
    scene.agree()
    return scene


def test_it_blocks_one_enquiry(scene: Scene) -> None:
    block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED,
        enquiry_id=scene.enquiry.id,
    )  # fmt: skip
    assert reason(scene.tell()) == "blocked"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"name": "Amal Haddad Al-Shami"}, "blocked"),
        ({"name": "Амаль Хаддад"}, "blocked"),
        ({"phones": "00963944123456"}, "blocked"),
        ({"phones": "0931 000 000\n0944 123 456"}, "blocked"),
        ({"name": "Rafi Mardirosian", "phones": "+961 3 123 456"}, None),
    ],
)
def test_it_knows_a_seeker_in_any_script(
    scene: Scene, named: dict[str, str], expected: str | None
) -> None:
    block(noor().as_actor(), scene.idris.id, assurance=Assurance.SEEN_BY_STAFF, **named)  # type: ignore[arg-type]
    assert reason(scene.tell()) == expected


def test_it_blocks_on_every_account_of_the_identity(scene: Scene) -> None:
    other = an_account({"person_record_id": "other", "full_name": "Idris H.", "age": "39"})
    judgements.judge(noor(), scene.idris, other, Verdict.MATCH, "same", enquiry=scene.enquiry)
    block(noor().as_actor(), other.id, assurance=Assurance.CONTACT_VERIFIED, name="Amal Haddad")
    assert reason(scene.tell()) == "blocked"


def test_staff_do_not_ask_on_behalf_of_a_blocked_seeker(scene: Scene) -> None:
    block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED,
        enquiry_id=scene.enquiry.id,
    )  # fmt: skip
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) == "blocked"


def test_a_lifted_block_no_longer_counts(scene: Scene) -> None:
    row = block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED, name="Amal Haddad"
    )
    assert isinstance(lift(supervisor(), row.id, assurance=Assurance.SEEN_BY_STAFF), Success)
    assert reason(scene.tell()) is None


@pytest.mark.parametrize(
    ("blocked", "lifted", "expected"),
    [
        (Assurance.UNVERIFIED, Assurance.UNVERIFIED, "unverified"),
        (Assurance.SEEN_BY_STAFF, Assurance.CONTACT_VERIFIED, "less_assurance"),
        (Assurance.CONTACT_VERIFIED, Assurance.CONTACT_VERIFIED, None),
    ],
)
def test_it_is_lifted_only_by_whom_it_is_as_sure_of(
    scene: Scene, blocked: Assurance, lifted: Assurance, expected: str | None
) -> None:
    row = block(noor().as_actor(), scene.idris.id, assurance=blocked, name="Amal Haddad")
    verdict = lift(supervisor(), row.id, assurance=lifted, words="She may know now.")
    assert (verdict.reason.value if isinstance(verdict, Failure) else None) == expected
    assert (reason(scene.tell()) == "blocked") == (expected is not None)
    said = Entry.objects.get(action__startswith="block:remove")
    assert said.action == ("block:remove:refused" if expected else "block:remove")
    assert (expected or lifted.name.lower()) in said.detail


def test_the_caseworker_who_recorded_it_cannot_lift_it(scene: Scene) -> None:
    from reknit.guard.errors import NotPermittedError

    row = block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED, name="Amal Haddad"
    )
    for role in (Role.CASEWORKER, Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR):
        with pytest.raises(NotPermittedError):
            lift(staff(role).as_actor(), row.id, assurance=Assurance.SEEN_BY_STAFF)


def test_it_names_somebody(scene: Scene) -> None:
    with pytest.raises(ValueError, match="name the enquiry"):
        block(noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED, words="him")


def test_two_seekers_of_common_names_are_told_apart_by_their_other_names() -> None:
    assert not blocks._is_named({"name": "Mohamed Ali Hassan"}, {"name": "Mohamed Saleh Omar"})
