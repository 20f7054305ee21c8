"""A text that stands in a file once and in thousands of cells fills nobody's memory (trust: 14)."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile

import openpyxl
import polars as pl
import pytest

from reknit.exchange import ExchangeError, read_people_bytes
from reknit.exchange.messages import read_message_bytes
from reknit.exchange.parquet_pages import unpacked
from reknit.exchange.xlsx_texts import text_bytes

MEASURED = """
import sys
from reknit.exchange import ExchangeError, as_csv, read_people_bytes
import django; django.setup()
try:
    table = read_people_bytes(sys.stdin.buffer.read(), sys.argv[1])
    said = f"{table.rows.height} rows, {len(as_csv(table.rejected))} bytes set aside"
except ExchangeError as refused:
    said = str(refused)
# Not RUSAGE_SELF: that counts what the process that started this one held, too.
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024, said)
"""
TOO_MUCH = "its cells come to more than 60 MB of text"


def measured(data: bytes, name: str) -> tuple[int, str]:
    """What a process of its own took at most, in MB, and what it said of the list."""
    command = [sys.executable, "-c", MEASURED, name]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    peak_mb, _, said = done.stdout.decode().partition(" ")
    return int(peak_mb), said


def workbook(cells: str, texts: str, *, place: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook of one sheet, which lies at `place`, with these cells below its header."""
    plain, out = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    header = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>person_record_id</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>full_name</t></is></c></row>'
    )
    sheet = f'<worksheet xmlns="{space}"><sheetData>{header}{cells}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in book.namelist():
            body = book.read(part)
            if part == "xl/_rels/workbook.xml.rels":
                body = body.replace(b"worksheets/sheet1.xml", place.encode())
            if part not in {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}:
                made.writestr(part, body)
        made.writestr(f"xl/{place}", sheet)
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{space}">{texts}</sst>')
        made.writestr("xl/media/ballast", os.urandom(100_000))
    return out.getvalue()


def referring(count: int, cell: str = '<c r="B{0}" t="s"><v>0</v></c>', **places: str) -> bytes:
    """A list of so many rows that all have one name of 30,000 letters."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>{cell.format(n)}</row>'
        for n in range(2, count + 2)
    )
    return workbook(rows, f"<si><t>{'x' * 30_000}</t></si>", **places)


def parquet(rows: int, *, one_id: bool) -> bytes:
    """A list of so many rows that all have one name of 20,000 letters, which stands there once."""
    out = io.BytesIO()
    ids = ["1"] * rows if one_id else [str(n) for n in range(rows)]
    names = pl.Series(["x" * 20_000]).new_from_index(0, rows)
    pl.DataFrame({"person_record_id": ids, "full_name": names}).write_parquet(out)
    return out.getvalue()


def test_a_workbook_whose_cells_share_one_long_text_is_refused_before_it_is_read() -> None:
    """163 kB took 1,825 MB."""
    data = referring(15_000)
    assert len(data) < 300_000
    peak_mb, said = measured(data, "list.xlsx")
    assert TOO_MUCH in said
    assert peak_mb < 512


def test_the_most_text_that_a_workbook_may_share_is_read_in_less_than_512_mb() -> None:
    peak_mb, said = measured(referring(1_950), "list.xlsx")
    assert said.startswith("1950 rows")
    assert peak_mb < 512


@pytest.mark.parametrize(
    ("rows", "one_id"), [(20_000, True), (300_000, False)], ids=["set aside", "taken"]
)
def test_a_parquet_file_with_one_long_text_in_every_row_is_refused(rows: int, one_id: bool) -> None:
    """1.4 kB took 899 MB when its rows were set aside; 144 kB were 6 GB to seal and to index."""
    data = parquet(rows, one_id=one_id)
    assert len(data) < 200_000
    peak_mb, said = measured(data, "list.parquet")
    assert TOO_MUCH in said
    assert peak_mb < 512


@pytest.mark.parametrize(
    ("rows", "one_id", "told"),
    [(950, True, "1 rows, 190"), (2_950, False, "2950 rows"), (1_050, True, "set aside come to")],
)
def test_the_most_text_that_parquet_may_share_is_read_in_less_than_512_mb(
    rows: int, one_id: bool, told: str
) -> None:
    peak_mb, said = measured(parquet(rows, one_id=one_id), "list.parquet")
    assert told in said
    assert peak_mb < 512


CELLS = [
    '<c r="B{0}" s="1" t="s"><v>0</v></c>',
    "<c t='s' r='B{0}'><v>0</v></c>",
    '<c r="B{0}" t = "s"><f>A1</f><v>0</v></c>',
    '<c r="B{0}" t="s"><v>1</v><v>0</v></c>',
    '<c r="B{0}" t="s"><!--<v>1</v></c>--><v>0</v></c>',
    '<c r="B{0}" t="s" x="><v>1</v></c>"><v>0</v></c>',
    '<c r="B{0}" t="s"><v xml:space="preserve">&#48;</v></c>',
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_reference_counts_however_it_is_written(cell: str) -> None:
    with pytest.raises(ExchangeError, match=TOO_MUCH):
        read_people_bytes(referring(2_100, cell), "list.xlsx")


LONG = "x" * 30_000


@pytest.mark.parametrize(
    "texts",
    [
        f"<si/><si><t>{LONG}</t></si>",
        f"<!-- <si><t/></si> --><si><t/></si><si><t>{LONG}</t></si>",
        f"<si><t/></si><si><r><rPr><b/></rPr><t>{LONG}</t></r></si>",
        f"<si><t/></si><si><t><![CDATA[{LONG}]]></t></si>",
        f"<x:si><x:t/></x:si><si><t>{LONG}</t></si>",
        f"<si><t a='<si>'/></si><si><t>{LONG}</t></si>",
    ],
)
def test_a_shared_text_counts_however_it_is_written(texts: str) -> None:
    cells = '<row r="2">' + '<c t="s"><v>1</v></c>' * 2_100 + "</row>"
    with zipfile.ZipFile(io.BytesIO(workbook(cells, texts))) as book:
        assert text_bytes(book) > 60_000_000


def test_long_texts_that_are_not_repeated_are_no_swelling() -> None:
    """Other cells refer to short texts, so that the list comes to a few megabytes."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="s"><v>{n % 2}</v></c></row>'
        for n in range(2, 5_002)
    ).replace("<v>1</v></c></row>", "<v>2</v></c></row>", 1)
    texts = f"<si><t>Amal</t></si><si><t>Idris</t></si><si><t>{'x' * 30_000}</t></si>"
    assert read_people_bytes(workbook(cells, texts), "list.xlsx").rows.height == 5_000


