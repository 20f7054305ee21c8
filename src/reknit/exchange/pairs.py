"""Tables of pairs and groups in: TRUTH, LABELS, MATCHES, CLUSTERS, name pairs.

Rules: the same formats, encodings and header matching as people tables; ids are text without the
blanks around them, figures are numbers; a row without one of the required values is an error, for
a truth with holes measures nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from reknit.exchange.columns import TableSchema
from reknit.exchange.errors import ExchangeError
from reknit.exchange.readers import read_raw

_FIGURES = {
    "rank": pl.Int64,
    "match": pl.Int64,
    "probability": pl.Float64,
    "match_weight": pl.Float64,
    "similarity": pl.Float64,
}


def read_pairs(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    """The `columns` of the table in `path`, first, then its other columns as text.

    ExchangeError when a column is missing (with the likeliest one), a row has no value in one,
    or a figure (rank, match, probability, match_weight, similarity) is no number.
    """
    schema = TableSchema(tuple(columns), tuple((column,) for column in columns))
    raw = read_raw(path, schema)
    if raw.set_aside:
        first = raw.set_aside[0]
        raise ExchangeError(f"{path.name}, line {first.line}", first.reason, "Correct this row")
    matched = schema.match(raw.header)
    required = [
        pl.col(str(matched[column][0])).str.strip_chars().alias(column) for column in columns
    ]
    taken = {matched[column][0] for column in columns}
    others: dict[str, pl.Expr] = {}
    for position, label in enumerate(raw.header):
        if position not in taken and label.strip() and label not in columns:
            others.setdefault(label, pl.col(str(position)).alias(label))
    table = raw.frame.select(*required, *others.values())
    for column in columns:
        table = table.with_columns(_checked(table[column], raw.lines, path.name))
    return table


def _checked(column: pl.Series, lines: pl.Series, name: str) -> pl.Series:
    empty = column == ""
    if empty.any():
        line = lines.filter(empty)[0]
        raise ExchangeError(f"{name}, line {line}", f"{column.name} is empty", "Fill it in")
    kind = _FIGURES.get(column.name)
    if kind is None:
        return column
    numbers = column.cast(pl.Float64, strict=False)
    wrong = numbers.is_null() | ~numbers.is_finite()
    if kind == pl.Int64:
        wrong = wrong | (numbers != numbers.round())
    if wrong.any():
        line, text = lines.filter(wrong)[0], column.filter(wrong)[0]
        rule = f"{column.name} is {text!r}, not a number"
        raise ExchangeError(f"{name}, line {line}", rule, "Correct this row")
    return numbers.cast(kind)
