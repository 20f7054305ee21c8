"""The evidence as bars: the waterfall of one pair, and the levels of the model.

Rules kept here: bars are log2 odds and add up exactly to the figure at the end; what is not known
has no bar; where the final probability is not the sum of the bars (family, calibration), the rest
is a bar of its own, so that picture and figure never disagree.

>>> from reknit.report.words import probability_of
>>> round(probability_of(0.0), 2)
0.5
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reknit.report.data import ChosenPair, ModelComparison, ModelLevel
from reknit.report.plots import Tick, place
from reknit.report.words import chance, percent, probability_of

LARGEST_BITS = 60.0
SMALLEST_REST = 0.1
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
    """One step: its bar from x over width, and the odds reached after it."""

    kind: Kind
    label: str
    sentence: str
    weight: float
    x: str
    width: str
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
    """All comparisons on one scale from low to high (bits); zero is the line of no weight."""

    comparisons: tuple[tuple[ModelComparison, tuple[LevelBar, ...]], ...]
    zero: str
    low: float
    high: float


def waterfall(pair: ChosenPair) -> Waterfall:
    """The steps of one pair, in the order of its evidence."""
    steps = [
        (
            Kind.START,
            "Before any evidence",
            f"Of pairs compared at random, {chance(probability_of(pair.prior_weight))} "
            "is one person.",
            _drawable(pair.prior_weight),
        )
    ]
    for bar in pair.evidence:
        weight = _drawable(bar.weight) if bar.is_known else 0.0
        steps.append((_kind(weight, bar.is_known), bar.field, bar.sentence, weight))
    total = sum(weight for *_, weight in steps)
    rest = _rest(pair.probability, total)
    if rest is not None:
        steps.append(
            (
                _kind(rest),
                "All together",
                "The family step and the calibration look at the evidence as a whole and move "
                "the sum to the final figure.",
                rest,
            )
        )
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
        low=low,
        high=high,
    )


def _placed(steps: Sequence[tuple[Kind, str, str, float]], final_probability: float) -> Waterfall:
    odds = [0.0]
    for *_, weight in steps:
        odds.append(odds[-1] + weight)
    low, high = min(odds) - 1, max(odds) + 1
    bars = [
        WaterfallBar(
            kind,
            label,
            sentence,
            weight,
            x=place(min(before, after), low, high),
            width=place(abs(weight), 0, high - low),
            reached=place(after, low, high),
            odds_after=after,
            probability_after=probability_of(after),
        )
        for (kind, label, sentence, weight), before, after in zip(
            steps, odds, odds[1:], strict=False
        )
    ]
    end = odds[-1]
    bars.append(
        WaterfallBar(
            Kind.END,
            "Probability",
            f"The chance that the two records are one person: {percent(final_probability)}.",
            end,
            x=place(min(end, 0), low, high),
            width=place(abs(end), 0, high - low),
            reached=place(end, low, high),
            odds_after=end,
            probability_after=final_probability,
        )
    )
    every = 20 if high - low > 30 else 10
    ticks = range(every * math.ceil(low / every), math.floor(high) + 1, every)
    return Waterfall(
        tuple(bars),
        tuple(Tick(place(at, low, high), _tick_label(at)) for at in ticks),
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
