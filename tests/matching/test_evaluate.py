"""Evaluation: cases counted by hand, and a slow counter as the oracle."""

from __future__ import annotations

import itertools
import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.matching.errors import MatchingError
from reknit.matching.evaluate import (
    calibrate,
    evaluate_by_script,
    evaluate_clusters,
    evaluate_matches,
)

Rows = list[tuple[str, str, int, float]]


def matches_of(rows: Rows) -> pl.DataFrame:
    kinds = {
        "sought_id": pl.String,
        "found_id": pl.String,
        "rank": pl.Int64,
        "probability": pl.Float64,
    }
    return pl.DataFrame(rows, schema=kinds, orient="row")


def truth_of(pairs: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={"sought_id": pl.String, "found_id": pl.String}, orient="row")


AMAL: Rows = [
    ("amal", "f1", 1, 0.9),
    ("amal", "f2", 2, 0.7),
    ("idris", "f3", 1, 0.6),
    ("idris", "f4", 2, 0.4),
    ("noor", "f5", 1, 0.3),
]
# amal is f2 (second), idris is f4 (second), noor is f5 (first), rafi was never listed.
TRUTH = [("amal", "f2"), ("idris", "f4"), ("noor", "f5"), ("rafi", "f6")]


def test_it_counts_a_small_case_as_a_person_would() -> None:
    result = evaluate_matches(matches_of(AMAL), truth_of(TRUTH))
    half = result.at_half
    assert (half.predicted, half.correct, half.true_pairs) == (3, 1, 4)
    assert half.precision == pytest.approx(1 / 3)
    assert half.recall == pytest.approx(1 / 4)
    assert half.f1 == pytest.approx(2 / 7)
    best = result.at_best
    assert (best.threshold, best.predicted, best.correct) == (0.3, 5, 3)
    assert best.f1 == pytest.approx(6 / 9)
    assert result.sought == 4
    assert result.top_1 == pytest.approx(1 / 4)
    assert result.top_5 == pytest.approx(3 / 4)
    assert result.calibration is None


def test_it_counts_a_pair_at_exactly_one_half_as_said_to_match() -> None:
    result = evaluate_matches(matches_of([("s", "f", 1, 0.5)]), truth_of([("s", "f")]))
    assert result.at_half.f1 == 1.0


def test_it_says_nothing_of_precision_when_nothing_was_predicted() -> None:
    result = evaluate_matches(matches_of([]), truth_of(TRUTH))
    assert result.at_half.precision is None
    assert result.at_half.recall == 0.0
    assert result.at_best.f1 == 0.0
    assert result.top_1 == 0.0


def test_it_takes_any_true_found_person_as_a_hit() -> None:
    rows: Rows = [("s", "wrong", 1, 0.9), ("s", "mirror", 2, 0.8), ("s", "also", 3, 0.7)]
    result = evaluate_matches(matches_of(rows), truth_of([("s", "mirror"), ("s", "also")]))
    assert (result.top_1, result.top_5) == (0.0, 1.0)


def test_it_does_not_count_a_sixth_candidate_as_one_of_five() -> None:
    rows: Rows = [("s", f"f{rank}", rank, 0.9) for rank in range(1, 7)]
    assert evaluate_matches(matches_of(rows), truth_of([("s", "f6")])).top_5 == 0.0


def test_it_counts_a_pair_that_is_listed_twice_once() -> None:
    rows: Rows = [("s", "f", 1, 0.9), ("s", "f", 2, 0.8)]
    result = evaluate_matches(matches_of(rows), truth_of([("s", "f"), ("s", "f")]))
    assert (result.rows, result.at_half.predicted, result.at_half.true_pairs) == (1, 1, 1)


def test_it_ranks_by_probability_where_the_file_has_no_rank() -> None:
    table = matches_of([("s", "f1", 9, 0.2), ("s", "f2", 9, 0.8)]).drop("rank")
    assert evaluate_matches(table, truth_of([("s", "f2")])).top_1 == 1.0
    assert evaluate_matches(table, truth_of([("s", "f1")])).top_1 == 0.0


def test_it_refuses_a_truth_without_rows() -> None:
    with pytest.raises(MatchingError, match="no rows"):
        evaluate_matches(matches_of(AMAL), truth_of([]))


