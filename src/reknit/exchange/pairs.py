"""Tables of pairs and groups in: TRUTH, LABELS, MATCHES, CLUSTERS, name pairs.

Rules: the same formats, encodings and header matching as people tables; ids are text without the
blanks around them, figures are numbers, anything else is text as written. A required id or figure
that is missing is an error with its line, for a truth with holes measures nothing; so is a row
that does not fit the header.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "truth.csv"
>>> _ = path.write_text("sought_id,found_id\\nS1 ,F1\\n")
>>> read_pairs(path, ("sought_id", "found_id")).rows()
[('S1', 'F1')]
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from reknit.exchange.columns import TableSchema
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import BLANKS, RawTable, shorten
from reknit.exchange.readers import read_raw, read_raw_bytes

_FIGURES = {
    "rank": pl.Int64,
    "match": pl.Int64,
    "probability": pl.Float64,
    "match_weight": pl.Float64,
    "similarity": pl.Float64,
}


def read_pairs(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """The table in `path`, its columns in their order; `columns` are required, by these names.

    ExchangeError when a column is missing (with the likeliest one), a required id has no value,
    or a required figure (rank, match, probability, match_weight, similarity) is no number.
    """
    return _table(read_raw(path, _schema(columns)), path.name, columns)


def read_pairs_bytes(data: bytes, name: str, columns: Sequence[str]) -> pl.DataFrame:
    """As `read_pairs`, of a table that was sent in, with the bounds of such (`limits`); `name`
    tells the format by its ending."""
    return _table(read_raw_bytes(data, name, _schema(columns), was_sent=True), name, columns)


def _schema(columns: Sequence[str]) -> TableSchema:
    return TableSchema(tuple(columns), tuple((column,) for column in columns))


def _table(raw: RawTable, name: str, columns: Sequence[str]) -> pl.DataFrame:
    schema = _schema(columns)
    if raw.set_aside:
        first = raw.set_aside[0]
        raise ExchangeError(f"{name}, line {first.line}", first.reason, "Correct this row")
    names = {positions[0]: column for column, positions in schema.match(raw.header).items()}
    taken = set(columns)
    table = []
    for position, label in enumerate(raw.header):
        column = raw.frame.to_series(position)
        if position in names:
            required = column.alias(names[position])
            table.append(_checked(required, raw.lines, name))
        elif label.strip() and label not in taken:
            taken.add(label)
            table.append(column.alias(label))
    return pl.DataFrame(table)


def _checked(column: pl.Series, lines: pl.Series, name: str) -> pl.Series:
    kind = _FIGURES.get(column.name)
    if kind is None and not column.name.endswith("_id"):
        return column
    column = column.str.strip_chars(BLANKS)
    empty = column == ""
    if empty.any():
        line = lines.filter(empty)[0]
        raise ExchangeError(f"{name}, line {line}", f"{column.name} is empty", "Fill it in")
    if kind is None:
        return column
    numbers = column.cast(pl.Float64, strict=False)
    wrong = numbers.is_null() | ~numbers.is_finite()
    if kind == pl.Int64:
        wrong = wrong | (numbers != numbers.round())
    if wrong.any():
        line, text = lines.filter(wrong)[0], column.filter(wrong)[0]
        rule = f"{column.name} is '{shorten(text)}', not a number"
        raise ExchangeError(f"{name}, line {line}", rule, "Correct this row")
    return numbers.cast(kind)
