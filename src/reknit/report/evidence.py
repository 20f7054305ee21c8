"""The evidence as bars: the waterfall of one pair, and the levels of the model.

Rules kept here: bars are log2 odds and add up exactly to the figure at the end; what is not known
has no bar; where the final probability is not the sum of the bars (family, calibration), the rest
is a bar of its own, so that picture and figure never disagree.

>>> from reknit.report.words import probability_of
>>> round(probability_of(0.0), 2)
0.5
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reknit.report.data import ChosenPair, EvidenceBar, ModelComparison, ModelLevel
from reknit.report.plots import Tick, place
from reknit.report.words import chance, percent, probability_of, weight_in_words

LARGEST_BITS = 60.0
SMALLEST_REST = 0.1
UNKNOWN_SENTENCE = "Not known on one side or both: weighs nothing."
REST_LABEL = "All together"
REST_SENTENCE = (
    "The family step and the calibration look at the evidence as a whole and move the sum to the "
    "final figure."
)
SIZES = {10: "1,000", 20: "a million", 30: "10⁹", 40: "10¹²", 50: "10¹⁵", 60: "10¹⁸"}


class Kind(StrEnum):
    """What a bar does, which is also how it is drawn."""

    START = "start"
    FOR = "for"
    AGAINST = "against"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    END = "end"


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """One step: its bar from x over width, between the odds at its start and those reached."""

    kind: Kind
    label: str
    sentence: str
    weight: float
    x: str
    width: str
    start: str
    reached: str
    odds_after: float
    probability_after: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the prior, over each field's weight, to the final probability; even: odds of one."""

    bars: tuple[WaterfallBar, ...]
    ticks: tuple[Tick, ...]
    even: str


@dataclass(frozen=True, slots=True)
class LevelBar:
    """One level of a comparison; the weight's bar runs from or to the line of no weight."""

    level: ModelLevel
    kind: Kind
    x: str
    width: str
    m_width: str
    u_width: str


@dataclass(frozen=True, slots=True)
class ModelChart:
    """All comparisons on one scale; zero is the line of no weight."""

    comparisons: tuple[tuple[ModelComparison, tuple[LevelBar, ...]], ...]
    zero: str


@dataclass(frozen=True, slots=True)
class _Step:
    kind: Kind
    label: str
    sentence: str
    weight: float


def waterfall(pair: ChosenPair) -> Waterfall:
    """The steps of one pair, in the order of its evidence."""
    steps = [_prior(pair.prior_weight), *map(_step, pair.evidence)]
    rest = _rest(pair.probability, sum(step.weight for step in steps))
    if rest is not None:
        steps.append(_Step(_kind(rest), REST_LABEL, REST_SENTENCE, rest))
    return _placed(steps, pair.probability)


def model_chart(comparisons: Sequence[ModelComparison]) -> ModelChart | None:
    """All levels on one scale of bits; None without a model."""
    weights = [
        _drawable(level.match_weight) for comparison in comparisons for level in comparison.levels
    ]
    if not weights:
        return None
    finite = [weight for weight in weights if abs(weight) < LARGEST_BITS] or [0.0]
    low, high = min(-1.0, *finite), max(1.0, *finite)

    def bar(level: ModelLevel) -> LevelBar:
        weight = min(high, max(low, _drawable(level.match_weight)))
        return LevelBar(
            level,
            _kind(weight),
            x=place(min(weight, 0), low, high),
            width=place(abs(weight), 0, high - low),
            m_width=place(level.m_probability, 0, 1),
            u_width=place(level.u_probability, 0, 1),
        )

    return ModelChart(
        tuple((each, tuple(bar(level) for level in each.levels)) for each in comparisons),
        zero=place(0, low, high),
    )


def _prior(weight: float) -> _Step:
    often = chance(probability_of(weight))
    sentence = f"Of pairs compared at random, {often} is one person."
    return _Step(Kind.START, "Before any evidence", sentence, _drawable(weight))


def _step(bar: EvidenceBar) -> _Step:
    if not bar.is_known:
        said = f"{bar.sentence} It weighs nothing." if bar.sentence else UNKNOWN_SENTENCE
        return _Step(Kind.UNKNOWN, bar.field, said, 0.0)
    kind = _kind(bar.weight)
    if kind is Kind.NOTHING:
        return _Step(kind, bar.field, f"{bar.sentence} That weighs nothing.".strip(), bar.weight)
    sentence = f"{bar.sentence} That is {weight_in_words(bar.weight)}.".strip()
    return _Step(kind, bar.field, sentence, _drawable(bar.weight))


def _placed(steps: Sequence[_Step], final_probability: float) -> Waterfall:
    odds = list(itertools.accumulate((step.weight for step in steps), initial=0.0))
    low, high, end = min(odds) - 1, max(odds) + 1, odds[-1]

    def bar(step: _Step, before: float, after: float, so_far: float) -> WaterfallBar:
        return WaterfallBar(
            step.kind,
            step.label,
            step.sentence,
            step.weight,
            x=place(min(before, after), low, high),
            width=place(abs(after - before), 0, high - low),
            start=place(before if step.kind is not Kind.END else end, low, high),
            reached=place(after, low, high),
            odds_after=after,
            probability_after=so_far,
        )

    final = f"The chance that the two records are one person: {percent(final_probability)}."
    every = 20 if high - low > 30 else 10
    marks = range(every * math.ceil(low / every), math.floor(high) + 1, every)
    return Waterfall(
        (
            *(
                bar(step, before, after, probability_of(after))
                for step, (before, after) in zip(steps, itertools.pairwise(odds), strict=True)
            ),
            bar(_Step(Kind.END, "Probability", final, end), 0.0, end, final_probability),
        ),
        tuple(Tick(place(at, low, high), _tick_label(at)) for at in marks),
        even=place(0, low, high),
    )


def _tick_label(log2_odds: int) -> str:
    if log2_odds == 0:
        return "even"
    size = SIZES.get(abs(log2_odds), f"2^{abs(log2_odds)}")
    return f"1 in {size}" if log2_odds < 0 else f"{size} to 1"


def _kind(weight: float, is_known: bool = True) -> Kind:
    if not is_known:
        return Kind.UNKNOWN
    if abs(weight) < 0.05:
        return Kind.NOTHING
    return Kind.FOR if weight > 0 else Kind.AGAINST


def _drawable(weight: float) -> float:
    return max(-LARGEST_BITS, min(LARGEST_BITS, weight))


def _rest(probability: float, total: float) -> float | None:
    """What lies between the bars' sum and the final probability, where it can be seen."""
    if math.isclose(probability_of(total), probability, abs_tol=0.0005):
        return None
    certain = 2.0**-50
    probability = min(1 - certain, max(certain, probability))
    rest = math.log2(probability / (1 - probability)) - total
    return rest if abs(rest) >= SMALLEST_REST else None
