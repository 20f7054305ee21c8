"""CSV text into cells, losing nothing.

Rules: the separator (, ; tab |) is the one under which the first rows read as a header; a clean
file goes through polars; one with any irregularity is split by the careful reader below (RFC 4180,
and quotation marks that do not pair stay in the text as written). A row with too many filled
cells, or whose quotation mark does not close, is set aside; one with too few is completed with
empty cells and reported. Empty rows are skipped.

>>> from reknit.exchange.columns import PEOPLE
>>> read_csv(b"person_record_id;full_name\\n1;Amal\\n", PEOPLE, "a.csv").frame.rows()
[('1', 'Amal')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from reknit.exchange.columns import HEADER_SEARCH_ROWS, Header, TableSchema, locate_header
from reknit.exchange.encodings import to_utf8
from reknit.exchange.findings import (
    BLANKS,
    Finding,
    RawTable,
    SetAside,
    nul_bytes,
    shorten,
    unreadable_characters,
)

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 1_000_000
# Writing puts an apostrophe before cells that a spreadsheet would run; reading takes it off.
_NEUTRALISED = r"^'('*[=+\-@\t\r\n＝＋－＠])"


@dataclass(frozen=True, slots=True)
class Record:
    """One row as split: its first line, its cells; broken when its quotation marks do not pair."""

    line: int
    cells: list[str]
    broken: bool = False


def read_csv(data: bytes, schema: TableSchema, name: str) -> RawTable:
    """The cells of a CSV file given as bytes in any encoding; ExchangeError when it is no text."""
    decoded = to_utf8(data, name)
    text = decoded.data
    first = _separator_line(text)
    separator, header, start, line = _find_header(text, first, schema)
    end = _end_of_rows(text)
    if len(text) - end > 1:
        text = text[:end]
    width = len(header.labels)
    table = (
        _fast(text, (start, end), separator, width, line) if header.labels and start < end else None
    )
    if table is None:
        table = _careful(text[start:end].decode(), separator, header.labels, line)
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


def split_records(text: str, separator: str, line: int = 1) -> Iterator[Record]:
    """The rows of `text` (line ends are LF), the first on line number `line`."""
    cell = _cell_pattern(separator)
    position, end = 0, len(text)
    while position < end:
        stop = text.find("\n", position)
        stop = end if stop < 0 else stop
        row = text[position:stop]
        if '"' not in row:
            yield Record(line, row.split(separator))
        else:
            cells, after = _quoted_cells(text, position, cell, separator)
            if cells is None:
                yield Record(line, row.split(separator), broken=True)
            else:
                yield Record(line, cells)
                line += text.count("\n", position, after)
                stop = after
        position, line = stop + 1, line + 1


def _cell_pattern(separator: str) -> re.Pattern[str]:
    s = re.escape(separator)
    quoted = rf' *"([^"]*+(?:""[^"]*+)*+)" *(?=[{s}\n]|\Z)'
    bare = rf'((?! *")[^{s}\n]*+)(?=[{s}\n]|\Z)'
    return re.compile(f"{quoted}|{bare}")


def _quoted_cells(
    text: str, position: int, cell: re.Pattern[str], separator: str
) -> tuple[list[str] | None, int]:
    cells: list[str] = []
    while True:
        found = cell.match(text, position)
        if found is None:
            return None, position
        inside, bare = found.group(1, 2)
        cells.append(bare if inside is None else inside.replace('""', '"'))
        position = found.end()
        if position >= len(text) or text[position] != separator:
            return cells, position
        position += 1


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


def _fast(
    text: bytes, span: tuple[int, int], separator: str, width: int, first_line: int
) -> RawTable | None:
    """The cells through polars, None unless every count agrees with one cell a column a row.

    span: the bytes of `text` that are data, the first of them on line `first_line`.
    """
    schema = {str(n): pl.String for n in range(width)}
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            skip_lines=first_line - 1,
            schema=schema,
            separator=separator,
            empty_string_is_null=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    if any(frame.null_count().row(0)):
        return None
    newlines, separators, quotes = (text.count(c, *span) for c in (b"\n", separator.encode(), b'"'))
    lines = pl.int_range(first_line, first_line + frame.height, eager=True).alias("line")
    if quotes:
        if quotes % 2 or _anywhere(frame, pl.all().str.contains('"', literal=True).any()):
            return None
        if newlines + 1 != frame.height:
            inside = _count_inside(frame, "\n")
            newlines -= int(inside.sum())
            lines += inside.cum_sum() - inside
        separators -= int(_count_inside(frame, separator).sum())
    if newlines + 1 != frame.height or separators != frame.height * (width - 1):
        return None
    return RawTable((), frame, lines)


def _anywhere(frame: pl.DataFrame, flags: pl.Expr) -> bool:
    return any(frame.select(flags).row(0))


def _count_inside(frame: pl.DataFrame, sign: str) -> pl.Series:
    """How often `sign` stands in the cells of each row."""
    counts = pl.all().str.count_matches(sign, literal=True).cast(pl.Int64)
    return frame.select(pl.sum_horizontal(counts)).to_series()


def _careful(text: str, separator: str, labels: tuple[str, ...], first_line: int) -> RawTable:
    width = len(labels)
    rows: list[list[str]] = []
    lines: list[int] = []
    findings: list[Finding] = []
    set_aside: list[SetAside] = []
    for record in split_records(text, separator, first_line):
        cells = record.cells
        if not any(cell.strip(BLANKS) for cell in cells):
            continue
        while len(cells) > width and not cells[-1].strip(BLANKS):
            cells.pop()
        if len(cells) > width or (record.broken and len(cells) != width):
            reason = f"too many cells: {len(cells)} in this row, {width} in the header"
            if record.broken:
                reason = "open quotation mark: it begins a cell and does not end it"
            set_aside.append(SetAside(record.line, reason, tuple(cells)))
            continue
        if record.broken:
            findings.append(_unpaired(record.line, cells))
        if len(cells) < width:
            findings.append(_short(record.line, len(cells), labels))
            cells.extend([""] * (width - len(cells)))
        rows.append(cells)
        lines.append(record.line)
    frame = pl.DataFrame(rows, schema={str(n): pl.String for n in range(width)}, orient="row")
    return RawTable(
        labels, frame, pl.Series("line", lines, pl.Int64), "", tuple(findings), tuple(set_aside)
    )


def _unpaired(line: int, cells: list[str]) -> Finding:
    value = next(cell for cell in cells if '"' in cell)
    rule = "quotation marks do not pair; the row was read as written"
    return Finding(line, "", shorten(value), rule, "Check this row against the list", kept=True)


def _short(line: int, cells: int, labels: tuple[str, ...]) -> Finding:
    rule = f"short row: {cells} cells, {len(labels)} in the header; the rest is unknown"
    return Finding(line, labels[cells], "", rule, "Check that no cell slipped", kept=True)
