"""A model anew out of what people judged, and whether it is better than the one in use.

Rules: a verdict never measures a model that has learned from it: the people sought are dealt into
`FOLDS` parts, and the verdicts of each are foretold by a model that was estimated without them. No
model comes out of fewer than `LEAST_JUDGEMENTS` verdicts, `LEAST_OF_EACH` of either kind; each
figure says how many it rests on. Probabilities are those of an online search: among so many people
found, each pair by itself. Judged pairs are such as a search brought; about others nothing is said.

    made = retrain(sought, found, labels, start=model, among=100_000)
    made.after.log_loss < made.before.log_loss
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.engine import Compared, Progress, compare_tables, silent
from reknit.matching.errors import MatchingError
from reknit.matching.estimate import MATCH, NO_MATCH, UNKNOWN, estimate, find_patterns
from reknit.matching.evaluate import CALIBRATION_BINS, CALIBRATION_ROWS, CalibrationBin
from reknit.matching.index import FOUND_RATE
from reknit.matching.joint import match_weights, pair_odds, probabilities
from reknit.matching.model import Model
from reknit.matching.script_pairs import script_pairs

FOLDS = 5
LEAST_JUDGEMENTS = 100
LEAST_OF_EACH = 20
LEAST_A_BIN = CALIBRATION_ROWS // CALIBRATION_BINS
_LEAST_PROBABILITY = 1e-6
F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model foretold of verdicts that it had not seen.

    judgements: how many; matches: those that said "match". agreement: the share foretold rightly at
    probability 0.5. log_loss: the mean of -ln of what was given to the verdict. ece: expected
    calibration error, 0 to 1, over `bins` of equal count (10, fewer where a bin would hold less
    than 20). top_1: of the `people` with a judged match, the share whose match stood first.
    """

    judgements: int
    matches: int
    agreement: float
    log_loss: float
    ece: float
    bins: tuple[CalibrationBin, ...]
    people: int
    top_1: float


@dataclass(frozen=True, slots=True)
class Retrained:
    """The model out of all verdicts; what the one before and such a one foretold of unseen ones."""

    model: Model
    before: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class _Judged:
    """The judged pairs by their rows in the two tables, what was said, and their comparison."""

    i: I32
    j: I32
    is_match: npt.NDArray[np.bool_]
    fold: I32
    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int16]


def are_enough(matches: int, others: int) -> bool:
    """Whether a model may come out of so many verdicts.

    >>> are_enough(20, 80), are_enough(19, 900), are_enough(40, 40)
    (True, False, False)
    """
    return matches + others >= LEAST_JUDGEMENTS and min(matches, others) >= LEAST_OF_EACH


def retrain(
    sought: pl.DataFrame,
    found: pl.DataFrame,
    labels: pl.DataFrame,
    *,
    start: Model,
    among: int,
    progress: Progress = silent,
) -> Retrained:
    """Estimate anew, near `start`, and measure.

    sought, found: people tables that hold the judged and a sample of all. labels: sought_id,
    found_id, match (1 or 0), each pair once. among: how many found people a search looks through.
    Raises MatchingError where the verdicts are too few.
    """
    compared = compare_tables(sought, found, progress=progress)
    judged = _judged(compared, labels)
    matches = int(judged.is_match.sum())
    if not are_enough(matches, len(judged.i) - matches):
        raise MatchingError(
            f"labels: {matches} matches and {len(judged.i) - matches} others; a model needs "
            f"{LEAST_JUDGEMENTS} verdicts, {LEAST_OF_EACH} of either kind."
        )
    before, after = np.zeros(len(judged.i)), np.zeros(len(judged.i))
    firsts_before: list[bool] = []
    firsts_after: list[bool] = []
    for fold in range(FOLDS):
        progress("estimate", fold / (FOLDS + 1))
        held = judged.fold == fold
        model = _estimated(compared, judged, ~held, start)
        for weighing, said, firsts in (
            (start, before, firsts_before),
            (model, after, firsts_after),
        ):
            said[held] = _probability(weighing, judged.levels[held], judged.group[held], among)
            firsts += _firsts(weighing, compared, judged, held, among)
    progress("estimate", FOLDS / (FOLDS + 1))
    everything = np.ones(len(judged.i), bool)
    return Retrained(
        _estimated(compared, judged, everything, start),
        _figures(before, judged.is_match, firsts_before),
        _figures(after, judged.is_match, firsts_after),
    )


