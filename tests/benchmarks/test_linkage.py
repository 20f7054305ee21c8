"""What benchmarks of linkage count, on cases counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks.historical import components
from benchmarks.linkage import recall_at_precision
from benchmarks.sources import iso_date

TRUTH = pl.DataFrame({"sought_id": ["s1", "s2", "s3", "s4"], "found_id": ["f1", "f2", "f3", "f4"]})


def first_answers(*answers: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(answers, ["sought_id", "found_id", "probability"], orient="row")


def test_it_counts_recall_down_to_where_precision_fails() -> None:
    pairs = first_answers(
        ("s1", "f1", 0.9), ("s2", "f2", 0.8), ("s9", "f1", 0.7), ("s3", "f3", 0.6)
    )
    assert recall_at_precision(pairs, TRUTH, 0.95) == 2 / 4
    assert recall_at_precision(pairs, TRUTH, 0.75) == 3 / 4


def test_it_lets_only_the_first_answer_count() -> None:
    pairs = first_answers(("s1", "f2", 0.9), ("s1", "f1", 0.8))
    assert recall_at_precision(pairs, TRUTH, 0.5) == 0.0


def test_a_run_that_finds_nothing_recalls_nothing() -> None:
    assert recall_at_precision(first_answers(("s1", "f2", 0.9)), TRUTH, 0.95) == 0.0


def test_it_joins_records_by_the_pairs_above_the_threshold() -> None:
    ids = pl.Series(["a", "b", "c", "d"])
    pairs = pl.DataFrame(
        {"sought_id": ["a", "b", "c"], "found_id": ["b", "c", "d"], "match_weight": [9.0, 5.0, 1.0]}
    )
    clusters = components(pairs, ids, 4.0)["cluster_id"].to_list()
    assert clusters[0] == clusters[1] == clusters[2] != clusters[3]


@pytest.mark.parametrize(
    ("written", "iso"),
    [("6.6.1957", "1957-06-06"), ("circa 1961", "1961"), ("1983", "1983"), ("unknown", "")],
)
def test_it_reads_the_dates_of_public_lists(written: str, iso: str) -> None:
    assert iso_date(written) == iso
