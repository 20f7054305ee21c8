"""One door to the four readers: a path in, raw cells under a header that has what is needed."""

from __future__ import annotations

from pathlib import Path

from reknit.exchange.columns import TableSchema
from reknit.exchange.errors import ExchangeError
from reknit.exchange.files import FileKind, check_content, kind_of, load
from reknit.exchange.findings import RawTable


def read_raw(path: Path, schema: TableSchema) -> RawTable:
    """The cells of the table in `path`; ExchangeError when a needed column is missing."""
    kind = kind_of(path)
    return _raw(load(path, kind), kind, path.name, schema, False)


def read_raw_bytes(
    data: bytes, name: str, schema: TableSchema, *, was_sent: bool = False
) -> RawTable:
    """The cells of a table in memory, by the ending of `name`; as `read_raw`. was_sent: bounded
    as what is sent in is (`limits`)."""
    kind = kind_of(Path(name))
    check_content(data, kind, name)
    return _raw(data, kind, name, schema, was_sent)


def _raw(data: bytes, kind: FileKind, name: str, schema: TableSchema, was_sent: bool) -> RawTable:
    match kind:
        case FileKind.CSV:
            from reknit.exchange.csv_reader import read_csv

            raw = read_csv(data, schema, name, was_sent=was_sent)
        case FileKind.XLSX:
            from reknit.exchange.xlsx_reader import read_xlsx

            raw = read_xlsx(data, schema, name, was_sent=was_sent)
        case FileKind.PARQUET:
            from reknit.exchange.parquet_reader import read_parquet

            raw = read_parquet(data, name, was_sent=was_sent)
        case FileKind.JSON_LINES:
            from reknit.exchange.jsonl_reader import read_json_lines

            raw = read_json_lines(data, name, was_sent=was_sent)
    _require_columns(raw, schema, name)
    return raw


def _require_columns(raw: RawTable, schema: TableSchema, name: str) -> None:
    complaint = schema.complaint(raw.header)
    if complaint is None:
        return
    column, likely = complaint
    if likely is None:
        rule = f"the header has no column {column}"
        shown = ", ".join(label.strip() for label in raw.header[:8] if label.strip()) or "nothing"
        raise ExchangeError(name, rule, f"Name the column {column}; the header has {shown}")
    rule = f'the header has no column {column}; "{likely}" looks like it'
    raise ExchangeError(name, rule, f"Rename it to {column}")
