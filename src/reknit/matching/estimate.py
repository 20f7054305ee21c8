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
    BIRTH_CLOSE_YEARS,
    BIRTH_EXACT,
    BIRTH_FAR,
    BIRTH_NEXT_YEAR,
    BIRTH_SAME_YEAR_OTHER_DAY,
    BITS,
    FAMILY,
    FAMILY_BITS,
    FAMILY_NO_NEWS,
    GRADE,
    HOME,
    NAME_GRADES,
    OTHER_QUESTIONS,
    PHONE,
    QUESTIONS,
)
from reknit.matching.model import (
    BITS_STEPS,
    BITS_WIDTH,
    FLOOR,
    Levels,
    Model,
    NameLevels,
)
from reknit.matching.script_pairs import GROUP_OF_PAIR, SCRIPT_GROUPS, SCRIPT_PAIRS

F64 = npt.NDArray[np.float64]
MATCH, NO_MATCH, UNKNOWN = 1, 0, -1
STRENGTH_M = 60.0
STRENGTH_CONTRADICTION = 2_000.0
STRENGTH_U = 100.0
STRENGTH_CHANCE, STRENGTH_SCRIPTS = 10.0, 20.0
STRENGTH_SCALE = 30.0
MOST_ROUNDS = 150
MOST_PAIRS = 1_500_000
LEAST_RATE = 0.001
NEARLY_SURE, LEAST_OF_A_MIRROR = 0.99, 0.02
MOST_RELATIVES, RELATIVES, STRENGTH_HOUSEHOLD = 2.5, 0.3, 30.0
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
_CONTRADICTIONS = {
    "birth": [
        level - 1
        for level in (BIRTH_FAR, BIRTH_CLOSE_YEARS, BIRTH_NEXT_YEAR, BIRTH_SAME_YEAR_OTHER_DAY)
    ],
    "sex": [0],
}
"""Levels, counted from the first that is known, at which two records contradict each other."""
_NAME_CONTRADICTIONS = list(range(_NAMED_FROM + 1))
_SIZES = [len(NAME_GRADES), BITS_STEPS, *(len(q.levels) for q in OTHER_QUESTIONS)]


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of (levels, script pair, judgement); for each pair its pattern and its owner.

    owner: the record a pair was found for, as numbers that do not fall. sampled: the share of all
    owners that is kept.
    """

    levels: npt.NDArray[np.int8]
    group: npt.NDArray[np.int16]
    judgement: npt.NDArray[np.int8]
    of_pair: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int32]
    sampled: float


@dataclass(frozen=True)
class Totals:
    """All pairs there are, compared or not, by script pair; the records asked for; the most of
    them that can have a match; how often two of the two files share a birth date by chance."""

    pairs: F64
    asked: float
    most_matches: float
    same_birth_date: float = 0.0


def find_patterns(
    owner: npt.NDArray[np.int32],
    levels: npt.NDArray[np.int8],
    group: npt.NDArray[np.int16],
    judgement: npt.NDArray[np.int8] | None = None,
) -> Patterns:
    """The distinct patterns of the compared pairs; of very many, those of every n-th owner."""
    every = 1 + len(owner) // MOST_PAIRS
    if every > 1:
        kept = owner % every == 0
        owner, levels, group = owner[kept], levels[kept], group[kept]
        judgement = None if judgement is None else judgement[kept]
    judged = np.full(len(group), UNKNOWN, np.int8) if judgement is None else judgement
    code = (judged + 1).astype(np.int64) * len(SCRIPT_PAIRS) + group
    for column, size in enumerate(_SIZES):
        code = code * size + levels[:, column]
    distinct, of_pair = np.unique(code, return_inverse=True)
    rows = np.zeros((len(distinct), QUESTIONS), np.int8)
    rest = distinct
    for column in reversed(range(QUESTIONS)):
        rest, level = np.divmod(rest, _SIZES[column])
        rows[:, column] = level
    judgements, groups = np.divmod(rest, len(SCRIPT_PAIRS))
    judgements = (judgements - 1).astype(np.int8)
    return Patterns(rows, groups.astype(np.int16), judgements, of_pair, owner, 1.0 / every)


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
    share, household, strangers = model.log_tables.shares(patterns.group)
    relatives = h + household
    against = np.logaddexp2(relatives, u + strangers)
    absent = np.log2(1.0 - found_rate(model, totals))
    odds = np.exp2(np.clip(m + share - absent - against, -80, 80))
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
    return min(max(bounded, 0.5) / max(float(totals.pairs.sum()), 1.0), 0.3)


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
    firmness = _firmness(patterns, weighted[0])
    questions = {}
    for question in OTHER_QUESTIONS:
        prior = start.questions[question.name]
        if question.weak:
            questions[question.name] = prior
            continue
        level = patterns.levels[:, question.column]
        seen = np.bincount(level, weights=match, minlength=len(question.levels))[1:].astype(float)
        contradictions = _CONTRADICTIONS.get(question.name, [])
        shares = _m_probability(seen, prior.m_probability[1:], contradictions, firmness)
        m_probability = np.append(1.0, shares)
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
        script_shares=_script_shares(_by_cell(patterns, weighted[0]).sum(axis=1), totals.pairs),
        household_share=_bounded_share(
            _relatives_a_record(patterns, household, totals), MOST_RELATIVES, totals
        ),
    )


def _relatives_a_record(patterns: Patterns, household: F64, totals: Totals) -> float:
    """How many relatives a record has on the other side, by those pairs of which something is
    known that relatives share; as if STRENGTH_HOUSEHOLD records more had RELATIVES each."""
    asked = patterns.levels[:, [HOME, PHONE, FAMILY]]
    known = np.asarray((asked > 0).any(axis=1))
    pairs = np.bincount(patterns.of_pair, minlength=len(asked))
    records = totals.most_matches * float(pairs[known].sum()) / max(float(pairs.sum()), 1.0)
    seen = float(household[known].sum()) + STRENGTH_HOUSEHOLD * RELATIVES
    return seen / (records + STRENGTH_HOUSEHOLD)


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


def _firmness(patterns: Patterns, match: F64) -> float:
    """How firmly to hold to the start's share of contradictions: less, as far as people judged."""
    judged = float(match[patterns.judgement == MATCH].sum()) / max(float(match.sum()), 1e-9)
    return judged * STRENGTH_M + (1.0 - judged) * STRENGTH_CONTRADICTION


