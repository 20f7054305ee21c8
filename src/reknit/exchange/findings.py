"""What reading a table leaves: rows, what is doubtful in them, and what was set aside.

Rules (docs/reference/tables.md): a bad field becomes unknown and is a `Finding`, its row stays;
only a row without an id, without a name or with a repeated id is set aside, and so is one that
cannot be split into the header's columns; nothing is dropped silently.

>>> Finding(7, "date_of_birth", "31/02/1990", "no such day", "Check the list").kept
False
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

SHORTENED = 40
# A cell of nothing else is empty.
BLANKS = " \t\n\u00a0\u3000"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing met in one field.

    line: 1-based line (CSV, JSON Lines) or row (XLSX, Parquet) of the source.
    column: the contract's column, "" when it is about the whole line.
    value: what was written, shortened to 40 characters.
    rule: what is wrong, or how it was read. next_step: what the list's owner can do.
    kept: True when the value is used all the same; False when the field became unknown.
    """

    line: int
    column: str
    value: str
    rule: str
    next_step: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that its reader could not take: `cells` as written, one a column of the header."""

    line: int
    reason: str
    cells: tuple[str, ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells before anything is judged.

    header: column names as written. frame: columns "0", "1", … in the header's order, all text,
    "" where absent. lines: the source line of each row.
    notes: how the file was read, where that was not plain ("header on line 3").
    """

    header: tuple[str, ...]
    frame: pl.DataFrame
    lines: pl.Series
    encoding: str = "utf-8"
    findings: tuple[Finding, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    notes: tuple[str, ...] = ()

    def without_empty_rows(self) -> RawTable:
        """Spreadsheets leave rows of nothing but separators behind a list."""
        if not self.frame.width:
            return self
        first = self.frame.to_series(0).str.strip_chars(BLANKS)
        if not (first == "").any():
            return self
        filled = pl.any_horizontal(pl.all().str.strip_chars(BLANKS) != "")
        keep = self.frame.select(filled).to_series()
        return replace(self, frame=self.frame.filter(keep), lines=self.lines.filter(keep))


def unreadable_characters(
    frame: pl.DataFrame, lines: pl.Series, header: tuple[str, ...]
) -> tuple[Finding, ...]:
    """A finding for each cell that holds U+FFFD, which stands for bytes that are no character."""
    findings = []
    for position, label in enumerate(header):
        column = frame.to_series(position)
        for row in column.str.contains("\ufffd", literal=True).arg_true().to_list():
            rule = "characters that could not be read"
            step = "Save the list as UTF-8 and check this cell"
            findings.append(Finding(lines[row], label, shorten(column[row]), rule, step, kept=True))
    return tuple(findings)


def nul_bytes(lines: tuple[int, ...]) -> tuple[Finding, ...]:
    """A finding for each line that held NUL bytes, which are no part of any text."""
    rule, step = "NUL bytes were removed", "Export the list again"
    return tuple(Finding(line, "", "", rule, step, kept=True) for line in lines)


def shorten(text: str) -> str:
    """At most 40 characters on one line, for messages."""
    flat = " ".join(text[: SHORTENED * 4].split())
    if len(flat) <= SHORTENED and len(text) <= SHORTENED * 4:
        return flat
    return flat[: SHORTENED - 1] + "…"
