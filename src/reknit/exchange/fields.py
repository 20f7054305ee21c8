"""Each field against the contract: a bad one becomes unknown and is reported, its row stays.

Rules: text that already has the contract's form is checked in bulk and never read one by one;
every other distinct text is read once. Cells over 100,000 characters become unknown.
"""

from __future__ import annotations

import polars as pl

from reknit.exchange.columns import PEOPLE_COLUMNS
from reknit.exchange.findings import Finding, shorten

MOST_CHARACTERS = 100_000


def check_fields(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """`rows` with bad fields emptied, and what was found."""
    findings: list[Finding] = []
    longest = rows.select(pl.col(PEOPLE_COLUMNS).str.len_bytes().max()).row(0)
    for column, length in zip(PEOPLE_COLUMNS, longest, strict=True):
        if length is not None and length > MOST_CHARACTERS:
            rows = _empty_long(rows, column, findings)
    return rows, tuple(findings)


def _empty_long(rows: pl.DataFrame, column: str, findings: list[Finding]) -> pl.DataFrame:
    too_long = pl.col(column).str.len_chars() > MOST_CHARACTERS
    for line, value in rows.filter(too_long).select("line", column).iter_rows():
        rule = f"a cell of {len(value):,} characters; {MOST_CHARACTERS:,} is the limit"
        findings.append(Finding(line, column, shorten(value), rule, "Shorten it in the list"))
    return rows.with_columns(pl.when(too_long).then(pl.lit("")).otherwise(column).alias(column))
