"""Erase what is held: everything that points to an account, found by the models themselves.

Rules: what is sealed and points to an account is about that person, unless `NOT_THEIRS` says why
not, so that a table added tomorrow is not forgotten (tests/guard/test_rights.py); the tombstones
are committed first, the keys go after that commit, and what a crash left over is finished by
`finish`; a row stays as its own tombstone, without its content. With the last backup of the keys
(30 days) the content is gone from the backups too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey, ManyToManyField, Model, Q
from django.utils import timezone

from reknit.guard.models import Approval, SubjectRequest, Tombstone
from reknit.records.models import Account, Enquiry
from reknit.sealing.erasure import erase
from reknit.sealing.models import Sealed

NOT_THEIRS: Mapping[str, str] = {
    "records.Enquiry": "it is the seeker's; what it says of the person sought is their account",
    "guard.SubjectRequest": "the request itself proves what was asked and answered; it is kept as "
    "long as the rules say",
}
"""Sealed models that lead to an account and are not erased with it, and why."""

_AT_ONCE = 1000


def models_leading_to(target: type[Model]) -> Iterator[tuple[type[Sealed], list[str]]]:
    """Each sealed model that leads to rows of the target, with the names of its columns that do."""
    for model in apps.get_models():
        if not issubclass(model, Sealed) or model is target:
            continue
        names = [
            field.name
            for field in (*model._meta.fields, *model._meta.many_to_many)
            if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is target
        ]
        if names:
            yield model, names


def rows_about(account_ids: Sequence[UUID]) -> list[Sealed]:
    """All sealed rows about the people of these accounts, the accounts themselves included."""
    rows = [*Account.objects.filter(id__in=account_ids), *_leading_to(Account, account_ids)]
    return [*rows, *_leading_on(rows), *_approvals_of(rows)]


def rows_of_cases(enquiry_ids: Sequence[UUID]) -> list[Sealed]:
    """All sealed rows of these cases, the enquiries included: what seekers said, and how they are
    reached. The accounts of the people sought are not among them."""
    rows = [*Enquiry.objects.filter(id__in=enquiry_ids), *_leading_to(Enquiry, enquiry_ids)]
    return [*rows, *_leading_on(rows), *_approvals_of(rows)]


def _leading_to(target: type[Model], ids: Sequence[UUID]) -> Iterator[Sealed]:
    for model, names in models_leading_to(target):
        if model._meta.label in NOT_THEIRS:
            continue
        leads = reduce(or_, (Q(**{f"{name}__in": ids}) for name in names))
        yield from model._default_manager.filter(leads).distinct()


def models_leading_on() -> Iterator[tuple[type[Sealed], type[Model], str]]:
    """Each sealed model that leads to no person and no case itself, but to a row that does (a
    second look at a judgement): the model, what it leads to, and by which column."""
    direct = {model for target in (Account, Enquiry) for model, _ in models_leading_to(target)}
    for model in apps.get_models():
        if not issubclass(model, Sealed) or model in direct or model in {Account, Enquiry}:
            continue
        for field in model._meta.fields:
            if isinstance(field, ForeignKey) and field.related_model in direct:
                yield model, field.related_model, field.name


def _leading_on(rows: Sequence[Sealed]) -> Iterator[Sealed]:
    for model, target, name in models_leading_on():
        ids = [row.pk for row in rows if type(row) is target]
        yield from model._default_manager.filter(**{f"{name}__in": ids})


def _approvals_of(rows: Sequence[Sealed]) -> Iterable[Sealed]:
    return Approval.objects.filter(resource_id__in=[str(row.pk) for row in rows])


def schedule(rows: Iterable[Sealed], because: str, request: SubjectRequest | None = None) -> int:
    """Erase these rows once the caller's transaction is committed; how many that were not yet."""
    now = timezone.now()
    stones = [
        Tombstone(model=row._meta.label, row_id=row.pk, because=because, request=request, at=now)
        for row in rows
    ]
    known = set(
        Tombstone.objects.filter(row_id__in=[stone.row_id for stone in stones]).values_list(
            "model", "row_id"
        )
    )
    new = [stone for stone in stones if (stone.model, stone.row_id) not in known]
    Tombstone.objects.bulk_create(new, batch_size=_AT_ONCE)
    if new:
        transaction.on_commit(finish)
    return len(new)


def finish() -> int:
    """Erase what is still to be erased; how many rows. Idempotent: a daily job runs it as well."""
    count = 0
    while True:
        stones = list(Tombstone.objects.filter(done_at=None)[:_AT_ONCE])
        if not stones:
            return count
        for label in sorted({stone.model for stone in stones}):
            ids = [stone.row_id for stone in stones if stone.model == label]
            erase(list(apps.get_model(label)._default_manager.filter(pk__in=ids)))
        Tombstone.objects.filter(id__in=[stone.id for stone in stones]).update(
            done_at=timezone.now()
        )
        count += len(stones)
