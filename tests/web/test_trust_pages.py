"""The pages of what guards people: decisions in their place, blocks, corrections, documents taken
out, records of nobody, more people for a day. What each refuses is refused here as well."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reknit.guard import approvals, blocks, quota, rights, vital
from reknit.guard.disclosure import Disclosed
from reknit.guard.models import (
    Alarm,
    AlarmKind,
    Block,
    Canary,
    CannotBeAsked,
    Entry,
    QuotaGrant,
    RequestKind,
    VitalInterest,
)
from reknit.intake import documents
from reknit.records.models import Account, Document
from reknit.records.state import state_hash
from reknit.sealing import records
from reknit.vocabulary import PUBLIC, Assurance, Role, Scope
from tests.cast import RAFI
from tests.guard.scene import Scene, a_scene, an_account, reason
from tests.staff import NORD, SUD, noor, staff
from tests.web.everything import picture
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def who(role: Role, office: str = NORD) -> Client:
    return signed_in(staff(role, office))


def post(client: Client, name: str, of: Any, **said: Any) -> Any:
    return client.post(reverse(name, args=of if isinstance(of, list) else [of]), said)


def page(client: Client, name: str, *of: Any) -> str:
    answer = client.get(reverse(name, args=of), {"purpose": "family_tracing"})
    assert answer.status_code == 200
    return answer.content.decode()


def decision(scene: Scene, **changed: str) -> dict[str, str]:
    return {"because": "unconscious", "scope": "whereabouts", "recipient": str(scene.seeker),
            "reason": "in a coma; the doctors ask for his allergies", **changed}  # fmt: skip


def test_two_people_decide_for_who_cannot_be_asked_and_it_ends_when_they_can(scene: Scene) -> None:
    noors, supervisor = who(Role.CASEWORKER), who(Role.SUPERVISOR)
    assert post(noors, "decision_new", scene.idris.id, **decision(scene)).status_code == 302
    assert reason(scene.tell()) == "no_consent", "one person alone"
    (asked,) = approvals.waiting(timezone.now())
    shown = page(supervisor, "approval", asked.id)
    assert "Where they are" in shown
    assert str(scene.idris.id) in shown
    post(supervisor, "approval", asked.id, decision="confirm")
    assert isinstance(scene.tell(), Disclosed)
    made = VitalInterest.objects.get()
    assert reverse("decision_end", args=[made.id]) in page(noors, "person", scene.idris.id)
    assert post(noors, "decision_end", made.id).status_code == 302
    assert reason(scene.tell()) == "no_consent"
    assert Entry.objects.filter(action="vital_interest:end").count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"scope": "death"}, "of the dead their death"), ({"reason": " "}, "required"),
     ({"recipient": "seeker:x"}, "valid choice")],
)  # fmt: skip
def test_a_decision_that_is_none_is_refused(
    scene: Scene, changed: dict[str, str], said: str
) -> None:
    answer = post(
        who(Role.CASEWORKER), "decision_new", scene.idris.id, **decision(scene, **changed)
    )
    assert said in answer.content.decode()
    assert not VitalInterest.objects.exists()


def test_others_neither_decide_nor_end_a_decision(scene: Scene) -> None:
    made = vital.decide(
        noor().as_actor(), scene.idris.id, because=CannotBeAsked.UNCONSCIOUS,
        recipient=scene.seeker, scope=Scope.ALIVE, reason="in a coma",
    )  # fmt: skip
    for client, status in (
        (who(Role.DESK), 403),
        (who(Role.CASEWORKER, SUD), 404),
        (who(Role.SUPERVISOR, SUD), 404),
    ):
        asked = post(client, "decision_new", scene.idris.id, **decision(scene))
        assert (asked.status_code, post(client, "decision_end", made.id).status_code) == (
            status, status,
        )  # fmt: skip
    made.refresh_from_db()
    assert (VitalInterest.objects.count(), made.ended_at) == (1, None)


def test_a_block_is_lifted_by_the_supervisor_where_it_is_sure_who_asks(scene: Scene) -> None:
    scene.agree()
    row = blocks.block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.SEEN_BY_STAFF, name="Amal Haddad"
    )
    lifting = reverse("block_lift", args=[row.id])
    supervisor = who(Role.SUPERVISOR)
    assert lifting in page(supervisor, "person", scene.idris.id)
    assert lifting not in page(who(Role.CASEWORKER), "person", scene.idris.id)
    said = {"words": "She may know now."}
    for assurance in ("0", "1"):
        assert (
            post(supervisor, "block_lift", row.id, assurance=assurance, **said).status_code == 200
        )
        assert reason(scene.tell()) == "blocked"
    for other, status in ((who(Role.CASEWORKER), 403), (who(Role.SUPERVISOR, SUD), 404)):
        assert post(other, "block_lift", row.id, assurance="2", **said).status_code == status
    assert post(supervisor, "block_lift", row.id, assurance="2", **said).status_code == 302
    assert isinstance(scene.tell(), Disclosed)
    assert records.unseal([Block.objects.get()])[0]["lifted_words"] == said["words"]


def a_correction(scene: Scene) -> Any:
    row = rights.open_request(
        PUBLIC, RequestKind.CORRECTION, assurance=Assurance.UNVERIFIED, words="My name is wrong.",
        contact="the harbour",
    )  # fmt: skip
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    rights.verify(officer, row.id, Assurance.SEEN_BY_STAFF, [scene.idris.id])
    return row


def test_a_request_corrects_a_record_by_a_new_version(scene: Scene) -> None:
    row, officer = a_correction(scene), who(Role.DATA_PROTECTION_OFFICER)
    place = [row.id, scene.idris.id]
    assert reverse("request_correct", args=place) in page(officer, "request", row.id)
    (before,) = records.unseal([scene.idris])
    shown = {name: before.get(name, "") for name in ("sex", "date_of_birth", "home_city",
             "home_country", "relatives")}  # fmt: skip
    assert before["full_name"] in page(officer, "request_correct", *place)
    changed = {**shown, "full_name": "Idris Haddad", "phones": "+218 91 555 0999"}
    wrong = post(officer, "request_correct", place, **{**changed, "date_of_birth": "31/02/1987"})
    assert "date_of_birth" in wrong.content.decode()
    nothing = post(officer, "request_correct", place, **{**shown, "full_name": before["full_name"]})
    assert "Change what is wrong first." in nothing.content.decode()
    nameless = post(officer, "request_correct", place, **{**shown, "full_name": ""})
    assert "a record has a name" in nameless.content.decode()
    assert Account.objects.filter(follows=scene.idris).count() == 0
    assert post(officer, "request_correct", place, **changed).status_code == 302
    new = Account.objects.get(follows=scene.idris)
    assert records.unseal([new]) == [{**before, "full_name": "Idris Haddad"}]
    said = Entry.objects.get(action="request:correct").detail
    assert '"columns":["full_name","phones"]' in said


def test_a_correction_is_the_officers_and_about_the_requests_records(scene: Scene) -> None:
    row, other = a_correction(scene), an_account(RAFI)
    for role in (Role.SUPERVISOR, Role.CASEWORKER, Role.ADMINISTRATOR):
        answer = post(who(role), "request_correct", [row.id, scene.idris.id], full_name="X Y")
        assert answer.status_code == 403
    officer = who(Role.DATA_PROTECTION_OFFICER)
    answer = post(officer, "request_correct", [row.id, other.id], full_name="X Y")
    assert "not about it" in answer.content.decode()
    rights.answer(staff(Role.DATA_PROTECTION_OFFICER).as_actor(), row.id, "Done.")
    late = post(officer, "request_correct", [row.id, scene.idris.id], full_name="X Y")
    assert "decided already" in late.content.decode()
    assert not Account.objects.exclude(follows=None).exists()


def test_a_document_is_taken_out_with_a_reason_and_put_back(scene: Scene) -> None:
    noors = who(Role.CASEWORKER)
    document = documents.add(
        noor().as_actor(), picture(), "Card", "card.png", enquiry=scene.enquiry
    )
    before = state_hash()
    assert post(noors, "document_remove", document.id, reason="").status_code == 200
    assert Document.objects.filter(removed_at=None).exists()
    for other, status in ((who(Role.DESK), 403), (who(Role.CASEWORKER, SUD), 404)):
        assert post(other, "document_remove", document.id, reason="mine").status_code == status
    assert post(noors, "document_remove", document.id, reason="of another").status_code == 302
    assert noors.get(reverse("document", args=[document.id])).status_code == 404
    assert state_hash() != before
    assert "Put it back" in page(noors, "document_remove", document.id)
    assert post(noors, "document_remove", document.id).status_code == 302
    assert noors.get(reverse("document", args=[document.id])).status_code == 200
    (content,) = records.unseal([Document.objects.get()])
    assert "remove_reason" not in content
    done = Entry.objects.filter(resource_id=str(document.id)).values_list("action", flat=True)
    assert {"document:remove", "document:put_back"} <= set(done)


def test_the_officer_plants_a_record_of_nobody_and_no_address_tells_which() -> None:
    nobody = an_account(RAFI)
    officer = who(Role.DATA_PROTECTION_OFFICER)
    assert reverse("canaries") in page(officer, "alarms")
    answer = post(officer, "canaries", [], account=str(nobody.id))
    assert (answer.status_code, answer["Location"]) == (302, reverse("canaries"))
    assert str(nobody.id) not in page(officer, "canaries")
    assert "1 is planted" in page(officer, "canaries")
    page(who(Role.CASEWORKER), "person", nobody.id)
    assert Alarm.objects.get().kind == AlarmKind.CANARY
    assert post(who(Role.SUPERVISOR), "canaries", [], account=str(nobody.id)).status_code == 403
    post(officer, "canaries", [], account=str(nobody.id), dig_up="yes")
    assert not Canary.objects.exists()
    assert post(officer, "canaries", [], account="x").status_code == 200


def test_a_supervisor_grants_more_people_for_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "limit", lambda role: 5)
    supervisor = who(Role.SUPERVISOR)
    assert reverse("quota_grant", args=[noor().pk]) in page(supervisor, "staff")
    said = {"more": "3", "reason": "three lists of one camp"}
    assert (
        "between 1 and 5"
        in post(supervisor, "quota_grant", noor().pk, **{**said, "more": "6"}).content.decode()
    )
    for other, whom, status in (
        (who(Role.CASEWORKER), noor(), 403),
        (who(Role.SUPERVISOR, SUD), noor(), 404),
        (supervisor, staff(Role.SUPERVISOR), 404),
    ):
        assert post(other, "quota_grant", whom.pk, **said).status_code == status
    assert post(supervisor, "quota_grant", noor().pk, **said).status_code == 302
    assert QuotaGrant.objects.get().more == 3


def test_what_was_found_about_an_alarm_is_read_by_whoever_may_see_it() -> None:
    alarm = Alarm.objects.create(
        kind="speed", user=staff(Role.CASEWORKER), office=staff(Role.CASEWORKER).office,
        at=timezone.now(), count=40, once="a test",
    )  # fmt: skip
    supervisor = signed_in(staff(Role.SUPERVISOR))
    found = "Noor covers for a colleague this week"
    supervisor.post(f"/alarms/{alarm.pk}/", {"reason": found})
    for role in (Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER):
        assert found in signed_in(staff(role)).get("/alarms/").content.decode()
    elsewhere = signed_in(staff(Role.SUPERVISOR, "Sud")).get("/alarms/").content.decode()
    assert found not in elsewhere


def test_what_is_no_checkpoint_is_said_in_the_readers_language() -> None:
    officer = signed_in(staff(Role.DATA_PROTECTION_OFFICER))
    officer.cookies["reknit-language"] = "ar"
    said = officer.post("/audit/verify/", {"checkpoint": "nonsense"}).content.decode()
    assert "ليست فيه الأسطر السبعة" in said
    assert "no checkpoint" not in said
