"""What can go wrong with records."""

from __future__ import annotations


class RecordsError(Exception):
    """Base of this room's errors; the text is one line for people."""


class UnknownRecordError(RecordsError):
    """No such record, or no longer."""


class AlreadyUndoneError(RecordsError):
    """It was undone before; there is nothing to undo."""