def test_it_leaves_calibration_unsaid_under_200_rows() -> None:
    assert calibrate(np.full(199, 0.5), np.zeros(199, bool)) is None
    assert calibrate(np.full(200, 0.5), np.zeros(200, bool)) is not None


def test_it_counts_doubtful_rows_and_first_ranks_for_calibration() -> None:
    rows: Rows = [
        *((f"s{n}", "f", 1, 0.999) for n in range(150)),  # counted: ranked first
        *((f"s{n}", "g", 2, 0.999) for n in range(150)),  # not counted: sure and second
        *((f"s{n}", "h", 3, 0.02) for n in range(50)),  # counted: 0.02 is doubtful still
        *((f"s{n}", "i", 4, 0.019) for n in range(150)),  # not counted
    ]
    result = evaluate_matches(matches_of(rows), truth_of([("s0", "f")]))
    assert result.calibration is not None
    assert result.calibration.rows == 200


def test_it_finds_the_calibration_error_of_a_biased_source() -> None:
    # Said 0.3 and 0.8; true 10 % and 100 %: the error is 0.2 in each half.
    probability = np.repeat([0.3, 0.8], 500)
    is_true = np.concatenate([np.arange(500) < 50, np.full(500, True)])
    found = calibrate(probability, is_true)
    assert found is not None
    assert found.ece == pytest.approx(0.2)
    assert [one.rows for one in found.bins] == [100] * 10
    assert found.bins[0].matched_share == pytest.approx(0.1)


def test_it_finds_hardly_any_error_where_probabilities_mean_what_they_say() -> None:
    draw = np.random.default_rng(7)
    probability = draw.random(200_000)
    found = calibrate(probability, draw.random(200_000) < probability)
    assert found is not None
    assert found.ece < 0.005


def test_it_tells_scripts_apart() -> None:
    rows: Rows = [("a", "f1", 1, 0.9), ("b", "f2", 1, 0.9)]
    pairs = truth_of([("a", "f1"), ("b", "other")])
    scripts = pl.DataFrame({"sought_id": ["a"], "script": ["arabic"]})
    parts = evaluate_by_script(matches_of(rows), pairs, scripts)
    assert parts["arabic"].at_half.f1 == 1.0
    assert parts["unknown"].at_half.f1 == 0.0


def test_it_tells_pairs_of_scripts_apart() -> None:
    rows: Rows = [("a", "f1", 1, 0.9), ("a", "f2", 2, 0.8)]
    pairs = truth_of([("a", "f1"), ("a", "f2"), ("a", "f3")])
    sought = pl.DataFrame({"sought_id": ["a"], "script": ["arabic"]})
    found = pl.DataFrame({"found_id": ["f1", "f2", "f3"], "script": ["latin", "arabic", "arabic"]})
    parts = evaluate_by_script(matches_of(rows), pairs, sought, found)
    assert list(parts) == ["arabic - arabic", "arabic - latin"]
    assert parts["arabic - latin"].at_half.recall == 1.0
    assert parts["arabic - arabic"].at_half.recall == 0.5
    assert parts["arabic - arabic"].top_1 == 0.0


def clusters_of(members: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        list(members.items()),
        schema={"person_record_id": pl.String, "cluster_id": pl.String},
        orient="row",
    )


def test_it_counts_clusters_pair_by_pair() -> None:
    said = clusters_of({"a": "1", "b": "1", "c": "1", "d": "2", "e": "3"})
    known = clusters_of({"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"})
    # said: ab ac bc; known: ab cd; both: ab.
    pairs = evaluate_clusters(said, known).pairs
    assert (pairs.predicted, pairs.correct, pairs.true_pairs) == (3, 1, 2)


def test_it_lets_a_record_stand_alone_where_one_side_does_not_list_it() -> None:
    said = clusters_of({"a": "1", "b": "1", "c": "1"})
    known = clusters_of({"a": "x", "b": "x", "d": "x"})
    pairs = evaluate_clusters(said, known).pairs
    assert (pairs.predicted, pairs.correct, pairs.true_pairs) == (3, 1, 3)


