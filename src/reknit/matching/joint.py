"""From each pair's own evidence to probabilities: families and rivals are solved together.

Rules: a pair gains when a companion of the one matches a companion of the other, and a sibling
gains as much as the person does, so a household alone never tells siblings apart; a person is one
person, so candidates who are not each other's mirrors share the probability; with nothing but a
name to go by, the whole population is a rival. Source: Bayes' rule over "which one, if any".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.levels import BITS, GRADE
from reknit.matching.model import BITS_WIDTH, Model
from reknit.matching.patterns import number_patterns
from reknit.matching.people import PeopleArrays

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
COMPANION_BITS = 5.0
MOST_RIVALS = 6
MOST_SURE = 0.999999
"""Nothing in a list makes a pair certain."""
RIVAL_FROM = 0.02
CORROBORATION = 1.5
"""How much a bit of other evidence raises the cap on the odds of a bare name."""


class PairOdds(NamedTuple):
    """log2 of share x likelihood for match, household, stranger; cap: log2 odds of a bare name."""

    match: F64
    household: F64
    stranger: F64
    cap: F64

    def odds(self, companions: F64 | float = 0.0) -> F64:
        """log2 odds of a match, `companions` bits of support given to match and household alike."""
        against = np.logaddexp2(self.household + companions, self.stranger)
        odds: F64 = np.minimum(self.match + companions - against, self.cap + companions)
        return odds


def pair_odds(
    model: Model,
    levels: npt.NDArray[np.int8],
    group: npt.NDArray[np.int16],
    *,
    found_rate: float = 0.0,
) -> PairOdds:
    """The odds of each pair from its own evidence, against the person's not being there at all.

    found_rate: the share of people asked for who are there.
    """

    def odds(levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]) -> PairOdds:
        m, h, u = model.log_tables.likelihoods(levels, group)
        others = model.log_tables.weights(levels, group)[:, 1:]
        corroborated = np.where(others > 0, CORROBORATION * others, others).sum(axis=1)
        bits = (levels[:, BITS] + 0.5) * BITS_WIDTH * (levels[:, GRADE] > 0)
        match, household, strangers = model.log_tables.shares(group)
        return PairOdds(
            m + match - np.log2(1.0 - found_rate),
            h + household,
            u + strangers,
            bits - np.log2(model.population) + corroborated,
        )

    return PairOdds(*_by_patterns(odds, levels, group))


def _by_patterns(
    table: Callable[[npt.NDArray[np.int8], npt.NDArray[np.int16]], tuple[F64, ...]],
    levels: npt.NDArray[np.int8],
    group: npt.NDArray[np.int16],
) -> list[F64]:
    """What `table` gives for the rows, of which it is shown each distinct one once."""
    pattern, of_row = number_patterns(levels, group)
    return [column[of_row] for column in table(levels[pattern], group[pattern])]


def match_weights(model: Model, levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]) -> F64:
    """log2 of P(levels | match) over P(levels | no match), strangers and relatives together."""

    def weights(levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]) -> tuple[F64]:
        m, h, u = model.log_tables.likelihoods(levels, group)
        _, household, strangers = model.log_tables.shares(group)
        all_others = np.logaddexp2(household, strangers)
        against: F64 = np.logaddexp2(h + household, u + strangers) - all_others
        return (m - against,)

    return _by_patterns(weights, levels, group)[0]


@dataclass(frozen=True)
class Pairs:
    """The compared pairs, sorted by i then j."""

    i: I32
    j: I32


def companion_bits(pairs: Pairs, log_odds: F64, a: PeopleArrays, b: PeopleArrays) -> F64:
    """Support from companions: pairs of the same two groups, other people on both sides."""
    support = np.zeros(len(pairs.i))
    grouped = np.flatnonzero((a.group[pairs.i] >= 0) & (b.group[pairs.j] >= 0))
    if not len(grouped):
        return support
    key = a.group[pairs.i[grouped]].astype(np.int64) << 32 | b.group[pairs.j[grouped]]
    order = grouped[np.argsort(key, kind="stable")]
    key = np.sort(key, kind="stable")
    starts = np.append(np.flatnonzero(np.append(True, key[1:] != key[:-1])), len(key))
    probability = 1.0 / (1.0 + np.exp2(-np.clip(log_odds, -60, 60)))
    _companions(order, starts, pairs.i, pairs.j, probability, support)
    return support


@njit(cache=True, nogil=True)
def _companions(
    order: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    i: I32,
    j: I32,
    probability: F64,
    support: F64,
) -> None:
    for s in range(len(starts) - 1):
        first, last = starts[s], min(starts[s + 1], starts[s] + 400)
        for p in range(first, last):
            best = 0.0
            for q in range(first, last):
                if i[order[q]] != i[order[p]] and j[order[q]] != j[order[p]]:
                    best = max(best, probability[order[q]])
            support[order[p]] = np.log2(1.0 - best + best * 2.0**COMPANION_BITS)


class Rivals(NamedTuple):
    """Who claims whom: the owner of every row of the pair table, and of the likeliest few rows of
    each owner every two, p and q, that may turn out to be mirrors of one another."""

    owner: I32
    p: I32
    q: I32


def rivals(owner: I32, log_odds: F64) -> Rivals:
    """The rows that claim each owner, and the likeliest few of them two by two."""
    likely = np.flatnonzero(log_odds >= np.log2(RIVAL_FROM))
    order = likely[np.lexsort((likely, -log_odds[likely], owner[likely]))]
    p, q = _two_by_two(order, owner)
    return Rivals(owner, p, q)


@njit(cache=True, nogil=True)
def _two_by_two(order: npt.NDArray[np.int64], owner: I32) -> tuple[I32, I32]:
    n = 0
    p = np.zeros(max(1, len(order) * MOST_RIVALS), np.int32)
    q = np.zeros(max(1, len(order) * MOST_RIVALS), np.int32)
    first = 0
    for at in range(len(order)):
        if owner[order[at]] != owner[order[first]]:
            first = at
        if at - first >= MOST_RIVALS:
            continue
        for other in range(first, at):
            p[n] = order[other]
            q[n] = order[at]
            n += 1
    return p[:n].copy(), q[:n].copy()


def rival_odds(claims: Rivals, mirrors: npt.NDArray[np.bool_], log_odds: F64) -> F64:
    """For each pair, the summed odds of its rivals; mirrors of one another are no rivals.

    mirrors: for each p and q of `claims`, whether the two look like one person.
    """
    if not len(log_odds):
        return np.zeros(0)
    odds = np.exp2(np.clip(log_odds, -60, 60))
    claimed = np.bincount(claims.owner, weights=np.where(odds >= RIVAL_FROM, odds, 0.0))
    against = claimed[claims.owner] - np.where(odds >= RIVAL_FROM, odds, 0.0)
    p, q = claims.p[mirrors], claims.q[mirrors]
    np.subtract.at(against, p, odds[q])
    np.subtract.at(against, q, odds[p])
    rest: F64 = np.maximum(against, 0.0)
    return rest


def probabilities(log_odds: F64, against: F64) -> F64:
    """odds / (1 + odds + the odds of the rivals), at most MOST_SURE."""
    odds = np.exp2(np.clip(log_odds, -60, 60))
    certain: F64 = np.minimum(odds / (1.0 + odds + against), MOST_SURE)
    return certain
