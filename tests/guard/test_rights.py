"""People read, correct and erase what is held about them; nobody else does so in their name."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from reknit.casework.models.samples import Look, Sample
from reknit.guard import blocks, erasing, rights, vault
from reknit.guard.errors import NotPermittedError
from reknit.guard.holdings import AccessFile
from reknit.guard.models import (
    Consent,
    Disclosure,
    Entry,
    RequestKind,
    RequestState,
    SubjectRequest,
    Tombstone,
)
from reknit.guard.models.vault import Contact, Whereabouts
from reknit.guard.reasons import Failure, Reason, Success
from reknit.records.models import Account, Source
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import DataKey, Erasure, Sealed
from reknit.vocabulary import PUBLIC, Actor, Assurance, How, Role, Scope
from tests.guard.scene import HARBOUR, PHONE, Scene, a_scene, an_account, reason, with_code
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

Captured = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def officer() -> Actor:
    return staff(Role.DATA_PROTECTION_OFFICER).as_actor()


def asked(
    kind: RequestKind, scene: Scene | None = None, assurance: Assurance = Assurance.SEEN_BY_STAFF
) -> SubjectRequest:
    """A request, whose records the officer has found where there is a scene."""
    row = rights.open_request(
        PUBLIC, kind, assurance=Assurance.UNVERIFIED, words="It is mine.", contact="the harbour"
    )
    if scene is not None:
        rights.verify(officer(), row.id, assurance, [scene.idris.id])
        row.refresh_from_db()
    return row


def why(verdict: object) -> str | None:
    return verdict.reason.value if isinstance(verdict, Failure) else None


def test_a_request_has_a_deadline_of_thirty_days() -> None:
    row = asked(RequestKind.ACCESS)
    assert row.due_at - row.opened_at == dt.timedelta(days=30)


def test_the_person_reads_all_that_is_held_about_them(scene: Scene) -> None:
    scene.agree(Scope.WHEREABOUTS)
    scene.tell()
    blocks.block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.SEEN_BY_STAFF, name="Karim Naser"
    )
    file = rights.access_file(officer(), asked(RequestKind.ACCESS, scene).id)
    assert isinstance(file, AccessFile)
    said = json.loads(file.json)
    assert said["records"][0]["says"]["full_name"] == "Idris Haddad Al-Shami"
    assert said["whereabouts"][0]["place"] == HARBOUR
    assert said["contact"] == [{"phones": PHONE}]
    assert said["consents"][0]["to"] == "a seeker (sister)"
    assert [told["to"] for told in said["told"]] == ["a seeker (sister)"]
    assert said["blocks"][0]["whom"]["name"] == "Karim Naser"
    assert {"caseworker", "data_protection_officer"} >= {e["who"] for e in said["read_by"]}
    assert "disclosure:make" in {entry["did"] for entry in said["read_by"]}
    assert said["kept"][0]["days"] == 1825


def test_the_file_names_neither_seekers_nor_staff(scene: Scene) -> None:
    scene.agree()
    scene.tell()
    file = rights.access_file(officer(), asked(RequestKind.ACCESS, scene).id)
    assert isinstance(file, AccessFile)
    for name in ("أمل", "Amal", noor().email):
        assert name not in file.html
        assert name not in file.json


class _Page(HTMLParser):
    """What a browser would be told to run or fetch, and the text it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_any_script_and_runs_none() -> None:
    name = "<script>alert(1)</script> إدريس"
    scene = a_scene({"person_record_id": "x", "full_name": name, "age": "39"})
    file = rights.access_file(officer(), asked(RequestKind.ACCESS, scene).id)
    assert isinstance(file, AccessFile)
    page = _Page()
    page.feed(file.html)
    assert name in page.text
    assert not page.tags & {"script", "img", "link", "iframe", "a", "form"}
    assert not page.attributes & {"src", "href", "onload", "style"}


def test_the_own_copy_is_a_disclosure_and_is_audited(scene: Scene) -> None:
    rights.access_file(officer(), asked(RequestKind.ACCESS, scene).id)
    assert Disclosure.objects.filter(recipient="self", account=scene.idris).count() == 1
    assert Entry.objects.filter(action="request:access").count() == 1


@pytest.mark.parametrize("kind", list(RequestKind))
def test_nothing_is_granted_to_somebody_unverified(scene: Scene, kind: RequestKind) -> None:
    """An abuser may claim to be the person (I14)."""
    row = asked(kind, scene, Assurance.UNVERIFIED)
    assert why(rights.counts(row)) == "unverified"
    assert why(rights.access_file(officer(), row.id)) == "unverified"
    assert why(rights.erase(officer(), row.id)) == "unverified"