def _m_probability(counts: F64, prior: F64, contradictions: list[int], firmness: float) -> F64:
    """Shares of the levels (columns) among matches, near the prior's; a row each.

    How often two records of one person contradict each other differs little from list to list,
    and namesakes taken for matches would teach too much of it: that stays near the prior as if
    seen on `firmness` pairs. In which detail they agree is the list's own.
    """
    prior = prior / prior.sum(axis=-1, keepdims=True)
    seen = counts.sum(axis=-1, keepdims=True)
    shares = (counts + STRENGTH_M * prior) / (seen + STRENGTH_M)
    if contradictions:
        firm = np.zeros(prior.shape[-1], bool)
        firm[contradictions] = True
        against = (counts[..., firm] + firmness * prior[..., firm]) / (seen + firmness)
        agreeing = shares[..., ~firm].sum(axis=-1, keepdims=True)
        shares[..., ~firm] *= (1.0 - against.sum(axis=-1, keepdims=True)) / agreeing
        shares[..., firm] = against
    floored: F64 = np.maximum(shares, FLOOR)
    return floored


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
    """The name's probabilities: those of each script group near the start's, those of each script
    pair near its group's."""
    matches = _by_cell(patterns, weighted[0] * _vouched(patterns, model))
    all_matches = _by_cell(patterns, weighted[0])
    chance = np.exp2(-start.slope * (np.arange(BITS_STEPS) + 0.5) * BITS_WIDTH)
    by_chance = _by_cell(patterns, weighted[0] * chance[patterns.levels[:, BITS]])
    strangers = _by_cell(patterns, weighted[2])
    groups = slice(len(SCRIPT_GROUPS))

    prior = start.m_probability
    against = _NAME_CONTRADICTIONS, _firmness(patterns, weighted[0])
    m_group = _m_probability(_of_groups(matches), prior[groups], *against)
    as_in_group = (m_group / prior[groups])[GROUP_OF_PAIR]
    m_probability = _m_probability(matches, prior * as_in_group, *against)
    m_probability[groups] = m_group
    group_matches, group_strangers = _of_groups(all_matches), _of_groups(strangers)
    mean_chance = (_of_groups(by_chance) + 1e-9) / (group_matches + 1e-9 / chance[4])
    seen = (group_strangers + 0.5) / np.maximum(_of_groups(totals.pairs), 1.0)[:, None]
    trust = group_strangers / (group_strangers + STRENGTH_SCALE)
    trust *= group_matches / (group_matches + STRENGTH_SCALE)
    trust[:, 0] = 0.0
    scale = np.log2(np.maximum(seen / mean_chance, FLOOR)) - np.log2(start.u_scale[groups])
    group_scale = np.exp2(np.clip(trust * scale, -6.0, 6.0))[GROUP_OF_PAIR]
    # Names of one pair of scripts are as rare as those of its group, as far as few were seen.
    near = mean_chance[GROUP_OF_PAIR]
    chances = (by_chance + STRENGTH_CHANCE * near) / (all_matches + STRENGTH_CHANCE)
    expected = start.u_scale * group_scale * chances * totals.pairs[:, None]
    pair_scale = (strangers + STRENGTH_SCALE) / (expected + STRENGTH_SCALE)
    pair_scale[:, 0] = pair_scale[groups] = 1.0
    return NameLevels(
        m_probability=m_probability,
        u_scale=start.u_scale * group_scale * pair_scale,
        household_probability=start.household_probability,
        slope=start.slope,
    )


def _by_cell(patterns: Patterns, weight: F64) -> F64:
    """The sum of the weights by script pair and name grade."""
    shape = len(SCRIPT_PAIRS), len(NAME_GRADES)
    cell = patterns.group.astype(np.int64) * shape[1] + patterns.levels[:, GRADE]
    flat: F64 = np.bincount(cell, weights=weight, minlength=shape[0] * shape[1]).astype(float)
    return flat.reshape(shape)


def _of_groups(by_pair: F64) -> F64:
    """The sum over the script pairs of each group."""
    sums = np.zeros((len(SCRIPT_GROUPS), *by_pair.shape[1:]))
    np.add.at(sums, GROUP_OF_PAIR, by_pair)
    return sums


def _script_shares(matches: F64, pairs: F64) -> F64:
    """How many times as often as in all pairs a match is found in each two scripts, as if
    STRENGTH_SCRIPTS more were spread as the pairs are."""
    spread = pairs / max(float(pairs.sum()), 1.0)
    found = (matches + STRENGTH_SCRIPTS * spread) / (matches.sum() + STRENGTH_SCRIPTS)
    return np.where(spread > 0, found / np.where(spread > 0, spread, 1.0), 1.0)
