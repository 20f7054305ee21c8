"""Error pages say what to do next and give nothing away (trust: I7)."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from reknit.guard.errors import AuditUnavailableError
from reknit.sealing import holders, locking
from reknit.sealing.errors import LockedError
from tests.guard.scene import HARBOUR, PHONE, a_scene
from tests.staff import noor
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_fault_says_nothing_of_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(noor())
    client.raise_request_exception = False

    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("Idris Haddad Al-Shami at Zuwara")

    monkeypatch.setattr("reknit.web.pages.search.searching.search", break_down)
    answer = client.post(
        "/search/", {"full_name": "Idris Haddad", "kind": "found", "purpose": "family_tracing"}
    )
    text = answer.content.decode()
    assert answer.status_code == 500
    for word in ("Idris", "Zuwara", "RuntimeError", "Traceback", ".py"):
        assert word not in text


def test_a_read_that_cannot_be_audited_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = a_scene()
    client = signed_in(noor())

    def refuse(*_: object, **__: object) -> None:
        raise AuditUnavailableError("no disk")

    monkeypatch.setattr("reknit.guard.access.record", refuse)
    answer = client.get(f"/people/{scene.idris.id}/?purpose=family_tracing")
    assert answer.status_code == 503
    assert "Idris" not in answer.content.decode()


def test_a_locked_installation_shows_one_page_and_its_health(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(noor())

    def locked() -> None:
        raise LockedError("locked")

    monkeypatch.setattr(holders, "current_holder", locked)
    monkeypatch.setattr("reknit.web.accounts.sessions.current_holder", locked)
    for place in ("/", "/search/", "/sign-in/"):
        answer = client.get(place)
        assert (answer.status_code, "Reknit is locked" in answer.content.decode()) == (503, True)
    assert client.get("/healthz").status_code == 200


def test_whoever_is_signed_in_reads_nothing_more_once_it_is_locked() -> None:
    """The lock itself, nothing stood in: a session is opened by the keys that went."""
    client = signed_in(noor())
    assert client.get("/enquiries/").status_code == 200
    locking.lock(settings.CONFIG.run)
    try:
        answer = client.get("/enquiries/")
        assert (answer.status_code, "Reknit is locked" in answer.content.decode()) == (503, True)
    finally:
        locking.unlock(settings.CONFIG.run)
    assert client.get("/enquiries/").status_code == 200


def test_neither_whereabouts_nor_contact_stand_on_a_page_without_consent() -> None:
    scene = a_scene()
    client = signed_in(noor())
    for place in (
        f"/people/{scene.idris.id}/?purpose=family_tracing",
        f"/enquiries/{scene.enquiry.id}/",
        f"/people/{scene.idris.id}/tell/",
    ):
        text = client.get(place).content.decode()
        assert HARBOUR not in text
        assert PHONE not in text
    said = {"recipient": str(scene.seeker), "scope": "whereabouts", "confirmed": "yes"}
    text = client.post(f"/people/{scene.idris.id}/tell/", said).content.decode()
    assert HARBOUR not in text
    assert "There is no consent to it." in text


def test_a_form_without_its_token_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"login": "noor@nord.example", "password": "x"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
