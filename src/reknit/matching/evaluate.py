"""How good a match run was, counted against a truth.

Rules (docs/reference/cli.md, `reknit evaluate`): a pair is said to match when its probability is at
least the threshold; recall counts every pair of the truth, also those the run never listed; a
sought person is hit when any true found person stands among the first k; a row listed twice counts
once. What cannot be said (no pair predicted, too few rows to calibrate) is None, never zero.

>>> matches = pl.DataFrame({
...     "sought_id": ["s1", "s1", "s2"], "found_id": ["f1", "f2", "f3"],
...     "rank": [1, 2, 1], "probability": [0.9, 0.6, 0.4]})
>>> truth = pl.DataFrame({"sought_id": ["s1", "s2"], "found_id": ["f1", "f3"]})
>>> result = evaluate_matches(matches, truth)
>>> result.at_half.precision, result.at_half.recall, result.at_best.threshold
(0.5, 0.5, 0.4)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.errors import MatchingError

CALIBRATION_BINS = 10
CALIBRATION_ROWS = 200
DOUBTFUL = (0.02, 0.98)
UNKNOWN_SCRIPT = "unknown"
_PAIR = ["sought_id", "found_id"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The pairs at or above a threshold, against the truth.

    predicted: pairs said to match; correct: those of them that are true; true_pairs: all there
    are. precision is None when nothing was predicted.
    """

    threshold: float
    predicted: int
    correct: int
    true_pairs: int

    @property
    def precision(self) -> float | None:
        """correct / predicted."""
        return self.correct / self.predicted if self.predicted else None

    @property
    def recall(self) -> float:
        """correct / true_pairs."""
        return self.correct / self.true_pairs

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall (van Rijsbergen 1979)."""
        return 2 * self.correct / (self.predicted + self.true_pairs)


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of about equal probability: what was said, and what turned out true."""

    mean_probability: float
    matched_share: float
    rows: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether probabilities mean what they say.

    ece: the mean over all rows of how far matched_share and mean_probability of their bin are
    apart, 0 to 1 (expected calibration error: Naeini, Cooper and Hauskrecht 2015), in bins of
    equal count.
    """

    ece: float
    rows: int
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True, slots=True)
class MatchEvaluation:
    """One match run, or the part of it in one script, against the truth.

    rows: pairs listed; sought: people in the truth; top_1, top_5: share of them that are hit.
    """

    rows: int
    sought: int
    at_half: Agreement
    at_best: Agreement
    top_1: float
    top_5: float
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class ClusterEvaluation:
    """A dedupe run against the truth: pairs of records held together, counted pair by pair."""

    records: int
    clusters: int
    pairs: Agreement


def evaluate_matches(matches: pl.DataFrame, truth: pl.DataFrame) -> MatchEvaluation:
    """Count `matches` (sought_id, found_id, probability, and rank unless the rows' order by
    probability is meant) against `truth` (sought_id, found_id).

    MatchingError when the truth has no rows.
    """
    return _evaluate(*_judged(matches, truth))


def evaluate_by_script(
    matches: pl.DataFrame,
    truth: pl.DataFrame,
    sought_scripts: pl.DataFrame,
    found_scripts: pl.DataFrame | None = None,
) -> dict[str, MatchEvaluation]:
    """The same for each script of the sought name, or each pair of scripts, by falling size.

    sought_scripts: sought_id, script. found_scripts: found_id, script; with it the keys read
    "arabic - latin". An id without a script counts as "unknown".
    """
    judged, pairs = _judged(matches, truth)
    judged = _with_group(judged, sought_scripts, found_scripts)
    pairs = _with_group(pairs, sought_scripts, found_scripts)
    sizes = pairs.group_by("group").len().sort(["len", "group"], descending=[True, False])
    return {
        group: _evaluate(judged.filter(pl.col("group") == group), pairs.filter(group=group))
        for group in sizes["group"].to_list()
    }


def evaluate_clusters(clusters: pl.DataFrame, truth: pl.DataFrame) -> ClusterEvaluation:
    """Count pairs held together in `clusters` against `truth` (both person_record_id, cluster_id).

    A record that one of the two does not list stands alone there. MatchingError when the truth
    has no rows or holds no two records together.
    """
    said = clusters.select("person_record_id", said="cluster_id")
    known = truth.select("person_record_id", known="cluster_id")
    for table, name in ((said, "the clusters"), (known, "the truth")):
        repeated = table.filter(pl.col("person_record_id").is_duplicated())
        if repeated.height:
            raise MatchingError(
                f"{name}: the record {repeated['person_record_id'][0]} is listed twice. "
                "List each record once."
            )
    joined = said.join(known, on="person_record_id", how="full", coalesce=True)
    correct = _pairs_within(joined.drop_nulls(), ["said", "known"])
    true_pairs = _pairs_within(known, ["known"])
    if true_pairs == 0:
        raise MatchingError(
            "the truth holds no two records together, so there is nothing to find. Check that it "
            "is the right file."
        )
    pairs = Agreement(0.5, _pairs_within(said, ["said"]), correct, true_pairs)
    return ClusterEvaluation(said.height, said["said"].n_unique(), pairs)


def _pairs_within(table: pl.DataFrame, by: list[str]) -> int:
    sizes = table.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _judged(matches: pl.DataFrame, truth: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The listed pairs with `is_true`, each once and ranked; and the pairs of the truth."""
    pairs = truth.select(_PAIR).unique()
    if pairs.height == 0:
        raise MatchingError("the truth has no rows. Check that it is the right file.")
    columns = [*_PAIR, "probability", *(["rank"] if "rank" in matches.columns else [])]
    listed = matches.select(columns)
    best = listed.group_by(_PAIR, maintain_order=True).agg(
        pl.col("probability").max(), *([pl.col("rank").min()] if "rank" in columns else [])
    )
    if "rank" not in columns:
        order = pl.col("probability").rank("ordinal", descending=True)
        best = best.with_columns(order.over("sought_id").alias("rank"))
    judged = best.join(
        pairs.with_columns(is_true=True), on=_PAIR, how="left", maintain_order="left"
    )
    return judged.with_columns(pl.col("is_true").fill_null(value=False)), pairs


