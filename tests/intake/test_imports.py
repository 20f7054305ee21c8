"""Lists come in whole or not at all, once, and go out again (trust: tests 7 and 17)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from django.db import transaction
from django.test import TestCase

from reknit.guard import rights, vault
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import RequestKind, SubjectRequest
from reknit.guard.models.audit import Entry
from reknit.guard.reasons import Reason
from reknit.intake import imports
from reknit.intake.errors import NotUndoableError, RefusedUploadError
from reknit.intake.uploads import place_of
from reknit.queue.models import Job
from reknit.queue.worker import work_off
from reknit.records import accounts
from reknit.records.models import (
    Account,
    AccountKind,
    Batch,
    BatchState,
    Enquiry,
    Listing,
    Source,
)
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.settings import CONFIG
from reknit.vocabulary import PUBLIC, Actor, Assurance, Purpose, Role
from tests.cast import IDRIS_FOUND, RAFI, crowd, person, renamed
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
Row = Mapping[str, str]
HERE = person("rafi", "Rafi Mardirosian", phones="+961 3 123 456", last_known_location="Tyre")
IDRIS_HERE = {**IDRIS_FOUND, "phones": "+218 91 123 457", "last_known_location": "Sfax"}


def as_csv(rows: Sequence[Row]) -> bytes:
    """Rows as somebody's spreadsheet saves them."""
    out = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def actor() -> Actor:
    return noor().as_actor()


def take(
    rows: Sequence[Row] | bytes,
    *,
    kind: AccountKind = AccountKind.FOUND,
    source: str = "Port of Zuwara",
    completes: UUID | None = None,
) -> Batch:
    """Upload a list and let the job import it."""
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    batch = imports.start(
        actor(), data, "port.csv", source, kind,
        purpose=Purpose.REGISTRATION, why="the desk's morning list", completes=completes,
    )  # fmt: skip
    work_off({"import": imports.run})
    batch.refresh_from_db()
    return batch


def names() -> list[str]:
    said = sealing.unseal(list(accounts.current()))
    return sorted(content["full_name"] for content in said)


def test_it_brings_a_list_in() -> None:
    batch = take([IDRIS_FOUND, HERE])
    assert (batch.state, batch.accepted, batch.rejected) == (BatchState.DONE, 2, 0)
    assert names() == ["Idris Haddad Al-Shami", "Rafi Mardirosian"]


def test_it_puts_whereabouts_and_telephones_into_the_vault_and_nowhere_else() -> None:
    take([HERE])
    (account,) = accounts.current()
    (content,) = sealing.unseal([account])
    assert "+961 3 123 456" not in str(content)
    assert "Tyre" not in str(content)
    assert vault._open_contact([account.id]).values == [{"phones": "+961 3 123 456"}]
    assert [sighting["place"] for sighting in vault._open_places([account.id]).values] == ["Tyre"]


def test_it_keeps_nothing_of_an_upload_in_clear_and_deletes_it_when_it_is_in() -> None:
    batch = imports.start(
        actor(), as_csv([IDRIS_FOUND]), "port.csv", "Port", AccountKind.FOUND,
        purpose=Purpose.REGISTRATION, why="",
    )  # fmt: skip
    assert place_of(batch).exists()
    assert not [f for f in CONFIG.data.rglob("*") if f.is_file() and b"Haddad" in f.read_bytes()]
    work_off({"import": imports.run})
    assert not place_of(batch).exists()


def test_it_sets_bad_rows_aside_and_keeps_them_for_whoever_imported_them() -> None:
    no_such_day = renamed(RAFI, "rafi", date_of_birth="31/02/1990")
    batch = take([IDRIS_FOUND, renamed(IDRIS_FOUND, ""), no_such_day])
    report = imports.report(actor(), batch.id)
    assert (batch.accepted, batch.rejected, batch.unknown_fields) == (2, 1, 1)
    assert b"no id" in report.rejected
    assert report.findings[0]["column"] == "date_of_birth"
    assert "1 set aside" in str(report.counted)


