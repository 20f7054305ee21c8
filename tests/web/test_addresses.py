"""No address that an answer leads to carries what somebody typed."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.mark.parametrize(
    "typed", ["/enquiries?q=Idris", "/search?full_name=Idris&purpose=family_tracing"]
)
def test_a_missing_slash_is_added_to_the_path_alone(typed: str) -> None:
    answer = Client().get(typed)
    assert (answer.status_code, answer["Location"]) == (301, typed.partition("?")[0] + "/")


def test_a_path_in_which_a_word_is_free_gets_no_slash() -> None:
    assert Client().get("/seek/idris").status_code == 404
    assert Client().get("/seek/who")["Location"] == "/seek/who/"


@pytest.mark.parametrize(
    ("came_from", "led_to"),
    [
        ("/sign-in/", "/sign-in/"),
        ("/search/?full_name=Idris&purpose=family_tracing", "/search/?purpose=family_tracing"),
        ("/search/?purpose=Idris&page=2", "/search/?page=2"),
        ("/queue/?view=stuck&band=1&status=verifying&assigned_to=7&names=on&page=2",
         "/queue/?view=stuck&band=1&status=verifying&assigned_to=7&names=on&page=2"),
        ("/queue/?view=Idris&band=x&status=Homs&assigned_to=Noor&names=yes&q=Idris", "/queue/"),
        ("/messages/?category=medical&mine=on&channel=X", "/messages/?category=medical&mine=on"),
        ("/audit/?action=account%3A&since=2026-11-20&until=Idris",
         "/audit/?action=account%3A&since=2026-11-20"),
        ("/seek/who/", "/seek/who/"),
        ("/seek/idris/", "/"),
        ("/nowhere/Idris/", "/"),
        ("//elsewhere.example/search/", "/"),
        ("https://elsewhere.example/search/", "/"),
        ("", "/"),
    ],
)  # fmt: skip
def test_choosing_a_language_leads_back_to_a_page_of_ours(came_from: str, led_to: str) -> None:
    client = Client()
    answer = client.post("/language/", {"language": "ar", "next": came_from})
    assert (answer.status_code, answer["Location"]) == (302, led_to)
    assert 'lang="ar"' in client.get("/sign-in/").content.decode()


def test_choosing_a_language_is_no_address_that_one_follows() -> None:
    answer = Client().get("/language/?next=/Idris")
    assert answer.status_code == 405
    assert "Location" not in answer
