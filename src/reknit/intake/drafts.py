"""Drafts: what is typed at a public door is kept while somebody goes on, sealed, for three days.

Rules: the code of a draft is in the visitor's cookie and nowhere else; the row knows a keyed digest
of it; what was typed is sealed, and its key is dropped when the draft is sent, thrown away or too
old; one code begins one draft, ever.

    draft = begin("seek", code)
    keep(draft, {"who": {"full_name": "…"}})
    answers(find("seek", code))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from reknit.guard import audit, commits
from reknit.guard.audit import Resource
from reknit.intake.models import Draft
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.sealing.holders import current_holder
from reknit.vocabulary import PUBLIC, Purpose

KEPT = dt.timedelta(days=3)
"""How long a draft waits for whoever began it."""
_AT_ONCE = 1000

Answers = dict[str, Any]


def begin(door: str, code: str) -> Draft | None:
    """A draft under this code; None where the code began one before. Raises LockedError."""

    def work() -> Draft | None:
        if Draft.objects.filter(code_digest=_digest(door, code)).exists():
            return None
        draft = Draft(code_digest=_digest(door, code), expires_at=timezone.now() + KEPT)
        sealing.seal([draft], [{}])
        draft.save(force_insert=True)
        audit.record(PUBLIC, "draft:begin", Resource.of(draft), Purpose.REGISTRATION)
        return draft

    try:
        return commits.commit(work)
    except IntegrityError:  # twice at the same moment
        return None


def find(door: str, code: str) -> Draft | None:
    """The draft of a cookie, while it is kept. Raises LockedError."""
    rows = Draft.objects.filter(ended_at=None, expires_at__gt=timezone.now())
    return rows.filter(code_digest=_digest(door, code)).first() if code else None


def answers(draft: Draft) -> Answers:
    """What was typed so far; nothing where it was sent or thrown away meanwhile."""
    try:
        return sealing.unseal([draft])[0]
    except ErasedError:
        return {}


def keep(draft: Draft, said: Mapping[str, Any]) -> None:
    """Put these answers in place of those before. Raises ErasedError, LockedError."""

    def work() -> None:
        sealing.reseal([draft], [said])
        draft.save(update_fields=["sealed"])
        audit.record(PUBLIC, "draft:keep", Resource.of(draft), Purpose.REGISTRATION)

    commits.commit(work)


def end(draft: Draft) -> bool:
    """It was sent, or is thrown away: its content is gone. False where it had ended before: of two
    that send it at once, one does. Joins the caller's commit."""

    def work() -> bool:
        ended = Draft.objects.filter(id=draft.id, ended_at=None).update(ended_at=timezone.now())
        if ended:
            sealing.forget([draft])
            audit.record(PUBLIC, "draft:end", Resource.of(draft), Purpose.REGISTRATION)
        return bool(ended)

    return commits.commit(work)


def sweep(at: dt.datetime | None = None) -> int:
    """Forget drafts that are too old; how many. Run each night."""
    old = Draft.objects.filter(expires_at__lte=at or timezone.now())
    count = 0
    while part := list(old.order_by("id")[:_AT_ONCE]):
        sealing.forget(part)
        count += Draft.objects.filter(id__in=[draft.id for draft in part]).delete()[0]
    return count


def _digest(door: str, code: str) -> bytes:
    return current_holder().digest("draft", [f"{door}|{code}".encode()])[0]
