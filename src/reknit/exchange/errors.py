"""What can go wrong with a file: one base, so that a caller can catch the whole room.

An error is one line that says where, which rule was broken, and what to do next.

>>> print(ExchangeError("people.csv", "the file is empty", "Export the list again"))
people.csv: the file is empty. Export the list again.
"""

from __future__ import annotations


class ExchangeError(Exception):
    """A file cannot be read or written.

    place: the file and, where known, the line or the column.
    rule: what was expected and not met.
    next_step: what the person can do now.
    """

    def __init__(self, place: str, rule: str, next_step: str) -> None:
        self.place = one_line(place)
        self.rule = one_line(rule).rstrip(".")
        self.next_step = one_line(next_step).rstrip(".")
        super().__init__(f"{self.place}: {self.rule}. {self.next_step}.")


class OutputError(ExchangeError):
    """The output path itself is wrong use: its ending or its folder (the commands' exit 2)."""


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line, without control characters, at most `limit` characters."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
