"""CSV as it comes: every cell kept, or its row set aside with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.exchange.columns import PEOPLE, TableSchema
from reknit.exchange.csv_reader import read_csv
from reknit.exchange.errors import ExchangeError
from reknit.exchange.findings import RawTable

HEADER = "person_record_id,full_name,description\n"


def read(text: str | bytes) -> RawTable:
    return read_csv(text.encode() if isinstance(text, str) else text, PEOPLE, "list.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_it_finds_the_separator(separator: str) -> None:
    table = read(
        f"person_record_id{separator}full_name\n1{separator}Haddad, Amal; b|c\n".replace(
            "Haddad, Amal; b|c", '"Haddad, Amal; b|c"'
        )
    )
    assert table.frame.rows() == [("1", "Haddad, Amal; b|c")]


def test_it_obeys_excels_separator_line() -> None:
    table = read("sep=;\r\nperson_record_id;full_name\r\n1;Amal\r\n")
    assert table.frame.rows() == [("1", "Amal")]
    assert table.lines.to_list() == [3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_every_kind_of_line_end(end: str) -> None:
    table = read((HEADER + '1,Amal,"two\nlines"\n2,Idris,\n').replace("\n", end))
    assert table.frame.rows() == [("1", "Amal", "two\nlines"), ("2", "Idris", "")]
    assert table.lines.to_list() == [2, 4]


def test_it_sets_aside_a_row_with_too_many_cells() -> None:
    table = read(HEADER + "1,Amal,tall, thin\n2,Idris,\n")
    assert table.frame.rows() == [("2", "Idris", "")]
    (row,) = table.set_aside
    assert (row.line, row.cells) == (2, ("1", "Amal", "tall", " thin"))
    assert row.reason.startswith("too many cells")


def test_it_ignores_empty_cells_beyond_the_header() -> None:
    table = read(HEADER + "1,Amal,tall,,\n")
    assert table.frame.rows() == [("1", "Amal", "tall")]
    assert not table.set_aside


def test_it_completes_and_reports_a_short_row() -> None:
    table = read(HEADER + "1,Amal\n2,Idris,\n")
    assert table.frame.rows() == [("1", "Amal", ""), ("2", "Idris", "")]
    (finding,) = table.findings
    assert (finding.line, finding.column, finding.kept) == (2, "description", True)


def test_it_notices_a_short_row_beside_one_with_a_quoted_separator() -> None:
    table = read(HEADER + '1,"Haddad, Amal",\n2,Idris\n')
    assert [f.line for f in table.findings] == [3]


def test_it_keeps_line_numbers_past_empty_rows_and_long_cells() -> None:
    table = read(HEADER + '1,Amal,"a\nb\nc"\n\n,,\n2,Idris,x\n')
    assert table.lines.to_list() == [2, 7]


def test_it_does_not_let_a_stray_quotation_mark_swallow_rows() -> None:
    """One mark opened in a name used to make one cell of all rows up to the next mark."""
    table = read(HEADER + '1,"Amal,tall\n2,Idris,thin\n3,"Umm" Noor,old\n4,Rafi,\n')
    assert table.frame.rows() == [
        ("1", '"Amal', "tall"),
        ("2", "Idris", "thin"),
        ("3", '"Umm" Noor', "old"),
        ("4", "Rafi", ""),
    ]
    assert [f.line for f in table.findings] == [2, 4]


def test_it_sets_aside_a_row_whose_quotation_mark_hides_its_cells() -> None:
    table = read(HEADER + '1,"Haddad, Amal,tall\n2,Idris,thin\n')
    assert table.frame.rows() == [("2", "Idris", "thin")]
    assert table.set_aside[0].reason.startswith("open quotation mark")


def test_it_takes_off_the_apostrophe_that_writing_adds() -> None:
    table = read(HEADER + "1,'=Amal,''+x\n2,O'Brien,'Abd\n")
    assert table.frame.rows() == [("1", "=Amal", "'+x"), ("2", "O'Brien", "'Abd")]


def test_it_says_where_nul_bytes_were() -> None:
    table = read(HEADER.encode() + b"1,Am\0al,\n2,Idris,\n")
    assert table.frame.rows() == [("1", "Amal", ""), ("2", "Idris", "")]
    assert [(f.line, f.kept) for f in table.findings] == [(2, True)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_it_reads_unicode_encodings(encoding: str) -> None:
    table = read((HEADER + "1,آمال,ኣማል\n").encode(encoding))
    assert table.frame.rows() == [("1", "آمال", "ኣማል")]
    assert table.header[0] == "person_record_id"
    assert table.encoding == encoding.removesuffix("-sig")


def test_it_says_a_legacy_encoding() -> None:
    table = read((HEADER + "1,محمد علي الحسن,\n").encode("cp1256"))
    assert (table.frame.row(0)[1], table.encoding) == ("محمد علي الحسن", "windows-1256")


def test_it_keeps_utf8_with_a_few_broken_bytes() -> None:
    rows = "".join(f"{n},Оксана Шевченко,\n" for n in range(20))
    table = read((HEADER + rows).encode() + b"99,Jos\xe9,\n")
    assert table.encoding == "utf-8"
    assert table.frame.row(-1)[1] == "Jos\ufffd"


def test_it_refuses_bytes_that_are_no_text() -> None:
    with pytest.raises(ExchangeError, match="not text"):
        read(bytes(range(256)) * 50)


def test_a_header_cell_may_hold_a_line_end() -> None:
    table = read('"person_record_id","full\nname"\n1,Amal\n')
    assert table.frame.rows() == [("1", "Amal")]
    assert table.lines.to_list() == [3]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"sep=;\n", b" \n"])
def test_it_refuses_a_file_without_a_row(data: bytes) -> None:
    """Found by fuzzing: a table of no columns has no first row to look at."""
    with pytest.raises(ExchangeError, match="no row"):
        read(data)


def test_it_reads_a_header_without_rows() -> None:
    assert read(HEADER).frame.height == 0
    assert read(HEADER.strip()).frame.width == 3


@given(st.text(st.sampled_from('a,"\n 1'), max_size=60))
def test_no_character_of_a_broken_file_is_lost(body: str) -> None:
    """What is not in the rows is in what was set aside; only marks, blanks and separators go."""
    schema = TableSchema(("x", "y", "z"), (("x",),))
    table = read_csv(f"x,y,z\n{body}".encode(), schema, "a.csv")
    cells = [c for row in table.frame.rows() for c in row] + [
        c for row in table.set_aside for c in row.cells
    ]
    for character in "a1":
        assert sum(c.count(character) for c in cells) == body.count(character)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes) -> None:
    try:
        table = read_csv(HEADER.encode() + data, PEOPLE, "a.csv")
    except ExchangeError as error:
        said = str(error)
    else:
        said = table.encoding
    assert said
    assert "\n" not in said


def test_it_refuses_what_is_sent_in_and_has_more_cells_than_its_bytes_say() -> None:
    """A header of 1,000 columns over short rows: each row would be completed to 1,000 cells."""
    header = "person_record_id,full_name," + ",".join(f"c{n}" for n in range(998))
    data = (header + "\n1,Amal" * 9_000).encode()
    with pytest.raises(ExchangeError, match="9,000 rows of 1,000 columns are 9,000,000 cells"):
        read_csv(data, PEOPLE, "list.csv", was_sent=True)
