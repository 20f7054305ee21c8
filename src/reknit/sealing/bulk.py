"""Insert many new rows of one model at once: Django's `bulk_create` without building one large
statement, which costs more than the insert itself.

Rules: for new rows only, inside the caller's transaction; no signals, nothing is read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, router
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

    with connection.cursor() as cursor:
        cursor.executemany(sql, list(values()))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
