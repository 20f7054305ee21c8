"""Fuzz the readers: any bytes are read, or refused by an ExchangeError of one line.

Run: `python tests/exchange/fuzz_readers.py CORPUS_FOLDER -max_total_time=60` (libFuzzer's options).
The first byte of an input chooses the format, the rest is the file; for workbooks it is the
sheet's XML or the archive itself. The corpus begins with one good file of each.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reknit.exchange"]):
    from reknit.exchange.columns import PEOPLE
    from reknit.exchange.csv_reader import read_csv
    from reknit.exchange.errors import ExchangeError
    from reknit.exchange.findings import RawTable
    from reknit.exchange.jsonl_reader import read_json_lines
    from reknit.exchange.pairs import read_pairs
    from reknit.exchange.parquet_reader import read_parquet
    from reknit.exchange.people import judge
    from reknit.exchange.xlsx_reader import read_xlsx

import openpyxl
import polars as pl

NAME = "fuzz"
PAIRS = ("sought_id", "found_id", "match")
PAIRS_FILE = Path(tempfile.mkdtemp()) / "pairs.csv"
ROWS = [["person_record_id", "full_name", "date_of_birth"], ["1", "آمال", "1403/05/12"]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook() -> bytes:
    """A small good workbook."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


GOOD_WORKBOOK = workbook()


def with_sheet(xml: bytes) -> bytes:
    """The good workbook with another sheet in its place."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD_WORKBOOK)) as good, zipfile.ZipFile(stream, "w") as made:
        for part in good.namelist():
            made.writestr(part, xml if part == SHEET else good.read(part))
    return stream.getvalue()


READERS: dict[int, Callable[[bytes], RawTable]] = {
    ord("c"): lambda data: read_csv(data, PEOPLE, NAME),
    ord("j"): lambda data: read_json_lines(data, NAME),
    ord("s"): lambda data: read_xlsx(with_sheet(data), PEOPLE, NAME),
    ord("x"): lambda data: read_xlsx(data, PEOPLE, NAME),
    ord("p"): lambda data: read_parquet(data, NAME),
}


def read_pairs_of(data: bytes) -> None:
    """A table of judged pairs: read in the columns that were asked for, or refused in one line."""
    PAIRS_FILE.write_bytes(data)
    try:
        table = read_pairs(PAIRS_FILE, PAIRS)
    except ExchangeError as error:
        said = str(error)
    else:
        said = f"{table.height} rows"
        assert set(PAIRS) <= set(table.columns)
    assert said
    assert "\n" not in said


def read_one(data: bytes) -> None:
    """Read one input; anything but a table or an ExchangeError of one line is a fault."""
    if data[:1] == b"t":
        read_pairs_of(data[1:])
        return
    reader = READERS.get(data[0] if data else 0)
    if reader is None:
        return
    try:
        raw = reader(data[1:])
        table = judge(raw) if PEOPLE.is_header(raw.header) else None
    except ExchangeError as error:
        said = str(error)
    else:
        if table is None:
            return
        said = table.summary()
        rows = raw.frame.height + len(raw.set_aside)
        assert table.rows.height + table.rejected.height == rows
        assert table.rows["person_record_id"].is_unique().all()
    assert said
    assert "\n" not in said


def write_seeds(folder: Path) -> None:
    """One good file of each format, and a damaged list."""
    text = "\n".join(",".join(row) for row in ROWS)
    parquet = io.BytesIO()
    pl.DataFrame(dict(zip(ROWS[0], ([cell] for cell in ROWS[1]), strict=True))).write_parquet(
        parquet
    )
    with zipfile.ZipFile(io.BytesIO(GOOD_WORKBOOK)) as archive:
        sheet = archive.read(SHEET)
    seeds = {
        "csv": b"c" + text.encode(),
        "legacy": b"c" + text.encode("cp1256", "replace"),
        "utf16": b"c" + text.encode("utf-16"),
        "damaged": b'csep=;\r\nperson_record_id;full_name\r\n1;"a\r\n2;"b";c;d\r\n\0',
        "pairs": b"tsought_id,found_id,match\ns1,f1,1\ns2,f2,0\n",
        "json": b'j{"person_record_id": 1, "full_name": ["a", {"b": "c"}], "age": 3.0}',
        "sheet": b"s" + sheet,
        "workbook": b"x" + GOOD_WORKBOOK,
        "parquet": b"p" + parquet.getvalue(),
    }
    for name, seed in seeds.items():
        (folder / name).write_bytes(seed)


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]))
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()
