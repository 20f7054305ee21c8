"""XLSX workbooks into cells, through calamine.

Rules: the first visible sheet that has the needed header is read, and the others are said. The
header may stand under a title or be two rows of merged cells. Before calamine opens the file, its
parts are unpacked once with a counter: more than 1 GiB, more than 100 times the packed size, or a
sheet that claims more cells than a table can have, is refused.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

import polars as pl

from reknit.exchange.columns import HEADER_SEARCH_ROWS, Header, TableSchema, locate_header
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import RawTable

if TYPE_CHECKING:
    from fastexcel import ExcelReader

# A damaged sheet is said once, by ExchangeError, and not by calamine's log as well.
logging.getLogger("calamine").addHandler(logging.NullHandler())

MOST_BYTES = 1 << 30
MOST_RATIO = 100
MOST_CELLS = 100_000_000
_CHUNK = 1 << 20
# Cells beyond column Z or row 99,999: a sheet without any is small enough.
_SMALL_WIDTH, _SMALL_HEIGHT = 26, 99_999
_FAR_REFERENCE = re.compile(rb"\sr=[\"'](?=[A-Z]{2}|[A-Z]?[0-9]{6})([A-Z]{0,3})([0-9]{1,7})[\"']")
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$"


def read_xlsx(data: bytes, schema: TableSchema, name: str) -> RawTable:
    """The cells of a workbook; ExchangeError when it is damaged, a bomb or without a header."""
    check_archive(data, name)
    workbook = _open(data, name)
    fallback: tuple[Header, pl.DataFrame, str] | None = None
    for sheet_name in workbook.sheet_names:
        frame = _cells(workbook, sheet_name, name)
        if frame is None:
            continue
        header = locate_header(frame.head(HEADER_SEARCH_ROWS).rows(), schema)
        if schema.is_header(header.labels):
            return _table(header, frame, sheet_name, workbook.sheet_names)
        fallback = fallback or (header, frame, sheet_name)
    if fallback is None:
        raise ExchangeError(name, "no sheet holds any cell", "Export the list again")
    return _table(*fallback, workbook.sheet_names)


def check_archive(data: bytes, name: str) -> None:
    """ExchangeError when the archive is damaged, or would unpack to more than a table can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not any(part.filename.startswith("xl/") for part in parts):
                raise ExchangeError(
                    name, "this ZIP file is no XLSX workbook", "Save the list as XLSX"
                )
            total = 0
            for part in parts:
                # The size written in the archive may lie: read on to the real end.
                part.file_size = MOST_BYTES * 2
                with archive.open(part) as stream:
                    total = _unpack(stream, part.filename, total, len(data), name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise ExchangeError(name, "the workbook is damaged", "Save it again as XLSX") from None
    except RuntimeError:  # zipfile's word for a part that needs a password
        raise ExchangeError(name, "the workbook is encrypted", "Remove its password") from None


def _unpack(stream: IO[bytes], part: str, total: int, packed: int, name: str) -> int:
    is_sheet = "worksheets/" in part
    widest, tallest = _SMALL_WIDTH, _SMALL_HEIGHT
    tail = b""
    while chunk := stream.read(_CHUNK):
        total += len(chunk)
        if total > MOST_BYTES or (total > _CHUNK and total > MOST_RATIO * packed):
            raise ExchangeError(
                name,
                "the workbook unpacks to far more than it holds packed (a zip bomb)",
                "Export the list as CSV",
            )
        if is_sheet:
            for letters, digits in _FAR_REFERENCE.findall(tail + chunk):
                widest = max(widest, _column_number(letters))
                tallest = max(tallest, int(digits))
            tail = chunk[-32:]
    if widest * tallest > MOST_CELLS:
        raise ExchangeError(
            name, f"a sheet spans {widest:,} columns and {tallest:,} rows", "Delete its stray cells"
        )
    return total


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open(data: bytes, name: str) -> ExcelReader:
    import fastexcel

    try:
        return fastexcel.read_excel(data)
    except fastexcel.FastExcelError:
        raise ExchangeError(name, "the workbook is damaged", "Save it again as XLSX") from None


def _cells(workbook: ExcelReader, sheet_name: str, name: str) -> pl.DataFrame | None:
    """A visible sheet's cells as text from its first row on, None when there are none."""
    import fastexcel

    try:
        sheet = workbook.load_sheet(sheet_name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible != "visible" or not sheet.width or not sheet.total_height:
            return None
        frame = sheet.to_polars()
    except fastexcel.FastExcelError:
        raise ExchangeError(
            f"{name}, sheet {sheet_name}", "the sheet is damaged", "Save it again as XLSX"
        ) from None
    texts = pl.all().cast(pl.String).fill_null("")
    return frame.select(
        texts.str.replace(_MIDNIGHT, "$1").str.replace_all("\r\n?|_x000D_\n?", "\n")
    )


def _table(header: Header, frame: pl.DataFrame, sheet: str, sheets: list[str]) -> RawTable:
    width = len(header.labels)
    lines = pl.Series("line", range(1, frame.height + 1), pl.Int64)
    filled = frame.select(pl.any_horizontal(pl.all().str.contains(r"\S"))).to_series()
    keep = filled & (lines > header.rows)
    body = frame.rename({old: str(n) for n, old in enumerate(frame.columns)}).filter(keep)
    notes = []
    if header.rows > 1:
        notes.append(f"header on row {header.rows}")
    if len(sheets) > 1:
        notes.append(f"sheet {sheet} read of {len(sheets)}")
    labels = header.labels + ("",) * (body.width - width)
    return RawTable(labels, body, lines.filter(keep), notes=tuple(notes))