def _judged(compared: Compared, labels: pl.DataFrame) -> _Judged:
    """The labels whose two people are in the tables, compared whether or not a search finds them.
    People sought are dealt in the order of their ids: the same input makes the same parts."""
    people, found = compared.people
    place = [
        dict(zip(side.ids.to_list(), range(len(side)), strict=True)) for side in (people, found)
    ]
    rows = [
        (place[0][one], place[1][other], match == 1, one)
        for one, other, match in labels.select("sought_id", "found_id", "match").iter_rows()
        if one in place[0] and other in place[1]
    ]
    dealt = {one: n % FOLDS for n, one in enumerate(sorted({row[3] for row in rows}))}
    i = np.array([row[0] for row in rows], np.int32)
    j = np.array([row[1] for row in rows], np.int32)
    return _Judged(
        i,
        j,
        np.array([row[2] for row in rows], bool),
        np.array([dealt[row[3]] for row in rows], np.int32),
        compared.segment.compare(i, j, compared.asked),
        script_pairs(people.arrays, i, found.arrays, j),
    )


def _estimated(
    compared: Compared, judged: _Judged, taught: npt.NDArray[np.bool_], start: Model
) -> Model:
    """Near `start`, by all pairs that a search would compare and the verdicts that are taught."""
    key = compared.i.astype(np.int64) << 32 | compared.j
    order = np.argsort(key, kind="stable")
    wanted = judged.i[taught].astype(np.int64) << 32 | judged.j[taught]
    at = order[np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)]
    is_there = key[at] == wanted
    said = np.where(judged.is_match[taught], MATCH, NO_MATCH).astype(np.int8)
    judgement = np.full(len(key), UNKNOWN, np.int8)
    judgement[at[is_there]] = said[is_there]
    patterns = find_patterns(compared.i, compared.levels, compared.group, judgement)
    return estimate(patterns, compared.totals(), start)


def _probability(
    model: Model, levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16], among: int
) -> F64:
    """As an online search among so many people gives it (see PeopleIndex.search)."""
    share = min(FOUND_RATE / max(among, 1), 0.4)
    odds = pair_odds(replace(model, match_share=share, household_share=share), levels, group).odds()
    return probabilities(odds, np.zeros(len(odds)))


def _firsts(
    model: Model, compared: Compared, judged: _Judged, held: npt.NDArray[np.bool_], among: int
) -> list[bool]:
    """For each person sought with a held-out match: did one of their matches stand first?"""
    firsts = []
    for i in np.unique(judged.i[held & judged.is_match]):
        first, last = np.searchsorted(compared.i, [i, i + 1])
        mine = judged.i == i
        j = np.concatenate([compared.j[first:last], judged.j[mine]])
        levels = np.concatenate([compared.levels[first:last], judged.levels[mine]])
        group = np.concatenate([compared.group[first:last], judged.group[mine]])
        order = np.lexsort((-match_weights(model, levels, group),
                            -_probability(model, levels, group, among)))  # fmt: skip
        firsts.append(bool(j[order[0]] in judged.j[mine & judged.is_match]))
    return firsts


def _figures(probability: F64, is_match: npt.NDArray[np.bool_], firsts: Sequence[bool]) -> Figures:
    given = np.clip(np.where(is_match, probability, 1.0 - probability), _LEAST_PROBABILITY, 1.0)
    order = np.argsort(probability, kind="stable")
    count = min(CALIBRATION_BINS, max(1, len(probability) // LEAST_A_BIN))
    bins = tuple(
        CalibrationBin(float(probability[at].mean()), float(is_match[at].mean()), len(at))
        for at in np.array_split(order, count)
    )
    gaps = sum(abs(bin.matched_share - bin.mean_probability) * bin.rows for bin in bins)
    return Figures(
        judgements=len(probability),
        matches=int(is_match.sum()),
        agreement=float(((probability >= 0.5) == is_match).mean()),
        log_loss=float(-np.log(given).mean()),
        ece=gaps / len(probability),
        bins=bins,
        people=len(firsts),
        top_1=float(np.mean(firsts)) if firsts else 0.0,
    )
