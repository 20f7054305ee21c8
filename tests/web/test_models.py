"""The model's page: figures with what they rest on, a plot that its table repeats, one decision."""

from __future__ import annotations

import pytest

from reknit.records import weighing
from reknit.records.models import ModelState
from reknit.vocabulary import Role
from tests.casework.models import a_model
from tests.staff import staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_it_shows_before_beside_after_with_what_they_rest_on() -> None:
    a_model()
    page = signed_in(staff(Role.SUPERVISOR)).get("/model/").content.decode()
    for words in ("90.0 %", "0.2100", "0.1900", "120 judgements", "35 people sought", "12 of them"):
        assert words in page, words
    assert page.count("<circle") == 2
    assert weighing.PACKAGED in page


def test_a_supervisor_accepts_with_a_reason_and_takes_back() -> None:
    row = a_model()
    client = signed_in(staff(Role.SUPERVISOR))
    place = f"/model/{row.pk}/"
    client.post(place, {"verdict": "accept", "reason": ""})
    assert weighing.current_version() == weighing.PACKAGED
    client.post(place, {"verdict": "accept", "reason": "better"})
    assert weighing.current_version() == row.version
    assert "in use" in client.get("/model/").content.decode()
    client.post(place, {"verdict": "take_back", "reason": "siblings"})
    row.refresh_from_db()
    assert (weighing.current_version(), row.state) == (weighing.PACKAGED, ModelState.TAKEN_BACK)


def test_others_may_look_but_not_decide() -> None:
    row = a_model()
    officer = signed_in(staff(Role.DATA_PROTECTION_OFFICER))
    page = officer.get("/model/").content.decode()
    assert row.version in page
    assert 'value="accept"' not in page
    assert officer.post(f"/model/{row.pk}/", {"verdict": "accept"}).status_code == 403
    assert signed_in(staff(Role.CASEWORKER)).get("/model/").status_code == 403
