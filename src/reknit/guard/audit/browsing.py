"""Browse the log: who saw her, when, why; and what one member of staff looked at.

Rules: for the data-protection officer all of it, for a supervisor what their office did; looking is
itself an entry; entries carry ids, and a page that shows a name beside one reads it through access.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from reknit.guard import access, commits
from reknit.guard.log import Resource, record
from reknit.guard.log.entries import microseconds
from reknit.guard.models import Entry
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.vocabulary import Actor, Purpose

MOST = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, latest first. before: give it to browse for the next page; None at the end."""

    entries: Sequence[Entry]
    before: int | None


def browse(
    actor: Actor,
    *,
    purpose: Purpose = Purpose.DATA_PROTECTION,
    person: uuid.UUID | None = None,
    user: int | None = None,
    resource: Resource | None = None,
    action: str = "",
    refused: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Page:
    """Entries that the actor may see, latest first.

    person: an account's or identity's id; all accounts of that person count. user: who acted.
    resource: one row. action: begins with this, such as "account:". refused: refusals only.
    since, until: a time span, half open. Raises NotPermittedError, AuditUnavailableError.
    """
    limit = max(1, min(limit, MOST))

    def work() -> Page:
        access.require(actor, Permission.AUDIT_READ, purpose=purpose)
        rows = access.visible(actor, Permission.AUDIT_READ, Entry.objects.all())
        rows = _filtered(rows, person, user, resource, action, refused, since, until, before)
        found = list(rows.order_by("-seq")[: limit + 1])
        looked_at = Resource("person", str(person)) if person is not None else None
        record(
            actor,
            "audit:read",
            looked_at or resource or Resource("entry", "many"),
            purpose,
            subject=person,
            user=user,
            entries=min(len(found), limit),
        )
        more = len(found) > limit
        return Page(found[:limit], found[limit - 1].seq if more else None)

    return commits.commit(work)


def _filtered(
    rows: QuerySet[Entry],
    person: uuid.UUID | None,
    user: int | None,
    resource: Resource | None,
    action: str,
    refused: bool,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
) -> QuerySet[Entry]:
    if person is not None:
        rows = rows.filter(subject_id__in=_accounts_of(person))
    if user is not None:
        rows = rows.filter(user_id=user)
    if resource is not None:
        rows = rows.filter(kind=resource.kind, resource_id=resource.id)
    if action:
        rows = rows.filter(action__startswith=action)
    if refused:
        rows = rows.filter(action__endswith=":refused")
    if since is not None:
        rows = rows.filter(at_us__gte=microseconds(since))
    if until is not None:
        rows = rows.filter(at_us__lt=microseconds(until))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return rows


def _accounts_of(person: uuid.UUID) -> set[str]:
    """The ids of all accounts that judgements hold together with this one, itself included."""
    identities = Account.objects.filter(Q(pk=person) | Q(identity_id=person)).values("identity_id")
    accounts = Account.objects.filter(identity_id__in=identities).values_list("pk", flat=True)
    return {str(person), *map(str, accounts)}
