"""Estimate the model from the two files alone, from judgements, or from both.

Rules: expectation-maximisation (Dempster, Laird & Rubin 1977) over distinct patterns of levels with
three classes: one person, relatives under one roof, strangers. A person sought is one person: the
candidates for one share what they are given, so many namesakes are not many matches. Every
estimate is drawn towards the model it starts from, as if that had been seen on `STRENGTH` pairs, so
a file of fifty rows changes little and a file of a million decides. What strangers show (u) is
counted where it matters: among those whose names are alike. Relatives come from the person's own
town and name the person's own relatives: how big the town or how rare the names are tells the two
apart no better in one file than in another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.homes import SAME_CITY_COMMON, SAME_CITY_RARE
from reknit.matching.levels import (
    BIRTH,
    BIRTH_EXACT,
    BITS,
    FAMILY_BITS,
    FAMILY_NO_NEWS,
    GRADE,
    NAME_GRADES,
    OTHER_QUESTIONS,
    QUESTIONS,
)
from reknit.matching.model import (
    BITS_STEPS,
    BITS_WIDTH,
    FLOOR,
    SCRIPT_GROUPS,
    Levels,
    Model,
    NameLevels,
)

F64 = npt.NDArray[np.float64]
MATCH, NO_MATCH, UNKNOWN = 1, 0, -1
STRENGTH_M = 40.0
STRENGTH_U = 100.0
STRENGTH_SCALE = 30.0
MOST_ROUNDS = 150
MOST_PAIRS = 1_500_000
LEAST_RATE = 0.001
NEARLY_SURE, LEAST_OF_A_MIRROR = 0.99, 0.02
MOST_RELATIVES = 2.5
JUDGEMENT_COUNTS_AS = 3.0
ONE_PHONE_A_FAMILY = 0.5
"""Relatives have the phone in common at least this often, beside how often one person has it."""
_ALIKE_FROM = 4
_NAMED_FROM = 3
_VOUCHED_BITS = 8.0
_SHARED_BY_RELATIVES = {
    "home": slice(SAME_CITY_COMMON, SAME_CITY_RARE + 1),
    "family": slice(FAMILY_NO_NEWS, FAMILY_NO_NEWS + len(FAMILY_BITS) + 1),
}
_SIZES = [len(NAME_GRADES), BITS_STEPS, *(len(q.levels) for q in OTHER_QUESTIONS)]


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of (levels, script group, judgement); for each pair its pattern and its owner.

    owner: the record a pair was found for, as numbers that do not fall. sampled: the share of all
    owners that is kept.
    """

    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int8]
    judgement: npt.NDArray[np.int8]
    of_pair: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int32]
    sampled: float


@dataclass(frozen=True)
class Totals:
    """All pairs there are, compared or not, by script group; the records asked for; the most of
    them that can have a match; how often two of the two files share a birth date by chance."""

    pairs: F64
    asked: float
    most_matches: float
    same_birth_date: float = 0.0


def find_patterns(
    owner: npt.NDArray[np.int32],
    levels: npt.NDArray[np.int8],
    group: npt.NDArray[np.int8],
    judgement: npt.NDArray[np.int8] | None = None,
) -> Patterns:
    """The distinct patterns of the compared pairs; of very many, those of every n-th owner."""
    every = 1 + len(owner) // MOST_PAIRS
    if every > 1:
        kept = owner % every == 0
        owner, levels, group = owner[kept], levels[kept], group[kept]
        judgement = None if judgement is None else judgement[kept]
    judged = np.full(len(group), UNKNOWN, np.int8) if judgement is None else judgement
    code = (judged + 1).astype(np.int64) * len(SCRIPT_GROUPS) + group
    for column, size in enumerate(_SIZES):
        code = code * size + levels[:, column]
    distinct, of_pair = np.unique(code, return_inverse=True)
    rows = np.zeros((len(distinct), QUESTIONS), np.int8)
    rest = distinct
    for column in reversed(range(QUESTIONS)):
        rest, level = np.divmod(rest, _SIZES[column])
        rows[:, column] = level
    judgements, groups = np.divmod(rest, len(SCRIPT_GROUPS))
    judgements = (judgements - 1).astype(np.int8)
    return Patterns(rows, groups.astype(np.int8), judgements, of_pair, owner, 1.0 / every)


