"""Nothing about a person leaves but what they agreed to, to whom they agreed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reknit import guard
from reknit.guard import approvals, canaries, consent, disclosure, quota
from reknit.guard.audit import Resource
from reknit.guard.disclosure import Disclosed, next_publication, preview
from reknit.guard.models import Alarm, AlarmKind, Disclosure, Entry, Revealed
from reknit.guard.models.approvals import Matter
from reknit.guard.reasons import Reason
from reknit.records import judgements
from reknit.records.models import Enquiry, Proof, Risk
from reknit.sealing import records
from reknit.sealing.asking import asker
from reknit.vocabulary import (
    PUBLIC,
    SYSTEM,
    Actor,
    Assurance,
    How,
    LegalBasis,
    Purpose,
    Recipient,
    RecipientKind,
    Role,
    Scope,
)
from tests.cast import IDRIS_FOUND
from tests.guard.scene import HARBOUR, PHONE, Scene, a_scene, an_account, an_enquiry, reason
from tests.staff import NORD, SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def test_it_withholds_location_without_consent(scene: Scene) -> None:
    assert reason(scene.tell()) == "no_consent"


def test_it_tells_where_somebody_is_to_whom_they_agreed(scene: Scene) -> None:
    scene.agree()
    told = scene.tell()
    assert isinstance(told, Disclosed)
    assert [value["place"] for value in told.values] == [HARBOUR]
    assert told.legal_basis is LegalBasis.CONSENT


def test_it_tells_how_to_reach_somebody_only_where_that_was_agreed_to(scene: Scene) -> None:
    scene.agree(Scope.WHEREABOUTS)
    assert reason(scene.tell(Scope.CONTACT)) == "no_consent"
    scene.agree(Scope.CONTACT)
    told = scene.tell(Scope.CONTACT)
    assert isinstance(told, Disclosed)
    assert told.values == ({"phones": PHONE},)


def test_it_leaves_a_disclosure_and_an_audit_entry_together(scene: Scene) -> None:
    given = scene.agree()
    told = scene.tell()
    assert isinstance(told, Disclosed)
    row = Disclosure.objects.get(id=told.disclosure_id)
    assert (row.consent_id, row.recipient, row.by_id) == (given.id, str(scene.seeker), noor().pk)
    entry = Entry.objects.get(action="disclosure:make")
    assert str(row.id) in entry.detail
    assert entry.subject_id == str(scene.idris.id)


def test_it_audits_what_it_withholds_and_why(scene: Scene) -> None:
    scene.tell()
    entry = Entry.objects.get(action="disclosure:withhold")
    assert '"reason":"no_consent"' in entry.detail


def test_who_is_told_of_counts_against_the_day_of_whoever_tells(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.agree()
    monkeypatch.setattr(quota, "limit", lambda role: 0)
    assert reason(scene.tell()) == "quota"
    assert not Disclosure.objects.exists()
    monkeypatch.setattr(quota, "limit", lambda role: 1)
    assert isinstance(scene.tell(), Disclosed)
    assert Revealed.objects.get().person_id == scene.idris.identity_id


def test_a_canary_that_is_told_of_raises_an_alarm(scene: Scene) -> None:
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    canaries.plant(officer, scene.idris.id)
    scene.tell()
    assert not Alarm.objects.exists()
    scene.agree()
    scene.tell()
    assert Alarm.objects.get().kind == AlarmKind.CANARY


def test_a_preview_opens_nothing_and_is_audited(scene: Scene) -> None:
    scene.agree()
    seen = preview(noor().as_actor(), scene.idris, Purpose.FAMILY_TRACING, scene.seeker)
    assert seen.is_allowed
    entry = Entry.objects.get(action="disclosure:preview")
    assert (entry.user_id, entry.resource_id) == (noor().pk, str(scene.idris.id))
    assert not Disclosure.objects.exists()
    assert not Revealed.objects.exists()


def test_the_keeper_counts_what_is_told_for_whoever_tells_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    askers = []
    unseal_all = records.unseal
    monkeypatch.setattr(
        records, "unseal", lambda rows: (askers.append(asker()), unseal_all(rows))[1]
    )
    scene.agree()
    assert isinstance(scene.tell(), Disclosed)
    disclosure.seeker_contact(noor().as_actor(), scene.enquiry.id, Purpose.FAMILY_TRACING)
    assert set(askers) == {f"user {noor().pk}"}
    assert len(askers) >= 2


def test_it_stops_at_once_when_consent_is_withdrawn(scene: Scene) -> None:
    given = scene.agree()
    assert reason(scene.tell()) is None
    consent.withdraw(noor().as_actor(), given.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
    assert reason(scene.tell()) == "withdrawn"


def test_it_tells_a_message_and_nothing_else(scene: Scene) -> None:
    scene.agree(Scope.MESSAGE, message="I am well. Do not look for me.")
    told = scene.tell(Scope.MESSAGE)
    assert isinstance(told, Disclosed)
    assert told.values == ({"message": "I am well. Do not look for me."},)
    assert {reason(scene.tell(scope)) for scope in Scope if scope is not Scope.MESSAGE} == {
        "no_consent", "not_the_scope", "needs_second_person",
    }  # fmt: skip


def test_alive_no_contact_wished_needs_consent_too(scene: Scene) -> None:
    assert reason(scene.tell(Scope.NO_CONTACT)) == "no_consent"
    scene.agree(Scope.NO_CONTACT)
    told = scene.tell(Scope.NO_CONTACT)
    assert isinstance(told, Disclosed)
    assert told.values == ({"alive": True, "contact_wished": False},)


def test_assigned_staff_see_where_to_ask_and_for_that_purpose_only(scene: Scene) -> None:
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert isinstance(told, Disclosed)
    assert told.values[0]["place"] == HARBOUR
    for purpose in set(Purpose) - {Purpose.ASK_THE_PERSON}:
        assert reason(scene.tell(recipient=scene.assigned, purpose=purpose)) is not None


def test_staff_see_nothing_before_the_review() -> None:
    scene = a_scene(judged=False)
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) == "not_reviewed"


def test_staff_see_nothing_once_the_judgement_is_undone(scene: Scene) -> None:
    assert scene.judgement is not None
    judgements.undo(noor(), scene.judgement.id, timezone.now())
    told = scene.tell(recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) == "not_reviewed"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CASEWORKER])
def test_no_other_role_sees_where_to_ask(scene: Scene, role: Role) -> None:
    told = scene.tell(
        actor=staff(role).as_actor(), recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON
    )
    assert reason(told) == "not_permitted"


def test_the_caseworker_of_another_office_sees_nothing(scene: Scene) -> None:
    scene.agree()
    other = staff(Role.CASEWORKER, SUD).as_actor()
    assert reason(scene.tell(actor=other)) == "not_permitted"
    told = scene.tell(actor=other, recipient=scene.assigned, purpose=Purpose.ASK_THE_PERSON)
    assert reason(told) == "not_permitted"


def test_nothing_is_told_before_a_person_assessed_the_risk() -> None:
    scene = a_scene(risk=None)
    scene.agree()
    assert reason(scene.tell()) == "risk_not_assessed"


def test_a_flagged_case_tells_nothing_by_one_person() -> None:
    scene = a_scene(risk=Risk.FLAGGED)
    scene.agree()
    assert reason(scene.tell()) == "needs_second_person"


def test_a_yes_on_one_account_does_not_open_another_of_the_same_identity(scene: Scene) -> None:
    """Two accounts judged to be one person may be two: a wrong match must not tell where the
    other one is."""
    other = an_account({"person_record_id": "other", "full_name": "Idris H.", "age": "39"})
    judgements.judge(noor(), scene.idris, other, "match", "same", enquiry=scene.enquiry)  # type: ignore[arg-type]
    scene.agree()
    told = guard.disclose(
        noor().as_actor(), other, Purpose.FAMILY_TRACING, scene.seeker, scope=Scope.WHEREABOUTS
    )
    assert reason(told) == "no_consent"


def test_a_no_on_one_account_closes_all_of_the_identity(scene: Scene) -> None:
    other = an_account({"person_record_id": "other", "full_name": "Idris H.", "age": "39"})
    judgements.judge(noor(), scene.idris, other, "match", "same", enquiry=scene.enquiry)  # type: ignore[arg-type]
    scene.agree()
    consent.refuse(noor().as_actor(), other.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
    assert reason(scene.tell()) == "refused"


def test_the_family_counts_only_once_staff_verified_the_relationship(scene: Scene) -> None:
    scene.agree(recipient=Recipient(RecipientKind.FAMILY))
    assert reason(scene.tell()) == "no_consent"
    Enquiry.objects.filter(id=scene.enquiry.id).update(proof=Proof.VERIFIED)
    assert reason(scene.tell()) is None


def test_another_seeker_is_told_nothing(scene: Scene) -> None:
    scene.agree()
    rafi = an_enquiry(scene.sought, noor(), {"full_name": "Rafi Mardirosian"})
    Enquiry.objects.filter(id=rafi.id).update(risk=Risk.NO_CONCERN)
    told = scene.tell(recipient=Recipient(RecipientKind.SEEKER, str(rafi.id)))
    assert reason(told) == "no_consent"


def test_unverified_consent_releases_nothing(scene: Scene) -> None:
    """An abuser may register as the person sought (I14)."""
    scene.agree(assurance=Assurance.UNVERIFIED, how=How.ONLINE)
    assert reason(scene.tell()) == "unverified"


def test_a_new_version_of_the_record_keeps_its_consent(scene: Scene) -> None:
    scene.agree()
    content = {"person_record_id": "idris-found", "full_name": "Idris Haddad", "age": "39"}
    later = an_account(content)
    later.follows, later.identity_id = scene.idris, scene.idris.identity_id
    later.save()
    told = guard.disclose(
        noor().as_actor(), later, Purpose.FAMILY_TRACING, scene.seeker, scope=Scope.WHEREABOUTS
    )
    assert reason(told) is None


def test_every_kind_of_recipient_but_four_is_told_nothing(scene: Scene) -> None:
    for kind in (RecipientKind.ANYONE, RecipientKind.FAMILY, RecipientKind.SELF):
        assert reason(scene.tell(recipient=Recipient(kind))) == Reason.NOT_THE_RECIPIENT


def test_an_export_holds_neither_places_nor_contacts(scene: Scene) -> None:
    partner = Recipient(RecipientKind.PARTNER, "red-crescent")
    for scope in (Scope.RECORD, Scope.WHEREABOUTS, Scope.CONTACT):
        scene.agree(scope, recipient=partner)
    other = an_account({"person_record_id": "other", "full_name": "Rafi"})
    actor = staff(Role.SUPERVISOR).as_actor()
    released = guard.release(actor, [scene.idris, other], Purpose.FAMILY_TRACING, partner)
    assert [row["full_name"] for row in released.rows] == ["Idris Haddad Al-Shami"]
    assert released.withheld == {Reason.NO_CONSENT: 1}
    assert HARBOUR not in str(released.rows)
    assert PHONE not in str(released.rows)


@pytest.mark.parametrize(
    ("now", "then"),
    [("00:00", "06:00"), ("05:59", "06:00"), ("11:00", "12:00"), ("17:59", "18:00")],
)
def test_what_seekers_see_changes_at_fixed_hours(now: str, then: str) -> None:
    day = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    hour, minute = map(int, now.split(":"))
    assert next_publication(replace_time(day, hour, minute)) == replace_time(day, int(then[:2]), 0)


def replace_time(day: dt.datetime, hour: int, minute: int) -> dt.datetime:
    return day.replace(hour=hour, minute=minute)


MAY_TELL = ("caseworker", "supervisor", "system")
MAY_NOT = (
    "desk", "data_protection_officer", "coordinator", "administrator", "caseworker of Sud",
    "supervisor of Sud", "public",
)  # fmt: skip
SAID = {
    "nothing": "no_consent",
    "yes, unverified": "unverified",
    "yes": None,
    "yes, then withdrawn": "withdrawn",
    "yes, then refused": "refused",
    "yes, until just now": "expired",
}


def an_actor(name: str) -> Actor:
    if name in {"public", "system"}:
        return PUBLIC if name == "public" else SYSTEM
    role, _, place = name.partition(" of ")
    return staff(Role(role), place or NORD).as_actor()


def said(scene: Scene, what: str) -> None:
    """Let the person say it."""
    if what == "nothing":
        return
    sure = Assurance.UNVERIFIED if "unverified" in what else Assurance.SEEN_BY_STAFF
    given = scene.agree(assurance=sure)
    if "withdrawn" in what:
        consent.withdraw(noor().as_actor(), given.id, how=How.ONLINE, assurance=sure)
    elif "refused" in what:
        consent.refuse(noor().as_actor(), scene.idris.id, how=How.ONLINE, assurance=sure)
    elif "until" in what:
        type(given).objects.filter(id=given.id).update(until=timezone.now())


@pytest.mark.parametrize("what", SAID)
@pytest.mark.parametrize("who", [*MAY_TELL, *MAY_NOT])
def test_each_actor_and_consent_and_purpose_has_its_outcome(
    scene: Scene, who: str, what: str
) -> None:
    said(scene, what)
    actor = an_actor(who)
    for purpose in Purpose:
        if who in MAY_NOT:
            expected: str | None = "not_permitted"
        elif purpose is not Purpose.FAMILY_TRACING:
            expected = "not_the_purpose"
        else:
            expected = SAID[what]
        assert reason(scene.tell(actor=actor, purpose=purpose)) == expected, purpose


def test_a_childs_own_yes_counts_no_more_after_a_match_with_an_adult() -> None:
    scene = a_scene({**IDRIS_FOUND, "date_of_birth": "2017-05-02", "age": ""}, needs_two=True)
    assert scene.judgement is not None
    asked = approvals.propose(
        scene.noor.as_actor(), Matter.IDENTIFICATION, Resource.of(scene.judgement), "as it seems"
    )
    approvals.confirm(staff(Role.SUPERVISOR).as_actor(), asked.id)
    scene.agree()
    assert reason(scene.tell()) == "needs_representative"
