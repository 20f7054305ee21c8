"""CSV files into cells, losing nothing.

Rules: the separator (, ; tab |) is the one under which the first rows read as a header; a line
`sep=;` that Excel wrote before it is obeyed by being skipped; the rows are those of `csv_table`.
An apostrophe that writing put before a formula is taken off.

>>> from reknit.exchange.columns import PEOPLE
>>> read_csv(b"person_record_id;full_name\\n1;Amal\\n", PEOPLE, "a.csv").frame.rows()
[('1', 'Amal')]
"""

from __future__ import annotations

import re

import polars as pl

from reknit.exchange.columns import HEADER_SEARCH_ROWS, Header, TableSchema, locate_header
from reknit.exchange.csv_records import Record, split_records
from reknit.exchange.csv_table import careful_table, fast_table
from reknit.exchange.encodings import refuse_damage, to_utf8
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import RawTable, nul_bytes, unreadable_characters
from reknit.exchange.limits import refuse_swelling

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 1_000_000
# Writing puts an apostrophe before cells that a spreadsheet would run; reading takes it off.
_NEUTRALISED = r"^'('*[=+\-@\t\r\n＝＋－＠])"


def read_csv(data: bytes, schema: TableSchema, name: str, *, was_sent: bool = False) -> RawTable:
    """The cells of a CSV file given as bytes in any encoding; ExchangeError when it is no text, or
    more than may be sent in."""
    decoded = to_utf8(data, name)
    sent_as = name if was_sent else None
    refuse_damage(sent_as, decoded)
    text = decoded.data
    first = _separator_line(text)
    separator, header, start, line = _find_header(text, first, schema)
    if not header.labels:
        raise ExchangeError(name, "the file has no row", "Export the list again")
    end = _end_of_rows(text)
    if len(text) - end > 1:
        text = text[:end]
    width = len(header.labels)
    if was_sent:
        refuse_swelling(name, rows=text.count(b"\n", start) + 1, columns=width)
    table = None
    if start < end:
        table = fast_table(text, (start, end), separator, width, line)
    if table is None:
        table = careful_table(
            text[start:end].decode(), separator, header.labels, line, sent_as=sent_as
        )
    table = table.without_empty_rows()
    frame = _without_apostrophes(table.frame)
    findings = nul_bytes(decoded.nul_lines) + table.findings
    if decoded.damaged:
        findings += unreadable_characters(frame, table.lines, header.labels)
    notes = (f"header on line {line - 1}",) if header.rows > 1 else ()
    return RawTable(
        header.labels,
        frame,
        table.lines,
        decoded.encoding,
        findings,
        table.set_aside,
        notes,
    )


def _without_apostrophes(frame: pl.DataFrame) -> pl.DataFrame:
    quoted = frame.select(pl.all().str.starts_with("'").any()).row(0)
    columns = [
        column for column, any_quoted in zip(frame.columns, quoted, strict=True) if any_quoted
    ]
    return frame.with_columns(pl.col(columns).str.replace(_NEUTRALISED, "$1"))


def _separator_line(text: bytes) -> int:
    """Where the line ends that Excel may write before the header (`sep=;`); 0 without one."""
    found = re.match(rb'"?sep=.?"?\n', text, re.IGNORECASE)
    return 0 if found is None else found.end()


def _end_of_rows(text: bytes) -> int:
    end = len(text)
    while end and text[end - 1] == ord("\n"):
        end -= 1
    return end


def _find_header(text: bytes, first: int, schema: TableSchema) -> tuple[str, Header, int, int]:
    """The separator, the header, where the data begin (byte) and on which line.

    first: where the table begins, past a `sep=` line.
    """
    sample = text[first : first + _SAMPLE].decode("utf-8", "ignore")
    first_line = 2 if first else 1
    best: tuple[tuple[bool, int, int], str, Header, list[Record]] | None = None
    for separator in SEPARATORS:
        records = []
        for record in split_records(sample, separator, first_line):
            records.append(record)
            if len(records) == HEADER_SEARCH_ROWS + 1:
                break
        header = locate_header([r.cells for r in records], schema)
        labels = header.labels
        rank = schema.is_header(labels), len(schema.match(labels)), len(labels)
        if best is None or rank > best[0]:
            best = rank, separator, header, records
    assert best is not None  # noqa: S101 - SEPARATORS is not empty
    _, separator, header, records = best
    if header.rows >= len(records):
        return separator, header, len(text), first_line + sample.count("\n")
    line = records[header.rows].line
    start = 0
    for _ in range(line - 1):
        start = text.index(b"\n", start) + 1
    return separator, header, start, line
