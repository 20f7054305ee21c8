"""What a finished match run shows in its report.

Rules: figures are those of the run itself; with a truth file they are those of `reknit evaluate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit import __version__
from reknit.matching.engine import MatchResult
from reknit.matching.evaluate import MatchEvaluation, evaluate_by_script, evaluate_matches
from reknit.matching.levels import (
    NAME_GRADES,
    OTHER_QUESTIONS,
)
from reknit.matching.model import BITS_WIDTH, FORMAT_VERSION, Model
from reknit.matching.people import SCRIPTS, StandardisedPeople
from reknit.matching.script_pairs import SCRIPT_GROUPS
from reknit.report.chosen_pairs import LIKELY, choose_pairs
from reknit.report.data import (
    FileSummary,
    HistogramBin,
    ModelComparison,
    ModelInfo,
    ModelLevel,
    ReliabilityBin,
    ReportData,
    RunSummary,
    ScriptCount,
    ScriptPairResult,
    TruthResults,
)
from reknit.vocabulary import Script

_BARS = 20


@dataclass(frozen=True, slots=True)
class InputFile:
    """What reading one of the two files gave: its name, and how much could not be used."""

    name: str
    set_aside: int = 0
    findings: int = 0


def report_of_match(
    result: MatchResult,
    sought: InputFile,
    found: InputFile,
    *,
    created_at: dt.datetime,
    seconds: float | None = None,
    truth: pl.DataFrame | None = None,
) -> ReportData:
    """A run and, if known, the truth (sought_id, found_id), as the values of a report."""
    evaluation = evaluate_matches(result.table, truth) if truth is not None else None
    best = result.table.filter(pl.col("rank") == 1)["probability"].to_numpy()
    people_sought, people_found = result.compared.people
    return ReportData(
        title="Who is whom",
        created_at=created_at,
        summary=RunSummary(
            sought=_file(sought, people_sought),
            found=_file(found, people_found),
            pairs_compared=len(result.compared.i),
            pairs_listed=result.table.height,
            matches=int((result.table["probability"] >= LIKELY).sum()),
            sought_matched=int((best >= LIKELY).sum()),
            sought_without_candidate=len(people_sought) - len(np.unique(result.compared.i)),
            model=_model_info(result.model),
            reknit_version=__version__,
            seconds=seconds,
        ),
        best_probabilities=_bins(best, np.linspace(0.0, 1.0, _BARS + 1)),
        match_weights=_weight_bins(result.table["match_weight"].to_numpy()),
        truth=None if evaluation is None else _truth(evaluation),
        by_script=tuple(_by_script(result, truth)),
        model=tuple(_comparisons(result.model)),
        pairs=tuple(choose_pairs(result, truth)),
    )


def _file(file: InputFile, people: StandardisedPeople) -> FileSummary:
    counts = np.bincount(people.arrays.script, minlength=len(SCRIPTS))
    scripts = tuple(
        ScriptCount(script, int(rows))
        for script, rows in zip(SCRIPTS, counts, strict=True)
        if rows and script is not Script.NONE
    )
    return FileSummary(
        file.name, len(people) + file.set_aside, file.set_aside, file.findings, scripts
    )


def _model_info(model: Model) -> ModelInfo:
    said = "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in model.provenance.items())
    return ModelInfo(
        "Three classes: one person, one household, strangers", str(FORMAT_VERSION), said
    )


def _bins(values: npt.NDArray[np.float64], edges: npt.NDArray[np.float64]) -> tuple[
    HistogramBin, ...
]:  # fmt: skip
    counts, edges = np.histogram(values, edges)
    return tuple(
        HistogramBin(float(low), float(high), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    )


def _weight_bins(weights: npt.NDArray[np.float64]) -> tuple[HistogramBin, ...]:
    if not len(weights):
        return ()
    low = 4.0 * np.floor(weights.min() / 4.0)
    high = max(4.0 * np.ceil(weights.max() / 4.0), low + 4.0)
    return _bins(weights, np.arange(low, high + 1.0, 4.0))


def _truth(evaluation: MatchEvaluation) -> TruthResults:
    half, calibration = evaluation.at_half, evaluation.calibration
    return TruthResults(
        true_pairs=half.true_pairs,
        precision=half.precision or 0.0,
        recall=half.recall,
        f1=half.f1,
        top_1=evaluation.top_1,
        top_5=evaluation.top_5,
        ece=calibration.ece if calibration else None,
        reliability=tuple(
            ReliabilityBin(one.mean_probability, one.matched_share, one.rows)
            for one in (calibration.bins if calibration else ())
        ),
    )


def _by_script(result: MatchResult, truth: pl.DataFrame | None) -> Iterator[ScriptPairResult]:
    """Sought people by their script and that of their best candidate, the most frequent first."""
    scripts = [
        pl.DataFrame(
            {f"{side}_id": people.ids, "script": [SCRIPTS[s].value for s in people.arrays.script]}
        )
        for side, people in zip(("sought", "found"), result.compared.people, strict=True)
    ]
    best = (
        result.table.filter(pl.col("rank") == 1)
        .join(scripts[0].rename({"script": "first"}), on="sought_id")
        .join(scripts[1].rename({"script": "second"}), on="found_id")
        .group_by("first", "second")
        .agg(
            people=pl.len(),
            matched=(pl.col("probability") >= LIKELY).sum(),
            median=pl.col("probability").median(),
        )
        .sort(["people", "first", "second"], descending=[True, False, False])
    )
    judged = {} if truth is None else evaluate_by_script(result.table, truth, *scripts)
    for row in best.iter_rows(named=True):
        known = judged.get(f"{row['first']} - {row['second']}")
        yield ScriptPairResult(
            Script(row["first"]),
            Script(row["second"]),
            row["people"],
            row["matched"],
            row["median"],
            known.at_half.precision if known else None,
            known.at_half.recall if known else None,
        )


def _comparisons(model: Model) -> Iterator[ModelComparison]:
    """The model's questions; the name as it weighs with 20 bits of agreement, once a group."""
    bits = int(20 / BITS_WIDTH)
    m, _, u = model.log_tables.name
    for group, label in enumerate(SCRIPT_GROUPS):
        yield ModelComparison(
            f"Name, {label}",
            tuple(
                _level(NAME_GRADES[grade], m[group, grade, bits], u[group, grade, bits])
                for grade in reversed(range(len(NAME_GRADES)))
            ),
            "As it weighs for a rather rare name, one in a million; commoner names weigh less.",
        )
    for question, (_, m_table, _, u_table) in zip(
        OTHER_QUESTIONS, model.log_tables.others, strict=True
    ):
        yield ModelComparison(
            question.name.capitalize(),
            tuple(
                _level(question.levels[level], m_table[level], u_table[level])
                for level in reversed(range(1, len(question.levels)))
            ),
        )


def _level(label: str, log_m: float, log_u: float) -> ModelLevel:
    return ModelLevel(label, float(2.0**log_m), float(2.0**log_u), float(log_m - log_u))
