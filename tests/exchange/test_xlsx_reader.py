"""Workbooks as desks keep them: titles, merged headers, dates, bombs."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reknit.exchange import ExchangeError, read_people
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
