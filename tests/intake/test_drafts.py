"""Drafts are kept sealed for whoever holds their cookie, and are gone when sent or too old."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reknit.intake import drafts
from reknit.intake.models import Draft
from reknit.sealing.models import DataKey

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def begun(code: str = "a code") -> Draft:
    draft = drafts.begin("seek", code)
    assert draft is not None
    drafts.keep(draft, {"who": {"full_name": "إدريس حداد"}})
    return draft


def test_what_was_typed_is_there_for_its_code_and_door_only() -> None:
    begun()
    found = drafts.find("seek", "a code")
    assert found is not None
    assert drafts.answers(found) == {"who": {"full_name": "إدريس حداد"}}
    assert drafts.find("register", "a code") is None
    assert drafts.find("seek", "another") is None
    assert drafts.find("seek", "") is None


def test_the_row_shows_neither_the_code_nor_what_was_typed() -> None:
    draft = Draft.objects.get(id=begun().id)
    stored = bytes(draft.sealed) + bytes(draft.code_digest)
    assert "إدريس".encode() not in stored
    assert b"a code" not in stored


def test_one_code_begins_one_draft_ever() -> None:
    draft = begun()
    assert drafts.begin("seek", "a code") is None
    assert drafts.end(draft)
    assert not drafts.end(draft), "of two that send it at once, one does"
    assert drafts.begin("seek", "a code") is None
    assert drafts.find("seek", "a code") is None


def test_what_was_sent_is_gone_with_its_key() -> None:
    draft = begun()
    drafts.end(draft)
    assert not DataKey.objects.filter(id=draft.key_id).exists()
    assert drafts.answers(draft) == {}


def test_what_is_too_old_is_neither_found_nor_kept() -> None:
    draft = begun()
    later = timezone.now() + drafts.KEPT + dt.timedelta(seconds=1)
    assert drafts.sweep(later - dt.timedelta(hours=1)) == 0
    Draft.objects.update(expires_at=timezone.now())
    assert drafts.find("seek", "a code") is None
    assert drafts.sweep() == 1
    assert not DataKey.objects.filter(id=draft.key_id).exists()
