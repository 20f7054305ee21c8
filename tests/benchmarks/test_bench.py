"""How contestants are run and measured."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks.bench import Bench
from benchmarks.search import queries, slip
from reknit.synth import synthesise

MEGABYTES = 200
HOARD = f"import time; kept = bytearray({MEGABYTES}_000_000); time.sleep(0.2); print('done')"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, tmp_path, quick=True, command="reknit")


def test_it_measures_the_time_and_the_memory_of_a_contestant(bench: Bench) -> None:
    usage = bench.measure([sys.executable, "-c", HOARD])
    assert usage.output == "done"
    assert usage.seconds >= 0.2
    assert MEGABYTES < usage.peak_mb < MEGABYTES + 100


def test_the_memory_of_the_runner_is_not_counted_against_a_contestant(bench: Bench) -> None:
    kept = bytearray(MEGABYTES * 1_000_000)
    usage = bench.measure([sys.executable, "-c", "pass"])
    assert len(kept) > usage.peak_mb * 1_000_000


def test_it_says_how_a_contestant_failed(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="no such list"):
        bench.measure([sys.executable, "-c", "raise SystemExit('no such list')"])


def test_a_slip_is_one_letter_away_and_a_short_word_stays() -> None:
    dice = Random(3)
    assert slip("Li", dice) == "Li"
    for _ in range(50):
        assert abs(len(slip("Miriam", dice)) - len("Miriam")) <= 1


def test_every_query_is_about_a_person_in_the_index() -> None:
    people = synthesise(people=300, seed=5, scenario="latin").found
    asked, truth = queries(people, 50, Random(1))
    assert asked.height == truth.height == 50
    assert truth["found_id"].is_in(people["person_record_id"].implode()).all()
    assert set(asked.columns) == {"person_record_id", "full_name", "date_of_birth", "home_city"}
    names = people.select(person_record_id="person_record_id", family="family_name")
    met = truth.join(asked, left_on="sought_id", right_on="person_record_id").join(
        names, left_on="found_id", right_on="person_record_id"
    )
    kept = sum(row["family"] in row["full_name"] for row in met.iter_rows(named=True))
    assert 0 < kept < 50