def estimate(
    patterns: Patterns, totals: Totals, start: Model, *, learn_households: bool = False
) -> Model:
    """The model that explains the patterns best, near `start`."""
    totals = replace(
        totals,
        pairs=totals.pairs * patterns.sampled,
        asked=totals.asked * patterns.sampled,
        most_matches=totals.most_matches * patterns.sampled,
    )
    model = replace(
        start,
        match_share=_bounded_share(0.3, 1.2, totals),
        household_share=_bounded_share(0.3, MOST_RELATIVES, totals),
    )
    matches = 0.0
    for _ in range(MOST_ROUNDS):
        weighted = _expect(model, patterns, totals)
        model = _maximise(patterns, weighted, totals, start, model, learn_households)
        before, matches = matches, float(weighted[0].sum())
        if abs(matches - before) <= 1e-5 * max(matches, 1.0):
            break
    return model


def found_rate(model: Model, totals: Totals) -> float:
    """The share of records asked for that have a match, at most 0.9."""
    return min(model.match_share * float(totals.pairs.sum()) / totals.asked, 0.9)


def _expect(model: Model, patterns: Patterns, totals: Totals) -> list[F64]:
    """How many pairs of each pattern are matches, relatives, strangers, as far as we know."""
    m, h, u = model.log_tables.likelihoods(patterns.levels, patterns.group)
    relatives = h + np.log2(model.household_share)
    strangers = u + np.log2(1.0 - model.match_share - model.household_share)
    against = np.logaddexp2(relatives, strangers)
    share = model.match_share / (1.0 - found_rate(model, totals))
    odds = np.exp2(np.clip(m + np.log2(share) - against, -80, 80))
    odds[patterns.judgement == NO_MATCH] = 0.0
    odds[patterns.judgement == MATCH] = 1e24
    match, no_match = _share_out(odds, patterns.of_pair, patterns.owner)
    judged = np.where(patterns.judgement == UNKNOWN, 1.0, JUDGEMENT_COUNTS_AS)
    household = no_match * np.exp2(relatives - against)
    return [match * judged, household * judged, (no_match - household) * judged]


@njit(cache=True, nogil=True)
def _share_out(
    odds: F64, of_pair: npt.NDArray[np.int64], owner: npt.NDArray[np.int32]
) -> tuple[F64, F64]:
    """Expected matches and non-matches by pattern; an owner's candidates share at most one match.

    A candidate that is nearly sure by itself and has to share with its like is a mirror of another,
    or was judged a match too: what it loses is no sign of what strangers look like.
    """
    match, no_match = np.zeros(len(odds)), np.zeros(len(odds))
    first = 0
    while first < len(owner):
        last = first
        total = 1.0
        while last < len(owner) and owner[last] == owner[first]:
            total += odds[of_pair[last]]
            last += 1
        for pair in range(first, last):
            pattern = of_pair[pair]
            probability = odds[pattern] / total
            match[pattern] += probability
            alone = odds[pattern] / (1.0 + odds[pattern])
            is_mirror = alone > NEARLY_SURE and probability > LEAST_OF_A_MIRROR
            no_match[pattern] += 1.0 - (alone if is_mirror else probability)
        first = last
    return match, no_match


def _bounded_share(rate: float, most: float, totals: Totals) -> float:
    """The share of all pairs that `rate` a record makes, within sense."""
    bounded = min(max(rate, LEAST_RATE), most) * totals.most_matches
    return min(max(bounded, 0.5) / float(totals.pairs.sum()), 0.3)


def _maximise(
    patterns: Patterns,
    weighted: list[F64],
    totals: Totals,
    start: Model,
    model: Model,
    learn_households: bool,
) -> Model:
    _, household, stranger = weighted
    match = weighted[0] * _vouched(patterns, model)
    alike = stranger * (patterns.levels[:, GRADE] >= _ALIKE_FROM)
    questions = {}
    for question in OTHER_QUESTIONS:
        prior = start.questions[question.name]
        level = patterns.levels[:, question.column]
        m_probability = _drawn(level, match, prior.m_probability, STRENGTH_M)
        relatives = prior.household_probability
        if learn_households:
            relatives = _drawn(level, household, relatives, STRENGTH_M)
        u_probability = _drawn(level, alike, prior.u_probability, STRENGTH_U)
        if question.column == BIRTH:
            u_probability[BIRTH_EXACT] = max(u_probability[BIRTH_EXACT], totals.same_birth_date)
        questions[question.name] = Levels(
            m_probability,
            u_probability,
            _as_shared(question.name, relatives, m_probability),
        )
    return replace(
        model,
        name=_maximise_name(patterns, weighted, totals, start.name, model),
        questions=questions,
        match_share=_bounded_share(float(weighted[0].sum()) / totals.most_matches, 1.2, totals),
        household_share=_bounded_share(
            float(household.sum()) / totals.most_matches, MOST_RELATIVES, totals
        ),
    )


