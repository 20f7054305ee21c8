"""Parquet into cells.

Rules: every column becomes the contract's text (`cells.cell_text`); a file that claims more than
50 million rows is refused, for a few bytes can claim any number.
"""

from __future__ import annotations

import io

import polars as pl

from reknit.exchange.cells import NestedValueError, cell_text
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import Finding, RawTable, shorten
from reknit.exchange.limits import refuse_swelling

MOST_ROWS = 50_000_000


def read_parquet(data: bytes, name: str, *, was_sent: bool = False) -> RawTable:
    """The cells of a Parquet file; ExchangeError when it is damaged, too large, or more than may be
    sent in."""
    try:
        scanned = pl.scan_parquet(io.BytesIO(data))
        rows = scanned.select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            raise ExchangeError(name, f"more than {MOST_ROWS:,} rows", "Split the file")
        if was_sent:
            refuse_swelling(name, rows=rows, columns=len(scanned.collect_schema()))
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise ExchangeError(name, "this Parquet file is damaged", "Export the list again") from None
    findings: list[Finding] = []
    columns = [_as_text(frame.to_series(n), findings).alias(str(n)) for n in range(frame.width)]
    lines = pl.Series("line", range(1, frame.height + 1), pl.Int64)
    return RawTable(tuple(frame.columns), pl.DataFrame(columns), lines, "utf-8", tuple(findings))


def _as_text(column: pl.Series, findings: list[Finding]) -> pl.Series:
    kind = column.dtype
    if kind == pl.String or isinstance(kind, pl.Categorical | pl.Enum) or kind.is_integer():
        return column.cast(pl.String).fill_null("")
    if kind == pl.Date:
        return column.dt.to_string("iso").fill_null("")
    if kind == pl.List(pl.String):
        return column.list.drop_nulls().list.join("\n").fill_null("")
    texts: list[str] = []
    for row, value in enumerate(column.to_list(), 1):
        try:
            texts.append(cell_text(value))
        except NestedValueError:
            texts.append("")
            rule = "a nested value cannot stand in a cell"
            findings.append(Finding(row, column.name, shorten(repr(value)), rule, "Flatten it"))
    return pl.Series(column.name, texts, pl.String)
