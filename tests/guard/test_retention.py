"""What nobody needs any longer is erased, by rules that people can read; a dry run tells first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from reknit.casework import saved_filters
from reknit.casework.models import SavedFilter
from reknit.casework.queue import Filter
from reknit.guard import retention, rights, rules_file, vault
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Entry, RequestKind, RetentionRun, Tombstone
from reknit.guard.models.vault import Whereabouts
from reknit.guard.rules_file import RulesError
from reknit.records.models import Account, Enquiry, Source
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import Actor, Assurance, Role
from tests.guard.scene import Scene, a_scene, an_account
from tests.staff import noor, staff
from tests.web.everything import picture

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

Captured = Callable[..., AbstractContextManager[list[Any]]]
YEAR = dt.timedelta(days=365)


@pytest.fixture
def scene() -> Scene:
    return a_scene()


def officer() -> Actor:
    return staff(Role.DATA_PROTECTION_OFFICER).as_actor()


def aged(scene: Scene, by: dt.timedelta) -> None:
    """Let all that the scene holds be so much older."""
    then = timezone.now() - by
    Account.objects.update(created_at=then)
    Whereabouts.objects.update(added_at=then)
    Enquiry.objects.update(closed_at=then)


def later(**time: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(**time)


def test_a_dry_run_says_what_the_run_would_erase_and_erases_nothing(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    aged(scene, 6 * YEAR)
    with django_capture_on_commit_callbacks(execute=True):
        dry = retention.run(officer(), dry_run=True)
    assert dry.counts["people"] == 2
    assert records.unseal([scene.idris])
    with django_capture_on_commit_callbacks(execute=True):
        done = retention.run(officer(), dry_run=False)
    assert done.counts == dry.counts
    with pytest.raises(ErasedError):
        records.unseal([scene.idris])


def test_the_second_run_finds_nothing(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    aged(scene, 6 * YEAR)
    with django_capture_on_commit_callbacks(execute=True):
        retention.run(officer(), dry_run=False)
        again = retention.run(officer(), dry_run=False)
    assert set(again.counts.values()) == {0}


def test_it_leaves_a_report_and_an_audit_entry(scene: Scene) -> None:
    retention.run(officer(), dry_run=True)
    kept = RetentionRun.objects.get()
    assert (kept.dry, kept.rules_version) == (True, rules_file.packaged().version)
    assert Entry.objects.filter(action="retention:run").count() == 1


def test_it_spares_people_with_an_open_case(scene: Scene) -> None:
    aged(scene, 6 * YEAR)
    Enquiry.objects.update(closed_at=None)
    assert retention.run(officer(), dry_run=True).counts["people"] == 0


def test_it_spares_people_of_whom_something_was_said_lately(scene: Scene) -> None:
    scene.agree()
    aged(scene, 6 * YEAR)
    assert retention.run(officer(), dry_run=True).counts["people"] == 0


def test_it_spares_people_who_were_seen_lately(scene: Scene) -> None:
    aged(scene, 6 * YEAR)
    vault.put([scene.idris.id], [{"last_known_location": "Homs"}])
    assert retention.run(officer(), dry_run=True).counts["people"] == 0


def test_it_spares_what_is_under_legal_hold(scene: Scene) -> None:
    Source.objects.update(retention_category="legal_hold")
    aged(scene, 9 * YEAR)
    counts = retention.run(officer(), dry_run=True).counts
    assert (counts["people"], counts["old-whereabouts"]) == (0, 0)


def test_a_document_that_was_taken_out_can_be_put_back_for_a_month(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    from reknit.intake import documents

    noors = noor().as_actor()
    document = documents.add(noors, picture(), "Card", "card.png", enquiry=scene.enquiry)
    documents.remove(noors, document.id, "of another")
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.run(officer(), dry_run=False).counts["removed-documents"] == 0
    documents.put_back(noors, document.id)
    documents.remove(noors, document.id, "of another")
    with django_capture_on_commit_callbacks(execute=True):
        gone = retention.run(officer(), dry_run=False, at=later(days=31))
    assert gone.counts["removed-documents"] == 1
    with pytest.raises(ErasedError):
        documents.put_back(noors, document.id)


def test_a_lent_list_goes_after_ninety_days() -> None:
    an_account({"person_record_id": "lent", "full_name": "Idris"})
    Source.objects.update(retention_category="short")
    counts = retention.run(officer(), dry_run=True, at=later(days=89)).counts
    assert counts["people-short"] == 0
    counts = retention.run(officer(), dry_run=True, at=later(days=91)).counts
    assert (counts["people-short"], counts["people"]) == (1, 0)


def test_a_category_that_no_rule_names_is_kept_as_long_as_the_standard() -> None:
    an_account({"person_record_id": "odd", "full_name": "Idris"})
    Source.objects.update(retention_category="odd")
    assert retention.run(officer(), dry_run=True, at=later(days=1826)).counts["people"] == 1


def test_old_whereabouts_go_and_the_person_stays(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    aged(scene, YEAR + dt.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        retention.run(officer(), dry_run=False)
    assert vault._open_places([scene.idris.id]).values == []
    assert records.unseal([scene.idris])
    assert set(Tombstone.objects.values_list("because", flat=True)) == {"retention:old-whereabouts"}


def test_a_saved_filter_whose_name_may_name_somebody_goes_after_a_year(
    django_capture_on_commit_callbacks: Captured,
) -> None:
    for name in ("Haddad family", "Children"):
        row = saved_filters.keep(noor().as_actor(), name, Filter(), shared=False)
    SavedFilter.objects.exclude(pk=row.pk).update(created_at=timezone.now() - YEAR)
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.run(officer(), dry_run=False).counts["saved-filters"] == 1
    assert [kept.name for kept in saved_filters.of(noor().as_actor())] == ["Children"]
    with pytest.raises(ErasedError):
        records.unseal(list(SavedFilter.objects.exclude(pk=row.pk)))


def test_a_closed_case_goes_with_how_its_seeker_was_reached(
    scene: Scene, django_capture_on_commit_callbacks: Captured
) -> None:
    Enquiry.objects.update(closed_at=timezone.now() - 3 * YEAR)
    with django_capture_on_commit_callbacks(execute=True):
        retention.run(officer(), dry_run=False)
    with pytest.raises(ErasedError):
        records.unseal([scene.enquiry])
    assert vault._open_seeker_contact(scene.enquiry.id).values == []
    assert records.unseal([scene.idris])


def test_what_was_set_aside_for_an_open_request_is_not_erased(scene: Scene) -> None:
    row = rights.open_request(
        officer(), RequestKind.OBJECTION, assurance=Assurance.SEEN_BY_STAFF, words="No", contact=""
    )
    rights.verify(officer(), row.id, Assurance.SEEN_BY_STAFF, [scene.idris.id])
    counts = retention.run(officer(), dry_run=True, at=later(days=40)).counts
    assert counts["removed-people"] == 0
    rights.answer(officer(), row.id, "We took it out.")
    counts = retention.run(officer(), dry_run=True, at=later(days=40)).counts
    assert counts["removed-people"] == 1


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.DATA_PROTECTION_OFFICER])
def test_only_the_officer_and_the_daily_job_run_it(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        retention.run(staff(role).as_actor(), dry_run=True)


GOOD = """
version = "1"
[requests]
days = 20
days_more = 40
remind_days_before = 5
[[rules]]
name = "people"
what = "account"
days = 10
counted_from = "then"
because = "so"
"""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("days = 10", "days = 0", "rule 'people': days = 0 is no number of days"),
        ("days = 10", "days = true", "no number of days"),
        ('what = "account"', 'what = "audit"', "what = 'audit' is not known"),
        ('because = "so"', "", "'because' is missing"),
        ('because = "so"', 'because = " "', "says nothing"),
        ('version = "1"', "", "'version' is missing"),
        ("[requests]", "[request]", "'requests' is missing"),
        ('because = "so"', 'because = "so"\ncategories = ["legal_hold"]', "no rule touches"),
        ("[[rules]]", "[[rules", "correct it there"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_the_rules_name(
    before: str, after: str, message: str
) -> None:
    with pytest.raises(RulesError, match=r"retention\.toml.*: ") as refused:
        rules_file.read(GOOD.replace(before, after), Path("retention.toml"))
    assert message in str(refused.value)


def test_the_installations_own_file_replaces_the_packaged_one() -> None:
    from reknit.settings import CONFIG

    own = CONFIG.data / "retention.toml"
    own.write_text(GOOD)
    try:
        assert rules_file.current().request_days == 20
        row = rights.open_request(
            officer(), RequestKind.ACCESS, assurance=Assurance.UNVERIFIED, words="", contact=""
        )
        assert (row.due_at - row.opened_at).days == 20
    finally:
        own.unlink()
    assert rules_file.current() == rules_file.packaged()