def test_it_takes_corrected_rows_as_part_of_the_list_they_were_set_aside_from() -> None:
    first = take([IDRIS_FOUND, renamed(RAFI, "")])
    second = take([RAFI], completes=first.id)
    assert second.list_version == first.list_version
    assert not accounts.left_the_list(second).exists()
    third = take([IDRIS_FOUND])
    (gone,) = accounts.left_the_list(third)
    assert sealing.unseal([gone])[0]["person_record_id"] == "rafi"


def test_it_imports_the_same_file_once() -> None:
    first = take([IDRIS_FOUND])
    again = take([IDRIS_FOUND])
    assert again == first
    assert Account.objects.count() == 1


def test_it_makes_a_new_version_of_whom_only_the_telephone_changed() -> None:
    take([HERE])
    take([{**HERE, "phones": "+961 3 999 999"}])
    (account,) = accounts.current()
    assert account.version == 2
    assert vault.phones_for_index([account.id])[account.id] == "+961 3 999 999"


def asked_by_idris(kind: RequestKind) -> SubjectRequest:
    """Idris, met by staff, asks about the record of the list."""
    row = rights.open_request(
        PUBLIC, kind, assurance=Assurance.UNVERIFIED, words="It is mine.", contact="the harbour"
    )
    (account,) = accounts.current().filter(external_digest__in=idris_digests())
    rights.verify(officer(), row.id, Assurance.SEEN_BY_STAFF, [account.id])
    return row


def idris_digests() -> list[bytes]:
    return accounts.external_digests(Source.objects.get(name="Port of Zuwara"), [IDRIS_FOUND])


def officer() -> Actor:
    return staff(Role.DATA_PROTECTION_OFFICER).as_actor()


def test_a_list_does_not_bring_an_erased_person_in_again() -> None:
    take([IDRIS_HERE, RAFI])
    with TestCase.captureOnCommitCallbacks(execute=True):
        rights.erase(officer(), asked_by_idris(RequestKind.ERASURE).id)
    again = take([{**IDRIS_HERE, "age": "36", "date_of_birth": "31/02/1987"}, RAFI, *crowd()[:2]])
    report = imports.report(actor(), again.id)
    assert "Idris" not in str(names())
    assert (again.accepted, again.rejected) == (3, 1)
    assert report.rejected.decode().splitlines()[1].startswith('2,person_record_id,"kept out: who')
    assert report.findings == []
    assert "1 set aside (1 kept out)" in str(report.counted)
    (content,) = sealing.unseal([again])
    for said in ("Idris", "Haddad", IDRIS_HERE["phones"]):
        assert said not in str(content)
    assert Listing.objects.filter(batch=again).count() == 3
    other = take([IDRIS_FOUND], source="Camp North")
    assert other.rejected == 0, "another source's word is another source's"


def test_an_objection_keeps_lists_out_until_it_is_refused() -> None:
    take([IDRIS_HERE])
    objection = asked_by_idris(RequestKind.OBJECTION)
    assert take([{**IDRIS_HERE, "age": "36"}]).rejected == 1
    assert names() == []
    rights.refuse(officer(), objection.id, Reason.LEGAL_HOLD, "A court asked us to keep it.")
    assert take([{**IDRIS_HERE, "age": "37"}]).rejected == 0
    assert len(names()) == 1


def test_who_is_erased_while_their_list_comes_in_stays_out() -> None:
    take([IDRIS_HERE])
    batch = imports.start(
        actor(), as_csv([{**IDRIS_HERE, "age": "36"}, RAFI]), "port.csv", "Port of Zuwara",
        AccountKind.FOUND, purpose=Purpose.REGISTRATION, why="",
    )  # fmt: skip
    store = imports._store

    def store_and_erase(batch: Batch, rows: list[dict[str, str]]) -> list[int]:
        stored = store(batch, rows)
        rights.erase(officer(), asked_by_idris(RequestKind.ERASURE).id)
        return stored

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "_store", store_and_erase)
        work_off({"import": imports.run})
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert batch.accepted == 1
    assert [account.batch_id for account in accounts.current()] == [batch.id]
    assert not accounts.staged(batch).exists()


def test_it_has_one_effect_when_the_job_runs_twice() -> None:
    batch = take([IDRIS_FOUND, HERE])
    state, entries = state_hash(), Entry.objects.count()
    Job.objects.filter(name="import").update(state="waiting", attempts=0)
    work_off({"import": imports.run})
    assert (state_hash(), Entry.objects.count()) == (state, entries)
    assert batch.state == BatchState.DONE


