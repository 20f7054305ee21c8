"""XLSX workbooks into cells, through calamine.

Rules: the first visible sheet that has the needed header is read, and the others are said. The
header may stand under a title or be two rows of merged cells. Before calamine opens the file, its
parts are unpacked once with a counter: more than 1 GiB, more than 100 times the packed size, or a
sheet that claims more cells than a table can have, is refused; and what was sent in may open to
much less (`limits`).
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
from reknit.exchange.limits import (
    MOST_SENT_CELLS,
    MOST_SENT_TEXT_BYTES,
    MOST_SENT_TEXTS,
    MOST_SENT_UNPACKED_BYTES,
    refuse_text,
)
from reknit.exchange.xlsx_texts import is_shared, text_bytes

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
# All of them, for what was sent in.
_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_BARE_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])(?![^>]*\sr=)")
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])(?![^>]*\sr=)")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_TEXT = re.compile(rb"<(?:\w+:)?(?:c|si)[\s/>]")
"""A cell of a sheet, or a shared text."""
_LONGEST_TAG = 4_096
_SHORTEST_CELL = len("<c><v></v></c>")
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$"


def read_xlsx(data: bytes, schema: TableSchema, name: str, *, was_sent: bool = False) -> RawTable:
    """The cells of a workbook; ExchangeError when it is damaged, a bomb, without a header, or more
    than may be sent in."""
    check_archive(data, name, was_sent=was_sent)
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


def check_archive(data: bytes, name: str, *, was_sent: bool = False) -> None:
    """ExchangeError when the archive is damaged, or would unpack to more than a table can be, or
    than one that was sent in may be."""
    opening = _Opening(name, len(data), was_sent)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not any(part.filename.startswith("xl/") for part in parts):
                raise ExchangeError(
                    name, "this ZIP file is no XLSX workbook", "Save the list as XLSX"
                )
            for part in parts:
                # The size written in the archive may lie: read on to the real end.
                part.file_size = MOST_BYTES * 2
                with archive.open(part) as stream:
                    opening.take(stream, is_sheet=not is_shared(part.filename))
            if was_sent and opening.may_swell():
                refuse_text(name, text_bytes(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise ExchangeError(name, "the workbook is damaged", "Save it again as XLSX") from None
    except RuntimeError:  # zipfile's word for a part that needs a password
        raise ExchangeError(name, "the workbook is encrypted", "Remove its password") from None


class _Span:
    """How far a sheet reaches, at least: 26 columns and 99,999 rows are not told apart."""

    def __init__(self) -> None:
        self.widest, self.tallest = _SMALL_WIDTH, _SMALL_HEIGHT

    def see(self, chunk: bytes) -> None:
        """More of the sheet, cut between tags."""
        for letters, digits in _FAR_REFERENCE.findall(chunk):
            self.widest = max(self.widest, _column_number(letters))
            self.tallest = max(self.tallest, int(digits))


class _SentSpan(_Span):
    """The same to the cell. Rows and cells without a reference follow what stands before them, so
    they are added to the furthest reference."""

    def __init__(self) -> None:
        super().__init__()
        self._column, self._row, self._rows, self._most, self._in_row = 1, 1, 0, 0, 0

    def see(self, chunk: bytes) -> None:
        """See _Span."""
        found = _REFERENCE.findall(chunk)
        self._column = max(self._column, *map(_column_number, {letters for letters, _ in found}), 1)
        self._row = max(self._row, *map(int, {digits for _, digits in found}), 1)
        self._rows += len(_BARE_ROW.findall(chunk))
        if _BARE_CELL.search(chunk):
            first, *others = _ROW.split(chunk)
            self._count(first)
            for part in others:
                self._in_row = 0
                self._count(part)
        self.widest, self.tallest = self._column + self._most, self._row + self._rows

    def _count(self, part: bytes) -> None:
        self._in_row += len(_BARE_CELL.findall(part))
        self._most = max(self._most, self._in_row)


class _Opening:
    """What a workbook unpacks to. Raises ExchangeError at the first byte that is too many."""

    def __init__(self, name: str, packed: int, was_sent: bool) -> None:
        self.name, self.packed, self.was_sent = name, packed, was_sent
        self.total = self.texts = self.longest = self._cells = self._sheet_bytes = 0

    def may_swell(self) -> bool:
        """Whether the cells may come to more text than they may; False is sure."""
        own = self._sheet_bytes - self._cells * _SHORTEST_CELL
        return own + self._cells * self.longest > MOST_SENT_TEXT_BYTES

    def take(self, stream: IO[bytes], *, is_sheet: bool) -> None:
        """One part, read to its real end. is_sheet: it may be one, where a workbook's parts lie is
        its own affair; the shared texts are none."""
        open_text, before = 0, (self.texts, self.total)
        span = _SentSpan() if self.was_sent else _Span()
        tail = b""
        while chunk := stream.read(_CHUNK):
            self.total += len(chunk)
            self._refuse_bomb()
            if not is_sheet and self.was_sent:
                if b"sheetData" in chunk:
                    raise ValueError  # no such part is a sheet as well
                begun = max(chunk.find(b"<si"), 0) if not open_text else 0
                first, *others = map(len, chunk[begun:].split(b"</si>"))
                self.longest = max(self.longest, open_text + first, *others)
                open_text = others[-1] if others else open_text + first
            chunk = tail + chunk
            # A tag cut in two is looked at with the chunk that ends it.
            end = max(chunk.rfind(b"<"), 0)
            chunk, tail = chunk[:end], chunk[end:][-_LONGEST_TAG:]
            if self.was_sent:
                self.texts += len(_TEXT.findall(chunk))
                self._refuse_texts()
            if is_sheet:
                span.see(chunk)
        if is_sheet:
            self._cells += self.texts - before[0]
            self._sheet_bytes += self.total - before[1]
        self._refuse_span(span.widest, span.tallest)

    def _refuse_bomb(self) -> None:
        if self.total > MOST_BYTES or (
            self.total > _CHUNK and self.total > MOST_RATIO * self.packed
        ):
            raise ExchangeError(
                self.name,
                "the workbook unpacks to far more than it holds packed (a zip bomb)",
                "Export the list as CSV",
            )
        if self.was_sent and self.total > MOST_SENT_UNPACKED_BYTES:
            raise ExchangeError(
                self.name,
                f"the workbook unpacks to more than {MOST_SENT_UNPACKED_BYTES // 1_000_000} MB, "
                "which is the most that can be sent in",
                "Export the list as CSV, or split it",
            )

    def _refuse_texts(self) -> None:
        if self.was_sent and self.texts > MOST_SENT_TEXTS:
            raise ExchangeError(
                self.name,
                f"the workbook holds more than {MOST_SENT_TEXTS:,} cells and texts, which is the "
                "most that can be sent in",
                "Export the list as CSV, or split it",
            )

    def _refuse_span(self, widest: int, tallest: int) -> None:
        if widest * tallest > (MOST_SENT_CELLS if self.was_sent else MOST_CELLS):
            rule = f"a sheet spans {widest:,} columns and {tallest:,} rows"
            step = (
                "Export the list as CSV, or split it" if self.was_sent else "Delete its stray cells"
            )
            raise ExchangeError(self.name, rule, step)


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
