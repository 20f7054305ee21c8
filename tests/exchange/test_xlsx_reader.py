"""Workbooks as desks keep them: titles, merged headers, dates, bombs."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reknit.exchange import ExchangeError, read_people, read_people_bytes
from reknit.exchange.limits import MOST_SENT_TEXTS, MOST_SENT_UNPACKED_BYTES
from reknit.exchange.xlsx_reader import check_archive


def save(tmp_path: Path, rows: list[list[object]], *merged: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


def test_it_reads_numbers_and_dates_as_the_contract_writes_them(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        [
            ["person_record_id", "full_name", "date_of_birth", "age", "source_date"],
            [17, "آمال", dt.date(1987, 3, 4), 30, dt.datetime(2024, 5, 1, 10, 30)],
            [18.0, "Idris", 1987, "30-35", None],
        ],
    )
    table = read_people(path)
    first, second = table.rows.iter_rows(named=True)
    assert (first["person_record_id"], second["person_record_id"]) == ("17", "18")
    assert (first["date_of_birth"], second["date_of_birth"]) == ("1987-03-04", "1987")
    assert (first["age"], first["source_date"]) == ("30", "2024-05-01 10:30:00")
    assert not table.findings
    assert table.rows["line"].to_list() == [2, 3]
    assert table.encoding == "utf-8"


def test_it_reads_merged_headers_under_a_title(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        [
            ["Shelter 4, evening list", None, None, None],
            [],
            ["person_record_id", "Name", None, "sex"],
            [None, "given_name", "family_name", None],
            ["1", "Amal", "Haddad", "female"],
            [],
            ["2", "Idris", None, "male"],
        ],
        "A1:D1",
        "B3:C3",
        "A3:A4",
        "D3:D4",
    )
    table = read_people(path)
    assert table.rows.select("given_name", "family_name", "sex", "line").rows() == [
        ("Amal", "Haddad", "female", 5),
        ("Idris", "", "male", 7),
    ]
    assert "header on row 4" in table.summary()


def test_it_reads_several_values_in_a_cell(tmp_path: Path) -> None:
    path = save(tmp_path, [["person_record_id", "full_name"], ["1", "Amal\r\nآمال"]])
    assert read_people(path).rows["full_name"].to_list() == ["Amal\nآمال"]


def test_it_looks_for_the_sheet_with_the_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Read me first"])
    book.create_sheet("hidden").sheet_state = "hidden"
    sheet = book.create_sheet("People")
    sheet.append(["person_record_id", "full_name"])
    sheet.append(["1", "Amal"])
    book.save(tmp_path / "list.xlsx")
    table = read_people(tmp_path / "list.xlsx")
    assert table.rows.height == 1
    assert "sheet People read of 3" in table.summary()


def test_it_suggests_a_column_here_too(tmp_path: Path) -> None:
    path = save(tmp_path, [["Case ID", "full_name"], ["1", "Amal"]])
    with pytest.raises(ExchangeError, match='"Case ID" looks like it'):
        read_people(path)


def test_it_refuses_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="no sheet holds any cell"):
        read_people(save(tmp_path, []))


def test_it_refuses_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "list.xlsx", "w") as archive:
        archive.writestr("notes.txt", "x")
    with pytest.raises(ExchangeError, match="no XLSX workbook"):
        read_people(tmp_path / "list.xlsx")


def bomb(lie: bool) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    data = stream.getvalue()
    if lie:
        data = data.replace((30_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    return data


@pytest.mark.parametrize("lie", [False, True])
def test_it_refuses_a_zip_bomb_whatever_size_it_claims(lie: bool) -> None:
    with pytest.raises(ExchangeError, match="zip bomb"):
        check_archive(bomb(lie), "list.xlsx")


def test_it_refuses_a_sheet_that_spans_more_than_a_table_can() -> None:
    """One cell in the last corner once made the reader ask for 400 GB."""
    cells = '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData><row>{cells}</row></sheetData>")
    with pytest.raises(ExchangeError, match="spans 16,384 columns"):
        check_archive(stream.getvalue(), "list.xlsx")


def test_a_damaged_part_is_said(tmp_path: Path) -> None:
    path = save(tmp_path, [["person_record_id", "full_name"], ["1", "Amal"]])
    data = bytearray(path.read_bytes())
    middle = data.index(b"sheet1.xml") + 40
    data[middle : middle + 30] = bytes(30)
    path.write_bytes(data)
    with pytest.raises(ExchangeError, match="damaged"):
        read_people(path)


def with_parts(path: Path, **parts: bytes) -> bytes:
    """The workbook at `path` with parts of its own: sheet, shared texts, or anything beside."""
    places = {"sheet": "xl/worksheets/sheet1.xml", "shared": "xl/sharedStrings.xml"}
    own = {places.get(name, f"xl/media/{name}"): body for name, body in parts.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(path) as there,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for part in there.namelist():
            made.writestr(part, own.pop(part, None) or there.read(part))
        for part, body in own.items():
            made.writestr(part, body)
    return out.getvalue()


SHEET = (
    b'<?xml version="1.0"?>%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
    b'2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>person_record_id</t></is></c>'
    b'<c r="B1" t="inlineStr"><is><t>full_name</t></is></c></row>%s</sheetData></worksheet>'
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return save(tmp_path, [["person_record_id", "full_name"], ["1", "Amal"]])


def test_it_refuses_what_is_sent_in_and_unpacks_to_too_much(book: Path) -> None:
    """A page's 20 MB once unpacked to 1 GiB, and 1,230 MB of memory."""
    filled = (os.urandom(2_000) + bytes(48_000)) * (MOST_SENT_UNPACKED_BYTES // 50_000 + 1)
    data = with_parts(book, picture=filled)
    with pytest.raises(ExchangeError, match="unpacks to more than 150 MB") as caught:
        read_people_bytes(data, "list.xlsx")
    assert str(caught.value).startswith("list.xlsx: ")
    assert "Export the list as CSV, or split it." in str(caught.value)
    assert read_people_bytes(data, "list.xlsx", was_sent=False).rows.height == 1


@pytest.mark.parametrize("part", ["sheet", "shared"])
def test_it_refuses_what_is_sent_in_with_too_many_texts(book: Path, part: str) -> None:
    body = SHEET % (b"", b'<row r="2">' + b"<c/>" * (MOST_SENT_TEXTS + 1) + b"</row>")
    if part == "shared":
        body = b"<sst>" + b"<si/>" * (MOST_SENT_TEXTS + 1) + b"</sst>"
    with pytest.raises(ExchangeError, match="more than 1,500,000 cells and texts"):
        read_people_bytes(with_parts(book, **{part: body}, ballast=os.urandom(200_000)), "l.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="9000"><c r="ALL9000"/></row>',
        b'<row r="8999"/><row>' + b"<c/>" * 999 + b"</row>",
        b"<row/>" * 8_999 + b"<x:row>" + b"<x:c t='n'/>" * 999 + b"</x:row>",
    ],
)
def test_it_refuses_what_is_sent_in_and_spans_too_much_with_or_without_references(
    book: Path, rows: bytes
) -> None:
    """A cell without a reference stands after the one before; a few kilobytes span millions."""
    with pytest.raises(ExchangeError, match=r"spans 1,00\d columns and (8,999|9,00\d) rows"):
        read_people_bytes(with_parts(book, sheet=SHEET % (b"", rows)), "list.xlsx")
    small = SHEET % (b"", b"<row><c><v>7</v></c><c><v>8</v></c></row>")
    table = read_people_bytes(with_parts(book, sheet=small), "list.xlsx")
    assert table.rows["person_record_id"].to_list() == ["7"]


