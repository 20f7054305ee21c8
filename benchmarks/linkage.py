"""What every benchmark of linkage does: write the lists, run the contestants, count the pairs.

Rules: ours is judged at probability 0.5, without labels; a peer at its best threshold for the
labels, which is a favour to it, and at 0.5 beside that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.bench import OURS, Bench, Figure, Usage
from benchmarks.targets import ECE, F1, TOP_1
from reknit.matching.evaluate import Agreement, MatchEvaluation, evaluate_matches

F1_AT_HALF = "F1 at 0.5"
F1_AT_BEST = "F1 at the best threshold"
LISTED = "true pairs among those listed"


@dataclass(frozen=True, slots=True)
class Lists:
    """Two lists in the contract's columns and the pairs that are true, which no contestant sees."""

    sought: pl.DataFrame
    found: pl.DataFrame
    truth: pl.DataFrame

    def write(self, folder: Path) -> tuple[Path, Path]:
        """sought.csv and found.csv."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / "sought.csv", folder / "found.csv"
        for table, path in zip((self.sought, self.found), paths, strict=True):
            table.write_csv(path)
        return paths


@dataclass(frozen=True, slots=True)
class Judged:
    """A contestant's pairs against the truth."""

    contestant: str
    pairs: pl.DataFrame
    evaluation: MatchEvaluation
    at_best: Agreement
    usage: Usage
    listed: float
    says_probability: bool

    @property
    def f1(self) -> float:
        """The F1 that counts: ours at 0.5, a peer's at its best threshold."""
        return self.evaluation.at_half.f1 if self.contestant == OURS else self.at_best.f1

    def figures(self, benchmark: str) -> Iterator[Figure]:
        """The usual ones."""
        values = {
            F1: self.f1,
            F1_AT_BEST: self.at_best.f1,
            TOP_1: self.evaluation.top_1,
            LISTED: self.listed,
        }
        if self.says_probability:
            values[F1_AT_HALF] = self.evaluation.at_half.f1
            if self.evaluation.calibration is not None:
                values[ECE] = self.evaluation.calibration.ece
        for measure, value in values.items():
            yield Figure(benchmark, self.contestant, measure, value)
        yield from self.usage.figures(benchmark, self.contestant)


def judge(
    bench: Bench,
    contestant: str,
    command: list[str],
    out: Path,
    truth: pl.DataFrame,
    *,
    says_probability: bool = True,
) -> Judged:
    """Run a contestant that writes its pairs to `out`, and count them.

    says_probability: False for a score that only ranks, of which 0.5 says nothing.
    """
    usage = bench.measure(command)
    pairs = pl.read_csv(out, schema_overrides={"sought_id": pl.String, "found_id": pl.String})
    evaluation = evaluate_matches(pairs, truth)
    at_best = evaluation.at_best
    if "match_weight" in pairs.columns and contestant != OURS:
        # A peer's probabilities reach 1.0 in the last digit; its weights still tell pairs apart.
        by_weight = pairs.select("sought_id", "found_id", probability="match_weight")
        at_best = max(at_best, evaluate_matches(by_weight, truth).at_best, key=lambda a: a.f1)
    listed = pairs.join(truth, on=["sought_id", "found_id"], how="semi").unique().height
    share = listed / truth.height
    return Judged(contestant, pairs, evaluation, at_best, usage, share, says_probability)


def match_command(bench: Bench, sought: Path, found: Path, out: Path, top: int = 10) -> list[str]:
    """Ours: `reknit match`, as anybody runs it."""
    return bench.reknit("match", sought, found, "--out", out, "--top", top)


def recall_at_precision(pairs: pl.DataFrame, truth: pl.DataFrame, precision: float) -> float:
    """The share of sought people with a partner whose first answer is right and said, at the
    lowest threshold that keeps the precision of all first answers said."""
    order = pl.col("probability").rank("ordinal", descending=True).over("sought_id")
    first = pairs.filter(order == 1).sort("probability", descending=True)
    true = first.join(
        truth.with_columns(is_true=True),
        on=["sought_id", "found_id"],
        how="left",
        maintain_order="left",
    )["is_true"].fill_null(value=False)
    correct = np.cumsum(true.to_numpy())
    holds = np.flatnonzero(correct >= precision * np.arange(1, correct.size + 1))
    return float(correct[holds[-1]]) / truth["sought_id"].n_unique() if holds.size else 0.0
