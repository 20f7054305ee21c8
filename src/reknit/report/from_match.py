"""What a finished match run shows in its report.

Rules: figures are those of the run itself; pairs are chosen to teach (a sure one across scripts, a
doubtful one, siblings told apart, a common name refused), the same ones for the same run; with a
truth file the figures are those of `reknit evaluate`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit import __version__
from reknit.matching.engine import MatchResult
from reknit.matching.evaluate import MatchEvaluation, evaluate_by_script, evaluate_matches
from reknit.matching.explain import Evidence
from reknit.matching.joint import match_weights
from reknit.matching.levels import (
    BITS,
    FAMILY,
    FAMILY_NO_NEWS,
    GRADE,
    NAME_GRADES,
    OTHER_QUESTIONS,
)
from reknit.matching.model import BITS_WIDTH, FORMAT_VERSION, Model
from reknit.matching.names import NameGrade
from reknit.matching.people import SCRIPTS, StandardisedPeople
from reknit.matching.script_pairs import GROUP_OF_PAIR, SCRIPT_GROUPS
from reknit.report.data import (
    ChosenPair,
    EvidenceBar,
    FileSummary,
    HistogramBin,
    ModelComparison,
    ModelInfo,
    ModelLevel,
    RecordField,
    ReliabilityBin,
    ReportData,
    RunSummary,
    ScriptCount,
    ScriptPairResult,
    TruthResults,
    Verdict,
)
from reknit.vocabulary import Script

SURE, LIKELY, DOUBTFUL = 0.95, 0.5, 0.05
_BARS = 20
_FIELDS = (
    ("Name", "full_name"),
    ("Given name", "given_name"),
    ("Family name", "family_name"),
    ("Other names", "alternate_names"),
    ("Sex", "sex"),
    ("Date of birth", "date_of_birth"),
    ("Age", "age"),
    ("Street", "home_street"),
    ("Neighbourhood", "home_neighborhood"),
    ("Home town", "home_city"),
    ("Region", "home_state"),
    ("Country", "home_country"),
    ("Phones", "phones"),
    ("Identifiers", "identifiers"),
    ("Relatives", "relatives"),
    ("Source", "source_name"),
)
_COMMON_BITS = 6


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
        pairs=tuple(_chosen(result, truth)),
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


# ── the pairs that are shown ────────────────────────────────────────────────────────────────────


def _chosen(result: MatchResult, truth: pl.DataFrame | None) -> Iterator[ChosenPair]:
    """One pair of each kind that the run has."""
    true = set(truth.select("sought_id", "found_id").iter_rows()) if truth is not None else None
    levels, p = result.compared.levels, result.probability
    best = _is_best(result)
    grade = levels[:, GRADE]
    across = GROUP_OF_PAIR[result.compared.group] == SCRIPT_GROUPS.index("across scripts")
    telling = (levels[:, 2:] > 0).sum(axis=1)
    weights = match_weights(result.model, levels, result.compared.group)
    kinds = (
        (
            "Sure, across two scripts",
            "Two scripts, one person: the likeliest pair about which most is known.",
            best & across & (p >= SURE),
            telling + p,
        ),
        (
            "Sure, in one script",
            "Names in one script, spelled differently.",
            best & ~across & (p >= SURE) & (grade < NameGrade.SAME),
            telling + p,
        ),
        (
            "Doubtful",
            "As likely as not: this pair needs a person's judgement.",
            best,
            -np.abs(p - 0.5),
        ),
        (
            "Siblings told apart",
            "The same family, another given name: relatives agree, and yet it is refused.",
            (grade == NameGrade.FAMILY_ONLY)
            & (levels[:, FAMILY] > FAMILY_NO_NEWS)
            & (p < DOUBTFUL),
            10.0 * levels[:, FAMILY] + telling + weights / 100.0,
        ),
        (
            "A common name, refused",
            "The names are spellings of one name, but too many people carry it.",
            (grade >= NameGrade.EQUIVALENT) & (levels[:, BITS] <= _COMMON_BITS) & (p < DOUBTFUL),
            telling - np.abs(weights) / 100.0,
        ),
    )
    for heading, why, eligible, merit in kinds:
        rows = np.flatnonzero(eligible)
        if len(rows):
            row = int(rows[np.argmax(merit[rows])])
            yield _pair(result, row, heading, why, true)


def _is_best(result: MatchResult) -> npt.NDArray[np.bool_]:
    """Which pairs are the likeliest of their sought person."""
    i = result.compared.i
    order = np.lexsort((result.compared.j, -result.probability, i))
    best = np.zeros(len(i), bool)
    best[order[np.append(True, i[order][1:] != i[order][:-1])[: len(order)]]] = True
    return best


def _pair(
    result: MatchResult, row: int, heading: str, why: str, true: set[tuple[Any, ...]] | None
) -> ChosenPair:
    compared = result.compared
    sought, found = compared.people
    i, j = int(compared.i[row]), int(compared.j[row])
    ids = sought.ids[i], found.ids[j]
    probability = float(result.probability[row])
    levels = compared.levels[row]
    (evidence,) = result.evidence(np.array([row]))
    return ChosenPair(
        heading=heading,
        why=why,
        sought_id=ids[0],
        found_id=ids[1],
        sought=_fields(sought, i, found, j),
        found=_fields(found, j, sought, i),
        prior_weight=result.prior_weight,
        evidence=tuple(_bar(one, levels) for one in evidence),
        probability=probability,
        verdict=_verdict(probability),
        is_same_person=None if true is None else ids in true,
    )


def _fields(
    people: StandardisedPeople, row: int, others: StandardisedPeople, other: int
) -> tuple[RecordField, ...]:
    """The fields that either record has, in one order for both."""
    mine, theirs = people.rows.row(row, named=True), others.rows.row(other, named=True)
    return tuple(
        RecordField(label, mine[column])
        for label, column in _FIELDS
        if mine[column] or theirs[column]
    )


def _bar(one: Evidence, levels: npt.NDArray[np.int8]) -> EvidenceBar:
    columns = {question.name: question.column for question in OTHER_QUESTIONS}
    known = one.field not in columns or levels[columns[one.field]] != 0
    return EvidenceBar(one.field.capitalize(), one.weight, one.sentence, is_known=known)


def _verdict(probability: float) -> Verdict:
    if probability >= SURE:
        return Verdict.SURE
    if probability >= LIKELY:
        return Verdict.LIKELY
    return Verdict.DOUBTFUL if probability >= DOUBTFUL else Verdict.REFUSED