def test_it_refuses_texts_that_swell_when_they_are_read(book: Path) -> None:
    """Entities in entities: three kilobytes that would be a gigabyte (trust: test 14)."""
    swelling = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    entities = f'<!DOCTYPE worksheet [<!ENTITY e0 "Amal">{swelling}]>'.encode()
    row = b'<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    with pytest.raises(ExchangeError, match="damaged"):
        read_people_bytes(with_parts(book, sheet=SHEET % (entities, row)), "list.xlsx")


def test_it_reads_no_other_file_that_a_workbook_names(book: Path, tmp_path: Path) -> None:
    secret = tmp_path / "ring.json"
    secret.write_text("the ring")
    entity = f'<!DOCTYPE worksheet [<!ENTITY ring SYSTEM "file://{secret}">]>'.encode()
    row = (
        b'<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>&ring;</t></is></c></row>'
    )
    with pytest.raises(ExchangeError, match="damaged") as caught:
        read_people_bytes(with_parts(book, sheet=SHEET % (entity, row)), "list.xlsx")
    assert "the ring" not in str(caught.value)


MEASURED = """
import sys
from reknit.exchange import read_people_bytes
import django; django.setup()
print(read_people_bytes(sys.stdin.buffer.read(), "list.xlsx").rows.height)
# Not RUSAGE_SELF: that counts what the process that started this one held, too.
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024)
"""


def largest(book: Path) -> bytes:
    """A list of as many rows as may be sent in, every text of its own."""
    count = MOST_SENT_TEXTS // 4 - 10
    texts = "".join(f"<si><t>{n * 7919 % 10**9}{'x' * 20}</t></si>" for n in range(2 * count))
    rows = "".join(
        f'<row r="{n + 2}"><c r="A{n + 2}" t="s"><v>{2 * n}</v></c>'
        f'<c r="B{n + 2}" t="s"><v>{2 * n + 1}</v></c></row>'
        for n in range(count)
    )
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{texts}</sst>'
    return with_parts(book, sheet=SHEET % (b"", rows.encode()), shared=shared.encode())


def test_it_takes_the_largest_workbook_that_may_be_sent_in_in_less_than_512_mb(book: Path) -> None:
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=largest(book), capture_output=True, check=True)
    rows, peak_mb = map(int, done.stdout.split())
    assert rows > 300_000
    assert peak_mb < 512
