"""The search page: one box, also while somebody types; each search is audited, with its purpose."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reknit.guard.models import Revealed
from reknit.guard.models.audit import Entry
from reknit.records.models import AccountKind
from reknit.vocabulary import Role
from reknit.web.pages.search import SearchForm
from tests.cast import IDRIS_FOUND, renamed
from tests.guard.scene import an_account
from tests.staff import SUD, noor, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NAME = IDRIS_FOUND["full_name"]


def look(client: Client, text: str, *, live: bool = True, **said: str) -> HttpResponse:
    form = {"full_name": text, "kind": "found", "purpose": "family_tracing", **said}
    headers = {"HX-Request": "true"} if live else {}
    return client.post(reverse("search"), form, headers=headers)  # type: ignore[return-value]


def searches() -> int:
    return Entry.objects.filter(action="account:search", kind="search").count()


def test_it_answers_while_somebody_types_with_the_answers_alone() -> None:
    an_account(IDRIS_FOUND)
    text = look(signed_in(noor()), "إدريس حداد").content.decode()
    assert NAME in text
    assert "<html" not in text
    assert searches() == 1
    assert Revealed.objects.filter(user_id=noor().pk).count() == 1


def test_two_signs_look_for_nobody_and_leave_no_trace() -> None:
    an_account(IDRIS_FOUND)
    text = look(signed_in(noor()), "Id").content.decode()
    assert NAME not in text
    assert searches() == 0
    assert not Revealed.objects.exists()


def test_a_search_without_a_purpose_is_none() -> None:
    an_account(IDRIS_FOUND)
    for live in (True, False):
        answer = look(signed_in(noor()), "Idris Haddad", live=live, purpose="curiosity")
        assert NAME not in answer.content.decode()
    assert searches() == 0


def test_a_place_alone_lists_nobody() -> None:
    an_account(IDRIS_FOUND)
    answer = look(signed_in(noor()), "", live=False, home_city="Homs")
    assert "Reknit lists nobody by place" in answer.content.decode()
    assert searches() == 0


def test_it_says_before_the_click_that_a_person_belongs_to_another_office() -> None:
    theirs = an_account(renamed(IDRIS_FOUND, "s"), AccountKind.FOUND, SUD)
    client = signed_in(noor())
    text = look(client, "Idris Haddad").content.decode()
    place = reverse("person", args=[theirs.pk])
    assert "Of the office <bdi" in text
    assert SUD in text
    assert place not in text
    assert client.get(f"{place}?purpose=family_tracing").status_code == 404


def test_its_own_offices_people_are_one_click_away() -> None:
    ours = an_account(IDRIS_FOUND)
    text = look(signed_in(noor()), "Idris Haddad", live=False).content.decode()
    assert f"{reverse('person', args=[ours.pk])}?purpose=family_tracing" in text


BOX = [
    ("إدريس حداد", {"full_name": "إدريس حداد"}),
    ("passport: A1234567", {"identifiers": "passport: A1234567"}),
    ("father: Yusuf Haddad", {"relatives": "mother: Amal\nfather: Yusuf Haddad"}),
]


@pytest.mark.parametrize(("text", "columns"), BOX)
def test_one_box_takes_a_name_a_number_or_a_relative(text: str, columns: dict[str, str]) -> None:
    said = {"full_name": text, "kind": "found", "purpose": "family_tracing"}
    more = {"relatives": "mother: Amal"} if "relatives" in columns else {}
    form = SearchForm(noor().as_actor(), {**said, **more})
    assert form.is_valid()
    assert form.question == columns


@pytest.mark.parametrize("role", [Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_may_not_search_may_not_while_typing_either(role: Role) -> None:
    an_account(IDRIS_FOUND)
    answer = look(signed_in(staff(role)), "Idris Haddad")
    assert answer.status_code == 403
    assert NAME not in answer.content.decode()
