"""The rows of a CSV file as a table: the fast way when all agrees, else the careful way.

Rules: polars splits a file only when every line end, separator and quotation mark is accounted
for: one cell a column a row. Else the rows are told apart one by one; those that are clean still
go through polars together, and of the others a row with too many filled cells, or an open
quotation mark, is set aside; one with too few is completed and reported. Empty rows are skipped.

>>> careful_table("1,Amal\\n2", ",", ("id", "name"), 2).frame.rows()
[('1', 'Amal'), ('2', '')]
"""

from __future__ import annotations

import polars as pl

from reknit.exchange.csv_records import Record, split_records
from reknit.exchange.findings import BLANKS, Finding, RawTable, SetAside, shorten
from reknit.exchange.limits import refuse_findings

_AT_ONCE = 20_000
"""Rows that are held as Python's strings together: each takes many times its letters."""


def fast_table(
    text: bytes, span: tuple[int, int], separator: str, width: int, first_line: int
) -> RawTable | None:
    """The cells through polars, None unless every count agrees with one cell a column a row.

    span: the bytes of `text` that are data, the first of them on line `first_line`.
    """
    frame = _through_polars(text, separator, width, first_line - 1)
    if frame is None:
        return None
    newlines, separators, quotes = (text.count(c, *span) for c in (b"\n", separator.encode(), b'"'))
    lines = pl.int_range(first_line, first_line + frame.height, eager=True).alias("line")
    if quotes:
        marks = frame.select(pl.all().str.contains('"', literal=True).any()).row(0)
        if quotes % 2 or any(marks):
            return None
        if newlines + 1 != frame.height:
            inside = _count_inside(frame, "\n")
            newlines -= int(inside.sum())
            lines += inside.cum_sum() - inside
        separators -= int(_count_inside(frame, separator).sum())
    if newlines + 1 != frame.height or separators != frame.height * (width - 1):
        return None
    return RawTable((), frame, lines)


def careful_table(
    text: str,
    separator: str,
    labels: tuple[str, ...],
    first_line: int,
    *,
    sent_as: str | None = None,
) -> RawTable:
    """The cells of `text` whatever state it is in, the first row on line `first_line`.

    sent_as: the name of a file that was sent in; ExchangeError where too much of it is doubtful.
    """
    width = len(labels)
    plain: list[Record] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    frames: list[pl.DataFrame] = []
    rules: dict[int, str] = {}
    findings: list[Finding] = []
    set_aside: list[SetAside] = []
    for record in split_records(text, separator, first_line, plain_width=width):
        if len(rows) + len(plain) >= _AT_ONCE:
            frames.append(_part(rows, lines, plain, separator, width))
            rows, lines, plain = [], [], []
        if record.plain:
            plain.append(record)
            continue
        cells = record.cells
        if not any(cell.strip(BLANKS) for cell in cells):
            continue
        while len(cells) > width and not cells[-1].strip(BLANKS):
            cells.pop()
        if len(cells) > width or (record.broken and len(cells) != width):
            set_aside.append(SetAside(record.line, _reason(record, width), tuple(cells)))
            refuse_findings(sent_as, len(findings) + len(set_aside))
            continue
        if record.broken:
            findings.append(_unpaired(record))
        if len(cells) < width:
            rule = rules.setdefault(len(cells), _short_rule(len(cells), labels))
            findings.append(_short(record.line, labels[len(cells)], rule))
            refuse_findings(sent_as, len(findings) + len(set_aside))
            cells.extend([""] * (width - len(cells)))
        rows.append(cells)
        lines.append(record.line)
    frames.append(_part(rows, lines, plain, separator, width))
    frame = pl.concat(frames)
    return RawTable(
        labels, frame.drop("line"), frame["line"], "", tuple(findings), tuple(set_aside)
    )


def _through_polars(text: bytes, separator: str, width: int, skipped: int) -> pl.DataFrame | None:
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            skip_lines=skipped,
            schema={str(n): pl.String for n in range(width)},
            separator=separator,
            empty_string_is_null=False,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return None if any(frame.null_count().row(0)) else frame


def _part(
    rows: list[list[str]], lines: list[int], plain: list[Record], separator: str, width: int
) -> pl.DataFrame:
    """These rows in the order of their lines."""
    frame = _frame(rows, width, lines)
    if not plain:
        return frame
    return pl.concat([frame, _plain_frame(plain, separator, width)]).sort("line")


def _plain_frame(records: list[Record], separator: str, width: int) -> pl.DataFrame:
    text = "\n".join(record.plain for record in records)
    frame = _through_polars(text.encode(), separator, width, 0)
    lines = [record.line for record in records]
    if frame is None or frame.height != len(records):
        return _frame([record.cells for record in split_records(text, separator)], width, lines)
    return frame.with_columns(pl.Series("line", lines, pl.Int64))


def _frame(rows: list[list[str]], width: int, lines: list[int]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={str(n): pl.String for n in range(width)}, orient="row")
    return frame.with_columns(pl.Series("line", lines, pl.Int64))


def _count_inside(frame: pl.DataFrame, sign: str) -> pl.Series:
    """How often `sign` stands in the cells of each row."""
    counts = pl.all().str.count_matches(sign, literal=True).cast(pl.Int64)
    return frame.select(pl.sum_horizontal(counts)).to_series()


def _reason(record: Record, width: int) -> str:
    if record.broken:
        return "open quotation mark: it begins a cell and does not end it"
    return f"too many cells: {len(record.cells)} in this row, {width} in the header"


def _unpaired(record: Record) -> Finding:
    value = next(cell for cell in record.cells if '"' in cell)
    rule = "quotation marks do not pair; the row was read as written"
    step = "Check this row against the list"
    return Finding(record.line, "", shorten(value), rule, step, kept=True)


def _short_rule(cells: int, labels: tuple[str, ...]) -> str:
    return f"short row: {cells} cells, {len(labels)} in the header; the rest is unknown"


def _short(line: int, column: str, rule: str) -> Finding:
    return Finding(line, column, "", rule, "Check that no cell slipped", kept=True)
