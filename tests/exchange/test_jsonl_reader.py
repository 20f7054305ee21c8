"""JSON Lines: each line an object, or set aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reknit.exchange import ExchangeError, read_people
from reknit.exchange.jsonl_reader import read_json_lines

Write = Callable[..., Path]


def test_it_joins_lists_and_pairs(write: Write) -> None:
    row = {
        "person_record_id": 7,
        "full_name": ["Amal", "آمال"],
        "relatives": [{"relation": "father", "name": "Omar"}],
        "identifiers": {"passport": "N1"},
        "age": 30.0,
        "sex": None,
    }
    read = read_people(write("a.jsonl", json.dumps(row))).rows.row(0, named=True)
    assert read["person_record_id"] == "7"
    assert read["full_name"] == "Amal\nآمال"
    assert read["relatives"] == "father: Omar"
    assert read["identifiers"] == "passport: N1"
    assert (read["age"], read["sex"]) == ("30", "")


@pytest.mark.parametrize(
    "line", ["nonsense", "[1, 2]", '"text"', "{", '{"a": 1} {"b": 2}', "[" * 100_000, "1" * 5000]
)
def test_it_sets_aside_a_line_that_is_no_object(write: Write, line: str) -> None:
    good = '{"person_record_id": 1, "full_name": "Amal"}'
    table = read_people(write("a.jsonl", f"{good}\n\n{line}\n"))
    assert table.rows["line"].to_list() == [1]
    assert table.rejected["line"].to_list() == [3]
    assert table.rejected["reason"][0].startswith("not a JSON object")
    assert "1 not a JSON object" in table.summary()


def test_a_nested_value_becomes_unknown_and_is_reported(write: Write) -> None:
    line = '{"person_record_id": 1, "full_name": "Amal", "home_city": [["x"]]}'
    table = read_people(write("a.jsonl", line))
    assert table.rows["home_city"].to_list() == [""]
    assert [(f.line, f.column, f.kept) for f in table.findings] == [(1, "home_city", False)]


def test_keys_may_come_and_go(write: Write) -> None:
    lines = ['{"person_record_id": 1, "full_name": "A"}', '{"sex": "male"}', '{"age": 3}']
    raw = read_json_lines("\n".join(lines).encode(), "a.jsonl")
    assert raw.header == ("person_record_id", "full_name", "sex", "age")
    assert raw.frame.rows() == [("1", "A", "", ""), ("", "", "male", ""), ("", "", "", "3")]


def test_half_a_surrogate_pair_does_not_stop_it(write: Write) -> None:
    line = r'{"person_record_id": "1", "full_name": "Am\ud83dal", "k\udc00": 1}'
    assert read_people(write("a.jsonl", line)).rows["full_name"].to_list() == ["Am?al"]


def test_it_refuses_a_new_key_in_every_line(write: Write) -> None:
    """Each key is a column of the whole table: 10,000 such lines would be 100 million cells."""
    lines = "\n".join(
        f'{{"person_record_id": 1, "full_name": "A", "k{n}": 1}}' for n in range(2000)
    )
    with pytest.raises(ExchangeError, match="different keys"):
        read_people(write("a.jsonl", lines))


def test_it_reads_more_rows_than_a_batch_and_keys_that_come_late(write: Write) -> None:
    lines = [f'{{"person_record_id": {n}, "full_name": "Amal"}}' for n in range(20_001)]
    lines.append('{"person_record_id": "x", "full_name": "Noor", "sex": "female"}')
    rows = read_people(write("a.jsonl", "\n".join(lines))).rows
    assert rows["sex"].to_list()[-2:] == ["", "female"]
    assert rows["person_record_id"].to_list()[-2:] == ["20000", "x"]
    assert rows["line"].to_list() == list(range(1, 20_003))


def test_it_refuses_what_is_sent_in_and_has_more_cells_than_its_bytes_say() -> None:
    """Each row has the columns of all rows."""
    first = json.dumps({f"c{n}": 1 for n in range(900)})
    data = "\n".join([first, *['{"full_name":"Amal"}'] * 9_000]).encode()
    with pytest.raises(ExchangeError, match="9,001 rows of 901 columns"):
        read_json_lines(data, "list.jsonl", was_sent=True)
