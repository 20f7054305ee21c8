"""While the index is being built: each page that searches says so, and does all else that it does.

The index that answers here is a real one that nobody has built yet, as after the keeper's start.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from reknit.guard import searching
from reknit.guard.keeper.index import SearchIndex
from reknit.guard.models import Entry
from tests.casework.test_queue import a_case
from tests.cast import IDRIS_FOUND
from tests.guard.scene import an_account
from tests.intake.letters import LOOKING, read
from tests.staff import noor
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ASKED = {"full_name": "Idris Haddad", "kind": "found", "purpose": "family_tracing"}
SAID = "Search is being rebuilt."


@pytest.fixture(autouse=True)
def not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    an_account(IDRIS_FOUND)
    monkeypatch.setattr(searching, "_own_index", SearchIndex)


@pytest.fixture(autouse=True)
def nobody_was_looked_for(not_built: None) -> Iterator[None]:
    yield
    assert not Entry.objects.filter(action="account:search").exists()


def test_the_search_page_says_that_it_is_away_and_for_how_long() -> None:
    answer = signed_in(noor()).post(reverse("search"), ASKED)
    assert answer.status_code == 503
    assert f"{SAID}</b> This takes seconds" in answer.content.decode()
    assert "Idris Haddad" in answer.content.decode(), "what was typed is there to be sent again"


def test_so_does_the_answer_while_somebody_types() -> None:
    answer = signed_in(noor()).post(reverse("search"), ASKED, headers={"HX-Request": "true"})
    assert f"{SAID} Go on in a minute" in answer.content.decode()


def test_the_queue_says_so_and_not_that_there_is_nobody() -> None:
    a_case(noor())
    asked = {"q": "Idris Haddad", "purpose": "family_tracing"}
    answer = signed_in(noor()).post(reverse("queue"), asked)
    assert answer.status_code == 503
    assert f"{SAID} Press “Find” again" in answer.content.decode()


def test_a_message_is_shown_and_says_so_beside_it() -> None:
    message = read(LOOKING)
    answer = signed_in(noor()).get(reverse("message", args=[message.pk]), {"look": "1"})
    assert answer.status_code == 200
    assert SAID in answer.content.decode()
