"""No contestant sees the truth: neither in a column, nor in an id, nor in the order of rows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks import sources
from reknit.exchange import PEOPLE_COLUMNS

PEOPLE = 30


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Invented rows in the columns of the data sets, the same person in the same place."""
    for letter in "ab":
        rows = range(PEOPLE)
        febrl = pl.DataFrame(
            {
                "rec_id": [f"rec-{n}-{letter}" for n in rows],
                **dict.fromkeys(
                    ["given_name", "surname", "street_number", "address_1", "address_2"], "x"
                ),
                **dict.fromkeys(["suburb", "postcode", "state", "date_of_birth"], "x"),
                "soc_sec_id": ["1234567", *[""] * (PEOPLE - 1)],
                "cluster": [str(n) for n in rows],
            }
        )
        un = febrl.select(
            "cluster", full_name="given_name", date_of_birth="date_of_birth", place_of_birth="state"
        )
        eu_columns = ["birth_date", "birth_year", "gender", "name"]
        eu = febrl.select("cluster", *(pl.col("state").alias(name) for name in eu_columns))
        for name, frame in (("febrl", febrl), ("un_pairs", un), ("eu_records", eu)):
            (tmp_path / name).mkdir(exist_ok=True)
            frame.write_csv(tmp_path / name / f"shared_{letter}.csv")
    return tmp_path


@pytest.mark.parametrize("name", ["febrl", "un_pairs", "eu_records"])
def test_it_shows_no_contestant_the_truth(data: Path, name: str) -> None:
    made = getattr(sources, name)(data)
    lists = made[0] if name == "febrl" else made
    for table in (lists.sought, lists.found):
        assert set(table.columns) <= set(PEOPLE_COLUMNS)
        assert "rec-" not in table.write_csv()
    for table in made[1] if name == "febrl" else ():
        assert not {"cluster", "rec_id"} & set(table.columns)


@pytest.mark.parametrize("name", ["febrl", "un_pairs", "eu_records"])
def test_it_keeps_who_is_whom_though_rows_are_shuffled(data: Path, name: str) -> None:
    made = getattr(sources, name)(data)
    lists = made[0] if name == "febrl" else made
    assert lists.truth.height == PEOPLE
    assert lists.truth["sought_id"].is_in(lists.sought["person_record_id"].implode()).all()
    assert lists.truth["found_id"].is_in(lists.found["person_record_id"].implode()).all()
    numbers = [lists.truth[c].str.slice(1).to_list() for c in ("sought_id", "found_id")]
    assert sum(a == b for a, b in zip(*numbers, strict=True)) < PEOPLE / 2


def test_it_leaves_an_empty_identifier_empty(data: Path) -> None:
    lists, _ = sources.febrl(data)
    assert sorted(lists.sought["identifiers"].drop_nulls()) == ["national: 1234567"]
