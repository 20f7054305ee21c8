"""What can go wrong when a report is written; each error names place, rule and next step."""

from __future__ import annotations


class ReportError(Exception):
    """Base of this room's errors."""


class ReportNotWrittenError(ReportError):
    """The page could not be put where it was asked for."""
