"""One entry of the log: what it may say, and the bytes that are hashed.

Rules: ids, codes, counts and times; a text with a space in it is free text, may name a person, and
is refused (reasons that people write are sealed where they are written); an entry's bytes are the
same on every database.

>>> Resource("account", "2f1c").kind
'account'
>>> canonical({"rows": 3, "reason": "no_consent"})
'{"reason":"no_consent","rows":3}'
>>> canonical({"reason": "Idris asked"})
Traceback (most recent call last):
    ...
reknit.guard.errors.EntryError: detail reason: free text may name a person; give an id, a count \
or a code of up to 80 ASCII letters, digits and _ . : + / -.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from reknit.guard.errors import EntryError
from reknit.guard.models.audit import Entry
from reknit.vocabulary import Actor, Purpose

_CODE = re.compile(r"[A-Za-z0-9_.:+/-]{0,80}")
_NAME = re.compile(r"[a-z][a-z0-9_:.]{0,59}")
_SUBJECT = re.compile(r"[0-9a-f-]{36}|")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CODE_RULE = (
    "free text may name a person; give an id, a count or a code of up to 80 ASCII letters, "
    "digits and _ . : + / -."
)

Detail = object


class Resource(NamedTuple):
    """What an entry speaks of: the kind of row, and its id."""

    kind: str
    id: str

    @classmethod
    def of(cls, row: Model) -> Resource:
        """The row, by the name of its model and its primary key."""
        return cls(str(row._meta.model_name), str(row.pk))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, to be written once the attempt itself is rolled back."""

    actor: Actor
    action: str
    resource: Resource
    purpose: Purpose
    reason: str
    detail: Mapping[str, Detail] = field(default_factory=dict)


def new_entry(
    actor: Actor,
    action: str,
    resource: Resource,
    purpose: Purpose,
    subject_id: str,
    detail: Mapping[str, Detail],
) -> Entry:
    """An entry without its place in the log. Raises EntryError for what an entry may not say."""
    if not _NAME.fullmatch(action) or not _NAME.fullmatch(resource.kind):
        raise EntryError(
            f"{action!r} on {resource.kind!r}: actions and kinds are lower-case words joined by "
            "_ . or :, such as account:read."
        )
    if not _ID.fullmatch(str(resource.id)) or not _SUBJECT.fullmatch(subject_id):
        raise EntryError(f"{action}: an id of it is no id; give the row's primary key.")
    if purpose not in set(Purpose):
        raise EntryError(
            f"{action}: {str(purpose)[:40]!r} is no purpose; use one of "
            f"{', '.join(p.value for p in Purpose)}."
        )
    return Entry(
        at_us=microseconds(timezone.now()),
        actor_kind=actor.kind.value,
        user_id=actor.user_id,
        role=actor.role.value if actor.role is not None else "",
        office_id=actor.office_id,
        action=action,
        kind=resource.kind,
        resource_id=str(resource.id),
        subject_id=subject_id,
        purpose=Purpose(purpose).value,
        detail=canonical(detail),
    )


def microseconds(at: datetime) -> int:
    """Since 1970, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)


def as_time(at_us: int) -> datetime:
    """The time that microseconds since 1970 stand for, in UTC."""
    return EPOCH + timedelta(microseconds=at_us)


def canonical(detail: Mapping[str, Detail]) -> str:
    """The detail as JSON: sorted, ASCII, without spaces. Raises EntryError for free text."""
    said = {name: _plain(name, value) for name, value in detail.items()}
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def _plain(name: str, value: Detail) -> object:
    match value:
        case None | bool() | int():
            return value
        case float() | Decimal():
            return round(float(value), 6)
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case str() if _CODE.fullmatch(value):
            return str(value)
        case list() | tuple() | set() | frozenset():
            items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [_plain(name, item) for item in items]
    raise EntryError(f"detail {name}: {CODE_RULE}")


HASHED = (
    "seq",
    "at_us",
    "actor_kind",
    "user_id",
    "role",
    "office_id",
    "action",
    "kind",
    "resource_id",
    "subject_id",
    "purpose",
    "detail",
)
"""The columns that are hashed, in this order."""


def entry_bytes(values: Sequence[object]) -> bytes:
    """What is hashed of an entry: the format, then the values of HASHED, a line each, nothing for
    NULL. No value holds a line break, so that the lines cannot be divided otherwise."""
    seq, at_us, actor, user, role, office, action, kind, row, subject, purpose, detail = values
    return (
        f"1\n{seq}\n{at_us}\n{actor}\n{'' if user is None else user}\n{role}\n"
        f"{'' if office is None else office}\n{action}\n{kind}\n{row}\n{subject}\n{purpose}\n"
        f"{detail}"
    ).encode()
