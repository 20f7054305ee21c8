"""The one way to a record: permitted, counted, audited, and only then open.

Rules: what is not there and what is not permitted cannot be told apart, neither by the answer nor
by the query that finds it (I4); content is opened only after its audit entry is committed, or, in
an open transaction, with it (I5); every refusal of staff is audited, and counted towards an alarm.

    enquiry = access.load(actor, Permission.ENQUIRY_READ, Enquiry, id, purpose=purpose)
    (content,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=purpose)
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils import timezone

from reknit.guard import commits, quota, watch
from reknit.guard.errors import NotPermittedError
from reknit.guard.log import Refusal, Resource, record
from reknit.guard.permissions import Permission, Scope, granted
from reknit.guard.scoping import rows_of
from reknit.guard.standing import Standing, listed, standing, standings
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.asking import asking_as
from reknit.sealing.models import Sealed
from reknit.sealing.prepared import Prepared, filled
from reknit.vocabulary import Actor, ActorKind, Purpose

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Sealed)
Rows = Callable[[uuid.UUID], QuerySet[Any]]

NOT_PERMITTED = "Not there, or not permitted to you."
_HITS = Permission.ACCOUNT_SEARCH


def require(actor: Actor, permission: Permission, *, purpose: Purpose = Purpose.OPERATIONS) -> None:
    """Raise NotPermittedError unless the actor's role holds the permission in some scope."""
    if granted(permission, actor, purpose) is None:
        _refuse(actor, permission, "any", purpose)


def staff_id(actor: Actor) -> int:
    """The id of the member of staff who acts. Raises NotPermittedError for the public and jobs."""
    if actor.user_id is None:
        raise NotPermittedError(NOT_PERMITTED)
    return actor.user_id


def visible(actor: Actor, permission: Permission, rows: QuerySet[M]) -> QuerySet[M]:
    """Those of the rows that the actor may list under this permission: for ids, states and counts;
    content comes through `read`. No rows where the permission is not held."""
    scope = granted(permission, actor)
    if scope is None:
        return rows.none()
    allowed = rows_of(rows.model, actor, scope)
    return rows if allowed is None else rows.filter(allowed)


