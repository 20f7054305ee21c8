"""Files that are not what their ending says fail with one clear line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from reknit.exchange import ExchangeError, read_people, read_people_bytes

CASES = {
    "list.csv": [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"PK\x03\x04rest", "ZIP or XLSX"),
        (b"PAR1rest", "Parquet"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n", "PNG"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<!doctype html><html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (bytes(range(256)) * 9, "not text"),
    ],
    "list.xlsx": [
        (b"person_record_id,full_name\n", "does not begin as XLSX"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
    ],
    "list.parquet": [(b"id,name\n", "does not begin as Parquet"), (b"PAR1....PAR1", "damaged")],
    "list.jsonl": [
        (b"id,name\n1,Amal\n", "no line is a JSON object"),
        (b'[{"person_record_id": 1}]', "JSON array"),
    ],
}


@pytest.mark.parametrize(
    ("name", "content", "said"), [(n, c, s) for n, cases in CASES.items() for c, s in cases]
)
def test_it_refuses_in_one_line_with_a_next_step(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match=said) as caught:
        read_people(path)
    assert "\n" not in str(caught.value)
    assert name in caught.value.place
    assert caught.value.next_step


@pytest.mark.parametrize("name", ["list.xls", "list.doc", "list", "list.json", "list.csv.gz"])
def test_it_names_the_endings_it_reads(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(ExchangeError, match="ending"):
        read_people(tmp_path / name)


def test_it_says_when_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="no such file"):
        read_people(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExchangeError, match="folder"):
        read_people(tmp_path / "folder.csv")


def test_it_refuses_a_workbook_that_swells() -> None:
    """A ZIP bomb: 200 MB of blanks in 200 kB, refused by its directory before it is opened."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)
    with pytest.raises(ExchangeError, match="swells"):
        read_people_bytes(packed.getvalue(), "list.xlsx")


def test_it_reads_a_table_in_memory_as_from_its_file(tmp_path: Path) -> None:
    data = "person_record_id,full_name\nS1,آمال\n".encode()
    (tmp_path / "list.csv").write_bytes(data)
    in_memory, from_file = read_people_bytes(data, "list.csv"), read_people(tmp_path / "list.csv")
    assert in_memory.rows.equals(from_file.rows)