def test_a_sheet_that_lies_elsewhere_is_held_to_the_same_bounds() -> None:
    far = '<row r="9000"><c r="ALL9000"><v>1</v></c></row>'
    with pytest.raises(ExchangeError, match="spans 1,000 columns"):
        read_people_bytes(workbook(far, "", place="media/picture.png"), "list.xlsx")
    with pytest.raises(ExchangeError, match=TOO_MUCH):
        read_people_bytes(referring(2_100, place="media/picture.png"), "list.xlsx")


def test_lists_in_a_few_rows_of_parquet_are_bounded_too() -> None:
    out = io.BytesIO()
    many = pl.DataFrame({"full_name": pl.Series([["x"]]).new_from_index(0, 90_000)})
    many = many.select(pl.col("full_name").list.eval(pl.element().repeat_by(100).explode()))
    many.with_columns(person_record_id=pl.int_range(90_000)).write_parquet(out)
    with pytest.raises(ExchangeError, match="hold 9,090,000 values; 8,000,000 is the most"):
        read_people_bytes(out.getvalue(), "list.parquet")


def test_a_parquet_file_says_what_it_unpacks_to() -> None:
    out = io.BytesIO()
    pl.DataFrame({"a": ["x" * 10_000 + str(n) for n in range(1_000)]}).write_parquet(out)
    told = unpacked(out.getvalue(), most_bytes=10**9)
    assert told.values == 1_000
    assert 10_000_000 < told.bytes < 11_000_000
    assert len(out.getvalue()) < 1_000_000
    assert unpacked(out.getvalue(), most_bytes=1_000).bytes > 1_000


def test_a_table_of_messages_is_bounded_too() -> None:
    for data, name in ((referring(2_100), "m.xlsx"), (parquet(3_100, one_id=False), "m.parquet")):
        with pytest.raises(ExchangeError, match=TOO_MUCH):
            read_message_bytes(data, name)


HEAD = "person_record_id,full_name,sex\n😀,x\n"
DAMAGED = [
    ("list.csv", HEAD + "ab,cd\n" * 1_900_000),
    ("list.csv", HEAD + "ab,,,cd\n" * 1_900_000),
    ("list.csv", "person_record_id,full_name,sex\n" + "ab,cd,qq\n" * 1_900_000),
    ("list.csv", HEAD + "a\0,b,\n" * 1_900_000),
    ("list.jsonl", '{"person_record_id": 1, "full_name": "A"}\n' + "x\n" * 9_000_000),
    ("list.jsonl", '{"person_record_id":[[1]],"phones":[[1]],"full_name":2}\n' * 350_000),
]
HEALTHY = HEAD + "".join(f"{n},a,\n" for n in range(1_900_000))


@pytest.mark.parametrize(("name", "text"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_list_of_which_all_is_doubtful_takes_less_than_512_mb(name: str, text: str) -> None:
    """Each short row is a remark, and 20 MB of them took 1,583 MB."""
    peak_mb, said = measured(text.encode(), name)
    assert "fields and rows are doubtful" in said or "set aside come to" in said
    assert peak_mb < 512


def test_a_list_of_nearly_two_million_rows_with_a_short_one_takes_less_than_512_mb() -> None:
    peak_mb, said = measured(HEALTHY.encode(), "list.csv")
    assert said.startswith("1900001 rows")
    assert peak_mb < 512