def among(
    actor: Actor, permission: Permission, model: type[Model], ids: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Those of the rows with these ids for which the actor holds the permission, as `visible`, by
    a question that is built once."""
    scope = granted(permission, actor)
    return set() if scope is None or not ids else set(standings(model, scope, actor, ids))


def held(actor: Actor, permissions: Iterable[Permission], row: Model) -> frozenset[Permission]:
    """Those of the permissions that the actor holds for this row: to offer a button; what it leads
    to asks again. One query for each scope among them, whatever their number."""
    scopes = {permission: granted(permission, actor) for permission in permissions}
    rows = type(row)._default_manager.filter(pk=row.pk)
    stands = {
        scope: (allowed := rows_of(type(row), actor, scope)) is None
        or rows.filter(allowed).exists()
        for scope in set(scopes.values())
        if scope is not None
    }
    return frozenset(
        permission for permission, scope in scopes.items() if scope is not None and stands[scope]
    )


def about(
    actor: Actor,
    person_id: uuid.UUID,
    without: uuid.UUID | None = None,
    most: int = 50,
    /,
    **asked: tuple[Permission, Rows],
) -> dict[str, list[Any]]:
    """What is held about a person (an identity), by the names given: for each name those of
    `rows(person_id)` that the actor may list under its permission, in their order, `most` at most,
    and the row `without` not among them.

    rows: a function of a module; it only builds a query, since most people have nothing of a kind,
    and one prepared question then answers for all kinds. As `visible`: for ids, states and counts.

        access.about(actor, person, consents=(Permission.CONSENT_READ, _consents))["consents"]
    """
    scopes = {name: granted(permission, actor) for name, (permission, _) in asked.items()}
    held = {name: scope for name, scope in scopes.items() if scope is not None}
    keys = listed([(asked[name][1], scope) for name, scope in held.items()], actor, person_id)
    found: dict[str, list[Any]] = {name: [] for name in asked}
    for name, known in zip(held, keys, strict=True):
        known.discard(without)
        if known:
            rows = _about(asked[name][1]).all(person_id)
            found[name] = [row for row in rows if row.pk in known][:most]
    return found


def load(
    actor: Actor,
    permission: Permission,
    model: type[M] | QuerySet[M],
    id: object,
    *,
    purpose: Purpose,
    lock: bool = False,
) -> M:
    """The row with that id, if it is there and the actor holds the permission for it; one query
    answers both. lock: keep it from other writers until the transaction ends.

    Raises NotPermittedError.
    """
    scope = granted(permission, actor, purpose)
    row: M | None = None
    if isinstance(model, QuerySet):
        if scope is not None:
            row = _in_scope(model, scope, actor, id, lock)
    elif scope is not None and standing(model, scope, actor, id) is not None:
        rows: QuerySet[M] = model._default_manager.filter(pk=id)
        row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        _refuse(actor, permission, id, purpose)
    return row


def read(
    actor: Actor, permission: Permission, rows: Sequence[Sealed], *, purpose: Purpose
) -> list[dict[str, Any]]:
    """The content of rows of one model, in the same order.

    Authorises each, counts the people against the quota, writes an audit entry for each, commits,
    then opens. Raises NotPermittedError when any row is not permitted, QuotaExceededError,
    AuditUnavailableError, and what sealing.records.unseal raises.
    """
    if not rows:
        return []
    opened = commits.commit(lambda: permit(actor, permission, rows, purpose=purpose))
    # The keeper counts too, by itself, what it opens for whom.
    with asking_as(actor.user_id):
        return records.unseal(opened)


def open_one(
    actor: Actor, permission: Permission, model: type[S], id: uuid.UUID, *, purpose: Purpose
) -> tuple[S, dict[str, Any]]:
    """The row with that id and its content, as `load` and `read` give them; raises what they do."""
    stand_in = model(pk=id)
    (row,) = commits.commit(lambda: permit(actor, permission, [stand_in], purpose=purpose))
    with asking_as(actor.user_id):
        (content,) = records.unseal([row])
    assert isinstance(row, model)  # noqa: S101 - for mypy
    return row, content


def count(
    actor: Actor, permission: Permission, row: Model, action: str, *, purpose: Purpose
) -> None:
    """Count whom a loaded row is about as shown to the actor, in the open transaction: for what is
    told of them out of the vault. Raises QuotaExceededError."""
    scope = granted(permission, actor, purpose)
    stood = None if scope is None else standing(type(row), scope, actor, row.pk)
    if stood is not None and stood.person_id is not None:
        now = timezone.now()
        quota.reveal(actor, {stood.person_id: not stood.in_work}, action, purpose, now)
        if stood.account_id is not None and actor.kind is ActorKind.STAFF:
            watch.notice_canaries(actor, {stood.account_id}, now)


def permit_hits(actor: Actor, ids: Sequence[uuid.UUID], *, purpose: Purpose) -> list[Account]:
    """As `permit`, for the accounts that a search found: one that is gone or revised since, or is
    not the actor's to be shown, is left out."""
    scope = granted(_HITS, actor, purpose)
    stood = {} if scope is None else standings(Account, scope, actor, ids)
    stored = _stored(Account, list(stood))
    current = [stored[pk] for pk in ids if pk in stored and stored[pk].is_current]
    return _revealed(actor, _HITS, current, stood, purpose)


def permit(
    actor: Actor, permission: Permission, rows: Sequence[Sealed], *, purpose: Purpose
) -> list[Sealed]:
    """The first half of `read`, for a commit that has more to do: the rows as they are stored now,
    permitted, counted and recorded. They may be opened once it is committed."""
    if not rows:
        return []
    model, ids = type(rows[0]), [row.pk for row in rows]
    scope = granted(permission, actor, purpose)
    stood = {} if scope is None else standings(model, scope, actor, ids)
    for pk in ids:
        if pk not in stood:
            _refuse(actor, permission, pk, purpose)
    stored = _stored(model, ids)
    return _revealed(actor, permission, [stored[pk] for pk in ids], stood, purpose)


def _revealed(
    actor: Actor,
    permission: Permission,
    opened: list[S],
    stood: Mapping[uuid.UUID, Standing],
    purpose: Purpose,
) -> list[S]:
    """Rows that are permitted, as they are stored now: counted and recorded."""
    now = timezone.now()
    opens = permission is not _HITS
    people: dict[uuid.UUID, bool] = {}
    shown = [stood[row.pk] for row in opened]
    for found in shown:
        if found.person_id is not None:
            off_case = opens and not found.in_work
            people[found.person_id] = people.get(found.person_id, False) or off_case
    quota.reveal(actor, people, permission.action, purpose, now)
    for row, found in zip(opened, shown, strict=True):
        off_case_mark = {"off_case": True} if found.person_id and people[found.person_id] else {}
        record(
            actor,
            permission.action,
            Resource.of(row),
            purpose,
            subject=found.account_id,
            **off_case_mark,
        )
    if opens and actor.kind is ActorKind.STAFF:
        accounts = {found.account_id for found in shown if found.account_id is not None}
        watch.notice_canaries(actor, accounts, now)
    return opened


def _stored(model: type[S], ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, S]:
    return {row.pk: row for some in filled(ids) for row in _by_id(model, len(some)).all(*some)}


@cache
def _by_id(model: type[S], count: int) -> Prepared[S]:
    def rows(*ids: uuid.UUID) -> QuerySet[S]:
        found = model._default_manager.filter(pk__in=ids).order_by()
        # An account is shown with where it comes from.
        return found.select_related("source", "office") if model is Account else found

    return Prepared(rows, *[uuid.UUID] * count)


@cache
def _about(rows: Rows) -> Prepared[Any]:
    return Prepared(rows, uuid.UUID)


def _in_scope(rows: QuerySet[M], scope: Scope, actor: Actor, id: object, lock: bool) -> M | None:
    """For rows that the caller narrowed or joined: one query."""
    allowed = rows_of(rows.model, actor, scope)
    permitted = rows if allowed is None else rows.filter(allowed)
    if lock:
        permitted = permitted.select_for_update(of=("self",))
    try:
        return permitted.filter(pk=id).first()
    except (ValidationError, ValueError, TypeError):
        return None


def _refuse(actor: Actor, permission: Permission, id: object, purpose: Purpose) -> NoReturn:
    """Raise NotPermittedError, having audited it where the actor is staff."""
    if actor.kind is not ActorKind.STAFF:
        raise NotPermittedError(NOT_PERMITTED)
    resource = Resource(permission.resource, _as_id(id))
    refusal = Refusal(actor, permission.action, resource, purpose, "not_permitted")

    def refuse() -> NoReturn:
        raise NotPermittedError(NOT_PERMITTED, refusal)

    commits.commit(refuse)
    raise AssertionError("unreachable")  # for mypy: commit raises what the work raises


def _as_id(id: object) -> str:
    """What was asked for, if it can be an id at all: what somebody typed into an address may be
    anything."""
    text = str(id)
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text if text == "any" or (text.isascii() and text.isdigit()) else "no_id"


__all__ = [
    "NOT_PERMITTED",
    "about",
    "among",
    "held",
    "load",
    "open_one",
    "permit",
    "read",
    "require",
    "staff_id",
    "visible",
]
