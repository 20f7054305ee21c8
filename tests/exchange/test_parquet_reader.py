"""Parquet: typed columns as the contract's text."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest

from reknit.exchange import ExchangeError, read_people
from reknit.exchange.parquet_reader import read_parquet


def test_it_turns_typed_columns_into_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "person_record_id": [1, 2],
            "full_name": [["Amal", None, "آمال"], ["Idris"]],
            "date_of_birth": [dt.date(1987, 3, 4), None],
            "source_date": [dt.datetime(2024, 5, 1), dt.datetime(2024, 5, 1, 10, 30)],
            "age": [30.0, None],
            "sex": pl.Series(["female", None], dtype=pl.Categorical),
            "relatives": [[{"relation": "father", "name": "Omar"}], []],
            "home_city": ["Homs", None],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    table = read_people(tmp_path / "a.parquet")
    first, second = table.rows.iter_rows(named=True)
    assert first["person_record_id"] == "1"
    assert first["full_name"] == "Amal\nآمال"
    assert (first["date_of_birth"], second["date_of_birth"]) == ("1987-03-04", "")
    assert (first["source_date"], second["source_date"]) == ("2024-05-01", "2024-05-01T10:30:00")
    assert (first["age"], first["sex"], first["relatives"]) == ("30", "female", "father: Omar")
    assert not table.findings
    assert table.rows["line"].to_list() == [1, 2]


def test_it_reports_a_value_nested_too_deep(tmp_path: Path) -> None:
    frame = pl.DataFrame({"person_record_id": [1], "full_name": ["A"], "phones": [[[1]]]})
    frame.write_parquet(tmp_path / "a.parquet")
    assert [f.column for f in read_people(tmp_path / "a.parquet").findings] == ["phones"]


def test_it_refuses_a_damaged_file(tmp_path: Path) -> None:
    pl.DataFrame({"a": ["x" * 100] * 1000}).write_parquet(tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    for cut in (5, 20, len(data) // 2, len(data) - 1):
        with pytest.raises(ExchangeError, match="damaged"):
            read_parquet(data[:cut] + b"PAR1", "a.parquet")


def test_it_refuses_what_is_sent_in_and_claims_too_many_cells() -> None:
    out = io.BytesIO()
    ones = pl.DataFrame({"person_record_id": "1"}).clear(4_000_001).fill_null("1")
    ones.with_columns(full_name=pl.lit("Amal")).write_parquet(out)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(ExchangeError, match="8,000,002 cells; 8,000,000 is the most"):
        read_parquet(out.getvalue(), "list.parquet", was_sent=True)
