"""Retention: erase what nobody needs any longer, by the rules in one readable file.

Rules: a dry run finds exactly what the run would erase; what a source under legal hold brought, and
everybody who has an open case, is left alone; each run leaves a report and an audit entry, and
erases with a tombstone (`reknit.guard.erasing`); run twice, it finds nothing the second time. The
audit log itself is not touched: it holds ids and codes.

    retention.run(officer, dry_run=True).counts      # {"people": 12, "old-whereabouts": 340, …}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from reknit.guard import access, erasing, log, rules_file, vault
from reknit.guard.commits import commit
from reknit.guard.log import Resource
from reknit.guard.models import (
    Consent,
    RequestState,
    RetentionRun,
    SubjectRequest,
    Tombstone,
)
from reknit.guard.permissions import Permission
from reknit.guard.rules_file import LEGAL_HOLD, Rule
from reknit.records import accounts
from reknit.records.models import Account, Batch, Document, Enquiry
from reknit.sealing.models import Sealed
from reknit.vocabulary import SYSTEM, Actor, Purpose

_AT_ONCE = 200
_message_models: list[type[Sealed]] = []
_saved_filters: list[type[Sealed]] = []
S = TypeVar("S", bound=Sealed)


@dataclass(frozen=True, slots=True)
class Report:
    """What each rule erased, or would: how many people or rows."""

    rules_version: str
    dry: bool
    counts: Mapping[str, int]


def declare_messages(*models: type[Sealed]) -> None:
    """Which models are messages and what came with them: the first has `received_at` and `sender`,
    the others a `message`. The room above declares them when it is loaded."""
    _message_models[:] = models


def declare_saved_filters(model: type[Sealed]) -> None:
    """Which model is staff's saved filters: it has `created_at`. The room above declares it."""
    _saved_filters[:] = [model]


def run(actor: Actor = SYSTEM, *, dry_run: bool, at: dt.datetime | None = None) -> Report:
    """Apply every rule; with dry_run only say what it would erase.

    Raises NotPermittedError, RulesError (nothing is erased then), AuditUnavailableError.
    """
    now = at or timezone.now()
    rules = rules_file.current()
    access.require(actor, Permission.RETENTION_RUN, purpose=Purpose.DATA_PROTECTION)
    found = {rule.name: (rule, _find(rule, now)) for rule in rules.rules}
    counts = {name: len(ids) for name, (_, ids) in found.items()}
    if not dry_run:
        for rule, ids in found.values():
            for start in range(0, len(ids), _AT_ONCE):
                part = ids[start : start + _AT_ONCE]
                commit(partial(_apply, rule, part, now))

    def keep() -> Report:
        row = RetentionRun.objects.create(
            rules_version=rules.version, dry=dry_run, at=now, report=counts, by_id=actor.user_id
        )
        log.record(
            actor, "retention:run", Resource("retention", str(row.id)), Purpose.DATA_PROTECTION,
            dry=dry_run, rules=rules.version, erased=sum(counts.values()),
        )  # fmt: skip
        return Report(rules.version, dry_run, counts)

    return commit(keep)


def _find(rule: Rule, now: dt.datetime) -> list[UUID]:
    """The ids of what the rule is about and what is due by now."""
    cutoff = now - dt.timedelta(days=rule.days)
    return _FINDERS[rule.what](rule, cutoff)


def _apply(rule: Rule, ids: Sequence[UUID], now: dt.datetime) -> None:
    if rule.what in {"account", "removed_account"}:
        accounts.remove(Account.objects.filter(id__in=ids), now)
        rows: Iterable[Sealed] = erasing.rows_about(ids)
    elif rule.what == "enquiry":
        rows = erasing.rows_of_cases(ids)
    elif rule.what == "whereabouts":
        rows = vault._rows(ids)
    elif rule.what == "message":
        rows = _rows_of_messages(ids)
    elif rule.what == "saved_filter":
        rows = _saved_filters[0]._default_manager.filter(id__in=ids)
    else:
        rows = _MODELS[rule.what]._default_manager.filter(id__in=ids)
    erasing.schedule(rows, f"retention:{rule.name}")


