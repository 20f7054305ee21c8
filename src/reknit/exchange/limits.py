"""How large a table that is sent in may be once it is opened.

Rules: packed, a file that is sent in is small, and unpacked a few kilobytes can fill the server's
memory. What is sent in through a page is therefore bounded by its cells before they are made; a
file of one's own, read by a command, is bounded by its reader alone. With these bounds no format
takes 512 MB (trust: test 14).

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
