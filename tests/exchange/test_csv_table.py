"""Rows of a CSV file: what polars and the careful reader make of them is the same."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from reknit.exchange.csv_records import split_records
from reknit.exchange.csv_table import careful_table, fast_table

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_it_reads_what_pythons_writer_writes(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    split = [record.cells for record in split_records(stream.getvalue(), ",")]
    assert split == rows


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_the_fast_and_the_careful_reader_agree(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    text = stream.getvalue().rstrip("\n")
    fast = fast_table(text.encode(), (0, len(text.encode())), ",", 3, 1)
    if fast is None:
        return
    careful = careful_table(text, ",", ("a", "b", "c"), 1).without_empty_rows()
    assert fast.without_empty_rows().frame.rows() == careful.frame.rows()
    assert fast.without_empty_rows().lines.to_list() == careful.lines.to_list()


@given(st.text(st.sampled_from('a,"\n 1'), max_size=60))
def test_rows_left_unsplit_are_split_the_same_later(text: str) -> None:
    whole = [(r.line, r.cells, r.broken) for r in split_records(text, ",")]
    later = [
        (r.line, next(iter(split_records(r.plain, ","))).cells if r.plain else r.cells, r.broken)
        for r in split_records(text, ",", plain_width=3)
    ]
    assert later == whole


def test_clean_rows_beside_a_ragged_one_keep_their_order_and_lines() -> None:
    table = careful_table(
        '1,a,\n2,"x, y","p\nq"\n3,b,c,d\n4,"say ""hi""",\n5', ",", ("i", "n", "d"), 2
    )
    assert table.frame.rows() == [
        ("1", "a", ""),
        ("2", "x, y", "p\nq"),
        ("4", 'say "hi"', ""),
        ("5", "", ""),
    ]
    assert table.lines.to_list() == [2, 3, 6, 7]
    assert [row.line for row in table.set_aside] == [5]
