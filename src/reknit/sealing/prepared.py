"""Ask the same question many times: a query that Django builds once, and not for each request,
where building it takes longer than the database takes to answer it.

Rules: a query is built once for each database, with stand-ins for what will be asked; whatever else
the builder reads (a setting, the time) stays as it was then, so that all that may differ is an
argument; a stand-in is nobody's value, so that one which stays in the query matches no row; rows
come as Django makes them, with `select_related`, annotations and `values_list`; a list to look in
has a fixed length, and `filled` fills it up.

    of_cookie = Prepared(lambda name: Session.objects.filter(session_key=name), str)
    row = of_cookie.first("5c1f…")
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, UUIDField
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")

TOGETHER = 16
"""How many values a list of several holds."""


class Prepared(Generic[T]):
    """A question. build: makes the query out of one argument for each of `kinds`, which are int,
    str, UUID, datetime or date. TypeError for any other kind."""

    def __init__(self, build: Callable[..., QuerySet[Any, T]], *kinds: type) -> None:
        unknown = set(kinds) - set(_STAND_INS)
        if unknown:
            raise TypeError(f"a question is not asked with {unknown}.")
        self._build, self._kinds = build, kinds
        self._built: dict[str, _Built | None] = {}

    def all(self, *values: Any) -> list[T]:
        """The rows for these values, one for each of `kinds`, in order."""
        if len(values) != len(self._kinds):
            raise TypeError(f"{len(self._kinds)} values are asked with, not {len(values)}.")
        connection = connections[self._alias]
        if connection.vendor not in self._built:
            self._built[connection.vendor] = self._made(connection)
        built = self._built[connection.vendor]
        if built is None:
            return []
        stored = [_stored(*one, connection) for one in zip(self._kinds, values, strict=True)]
        params = [one if at is None else stored[at] for at, one in built.params]
        with connection.cursor() as cursor:
            cursor.execute(built.sql, params)
            rows = cursor.fetchall()
        return built.rows_of(_converted(rows, built.converters, connection))

    def first(self, *values: Any) -> T | None:
        """The first of the rows, if there is any."""
        return next(iter(self.all(*values)), None)

    @cached_property
    def _alias(self) -> str:
        return self._query().db

    def _query(self) -> QuerySet[Any, T]:
        return self._build(*(_STAND_INS[kind](at) for at, kind in enumerate(self._kinds)))

    def _made(self, connection: BaseDatabaseWrapper) -> _Built | None:
        """The query's text, what goes where in it, and what becomes of its rows; None where it can
        match none."""
        query = self._query()
        compiler = query.query.get_compiler(connection=connection)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = {
            _stored(kind, _STAND_INS[kind](at), connection): at
            for at, kind in enumerate(self._kinds)
        }
        params = [(places.get(one) if isinstance(one, Hashable) else None, one) for one in given]
        columns = [column for column, _, _ in compiler.select or ()]
        converters = compiler.get_converters(columns).items()
        return _Built(sql, params, list(converters), _rows_of(query, compiler))


class _Built(NamedTuple):
    """params: for each place in the text the number of the argument that goes there, or None and
    the value that always does. converters: by column, Django's, with the column's expression."""

    sql: str
    params: list[tuple[int | None, Any]]
    converters: list[tuple[int, Any]]
    rows_of: Callable[[list[Any]], list[Any]]


def filled(values: Sequence[T]) -> Iterator[list[T]]:
    """Several values in lists of one length, TOGETHER, or of one where there is one; the last is
    filled up with its first, which finds the same rows.

    >>> [len(some) for some in filled(range(20))], list(filled(["one"]))
    ([16, 16], [['one']])
    """
    for start in range(0, len(values), TOGETHER):
        some = list(values[start : start + TOGETHER])
        yield some if len(values) == 1 else some + some[:1] * (TOGETHER - len(some))


def _rows_of(query: QuerySet[Any, Any], compiler: SQLCompiler) -> Callable[[list[Any]], list[Any]]:
    """What makes a query's rows of the database's, as the query's own way of being read does
    (django.db.models.query: ModelIterable, ValuesListIterable, FlatValuesListIterable)."""
    if query._iterable_class is FlatValuesListIterable:
        return lambda rows: [row[0] for row in rows]
    if query._iterable_class is ValuesListIterable:
        return lambda rows: [tuple(row) for row in rows]
    info, select, alias = compiler.klass_info, compiler.select, query.db
    if query._iterable_class is not ModelIterable or info is None:
        raise TypeError("a prepared question is for rows, or values_list without names.")
    model, chosen = info["model"], info["select_fields"]
    start, end = chosen[0], chosen[-1] + 1
    names = [select[at][0].target.attname for at in range(start, end)]
    # The stubs describe a newer Django, which takes one argument more.
    related = get_related_populators(info, select, alias)  # type: ignore[call-arg]
    added = compiler.annotation_col_map.items()

    def rows_of(rows: list[Any]) -> list[Any]:
        made = []
        for row in rows:
            one = model.from_db(alias, names, row[start:end])
            for populator in related:
                populator.populate(row, one)
            for name, at in added:
                setattr(one, name, row[at])
            made.append(one)
        return made

    return rows_of


def _converted(rows: list[Any], converters: list[tuple[int, Any]], connection: Any) -> list[Any]:
    """The rows with each column's converters applied."""
    if not converters:
        return rows
    changed = [list(row) for row in rows]
    for row in changed:
        for at, (steps, column) in converters:
            value = row[at]
            for step in steps:
                value = step(value, column, connection)
            row[at] = value
    return changed


_UUID = UUIDField()
_NOBODY = UUID("b7d1c0de-0000-4000-8000-57a4d1400000").int
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda at: -8_123_456_700 - at,
    str: lambda at: f"stand-in {UUID(int=_NOBODY)} {at}",
    UUID: lambda at: UUID(int=_NOBODY + at),
    datetime: lambda at: datetime(1, 1, 2, microsecond=at, tzinfo=UTC),
    date: lambda at: date(1, 1, 2 + at),
}


def _stored(kind: type, value: Any, connection: Any) -> Any:
    """A value as this database's parameters have it."""
    if value is None or kind is str:
        return value
    if kind is UUID:
        return _UUID.get_db_prep_value(value, connection)
    if kind is int:
        return connection.ops.adapt_integerfield_value(value, "BigIntegerField")
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)