def test_it_begins_anew_where_an_attempt_died_half_way() -> None:
    batch = imports.start(
        actor(), as_csv(crowd()), "port.csv", "Port", AccountKind.FOUND,
        purpose=Purpose.REGISTRATION, why="",
    )  # fmt: skip
    with transaction.atomic():  # what the dead attempt had stored
        imports._store(batch, [{**person("x", "Someone Else"), "phones": "1"}])
    assert accounts.staged(batch).count() == 1
    work_off({"import": imports.run})
    assert "Someone Else" not in names()
    assert len(names()) == len(crowd())


def test_it_shows_nothing_of_a_file_that_is_not_what_it_says() -> None:
    batch = take(b"%PDF-1.7 not a list")
    assert batch.state == BatchState.FAILED
    assert "PDF" in imports.report(actor(), batch.id).error
    assert not Account.objects.exists()


def test_it_restores_the_state_when_an_import_is_undone() -> None:
    take([IDRIS_FOUND, HERE])
    before = state_hash()
    batch = take([renamed(IDRIS_FOUND, "idris-found", age="36"), renamed(RAFI, "rafi-2")])
    assert state_hash() != before
    imports.undo(actor(), batch.id, "the wrong list")
    assert state_hash() == before
    assert Batch.objects.get(id=batch.id).state == BatchState.UNDONE


def test_it_undoes_an_import_once_and_takes_the_file_again_afterwards() -> None:
    batch = take([IDRIS_FOUND])
    imports.undo(actor(), batch.id, "")
    with pytest.raises(NotUndoableError, match="undone"):
        imports.undo(actor(), batch.id, "")
    assert take([IDRIS_FOUND]) != batch
    assert names() == ["Idris Haddad Al-Shami"]


def test_it_opens_an_enquiry_for_each_person_on_a_list_of_the_sought() -> None:
    before = state_hash()
    batch = take(crowd(), kind=AccountKind.SOUGHT, source="Families")
    assert Enquiry.objects.count() == len(crowd())
    later = take(
        [renamed(crowd()[0], "crowd-0", age="41")], kind=AccountKind.SOUGHT, source="Families"
    )
    assert Enquiry.objects.filter(sought__batch=later).count() == 1
    assert Enquiry.objects.count() == len(crowd())
    imports.undo(actor(), later.id, "")
    assert Enquiry.objects.filter(sought__batch=batch).count() == len(crowd())
    imports.undo(actor(), batch.id, "")
    assert state_hash() == before


def test_it_audits_who_brought_what_in_and_why_is_sealed() -> None:
    batch = take([IDRIS_FOUND])
    done = set(Entry.objects.filter(resource_id=str(batch.id)).values_list("action", flat=True))
    assert {"import:add", "import:done"} <= done
    (content,) = sealing.unseal([batch])
    assert content["why"] == "the desk's morning list"


@pytest.mark.parametrize("role", [Role.DESK, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_it_refuses_who_may_not_import(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        imports.start(
            staff(role).as_actor(), as_csv([RAFI]), "a.csv", "Port", AccountKind.FOUND,
            purpose=Purpose.REGISTRATION, why="",
        )  # fmt: skip
    assert not Batch.objects.exists()


def test_it_shows_a_lists_people_to_nobody_but_its_importer() -> None:
    batch = take([IDRIS_FOUND, renamed(RAFI, "")])
    for other in (staff(Role.CASEWORKER, "Sud"), staff(Role.COORDINATOR), staff(Role.DESK)):
        with pytest.raises(NotPermittedError):
            imports.report(other.as_actor(), batch.id)


@pytest.mark.parametrize(
    ("data", "source", "said"),
    [(b"x" * 20_000_001, "Port", "MB is the most"), (b"id", " ", "say which list")],
)
def test_it_refuses_an_upload_in_one_line(data: bytes, source: str, said: str) -> None:
    with pytest.raises(RefusedUploadError, match=said) as caught:
        imports.start(
            actor(), data, "a.csv", source, AccountKind.FOUND,
            purpose=Purpose.REGISTRATION, why="",
        )  # fmt: skip
    assert "\n" not in str(caught.value)
