"""Whoever keeps a source says what it copies, on its page or with its list; then it counts once."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reknit.guard.models.audit import Entry
from reknit.intake import imports, mirrors
from reknit.queue.worker import work_off
from reknit.records import judgements, sources
from reknit.records.models import Account, Batch, BatchState, Mirroring, Source, Verdict
from reknit.records.state import state_hash
from reknit.vocabulary import Role
from tests.casework.cases import a_candidate
from tests.cast import IDRIS_FOUND, renamed
from tests.intake.test_imports import as_csv, take
from tests.staff import noor, office, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
COUNTED = "{} independent source"


def two_who_name_idris() -> tuple[Source, Source, str, str]:
    """A desk's word and a list's on the same person, judged one; the pages that count them."""
    candidate = a_candidate()
    take([renamed(IDRIS_FOUND, "copied")], source="Camp North")
    other = Account.objects.get(source__name="Camp North")
    judgements.judge(noor(), candidate.account, other, Verdict.MATCH, "the same card")
    return (
        candidate.account.source,
        other.source,
        f"/review/{candidate.enquiry_id}/",
        f"/people/{candidate.account_id}/?purpose=family_tracing",
    )


def counted(client: Client, number: int, *places: str) -> None:
    """Each page says that so many independent sources name the person."""
    for place in places:
        page = client.get(place).content.decode()
        assert f"{number} independent source{'s' if number > 1 else ''}:" in page, place


def test_a_source_that_is_said_to_copy_another_counts_once_until_that_is_undone() -> None:
    desk, camp, *places = two_who_name_idris()
    client, before = signed_in(noor()), state_hash()
    counted(client, 2, *places)
    answer = client.post(f"/sources/{camp.pk}/mirrors/", {"original": str(desk.pk)}, follow=True)
    page = answer.content.decode()
    assert "Recorded. You can take it back below." in page
    assert "copies <b" in page
    counted(client, 1, *places)
    assert (
        "copied by the one above; counted once"
        in client.get(
            f"/people/{Account.objects.get(source=camp).pk}/?purpose=family_tracing"
        ).content.decode()
    )
    assert state_hash() != before
    (said,) = Mirroring.objects.all()
    client.post(f"/sources/said/{said.pk}/undo/")
    counted(client, 2, *places)
    assert state_hash() == before
    entries = Entry.objects.filter(action="source:manage", resource_id=str(camp.pk))
    said_by = [(entry.user_id, list(json.loads(entry.detail))) for entry in entries.order_by("seq")]
    assert said_by == [(noor().pk, ["original"]), (noor().pk, ["undone"])]


def test_a_list_is_brought_in_as_a_copy_and_taking_it_back_takes_that_back() -> None:
    take([IDRIS_FOUND], source="Port of Zuwara")
    port = Source.objects.get()
    client, before = signed_in(noor()), state_hash()
    assert (
        f'<option value="{port.pk}">Port of Zuwara</option>'
        in client.get("/lists/new/").content.decode()
    )
    sent = {
        "file": SimpleUploadedFile("copy.csv", as_csv([IDRIS_FOUND])), "source": "Partner",
        "copies": str(port.pk), "kind": "found", "legal_basis": "public_interest", "why": "weekly",
    }  # fmt: skip
    assert client.post("/lists/new/", sent).status_code == 302
    work_off({"import": imports.run})
    partner = Source.objects.get(name="Partner")
    assert sources.chain(partner.pk) == [partner.pk, port.pk]
    client.post(f"/lists/{Batch.objects.get(source=partner).pk}/undo/", {"reason": "twice"})
    assert sources.chain(partner.pk) == [partner.pk]
    assert state_hash() == before


def test_a_list_that_cannot_be_read_leaves_no_word_on_what_it_copies() -> None:
    take([IDRIS_FOUND], source="Port")
    batch = imports.start(
        noor().as_actor(), b"%PDF-1.7 no list", "a.csv", "Partner", imports.AccountKind.FOUND,
        purpose=mirrors.PURPOSE, why="weekly", copies=Source.objects.get(),
    )  # fmt: skip
    assert Source.objects.get(name="Partner").mirrors is not None
    work_off({"import": imports.run})
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED
    assert Source.objects.get(name="Partner").mirrors is None


def test_a_circle_is_refused_beside_the_field() -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    client = signed_in(noor())
    client.post(f"/sources/{copy.pk}/mirrors/", {"original": str(port.pk)})
    page = client.post(f"/sources/{port.pk}/mirrors/", {"original": str(copy.pk)}).content.decode()
    assert "Port: Copy already copies it; a source cannot mirror itself." in page
    itself = client.post(f"/sources/{port.pk}/mirrors/", {"original": str(port.pk)})
    assert "Select a valid choice" in itself.content.decode()
    port.refresh_from_db()
    assert port.mirrors is None


def test_only_the_last_word_is_taken_back() -> None:
    port, camp, copy = (sources.find_or_add(name, office()) for name in ("Port", "Camp", "Copy"))
    client = signed_in(noor())
    for original in (port, camp):
        client.post(f"/sources/{copy.pk}/mirrors/", {"original": str(original.pk)})
    first, last = Mirroring.objects.order_by("at")
    page = client.get(f"/sources/{copy.pk}/").content.decode()
    assert f"/sources/said/{last.pk}/undo/" in page
    assert f"/sources/said/{first.pk}/undo/" not in page
    answer = client.post(f"/sources/said/{first.pk}/undo/", follow=True)
    assert "something else was said since" in answer.content.decode()
    copy.refresh_from_db()
    assert copy.mirrors == camp


def test_another_offices_source_is_read_and_not_changed() -> None:
    theirs = sources.find_or_add("Theirs", office("Sud"))
    ours = sources.find_or_add("Ours", office())
    said = mirrors.declare(staff(Role.SUPERVISOR, "Sud").as_actor(), theirs.pk, ours)
    assert said is not None
    client = signed_in(noor())
    page = client.get(f"/sources/{theirs.pk}/").content.decode()
    assert "Whose list does it copy?" not in page
    assert "undo" not in page.split("Who said so")[1].split("</section>")[0]
    assert client.post(f"/sources/{theirs.pk}/mirrors/", {"original": ""}).status_code == 404
    assert client.post(f"/sources/said/{said.pk}/undo/").status_code == 404
    with pytest.raises(mirrors.MirrorError, match="Sud keeps this source"):
        imports.start(
            noor().as_actor(), as_csv([IDRIS_FOUND]), "a.csv", "Theirs", imports.AccountKind.FOUND,
            purpose=mirrors.PURPOSE, why="weekly", copies=ours,
        )  # fmt: skip
    assert not Batch.objects.exists()
    theirs.refresh_from_db()
    assert theirs.mirrors == ours


@pytest.mark.parametrize("role", [Role.DESK, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR])
def test_who_may_not_bring_lists_in_does_not_say_what_they_copy(role: Role) -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    client = signed_in(staff(role))
    answer = client.post(f"/sources/{copy.pk}/mirrors/", {"original": str(port.pk)})
    assert answer.status_code == 403
    assert "Whose list" not in client.get(f"/sources/{copy.pk}/").content.decode()
    copy.refresh_from_db()
    assert copy.mirrors is None


def test_the_sources_are_listed_with_what_they_copy_and_how_many_lists_they_sent() -> None:
    take([IDRIS_FOUND], source="Port")
    take([renamed(IDRIS_FOUND, "other")], source="Port")
    copy = sources.find_or_add("Copy <b>", office())
    mirrors.declare(noor().as_actor(), copy.pk, sources.named("port"))
    page = signed_in(noor()).get("/sources/").content.decode()
    assert "Copy &lt;b&gt;" in page
    assert '<td class="num" data-label="Lists">2</td>' in page
    assert '<td class="num" data-label="Lists">0</td>' in page


@pytest.mark.parametrize(("place", "line"), [("sources", "imports"), ("imports", "imports")])
def test_the_pages_of_sources_stand_under_the_lists_in_the_menu(place: str, line: str) -> None:
    page = signed_in(staff(Role.SUPERVISOR)).get(reverse(place)).content.decode()
    (here,) = set(re.findall(r'<a href="([^"]+)" aria-current="page"', page))
    assert here == reverse(line)