@pytest.mark.parametrize("kind", [k for k in RequestKind if k is not RequestKind.ACCESS])
def test_what_was_agreed_before_staff_is_not_ended_by_a_telephone_call(
    scene: Scene, kind: RequestKind
) -> None:
    """A takedown or "I am not missing" counts only with equal assurance (I14)."""
    scene.agree(assurance=Assurance.SEEN_BY_STAFF)
    row = asked(kind, scene, Assurance.CONTACT_VERIFIED)
    assert why(rights.counts(row)) == "less_assurance"
    rights.verify(officer(), row.id, Assurance.SEEN_BY_STAFF, [scene.idris.id])
    row.refresh_from_db()
    assert why(rights.counts(row)) is None


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.DATA_PROTECTION_OFFICER])
def test_only_the_officer_answers(scene: Scene, role: Role) -> None:
    row = asked(RequestKind.ERASURE, scene)
    for act in (rights.access_file, rights.erase):
        with pytest.raises(NotPermittedError):
            act(staff(role).as_actor(), row.id)


def test_a_correction_is_a_new_version(scene: Scene) -> None:
    row = asked(RequestKind.CORRECTION, scene)
    new = rights.correct(
        officer(), row.id, scene.idris.id, {"full_name": "Idris Haddad", "phones": "+218 1"}
    )
    assert isinstance(new, Account)
    assert (new.version, new.follows_id, new.identity_id) == (
        2, scene.idris.id, scene.idris.identity_id,
    )  # fmt: skip
    assert records.unseal([new])[0]["full_name"] == "Idris Haddad"
    assert "phones" not in records.unseal([new])[0]
    assert vault._open_contact([new.id]).values == [{"phones": "+218 1"}]
    scene.idris.refresh_from_db()
    assert scene.idris.superseded_by_id == new.id
    assert records.unseal([scene.idris])[0]["full_name"] == "Idris Haddad Al-Shami"


