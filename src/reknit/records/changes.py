"""Number the changes of accounts, so that the search index can follow them.

Rules: numbers are given inside the changing transaction and become visible in their order.
"""

from __future__ import annotations

from django.db import connection

from reknit.records.models.changes import ChangeCounter

_ONLY = 1


def next_change() -> int:
    """The number of the change that the current transaction makes, greater than all before."""
    number = _counted()
    if number is None:
        ChangeCounter.objects.get_or_create(id=_ONLY)
        number = _counted()
    assert number is not None  # noqa: S101 - for mypy
    return number


def _counted() -> int | None:
    """One more, by one statement, which Django's `update` and a second look would take two for."""
    table = ChangeCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET latest = latest + 1 WHERE id = %s RETURNING latest",  # noqa: S608 - our table
            [_ONLY],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])
