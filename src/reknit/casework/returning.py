"""Why a pair that was refused is back: what changed, when, and what was said then.

Rules: a refused pair stays away until one of the two accounts has a new version; the reason that
was given is read through guard, like any judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reknit.casework.models import Candidate
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Account, AccountKind, Judgement, Verdict
from reknit.vocabulary import Actor, Purpose

VAULTED = "vault_digest"
"""What an account keeps of the telephone and place that the vault holds: a digest."""
_PURPOSE = Purpose.FAMILY_TRACING


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one side: what it was, what it is, and since when we know."""

    side: AccountKind
    column: str
    before: str
    now: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Back:
    """The refusal that stood, its reason ("" where none was given), and what changed since."""

    refusal: Judgement
    reason: str
    changes: tuple[Change, ...]


def why_back(
    actor: Actor, candidate: Candidate, sought: Mapping[str, Any], found: Mapping[str, Any]
) -> Back | None:
    """None where the pair was never refused, or the refusal was taken back since.

    sought, found: what the two accounts of the candidate say now. Raises what access.read raises.
    """
    before = candidate.returned
    if before is None:
        return None
    refusal = (
        Judgement.objects.filter(
            one=before.sought_id, other=before.account_id, verdict=Verdict.NO_MATCH, undone_at=None
        )
        .select_related("by")
        .order_by("-at")
        .first()
    )
    if refusal is None:
        return None
    (said,) = access.read(actor, Permission.JUDGEMENT_READ, [refusal], purpose=_PURPOSE)
    sides = (
        (AccountKind.SOUGHT, before.sought, candidate.sought, sought),
        (AccountKind.FOUND, before.account, candidate.account, found),
    )
    changes: list[Change] = []
    for side, old, new, now in sides:
        if old.pk != new.pk:
            changes += _changes(actor, side, old, new, now)
    return Back(refusal, said.get("reason", ""), tuple(changes))


def _changes(
    actor: Actor, side: AccountKind, old: Account, new: Account, now: Mapping[str, Any]
) -> list[Change]:
    (then,) = access.read(actor, Permission.ACCOUNT_READ, [old], purpose=_PURPOSE)
    return [
        Change(side, column, _said(then, column), _said(now, column), new.created_at)
        for column in dict.fromkeys([*now, *then])
        if (then.get(column) or "") != (now.get(column) or "")
    ]


def _said(content: Mapping[str, Any], column: str) -> str:
    """What an account says; of what the vault holds, only that it changed."""
    return "" if column == VAULTED else str(content.get(column) or "")
