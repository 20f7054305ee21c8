"""How the database's rows are spread, which it must know to look a thing up by the right index.

Rules: gathered when a list has come in and each night; PostgreSQL does so by itself too, some
minutes late; SQLite never does, takes each key of an index to have ten rows, and walks through all
accounts where it should look up twenty. What it keeps is counts of rows a key, and no value.
"""

from __future__ import annotations

from django.db import connection

_MOST_ROWS = 1_000
"""That SQLite looks at in each index: some hundredths of a second for all of them."""


def gather() -> None:
    """Count anew; later questions, of this connection and of those opened from now on, go by it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit={_MOST_ROWS}")
        cursor.execute("ANALYZE")
