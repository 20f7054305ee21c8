"""TRUTH, LABELS, MATCHES, CLUSTERS: complete or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from reknit.exchange import ExchangeError, read_pairs, write_table

Write = Callable[..., Path]


def test_it_reads_ids_as_text_and_figures_as_numbers(write: Write) -> None:
    text = "sought_id;found_id;rank;probability;note\n001 ;F1;1;0.97;x\n"
    columns = ("sought_id", "found_id", "rank", "probability")
    table = read_pairs(write("matches.csv", text), columns)
    assert table.rows() == [("001", "F1", 1, 0.97, "x")]
    assert table.schema["rank"] == pl.Int64


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_it_reads_back_what_is_written(tmp_path: Path, ending: str) -> None:
    matches = pl.DataFrame(
        {
            "sought_id": ["-5", "=S2", "٣"],
            "found_id": ["+963", "'@x", "F3"],
            "rank": [1, 2, 1],
            "probability": [0.5, 1.0, 1e-9],
            "match_weight": [-3.25, 20.0, 0.0],
        }
    )
    path = tmp_path / f"matches.{ending}"
    write_table(matches, path)
    assert read_pairs(path, matches.columns).equals(matches)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sought,found_id,match\n1,2,1\n", '"sought" looks like it'),
        ("sought_id,found_id,match\n1,,1\n", "line 2: found_id is empty"),
        ("sought_id,found_id,match\n1,2,1\n1,2,yes\n", "line 3: match is 'yes', not a number"),
        ("sought_id,found_id,match\n1,2,0.5\n", "not a number"),
        ("sought_id,found_id,match\n1,2,1,4\n", "line 2: too many cells"),
    ],
)
def test_it_refuses_with_the_line(write: Write, text: str, said: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        read_pairs(write("labels.csv", text), ("sought_id", "found_id", "match"))
    assert said in str(caught.value)


def test_it_keeps_the_order_of_the_columns_and_names_as_written(write: Write) -> None:
    text = "label,Name1,name2\nx, آمال ,\ny,=Noor,Nour\n"
    table = read_pairs(write("names.csv", text), ("name1", "name2"))
    assert table.columns == ["label", "name1", "name2"]
    assert table.rows() == [("x", " آمال ", ""), ("y", "=Noor", "Nour")]


def test_it_reads_any_table_when_nothing_is_required(write: Write) -> None:
    table = read_pairs(write("truth.csv", "person_record_id;cluster_id\nP1;C1\n"), ())
    assert table.columns == ["person_record_id", "cluster_id"]
