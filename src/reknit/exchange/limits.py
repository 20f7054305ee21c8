"""How large a table that is sent in may be once it is opened.

Rules: packed, a file that is sent in is small, and unpacked a few kilobytes can fill the server's
memory; so can a text that stands in the file once and in thousands of its cells. What is sent in
through a page is therefore bounded by its cells, and by the text that they come to together,
before they are made; a file of one's own, read by a command, is bounded by its reader alone.
Within these bounds the hostile lists of `tests/exchange/test_limits.py`, and the largest that are
taken there, stay below 512 MB (trust: test 14).

>>> refuse_swelling("list.csv", rows=2, columns=3)
>>> refuse_swelling("list.csv", rows=3_000_000, columns=20)
Traceback (most recent call last):
    ...
reknit.exchange.errors.ExchangeError: list.csv: 3,000,000 rows of 20 columns are 60,000,000 cells; \
8,000,000 is the most that can be sent in. Split the list, or leave out columns that are empty.
"""

from __future__ import annotations

from reknit.exchange.errors import ExchangeError

MOST_SENT_CELLS = 8_000_000
"""Rows times columns, empty cells included."""
MOST_SENT_UNPACKED_BYTES = 150_000_000
MOST_SENT_TEXTS = 1_500_000
"""A workbook's cells and shared texts, which cost far more than a cell of CSV."""

MOST_SENT_TEXT_BYTES = 60_000_000
"""The text of all cells as UTF-8: what 20 MB of CSV come to when each byte is a letter of three."""
MOST_SENT_ASIDE_BYTES = 20_000_000
"""The text of the rows set aside, which come back corrected in a file that may have so much."""

MOST_SENT_FINDINGS = 500_000
"""Doubtful fields and short rows together, of which each is an object of its own."""


def refuse_swelling(name: str, *, rows: int, columns: int) -> None:
    """ExchangeError where a file that was sent in has more cells than it may."""
    cells = rows * columns
    if cells > MOST_SENT_CELLS:
        raise ExchangeError(
            name,
            f"{rows:,} rows of {columns:,} columns are {cells:,} cells; "
            f"{MOST_SENT_CELLS:,} is the most that can be sent in",
            "Split the list, or leave out columns that are empty",
        )


def refuse_text(name: str, text_bytes: int) -> None:
    """ExchangeError where the cells of a file that was sent in come to more text than they may."""
    if text_bytes > MOST_SENT_TEXT_BYTES:
        raise ExchangeError(
            name,
            f"its cells come to more than {MOST_SENT_TEXT_BYTES // 1_000_000} MB of text, which is "
            "the most that can be sent in",
            "Shorten what stands in every row, or split the list",
        )


def refuse_aside(name: str, text_bytes: int) -> None:
    """ExchangeError where the rows set aside are more than can be sent in again, corrected."""
    if text_bytes > MOST_SENT_ASIDE_BYTES:
        raise ExchangeError(
            name,
            "the rows that would be set aside come to more than "
            f"{MOST_SENT_ASIDE_BYTES // 1_000_000} MB of text",
            "Correct the list, or split it",
        )


def refuse_findings(name: str | None, count: int) -> None:
    """ExchangeError where a file that was sent in has more that is doubtful than is listed; None
    for one that was not sent in."""
    if name is not None and count > MOST_SENT_FINDINGS:
        raise ExchangeError(
            name,
            f"more than {MOST_SENT_FINDINGS:,} of its fields and rows are doubtful",
            "Correct the list, or split it",
        )