def test_it_refuses_a_record_in_two_clusters() -> None:
    twice = pl.concat([clusters_of({"a": "1"}), clusters_of({"a": "2"})])
    with pytest.raises(MatchingError, match="the clusters: the record a is listed twice"):
        evaluate_clusters(twice, clusters_of({"a": "x", "b": "x"}))


def test_it_refuses_a_truth_that_holds_nothing_together() -> None:
    with pytest.raises(MatchingError, match="no two records"):
        evaluate_clusters(clusters_of({"a": "1"}), clusters_of({"a": "x", "b": "y"}))


ids = st.sampled_from([f"p{n}" for n in range(6)])
some_pairs = st.lists(st.tuples(ids, ids), min_size=1, max_size=20, unique=True)
likelihood = st.integers(0, 20).map(lambda twentieths: twentieths / 20)


@st.composite
def runs(draw: st.DrawFn) -> Rows:
    """A match run: unique pairs, ranked by falling probability for each person sought."""
    said = draw(st.dictionaries(st.tuples(ids, ids), likelihood, max_size=25))
    rows: Rows = []
    for sought in sorted({pair[0] for pair in said}):
        mine = sorted(((p, pair[1]) for pair, p in said.items() if pair[0] == sought), reverse=True)
        rows += [(sought, found, rank, p) for rank, (p, found) in enumerate(mine, 1)]
    return rows


@given(runs(), some_pairs)
def test_it_agrees_with_a_slow_counter(rows: Rows, pairs: list[tuple[str, str]]) -> None:
    result = evaluate_matches(matches_of(rows), truth_of(pairs))

    def f1_at(threshold: float) -> tuple[float, int, int]:
        said = [(s, f) for s, f, _, p in rows if p >= threshold]
        correct = sum(pair in pairs for pair in said)
        return 2 * correct / (len(said) + len(pairs)), len(said), correct

    assert (result.at_half.f1, result.at_half.predicted, result.at_half.correct) == f1_at(0.5)
    best = max((f1_at(p)[0] for _, _, _, p in rows), default=0.0)
    assert result.at_best.f1 == best
    assert f1_at(result.at_best.threshold)[0] == best
    sought = {s for s, _ in pairs}
    for k, said_share in ((1, result.top_1), (5, result.top_5)):
        hits = sum(
            any(s == who and r <= k and (s, f) in pairs for s, f, r, _ in rows) for who in sought
        )
        assert said_share == hits / len(sought)


@given(runs(), some_pairs, st.integers())
def test_the_order_of_the_rows_changes_nothing(
    rows: Rows, pairs: list[tuple[str, str]], seed: int
) -> None:
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    assert evaluate_matches(matches_of(rows), truth_of(pairs)) == evaluate_matches(
        matches_of(shuffled), truth_of(pairs[::-1])
    )


@given(st.lists(st.tuples(likelihood, st.booleans()), min_size=200, max_size=260), st.integers())
def test_calibration_does_not_depend_on_the_order(
    rows: list[tuple[float, bool]], seed: int
) -> None:
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    one, other = (
        calibrate(np.array([p for p, _ in part]), np.array([t for _, t in part]))
        for part in (rows, shuffled)
    )
    assert one == other
    assert one is not None
    assert 0 <= one.ece <= 1
    assert sum(b.rows for b in one.bins) == len(rows)
    # The bins' shares come back to the whole: nothing is counted twice or lost.
    total = sum(b.matched_share * b.rows for b in one.bins)
    assert total == pytest.approx(sum(true for _, true in rows))


labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


@given(labels)
def test_clusters_agree_with_a_slow_counter(records: list[tuple[int, int]]) -> None:
    said = {f"r{n}": str(one) for n, (one, _) in enumerate(records)}
    known = {f"r{n}": str(other) for n, (_, other) in enumerate(records)}
    together = [
        (said[a] == said[b], known[a] == known[b]) for a, b in itertools.combinations(said, 2)
    ]
    if not any(true for _, true in together):
        with pytest.raises(MatchingError):
            evaluate_clusters(clusters_of(said), clusters_of(known))
        return
    pairs = evaluate_clusters(clusters_of(said), clusters_of(known)).pairs
    assert pairs.predicted == sum(one for one, _ in together)
    assert pairs.true_pairs == sum(true for _, true in together)
    assert pairs.correct == sum(one and true for one, true in together)
