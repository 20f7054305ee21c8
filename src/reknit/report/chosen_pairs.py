"""The pairs of a match run that its report shows side by side.

Rules: they are chosen to teach (a sure one across scripts, a doubtful one, siblings told apart, a
common name refused), the same ones for the same run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.engine import MatchResult
from reknit.matching.evidence import Evidence
from reknit.matching.joint import match_weights
from reknit.matching.levels import BITS, FAMILY, FAMILY_NO_NEWS, GRADE, OTHER_QUESTIONS
from reknit.matching.names import NameGrade
from reknit.matching.people import StandardisedPeople
from reknit.matching.script_pairs import GROUP_OF_PAIR, SCRIPT_GROUPS
from reknit.report.data import ChosenPair, EvidenceBar, RecordField, Verdict

SURE, LIKELY, DOUBTFUL = 0.95, 0.5, 0.05
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
    ("Last seen", "last_known_location"),
    ("Phones", "phones"),
    ("Identifiers", "identifiers"),
    ("Relatives", "relatives"),
    ("Source", "source_name"),
)
_COMMON_BITS = 6


def choose_pairs(result: MatchResult, truth: pl.DataFrame | None) -> Iterator[ChosenPair]:
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
        prior_weight=result.prior_weight_of(row),
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
