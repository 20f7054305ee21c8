"""Searching for people: permitted, audited, counted, by a name; and never told what is the vault's.

These use the index of the test's own process; tests/guard/test_keeper.py asks the keeper.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from reknit.guard import searching, vault
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Entry
from reknit.records import accounts
from reknit.records.models import Account, AccountKind, Source
from reknit.sealing import erasure
from reknit.vocabulary import Purpose, Role
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, RAFI, crowd
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)
NAME = {"full_name": IDRIS_SOUGHT["full_name"]}
PHONE, PLACE = "+961 3 555 0199", "Zahlé, the old cinema"


@pytest.fixture
def idris() -> Account:
    """Idris, found, with a telephone number and a place that are the vault's; and the crowd."""
    source, _ = Source.objects.get_or_create(name="desk", office=office())
    with transaction.atomic():
        made = accounts.add(
            [IDRIS_FOUND, *crowd()], kind=AccountKind.FOUND, source=source, office=office(),
            at=timezone.now(),
        )  # fmt: skip
        vault.put([made[0].pk], [{"phones": PHONE, "last_known_location": PLACE}])
    return made[0]


def _ids(content: dict[str, str]) -> list[object]:
    return [hit.account_id for hit in searching.ask("found", content)]


def test_a_caseworker_finds_him_and_the_audit_knows(idris: Account) -> None:
    (found, *_) = searching.search(
        noor().as_actor(), "found", NAME, purpose=Purpose.FAMILY_TRACING, top=1
    )
    assert (found.account_id, found.content) == (idris.pk, IDRIS_FOUND)
    entries = Entry.objects.filter(action="account:search").order_by("pk")
    assert [entry.subject_id for entry in entries] == ["", str(idris.pk)]


def test_a_search_that_finds_nobody_is_audited_too() -> None:
    actor = noor().as_actor()
    assert searching.search(actor, "found", NAME, purpose=Purpose.FAMILY_TRACING) == []
    assert Entry.objects.filter(action="account:search").count() == 1


@pytest.mark.parametrize(
    "content",
    [{}, {"home_city": "Homs"}, {"date_of_birth": "1987-04-02", "sex": "male"}, {"full_name": " "}],
)
def test_a_place_or_a_date_alone_finds_nobody(content: dict[str, str]) -> None:
    with pytest.raises(searching.QuestionError, match="needs a name"):
        searching.search(noor().as_actor(), "found", content, purpose=Purpose.FAMILY_TRACING)


def test_an_administrator_searches_nobody(idris: Account) -> None:
    with pytest.raises(NotPermittedError):
        searching.search(
            staff(Role.ADMINISTRATOR).as_actor(), "found", NAME, purpose=Purpose.OPERATIONS
        )


def test_a_shared_number_counts_and_is_not_shown(idris: Account) -> None:
    (hit, *_) = searching.ask("found", {**NAME, "phones": PHONE}, top=1)
    said = {one.field: one for one in hit.evidence}
    assert said["phone"].weight > 0
    assert said["phone"].sentence == "Phone: shared."
    for one in hit.evidence:
        assert "555" not in one.sentence
        assert "Zahlé" not in one.sentence


def test_a_place_where_somebody_is_cannot_be_asked_for(idris: Account) -> None:
    with pytest.raises(searching.QuestionError):
        searching.ask("found", {**NAME, "last_known_location": PLACE})


def test_the_removed_and_the_erased_are_found_no_more(idris: Account) -> None:
    assert idris.pk in _ids(NAME)
    accounts.remove(Account.objects.filter(pk=idris.pk), timezone.now())
    assert idris.pk not in _ids(NAME)
    rafi = next(
        account
        for account in accounts.add(
            [RAFI], kind=AccountKind.FOUND, source=idris.source, office=idris.office,
            at=timezone.now(),
        )
    )  # fmt: skip
    asked = {"full_name": RAFI["full_name"]}
    assert rafi.pk in _ids(asked)
    erasure.erase([rafi])  # even where nobody told the index
    assert rafi.pk not in _ids(asked)


@pytest.mark.parametrize("revised", [True, False])
def test_who_goes_between_the_index_and_the_answer_is_left_out(
    idris: Account, revised: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Removed, or followed by another version: neither shown nor audited as shown."""
    index_ask = searching.ask

    def ask_and_then_change(kind: str, content: dict[str, str], top: int) -> list[searching.Hit]:
        hits = index_ask(kind, content, top)
        if revised:
            accounts.revise(idris, {**IDRIS_FOUND, "home_city": "Hama"}, timezone.now())
        else:
            accounts.remove(Account.objects.filter(pk=idris.pk), timezone.now())
        return hits

    before = _ids(NAME)
    assert idris.pk in before
    monkeypatch.setattr(searching, "ask", ask_and_then_change)
    found = searching.search(noor().as_actor(), "found", NAME, purpose=Purpose.FAMILY_TRACING)
    assert [one.account_id for one in found] == [pk for pk in before if pk != idris.pk]
    seen = Entry.objects.filter(action="account:search").values_list("subject_id", flat=True)
    assert str(idris.pk) not in seen
