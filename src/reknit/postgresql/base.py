"""The database engine that Django loads by the name `reknit.postgresql`.

Rule: a number is sent as the server reads a literal: four bytes where it fits, else eight
(PostgreSQL's manual, 4.1.2.6). Django sends it as wide as the field it stands for, and takes an
IntegerField for what is added to a column: bound on the server, `F("at_us") - 5_000_000_000` would
lose its upper half without a word.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.types.numeric import Int4, Int8

_FOUR_BYTES = range(-(2**31), 2**31)


class DatabaseOperations(operations.DatabaseOperations):
    """Django's, but for numbers."""

    def adapt_integerfield_value(self, value: Any, internal_type: str) -> Any:
        """A number as it is sent; None and expressions as they are."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return Int4(value) if value in _FOUR_BYTES else Int8(value)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with those operations."""

    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Whether the server still holds its end. Django asks it a question, a round trip for each
        request and each commit; a server that has gone has closed the connection or said why, and
        either can be read. Asked only then."""
        connection = self.connection
        if connection is None or connection.closed:
            return False
        said = select.poll()
        said.register(connection.fileno(), select.POLLIN)
        return not said.poll(0) or super().is_usable()
