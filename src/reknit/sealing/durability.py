"""Refuse a database that forgets acknowledged writes when the power goes.

Source: trust.md: SQLite in WAL mode with synchronous=NORMAL lost 42 commits in 150 power cuts, FULL
none. PostgreSQL's documentation of `fsync` and `full_page_writes`: off risks corruption;
`synchronous_commit` off risks the last commits.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from reknit.sealing.errors import DurabilityError

_FULL = 2
_NEEDED = ("fsync", "full_page_writes", "synchronous_commit")


def require_durable() -> None:
    """Raise DurabilityError naming database, setting and remedy, where one would lose writes."""
    for alias in ("default", "keys"):
        found = weakness(connections[alias], alias)
        if found is not None:
            raise DurabilityError(found)


def weakness(connection: BaseDatabaseWrapper, alias: str) -> str | None:
    """What would lose writes, in one line; None where nothing would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            (level,) = cursor.fetchone()
            if level < _FULL:
                return (
                    f"database {alias}: SQLite's synchronous is {level}, below FULL: a loss of "
                    "power would lose acknowledged writes. Set it to FULL (2)."
                )
            return None
        for name in _NEEDED:
            cursor.execute(f"SHOW {name}")
            (value,) = cursor.fetchone()
            if value == "off":
                return (
                    f"database {alias}: PostgreSQL's {name} is off: a loss of power would lose "
                    f"acknowledged writes. Set {name} = on in postgresql.conf and reload it."
                )
    return None
