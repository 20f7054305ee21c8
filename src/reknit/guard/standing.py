"""How a row stands to an actor: whose it is, may they have it, does their work lead there.

Rules: one query answers, whether the row is there or not; it is built once for each model, scope
and role, with stand-ins for the actor and the row, and asked with theirs: building it anew for each
request took three quarters of the time of a read. A stand-in is nobody's id, so that one which
stays in the query matches no row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Case, F, Model, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Coalesce

from reknit.guard import scoping
from reknit.guard.permissions import Scope
from reknit.records.models import Account
from reknit.vocabulary import Actor, ActorKind

_USER, _OFFICE, _NUMBER = -8_123_456_701, -8_123_456_702, -8_123_456_703
_UUID = uuid.UUID("b7d1c0de-0000-4000-8000-57a4d1400000")
_HELD = uuid.UUID("b7d1c0de-0000-4000-8000-57a4d1500000")
_TOGETHER = 16
"""How many rows one query of several asks about; fewer are filled up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a row that the actor may have. account_id, person_id: whose content it holds, if
    anybody's. in_work: the actor's own work leads there."""

    account_id: uuid.UUID | None
    person_id: uuid.UUID | None
    in_work: bool


def standing(model: type[Model], scope: Scope, actor: Actor, pk: object) -> Standing | None:
    """None where there is no such row in that scope of the actor's, or pk is no id at all."""
    key: Any = model._meta.pk
    try:
        wanted = key.get_db_prep_value(key.to_python(pk), connection)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None
    if wanted is None:
        return None
    return next(iter(_asked(model, scope, actor, [wanted]).values()), None)


def standings(
    model: type[Model], scope: Scope, actor: Actor, pks: Sequence[Any]
) -> dict[Any, Standing]:
    """`standing` of several rows by their ids, as the model has them; those that are None are left
    out."""
    key: Any = model._meta.pk
    wanted = [key.get_db_prep_value(pk, connection) for pk in pks]
    found: dict[Any, Standing] = {}
    for start in range(0, len(wanted), _TOGETHER):
        found |= _asked(model, scope, actor, wanted[start : start + _TOGETHER])
    return {pk: found[one] for pk, one in zip(pks, wanted, strict=True) if one in found}


def _asked(
    model: type[Model], scope: Scope, actor: Actor, wanted: Sequence[Any]
) -> dict[Any, Standing]:
    """By database value of the id."""
    count = 1 if len(wanted) == 1 else _TOGETHER
    prepared = _prepared(
        model, scope, _without_ids(actor), count, connection.vendor, scoping.declarations()
    )
    if prepared is None:
        return {}
    sql, params = prepared
    filled = [*wanted, *[wanted[0]] * (count - len(wanted))]
    key: Any = model._meta.pk
    stand_ins = [key.get_db_prep_value(one, connection) for one in _stand_ins(model, count)]
    given: Mapping[Any, Any] = {
        _USER: actor.user_id,
        _OFFICE: actor.office_id,
        _as_stored(_HELD): _as_stored(actor.holds),
        **dict(zip(stand_ins, filled, strict=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(param, param) for param in params])
        return {
            pk: Standing(_as_uuid(account_id), _as_uuid(person_id), bool(in_work))
            for pk, account_id, person_id, in_work in cursor.fetchall()
        }


Asked = tuple[Callable[[uuid.UUID], QuerySet[Any]], Scope]


def listed(asked: Sequence[Asked], actor: Actor, person_id: uuid.UUID) -> list[set[Any]]:
    """For each `rows` and scope, the keys of those of `rows(person_id)` that are in that scope of
    the actor's: by one query for all, built once, so that `rows` asks nothing itself."""
    found: list[set[Any]] = [set() for _ in asked]
    prepared = _prepared_list(
        tuple(asked), _without_ids(actor), connection.vendor, scoping.declarations()
    )
    if prepared is None:
        return found
    sql, params = prepared
    given: Mapping[Any, Any] = {
        _USER: actor.user_id,
        _OFFICE: actor.office_id,
        _as_stored(_HELD): _as_stored(actor.holds),
        _as_stored(_UUID): _as_stored(person_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(param, param) for param in params])
        for number, key in cursor.fetchall():
            # As text, since some keys are numbers and some are not.
            found[number].add(int(key) if key.isdecimal() and len(key) < 32 else uuid.UUID(key))
    return found


@cache
def _prepared_list(
    asked: tuple[Asked, ...], actor: Actor, vendor: str, declared: int
) -> tuple[str, tuple[Any, ...]] | None:
    """The query for keys and its parameters, for stand-ins; see `_prepared`."""
    parts: list[str] = []
    params: list[Any] = []
    for number, (rows, scope) in enumerate(asked):
        wanted = rows(_UUID).order_by()
        allowed = scoping.rows_of(wanted.model, actor, scope)
        if allowed is not None:
            wanted = wanted.filter(allowed)
        try:
            sql, given = wanted.values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        # A number of ours, and a query of Django's with its parameters apart.
        parts.append(f"SELECT {number}, CAST(of.pk AS varchar(36)) FROM ({sql}) of")  # noqa: S608
        params += given
    return (" UNION ALL ".join(parts), tuple(params)) if parts else None


@cache
def _prepared(
    model: type[Model], scope: Scope, actor: Actor, count: int, vendor: str, declared: int
) -> tuple[str, tuple[Any, ...]] | None:
    """The query and its parameters, for a stand-in of the actor and of `count` rows; None where no
    row can match.

    vendor, declared: the database and how much was declared in guard/scoping.py; only part of the
    key, so that neither is answered by a query that was built for another.
    """
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=_stand_ins(model, count)).order_by()
    allowed = scoping.rows_of(model, actor, scope)
    if allowed is not None:
        rows = rows.filter(allowed)
    paths = scoping.belongs(model).account
    accounts = [F("pk" if path == "pk" else f"{path}_id") for path in paths]
    people = [F("identity_id" if path == "pk" else f"{path}__identity_id") for path in paths]
    people += [F(path) for path in scoping.belongs(model).person]
    is_staff = actor.kind is ActorKind.STAFF
    work = scoping.rows_of_work(model, actor) if is_staff else Q(pk__in=[])
    asked = rows.annotate(
        guard_account=_first(accounts),
        guard_person=_first(people),
        guard_work=Case(When(work, then=Value(True)), default=Value(False)),
    ).values_list("pk", "guard_account", "guard_person", "guard_work")
    try:
        sql, params = asked.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def _stand_ins(model: type[Model], count: int) -> list[uuid.UUID] | list[int]:
    """Ids that no row has."""
    if isinstance(model._meta.pk, UUIDField):
        return [uuid.UUID(int=_UUID.int + n) for n in range(count)]
    return [_NUMBER - n for n in range(count)]


def _without_ids(actor: Actor) -> Actor:
    """The same kind of actor, whoever it is."""
    return replace(
        actor,
        user_id=None if actor.user_id is None else _USER,
        office_id=None if actor.office_id is None else _OFFICE,
        holds=None if actor.holds is None else _HELD,
    )


def _as_stored(value: uuid.UUID | None) -> Any:
    """An id as this database's parameters have it."""
    return Account._meta.get_field("identity_id").get_db_prep_value(value, connection)


def _first(found: list[F]) -> Any:
    if not found:
        return Value(None, output_field=UUIDField())
    return found[0] if len(found) == 1 else Coalesce(*found)


def _as_uuid(value: Any) -> uuid.UUID | None:
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)
