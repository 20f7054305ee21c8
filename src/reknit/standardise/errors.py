"""What can go wrong while standardising. Text that cannot be read is never an error: it is unknown.

>>> str(TableError("data/junk.tsv", "is missing", "reinstall reknit"))
'data/junk.tsv: is missing; reinstall reknit'
"""

from __future__ import annotations


class StandardiseError(Exception):
    """Base of this room's errors: the place, the rule that was broken, the next step."""

    def __init__(self, place: str, rule: str, next_step: str) -> None:
        super().__init__(f"{place}: {rule}; {next_step}")
        self.place = place
        self.rule = rule
        self.next_step = next_step


class TableError(StandardiseError):
    """A packaged data table is missing or malformed."""