def _vouched(patterns: Patterns, model: Model) -> npt.NDArray[np.bool_]:
    """Which pairs may teach what matches look like: those whose names agree, those that someone
    judged, those that much speaks for besides name and birth. Else shared birthdays, by which
    strangers are found too, would make strangers' names a mark of matches."""
    weights = model.log_tables.weights(patterns.levels, patterns.group)
    besides = np.maximum(weights[:, 2:], 0.0).sum(axis=1) >= _VOUCHED_BITS
    named = patterns.levels[:, GRADE] >= _NAMED_FROM
    vouched: npt.NDArray[np.bool_] = named | besides | (patterns.judgement == MATCH)
    return vouched


def _drawn(level: npt.NDArray[np.int8], weight: F64, prior: F64, strength: float) -> F64:
    """Shares of the known levels, as if `strength` more had been seen in the prior's shares."""
    counts = np.bincount(level, weights=weight, minlength=len(prior))
    known = counts[1:] + strength * prior[1:] / prior[1:].sum()
    shares = np.maximum(known / known.sum(), FLOOR)
    return np.concatenate([[1.0], shares])


def _as_shared(question: str, relatives: F64, m_probability: F64) -> F64:
    """The household's probabilities; what relatives share is spread as in matches."""
    spread = relatives.copy()
    if question == "phone":
        shared_phone = max(relatives[-1], ONE_PHONE_A_FAMILY * m_probability[-1])
        spread[1:] = 1.0 - shared_phone, shared_phone
        return spread
    shared = _SHARED_BY_RELATIVES.get(question)
    if shared is None:
        return relatives
    spread[shared] = m_probability[shared] * (relatives[shared].sum() / m_probability[shared].sum())
    return spread


def _maximise_name(
    patterns: Patterns,
    weighted: list[F64],
    totals: Totals,
    start: NameLevels,
    model: Model,
) -> NameLevels:
    match, _, stranger = weighted
    grades, groups = len(NAME_GRADES), len(SCRIPT_GROUPS)
    cell = patterns.group.astype(np.int64) * grades + patterns.levels[:, GRADE]
    shape = groups, grades

    def counts(weight: F64) -> F64:
        flat: F64 = np.bincount(cell, weights=weight, minlength=groups * grades).astype(float)
        return flat.reshape(shape)

    def shares(weight: F64, prior: F64) -> F64:
        drawn = counts(weight) + STRENGTH_M * prior / prior.sum(axis=1, keepdims=True)
        floored: F64 = np.maximum(drawn / drawn.sum(axis=1, keepdims=True), FLOOR)
        return floored

    m_probability = shares(match * _vouched(patterns, model), start.m_probability)
    chance = np.exp2(-start.slope * (np.arange(BITS_STEPS) + 0.5) * BITS_WIDTH)
    by_chance = counts(match * chance[patterns.levels[:, BITS]]) + 1e-9
    mean_chance = by_chance / (counts(match) + 1e-9 / chance[4])
    strangers = counts(stranger)
    seen = (strangers + 0.5) / np.maximum(totals.pairs, 1.0)[:, None] / mean_chance
    trust = strangers / (strangers + STRENGTH_SCALE)
    trust[:, 0] = 0.0
    trust *= counts(match) / (counts(match) + STRENGTH_SCALE)
    scale = np.exp2(
        np.clip(trust * (np.log2(np.maximum(seen, FLOOR)) - np.log2(start.u_scale)), -6.0, 6.0)
    )
    return NameLevels(
        m_probability=m_probability,
        u_scale=start.u_scale * scale,
        household_probability=start.household_probability,
        slope=start.slope,
    )
