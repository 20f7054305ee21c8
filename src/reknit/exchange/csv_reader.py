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
from reknit.exchange.findings import Finding, RawTable, SetAside, shorten

SEPARATORS = (",", ";", "\t", "|")
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
    text, skipped = _without_separator_line(decoded.data.rstrip(b"\n"))
    separator, header, start, line = _find_header(text, schema)
    body = text[start:]
    width = len(header.labels)
    table = _fast(body, separator, width, line + skipped) if header.labels else None
    if table is None:
        table = _careful(body.decode(), separator, header.labels, line + skipped)
    frame = table.frame
    if re.search(rb"'[=+\-@\t\n\xef]", body):
        frame = frame.with_columns(pl.all().str.replace(_NEUTRALISED, "$1"))
    nuls = tuple(
        Finding(n, "", "", "NUL bytes were removed", "Export the list again", kept=True)
        for n in decoded.nul_lines
    )
    notes = (f"header on line {line - 1}",) if header.rows > 1 else ()
    return RawTable(
        header.labels,
        frame,
        table.lines,
        decoded.encoding,
        nuls + table.findings,
        table.set_aside,
        notes,
    )


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


def _without_separator_line(text: bytes) -> tuple[bytes, int]:
    """Excel may write `sep=;` before the header."""
    found = re.match(rb'"?sep=.?"?\n', text, re.IGNORECASE)
    return (text, 0) if found is None else (text[found.end() :], 1)


def _find_header(text: bytes, schema: TableSchema) -> tuple[str, Header, int, int]:
    """The separator, the header, where the data begin (byte) and on which line."""
    sample = text[:1_000_000].decode("utf-8", "ignore")
    best: tuple[tuple[bool, int, int], str, Header, list[Record]] | None = None
    for separator in SEPARATORS:
        records = []
        for record in split_records(sample, separator):
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
        return separator, header, len(text), 1 + sample.count("\n")
    line = records[header.rows].line
    start = 0
    for _ in range(line - 1):
        start = text.index(b"\n", start) + 1
    return separator, header, start, line


def _fast(body: bytes, separator: str, width: int, first_line: int) -> RawTable | None:
    """The cells through polars, None unless every count agrees with one cell a column a row."""
    if not body:
        return None
    schema = {str(n): pl.String for n in range(width)}
    try:
        frame = pl.read_csv(
            body, has_header=False, schema=schema, separator=separator, empty_string_is_null=False
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    frame = frame.with_columns(pl.all().fill_null(""))
    newlines, separators, quotes = (body.count(c) for c in (b"\n", separator.encode(), b'"'))
    lines = pl.Series("line", range(first_line, first_line + frame.height), pl.Int64)
    if quotes:
        if quotes % 2 or frame.select(pl.any_horizontal(pl.all().str.contains('"').any())).item():
            return None
        inside = frame.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True)))
        inner = inside.to_series().cast(pl.Int64)
        newlines -= int(inner.sum())
        if inner.sum():
            lines += inner.cum_sum() - inner
        separators -= frame.select(
            pl.sum_horizontal(pl.all().str.count_matches(separator, literal=True).sum())
        ).item()
    if newlines + 1 != frame.height or separators != frame.height * (width - 1):
        return None
    return RawTable((), frame, lines)


def _careful(text: str, separator: str, labels: tuple[str, ...], first_line: int) -> RawTable:
    width = len(labels)
    rows: list[list[str]] = []
    lines: list[int] = []
    findings: list[Finding] = []
    set_aside: list[SetAside] = []
    for record in split_records(text, separator, first_line):
        cells = record.cells
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        while len(cells) > width and not cells[-1].strip():
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
