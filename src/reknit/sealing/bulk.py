"""Insert or update many rows of one model at once: Django's `bulk_create` and `bulk_update` without
building one large statement, which costs more than the write itself.

Rules: inside the caller's transaction; no signals, nothing is read back; the text of a statement is
made of the model's own table and columns, quoted, and every value is a parameter (so S608 is silent
here).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


def insert(rows: Sequence[Model]) -> None:
    """Insert rows of one model. Raises IntegrityError as `bulk_create` does."""
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    # An automatic id is the database's to give.
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or rows[0].pk is not None]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes})"  # noqa: S608

    def values() -> Iterator[list[Any]]:
        for row in rows:
            yield [
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for field in fields
            ]

    _run(connection, sql, list(values()))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(rows: Sequence[Model], names: Collection[str]) -> None:
    """Write some fields of rows of one model that are there already."""
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    key = model._meta.pk
    quote = connection.ops.quote_name
    setting = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    table, where = quote(model._meta.db_table), quote(str(key.column))
    sql = f"UPDATE {table} SET {setting} WHERE {where} = %s"  # noqa: S608

    def values() -> Iterator[list[Any]]:
        for row in rows:
            yield [
                field.get_db_prep_save(field.pre_save(row, add=False), connection)
                for field in (*fields, key)
            ]

    _run(connection, sql, list(values()))


def _run(connection: BaseDatabaseWrapper, sql: str, values: list[list[Any]]) -> None:
    with connection.cursor() as cursor:
        if len(values) == 1:  # many are sent in a pipeline, which takes longer to begin
            cursor.execute(sql, values[0])
        else:
            cursor.executemany(sql, values)