def _with_group(
    table: pl.DataFrame, sought_scripts: pl.DataFrame, found_scripts: pl.DataFrame | None
) -> pl.DataFrame:
    sought = sought_scripts.select("sought_id", group="script").unique("sought_id")
    table = table.join(sought, on="sought_id", how="left", maintain_order="left")
    table = table.with_columns(pl.col("group").fill_null(UNKNOWN_SCRIPT))
    if found_scripts is None:
        return table
    found = found_scripts.select("found_id", other="script").unique("found_id")
    table = table.join(found, on="found_id", how="left", maintain_order="left")
    other = pl.col("other").fill_null(UNKNOWN_SCRIPT)
    return table.with_columns(pl.concat_str("group", other, separator=" - ")).drop("other")


def _evaluate(judged: pl.DataFrame, pairs: pl.DataFrame) -> MatchEvaluation:
    probability = judged["probability"].to_numpy()
    is_true = judged["is_true"].to_numpy()
    sought = pairs["sought_id"].n_unique()
    first_true = judged.filter("is_true").group_by("sought_id").agg(pl.col("rank").min())["rank"]
    doubtful = (probability >= DOUBTFUL[0]) & (probability <= DOUBTFUL[1])
    counted = doubtful | (judged["rank"] == 1).to_numpy()
    said = probability >= 0.5
    return MatchEvaluation(
        rows=judged.height,
        sought=sought,
        at_half=Agreement(0.5, int(said.sum()), int(is_true[said].sum()), pairs.height),
        at_best=_best(probability, is_true, pairs.height),
        top_1=int((first_true <= 1).sum()) / sought,
        top_5=int((first_true <= 5).sum()) / sought,
        calibration=calibrate(probability[counted], is_true[counted]),
    )


def _best(
    probability: npt.NDArray[np.float64], is_true: npt.NDArray[np.bool_], true_pairs: int
) -> Agreement:
    """The threshold of the highest F1 among the probabilities met; the highest of equals."""
    if probability.size == 0:
        return Agreement(1.0, 0, 0, true_pairs)
    order = np.argsort(-probability)
    falling = probability[order]
    last_of_equals = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    predicted = last_of_equals + 1
    correct = np.cumsum(is_true[order])[last_of_equals]
    best = int(np.argmax(2 * correct / (predicted + true_pairs)))
    threshold = float(falling[last_of_equals[best]])
    return Agreement(threshold, int(predicted[best]), int(correct[best]), true_pairs)


def calibrate(
    probability: npt.NDArray[np.float64], is_true: npt.NDArray[np.bool_]
) -> Calibration | None:
    """Ten bins of equal count by rising probability; None under 200 rows.

    Rows of equal probability are interchangeable: each counts with the share of them that is
    true, so that the order of the file changes nothing where a bin ends among them.
    """
    if probability.size < CALIBRATION_ROWS:
        return None
    values, group, counts = np.unique(probability, return_inverse=True, return_counts=True)
    share = np.bincount(group, weights=is_true) / counts
    by_rising = np.repeat(share, counts)
    ordered = np.repeat(values, counts)
    bins = tuple(
        CalibrationBin(float(said.mean()), float(true.mean()), said.size)
        for said, true in zip(
            np.array_split(ordered, CALIBRATION_BINS),
            np.array_split(by_rising, CALIBRATION_BINS),
            strict=True,
        )
    )
    gaps = sum(abs(b.matched_share - b.mean_probability) * b.rows for b in bins)
    return Calibration(gaps / probability.size, int(probability.size), bins)
