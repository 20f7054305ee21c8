"""Parquet into cells.

Rules: every column becomes the contract's text (`cells.cell_text`); a file that claims more than
50 million rows is refused, for a few bytes can claim any number. What was sent in is bounded by
what its pages say before one is unpacked, and by its text before a text is made: a name that
stands there once can be in every row (`limits`).
"""

from __future__ import annotations

import io

import polars as pl

from reknit.exchange.cells import NestedValueError, cell_text
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import Finding, RawTable, shorten
from reknit.exchange.limits import (
    MOST_SENT_CELLS,
    MOST_SENT_UNPACKED_BYTES,
    refuse_findings,
    refuse_swelling,
    refuse_text,
)
from reknit.exchange.parquet_pages import unpacked

MOST_ROWS = 50_000_000
_AT_ONCE = 20_000
"""Rows that are made text together."""


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
            _refuse_pages(data, name)
        frame = pl.read_parquet(io.BytesIO(data))
    except (
        pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, LookupError,
        TypeError, AttributeError,
    ):  # fmt: skip
        raise ExchangeError(name, "this Parquet file is damaged", "Export the list again") from None
    text_bytes = 0
    if was_sent:
        refuse_text(name, sum(map(_text_bytes, frame.iter_columns())))
    findings: list[Finding] = []
    columns = []
    for number, column in enumerate(frame.iter_columns()):
        parts: list[pl.Series] = []
        for part in column.to_frame().iter_slices(_AT_ONCE):
            texts = _as_text(part.to_series(), findings, len(parts) * _AT_ONCE)
            if was_sent:  # a number has as many letters as it has
                text_bytes += int(texts.str.len_bytes().sum())
                refuse_text(name, text_bytes)
                refuse_findings(name, len(findings))
            parts.append(texts)
        texts = pl.concat(parts) if parts else pl.Series([], dtype=pl.String)
        columns.append(texts.alias(str(number)))
    lines = pl.Series("line", range(1, frame.height + 1), pl.Int64)
    return RawTable(tuple(frame.columns), pl.DataFrame(columns), lines, "utf-8", tuple(findings))


def _refuse_pages(data: bytes, name: str) -> None:
    told = unpacked(data, most_bytes=MOST_SENT_UNPACKED_BYTES)
    if told.bytes > MOST_SENT_UNPACKED_BYTES:
        raise ExchangeError(
            name,
            f"the file unpacks to more than {MOST_SENT_UNPACKED_BYTES // 1_000_000} MB, which is "
            "the most that can be sent in",
            "Export the list as CSV, or split it",
        )
    if told.values > MOST_SENT_CELLS:
        raise ExchangeError(
            name,
            f"its columns hold {told.values:,} values; {MOST_SENT_CELLS:,} is the most that can be "
            "sent in",
            "Split the list, or leave out columns that are empty",
        )


def _text_bytes(column: pl.Series) -> int:
    """The bytes of the texts that a column holds, however deep; none is made for it."""
    kind = column.dtype
    if kind == pl.String:
        return int(column.str.len_bytes().sum())
    if isinstance(kind, pl.Categorical | pl.Enum):
        return int(column.cat.len_bytes().sum())
    if kind == pl.Binary:
        return int(column.bin.size().sum())
    if isinstance(kind, pl.List | pl.Array):
        return _text_bytes(column.explode())
    if isinstance(kind, pl.Struct):
        return sum(map(_text_bytes, column.struct.unnest().iter_columns()))
    return 0


def _as_text(column: pl.Series, findings: list[Finding], before: int) -> pl.Series:
    """before: rows before these."""
    kind = column.dtype
    if kind == pl.String or isinstance(kind, pl.Categorical | pl.Enum) or kind.is_integer():
        return column.cast(pl.String).fill_null("")
    if kind == pl.Date:
        return column.dt.to_string("iso").fill_null("")
    if kind == pl.List(pl.String):
        return column.list.drop_nulls().list.join("\n").fill_null("")
    texts: list[str] = []
    for row, value in enumerate(column.to_list(), before + 1):
        try:
            texts.append(cell_text(value))
        except NestedValueError:
            texts.append("")
            rule = "a nested value cannot stand in a cell"
            findings.append(Finding(row, column.name, shorten(repr(value)), rule, "Flatten it"))
    return pl.Series(column.name, texts, pl.String)