def _people(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    """Accounts of these categories of whose people nothing was said or done since the cutoff."""
    asked = Account.objects.filter(created_at__lt=cutoff, removed_at=None)
    asked = _of_categories(asked, rule.categories)
    active = Q(closed_at=None) | Q(closed_at__gte=cutoff)
    busy = Enquiry.objects.filter(active).values("sought__identity_id")
    said = Consent.objects.filter(Q(at__gte=cutoff) | Q(withdrawn_at__gte=cutoff))
    newer = Account.objects.filter(created_at__gte=cutoff)
    seen = Account.objects.filter(id__in=vault._seen_since(cutoff))
    for people in (newer, seen):
        asked = asked.exclude(identity_id__in=people.values("identity_id"))
    asked = asked.exclude(identity_id__in=busy)
    asked = asked.exclude(identity_id__in=said.values("account__identity_id"))
    return list(asked.order_by("id").values_list("id", flat=True))


def _removed_people(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    """Removed accounts; not those that were set aside while a request about them is open."""
    asked = SubjectRequest.objects.filter(state=RequestState.OPEN).values("accounts")
    removed = Account.objects.filter(removed_at__lt=cutoff).exclude(id__in=asked)
    return _not_erased(_not_held(removed))


def _removed_documents(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    held = Q(account__source__retention_category=LEGAL_HOLD)
    held |= Q(enquiry__sought__source__retention_category=LEGAL_HOLD)
    return _not_erased(Document.objects.filter(removed_at__lt=cutoff).exclude(held))


def _whereabouts(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    held = Account.objects.filter(source__retention_category=LEGAL_HOLD).values("id")
    return _without_stones("guard.Whereabouts", vault._added_before(cutoff, held))


def _enquiries(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    return _not_erased(Enquiry.objects.filter(closed_at__lt=cutoff))


def _batches(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    kept = Q(source__retention_category=LEGAL_HOLD)
    return _not_erased(Batch.objects.filter(ended_at__lt=cutoff).exclude(kept))


def _messages(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    """Messages that came before the cutoff and belong to no open case; and who wrote them, once
    all that they wrote is gone."""
    if not _message_models:
        return []
    model: Any = _message_models[0]
    busy = Enquiry.objects.filter(Q(closed_at=None) | Q(closed_at__gte=cutoff))
    old = model.objects.filter(received_at__lt=cutoff).exclude(enquiry__in=busy)
    due = _not_erased(old)
    kept = model.objects.exclude(id__in=old.values("id")).exclude(sender=None).values("sender")
    senders = vault._senders(but_of=kept, before=cutoff)
    return [*due, *_without_stones("guard.Sender", senders)]


def _rows_of_messages(ids: Sequence[UUID]) -> list[Sealed]:
    rows: list[Sealed] = list(vault._sender_rows(ids))
    for number, model in enumerate(_message_models):
        name = "message_id__in" if number else "id__in"
        rows += model._default_manager.filter(**{name: ids})
    return rows


def _requests(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    closed = SubjectRequest.objects.exclude(state=RequestState.OPEN)
    return _not_erased(closed.filter(answered_at__lt=cutoff))


def _filters(rule: Rule, cutoff: dt.datetime) -> list[UUID]:
    models: list[Any] = list(_saved_filters)
    return [
        pk for model in models for pk in _not_erased(model.objects.filter(created_at__lt=cutoff))
    ]


def _of_categories(rows: QuerySet[Account], categories: Sequence[str]) -> QuerySet[Account]:
    """Accounts of sources in these categories; `standard` is also every category no rule names."""
    named = {c for rule in rules_file.current().rules for c in rule.categories} - {"standard"}
    wanted = Q(source__retention_category__in=categories)
    if not categories or "standard" in categories:
        wanted |= ~Q(source__retention_category__in=named)
    return _not_held(rows.filter(wanted))


def _not_held(rows: QuerySet[Account]) -> QuerySet[Account]:
    return rows.exclude(source__retention_category=LEGAL_HOLD)


def _not_erased(rows: QuerySet[S]) -> list[UUID]:
    ids = list(rows.order_by("id").values_list("id", flat=True))
    return _without_stones(rows.model._meta.label, ids)


def _without_stones(label: str, ids: Sequence[UUID]) -> list[UUID]:
    stones = set(Tombstone.objects.filter(model=label).values_list("row_id", flat=True))
    return [row_id for row_id in ids if row_id not in stones]


_FINDERS: Mapping[str, Callable[[Rule, dt.datetime], list[UUID]]] = {
    "account": _people,
    "removed_account": _removed_people,
    "removed_document": _removed_documents,
    "whereabouts": _whereabouts,
    "enquiry": _enquiries,
    "batch": _batches,
    "request": _requests,
    "message": _messages,
    "saved_filter": _filters,
}
_MODELS: Mapping[str, type[Sealed]] = {
    "batch": Batch,
    "removed_document": Document,
    "request": SubjectRequest,
}