def test_erasure_leaves_a_tombstone_without_content(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    given = scene.agree()
    row = asked(RequestKind.ERASURE, scene)
    with django_capture_on_commit_callbacks(execute=True):
        assert why(rights.erase(officer(), row.id)) is None
    for gone in (scene.idris, given, scene.judgement):
        assert isinstance(gone, Sealed)
        with pytest.raises(ErasedError):
            records.unseal([type(gone).objects.get(pk=gone.pk)])  # type: ignore[attr-defined]
    assert vault._open_places([scene.idris.id]).values == []
    assert vault._open_contact([scene.idris.id]).values == []
    assert set(Tombstone.objects.values_list("because", flat=True)) == {"request"}
    assert not Tombstone.objects.filter(done_at=None).exists()
    assert Erasure.objects.filter(row_id=scene.idris.id).exists()
    assert reason(scene.tell()) == "removed"


def test_what_a_crash_left_of_an_erasure_is_finished(scene: Scene) -> None:
    """The tombstones are committed before the keys go (nothing runs after this commit here)."""
    rights.erase(officer(), asked(RequestKind.ERASURE, scene).id)
    assert records.unseal([scene.idris])
    waiting = Tombstone.objects.filter(done_at=None).count()
    assert erasing.finish() == waiting > 0
    assert erasing.finish() == 0
    with pytest.raises(ErasedError):
        records.unseal([scene.idris])


def test_erasure_forgets_no_row_that_leads_to_the_person(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    """Every sealed row that points to the account loses its key, but those that the module says
    are not theirs."""
    scene.agree()
    blocks.block(noor().as_actor(), scene.idris.id, assurance=Assurance.UNVERIFIED, name="X Y")
    with django_capture_on_commit_callbacks(execute=True):
        rights.erase(officer(), asked(RequestKind.ERASURE, scene).id)
    seen = set()
    for model, names in erasing.models_leading_to(Account):
        for name in names:
            for row in model._default_manager.filter(**{name: scene.idris.id}):
                kept = DataKey.objects.filter(id=row.key_id).exists()
                assert kept is (model._meta.label in erasing.NOT_THEIRS), model._meta.label
                seen.add(model)
    assert {Consent, Whereabouts, Contact, SubjectRequest} <= seen


def test_erasure_forgets_a_second_look_at_a_judgement(scene: Scene) -> None:
    now = timezone.now()
    sample = Sample.objects.create(
        office=scene.enquiry.office, drawn_by=noor(), drawn_at=now, since=now, seed=1,
        population=1, size=1,
    )  # fmt: skip
    look = Look(sample=sample, judgement=scene.judgement, number=1)
    records.seal([look], [{"reason": "it is not Idris"}])
    look.save(force_insert=True)
    assert look in erasing.rows_about([scene.idris.id])


def test_every_sealed_table_leads_to_a_person_or_a_case_or_says_why_not() -> None:
    """A new table with content has to say whose it is, or erasure would forget it."""
    of_people = {model for model, _ in erasing.models_leading_to(Account)}
    of_cases = {
        model for model, _ in erasing.models_leading_to(apps.get_model("records", "Enquiry"))
    }
    further = {model for model, _target, _name in erasing.models_leading_on()}
    of_nobody = {
        "records.Batch", "guard.Approval", "guard.Acknowledgement", "guard.QuotaGrant",
        "records.MatchingModel",
        # What was done to many cases at once: their ids. Its words go when it is done.
        "casework.Bulk",
        # How staff look at their queue. Its name may name anybody: a rule of retention erases it.
        "casework.SavedFilter",
        # A draft is nobody's record yet, and is swept after three days.
        "intake.Draft",
        "intake.Gateway", "intake.LearnedModel", "intake.ReplyTemplate",
        # Retention erases a sender with the last of their messages.
        "guard.Sender",
    }  # fmt: skip
    for model in apps.get_models():
        if issubclass(model, Sealed) and model is not Account:
            known = model in of_people | of_cases | further or model._meta.label in of_nobody
            assert known, model._meta.label


def test_what_the_law_keeps_is_not_erased(scene: Scene) -> None:
    Source.objects.filter(id=scene.idris.source_id).update(retention_category="legal_hold")
    assert why(rights.erase(officer(), asked(RequestKind.ERASURE, scene).id)) == "legal_hold"
    assert records.unseal([scene.idris])


def test_an_objection_takes_the_record_out_while_it_is_weighed(scene: Scene) -> None:
    row = asked(RequestKind.OBJECTION, scene)
    assert Account.objects.get(id=scene.idris.id).removed_at is not None
    rights.refuse(officer(), row.id, Reason.LEGAL_HOLD, "The law obliges us to keep it.")
    scene.idris.refresh_from_db()
    assert scene.idris.removed_at is None
    assert scene.idris.identity_id == scene.sought.identity_id


def test_an_objection_that_is_upheld_leaves_it_out(scene: Scene) -> None:
    row = asked(RequestKind.OBJECTION, scene)
    rights.answer(officer(), row.id, "We took it out.")
    assert Account.objects.get(id=scene.idris.id).removed_at is not None


def test_an_unverified_objection_takes_nothing_out(scene: Scene) -> None:
    asked(RequestKind.OBJECTION, scene, Assurance.UNVERIFIED)
    assert Account.objects.get(id=scene.idris.id).removed_at is None


def test_an_answer_closes_a_request_once() -> None:
    row = asked(RequestKind.ACCESS)
    assert isinstance(rights.answer(officer(), row.id, "Nothing is held."), Success)
    assert why(rights.answer(officer(), row.id, "Again.")) == "already_decided"
    row.refresh_from_db()
    assert row.state == RequestState.ANSWERED
    assert records.unseal([row])[0]["answer"] == "Nothing is held."


def test_a_deadline_is_put_off_once_and_the_person_told_why() -> None:
    row = asked(RequestKind.ACCESS)
    assert why(rights.extend(officer(), row.id, "Forty sources hold something.")) is None
    later = SubjectRequest.objects.get(id=row.id)
    assert later.due_at - row.due_at == dt.timedelta(days=60)
    assert why(rights.extend(officer(), row.id, "Again.")) == "already_decided"


def test_it_reminds_once_a_day_of_what_is_due() -> None:
    row = asked(RequestKind.ACCESS)
    assert rights.remind(officer(), row.opened_at + dt.timedelta(days=22)) == 0
    day = row.opened_at + dt.timedelta(days=23)
    assert [rights.remind(officer(), day), rights.remind(officer(), day)] == [1, 0]
    assert rights.remind(officer(), day + dt.timedelta(days=1)) == 1
    rights.answer(officer(), row.id, "Here.")
    assert rights.due(timezone.now() + dt.timedelta(days=90)) == []


def test_a_record_of_somebody_else_stays(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    other = an_account({"person_record_id": "other", "full_name": "Rafi", "age": "55"})
    with django_capture_on_commit_callbacks(execute=True):
        rights.erase(officer(), asked(RequestKind.ERASURE, scene).id)
    assert records.unseal([other, scene.sought])


def test_withdrawal_works_after_erasure(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    from reknit.guard import consent

    given = scene.agree()
    with django_capture_on_commit_callbacks(execute=True):
        rights.erase(officer(), asked(RequestKind.ERASURE, scene).id)
    consent.withdraw(
        with_code(given.id), given.id, how=How.ONLINE, assurance=Assurance.UNVERIFIED, words="Stop."
    )
    given.refresh_from_db()
    assert given.withdrawn_at is not None
