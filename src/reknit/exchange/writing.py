"""Results out: whole files or none, and nothing in a cell that a spreadsheet would run.

Rules: a file is written beside its place, flushed to disk and renamed, so that an interruption
leaves the old file or none. In CSV, text that begins as a formula does (= + - @, a tab, a line
end, or the full-width signs) gets an apostrophe before it; plain numbers such as -3.5 stay, and
`read_people` takes the apostrophe off again. Lists of text stand one a line in CSV.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "out.csv"
>>> write_table(pl.DataFrame({"name": ["=1+1", "-3.5"]}), path)
>>> path.read_text()
"name\\n'=1+1\\n-3.5\\n"
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import polars as pl

from reknit.exchange.errors import OutputError
from reknit.exchange.people import PeopleTable

_AT_ONCE = 20_000
"""Rows that are written together."""
OUTPUT_ENDINGS = (".csv", ".jsonl", ".ndjson", ".parquet")
# A formula's first sign, also after apostrophes, so that reading takes off exactly what was added.
_FORMULA = r"^'*[=+\-@\t\r\n＝＋－＠]"
_PLAIN_NUMBER = r"^[+-]\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?$"


def check_output_path(path: Path) -> None:
    """OutputError, before any work, when `path` has no known ending or no folder to stand in."""
    if path.suffix.lower() not in OUTPUT_ENDINGS:
        raise OutputError(
            str(path), f"no writer for the ending {path.suffix!r}", "Use .csv, .jsonl or .parquet"
        )
    if path.is_dir():
        raise OutputError(str(path), "this is a folder", "Name a file in it")
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(str(path), "its folder does not exist", f"Make the folder {folder}")
    if not os.access(folder, os.W_OK):
        raise OutputError(str(path), "its folder cannot be written", "Choose another folder")


def write_table(table: pl.DataFrame, path: Path) -> None:
    """`table` as CSV, JSON Lines or Parquet by the ending of `path`; the whole file or none."""
    check_output_path(path)
    with whole_file(path) as stream:
        match path.suffix.lower():
            case ".csv":
                _write_csv(table, stream)
            case ".parquet":
                table.write_parquet(stream)
            case _:
                table.write_ndjson(stream)


def as_csv(table: pl.DataFrame) -> bytes:
    """`table` as UTF-8 CSV, neutral for spreadsheets, as `write_table` writes it."""
    stream = io.BytesIO()
    _write_csv(table, stream)
    return stream.getvalue()


def write_rejected(table: PeopleTable, out: Path, side: Literal["sought", "found"]) -> Path | None:
    """The rows set aside, into OUT.sought.rejected.csv or OUT.found.rejected.csv; None if none."""
    if not table.rejected.height:
        return None
    path = out.with_name(f"{out.name}.{side}.rejected.csv")
    write_table(table.rejected, path)
    return path


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become `path` when the block ends, and vanish when it is left early."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """The rename itself reaches the disk, where the system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_csv(table: pl.DataFrame, stream: BinaryIO) -> None:
    """A part after the other: a text that many rows share in memory is not made for all at once."""
    _for_csv(table.clear()).write_csv(stream)
    for part in table.iter_slices(_AT_ONCE):
        _for_csv(part).write_csv(stream, include_header=False)


def _for_csv(table: pl.DataFrame) -> pl.DataFrame:
    flat = table.with_columns(_flattened(column) for column in table.iter_columns())
    texts = [name for name, kind in flat.schema.items() if kind == pl.String]
    neutral = flat.with_columns(_neutral(pl.col(name)) for name in texts)
    labels = pl.Series("labels", neutral.columns, pl.String)
    safe = labels.to_frame().select(_neutral(pl.col("labels"))).to_series().to_list()
    return neutral.rename(dict(zip(neutral.columns, safe, strict=True)))


def _flattened(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if isinstance(kind, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if kind == pl.List(pl.String):
        return column.list.drop_nulls().list.join("\n")
    if isinstance(kind, pl.List | pl.Array | pl.Struct):
        rows = pl.DataFrame({"value": column}).select(pl.struct("value").struct.json_encode())
        return rows.to_series().str.replace(r'^\{"value":(.*)\}$', "$1").alias(column.name)
    return column


def _neutral(text: pl.Expr) -> pl.Expr:
    risky = text.str.contains(_FORMULA) & ~text.str.contains(_PLAIN_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).name.keep()
