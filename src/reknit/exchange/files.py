"""A file as bytes, checked to be what its ending says.

Rules: the format goes by the ending (.csv .tsv .txt, .xlsx, .parquet, .jsonl .ndjson); a file
whose first bytes belong to something else is refused by name, before any reader sees it.

>>> kind_of(Path("list.CSV"))
<FileKind.CSV: 'CSV'>
"""

from __future__ import annotations

import io
import os
import zipfile
from enum import StrEnum
from pathlib import Path

from reknit.exchange.errors import ExchangeError


class FileKind(StrEnum):
    """The formats a table can have."""

    CSV = "CSV"
    XLSX = "XLSX"
    PARQUET = "Parquet"
    JSON_LINES = "JSON Lines"


_ENDINGS = {
    ".csv": FileKind.CSV,
    ".tsv": FileKind.CSV,
    ".txt": FileKind.CSV,
    ".xlsx": FileKind.XLSX,
    ".parquet": FileKind.PARQUET,
    ".jsonl": FileKind.JSON_LINES,
    ".ndjson": FileKind.JSON_LINES,
}
MOST_SWELLING = 100
SMALL_WORKBOOK_BYTES = 20_000_000
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP or XLSX file"),
    (_OLE2, "an old or encrypted Office file"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"(\xb5/\xfd", "a zstd file"),
    (b"7z\xbc\xaf", "a 7-Zip file"),
    (b"Rar!", "a RAR file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"<?xml", "an XML file"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
_OWN_SIGNATURE = {FileKind.XLSX: b"PK\x03\x04", FileKind.PARQUET: b"PAR1"}


def kind_of(path: Path) -> FileKind:
    """The format `path` ends in; ExchangeError when no reader knows the ending."""
    kind = _ENDINGS.get(path.suffix.lower())
    if kind is not None:
        return kind
    if path.suffix.lower() in {".xls", ".ods", ".xlsm", ".xlsb", ".numbers"}:
        step = "Open it in a spreadsheet program and save it as XLSX"
    elif path.suffix.lower() == ".json":
        step = "Write one JSON object a line and name the file .jsonl"
    else:
        step = "Use .csv, .xlsx, .parquet or .jsonl"
    raise ExchangeError(path.name, f"no table reader for the ending {path.suffix!r}", step)


def load(path: Path, kind: FileKind) -> bytes:
    """The bytes of `path`; ExchangeError when it cannot be read, is empty, or is something else."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ExchangeError(str(path), "there is no such file", "Check the path") from None
    except IsADirectoryError:
        raise ExchangeError(str(path), "this is a folder", "Name a file in it") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "cannot be read"
        raise ExchangeError(str(path), reason, "Check the path and who may read it") from None
    check_content(data, kind, path.name)
    return data


def check_content(data: bytes, kind: FileKind, name: str) -> None:
    """ExchangeError when the bytes are empty, something else than `kind`, or swell when opened."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise ExchangeError(name, "the file is empty", "Export the list again")
    _refuse_other(name, kind, data)
    if kind is FileKind.XLSX:
        _refuse_bomb(name, data)


def _refuse_bomb(name: str, data: bytes) -> None:
    """A workbook is a ZIP file; one that swells more than any list does is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            opened = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return  # the workbook's reader says what is wrong with it
    if opened > max(MOST_SWELLING * len(data), SMALL_WORKBOOK_BYTES):
        times = opened // max(len(data), 1)
        rule = f"the workbook swells {times} times when opened; {MOST_SWELLING} is the most"
        step = "Save the list as CSV, or without its empty formatted cells, and try again"
        raise ExchangeError(name, rule, step)


def _refuse_other(name: str, kind: FileKind, data: bytes) -> None:
    own = _OWN_SIGNATURE.get(kind)
    if own is not None and data.startswith(own):
        return
    if kind is FileKind.XLSX and data.startswith(_OLE2):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        if locked:
            rule = "the workbook is encrypted"
            step = "Remove its password in a spreadsheet program and try again"
        else:
            rule = "this is an old .xls workbook, not XLSX"
            step = "Save it as XLSX in a spreadsheet program and try again"
        raise ExchangeError(name, rule, step)
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, other in _SIGNATURES:
        if head[: len(signature)].lower() == signature.lower():
            rule = f"this is {other}, not {kind}"
            raise ExchangeError(name, rule, f"Export the list as {kind} and try again")
    if own is not None:
        rule = f"the file does not begin as {kind} does"
        raise ExchangeError(name, rule, f"Export the list as {kind} again, or name its format")
