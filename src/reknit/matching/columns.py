"""Columns of text by their distinct values: each is standardised once, whatever the table's length.

>>> import polars as pl
>>> values, code = distinct(pl.Series(["Aden", "Aden", "Taiz"]))
>>> values, code.tolist()
(['Aden', 'Taiz'], [0, 0, 1])
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl


def distinct(column: pl.Series) -> tuple[list[str], npt.NDArray[np.uint32]]:
    """The distinct values in order of appearance and, for each row, the number of its value."""
    if len(column) == 1:  # one person asked for: not worth a query plan
        return column.to_list(), np.zeros(1, np.uint32)
    values = column.unique(maintain_order=True)
    return values.to_list(), column.cast(pl.Enum(values)).to_physical().to_numpy()


def lines(column: pl.Series) -> tuple[npt.NDArray[np.int64], pl.Series]:
    """(row, line) of every line that is not blank, of a column of several values a cell."""
    if len(column) == 1:
        said = [line for line in column[0].split("\n") if line.strip()]
        return np.zeros(len(said), np.int64), pl.Series(said, dtype=pl.String)
    table = (
        pl.DataFrame({"line": column})
        .with_row_index("row")
        .filter(pl.col("line") != "")
        .with_columns(pl.col("line").str.split("\n"))
        .explode("line")
        .filter(pl.col("line").str.strip_chars() != "")
    )
    return table["row"].cast(pl.Int64).to_numpy(), table["line"]
