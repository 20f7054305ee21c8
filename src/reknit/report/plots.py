"""Where the marks of the plots go: histograms and the reliability curve, in percent of a frame.

Rules kept here: positions are percentages from the left and from the top, so that the SVG fits a
phone and a page alike while its text keeps its size; an axis that is not even says so.

>>> from reknit.report.data import HistogramBin
>>> draw = histogram((HistogramBin(0, 0.5, 3), HistogramBin(0.5, 1, 1)), threshold=0.5)
>>> [(bar.x, bar.width, bar.is_above) for bar in draw.bars]
[('0%', '50%', False), ('50%', '50%', True)]
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from reknit.report.data import HistogramBin, ReliabilityBin
from reknit.report.words import MINUS

UNEVEN_RATIO = 40
MAX_TICKS = 7
QUARTERS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis; at is its place along it."""

    at: str
    label: str

    @property
    def anchor(self) -> str:
        """Which end of the label stands at the tick, so that the outermost are not cut off."""
        share = float(self.at.removesuffix("%"))
        return "start" if share < 8 else "end" if share > 92 else "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram and what it stands for."""

    x: str
    width: str
    y: str
    height: str
    is_above: bool
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram ready to draw; is_log where each step of the count axis is ten times the last."""

    bars: tuple[Bar, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    threshold: str | None
    is_log: bool
    total: int


@dataclass(frozen=True, slots=True)
class Point:
    """One bin of the reliability curve: said across, true upward; radius in pixels by its size."""

    x: str
    y: str
    radius: str
    bin: ReliabilityBin


@dataclass(frozen=True, slots=True)
class Step:
    """A straight line between two neighbouring points."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability curve ready to draw."""

    points: tuple[Point, ...]
    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    up_ticks: tuple[Tick, ...]


def place(value: float, low: float, high: float) -> str:
    """Where a value lies between low and high, as a percentage, kept inside the frame."""
    share = (value - low) / (high - low) if high > low else 0.5
    return f"{round(100 * min(1.0, max(0.0, share)), 2):g}%"


def histogram(bins: Sequence[HistogramBin], threshold: float) -> Histogram | None:
    """The bins drawn, with bars from the threshold up told apart; None when nothing is in them.

    The count axis is logarithmic when the fullest bin holds over 40 times the emptiest one.
    """
    counts = [bin.count for bin in bins if bin.count > 0]
    if not counts:
        return None
    low, high = min(bin.low for bin in bins), max(bin.high for bin in bins)
    is_log = max(counts) > UNEVEN_RATIO * min(counts)
    ticks = _powers_of_ten(max(counts)) if is_log else even_ticks(0, max(counts), 4, whole=True)
    top = max(ticks[-1], max(counts))

    def rise(count: float) -> float:
        return math.log1p(count) / math.log1p(top) if is_log else count / top

    return Histogram(
        bars=tuple(
            Bar(
                x=place(bin.low, low, high),
                width=place(bin.high - bin.low, 0, high - low),
                y=place(1 - rise(bin.count), 0, 1),
                height=place(rise(bin.count), 0, 1),
                is_above=(bin.low + bin.high) / 2 >= threshold,
                label=f"{plain(bin.low)} to {plain(bin.high)}",
                count=bin.count,
            )
            for bin in bins
        ),
        x_ticks=tuple(Tick(place(at, low, high), plain(at)) for at in even_ticks(low, high, 5)),
        y_ticks=tuple(Tick(place(1 - rise(at), 0, 1), f"{at:,.0f}") for at in ticks),
        threshold=place(threshold, low, high) if low < threshold < high else None,
        is_log=is_log,
        total=sum(counts),
    )


def reliability(bins: Sequence[ReliabilityBin]) -> Reliability | None:
    """The curve through the bins that hold pairs; None when there are none."""
    kept = [bin for bin in bins if bin.count > 0]
    if not kept:
        return None
    largest = max(bin.count for bin in kept)
    points = tuple(
        Point(
            x=place(bin.mean_probability, 0, 1),
            y=place(1 - bin.matched_share, 0, 1),
            radius=f"{4 + 5 * math.sqrt(bin.count / largest):.1f}",
            bin=bin,
        )
        for bin in kept
    )
    return Reliability(
        points=points,
        steps=tuple(Step(a.x, a.y, b.x, b.y) for a, b in itertools.pairwise(points)),
        ticks=tuple(Tick(f"{at}%", f"{at}%") for at in QUARTERS),
        up_ticks=tuple(Tick(f"{100 - at}%", f"{at}%") for at in QUARTERS),
    )


def even_ticks(low: float, high: float, about: int, whole: bool = False) -> tuple[float, ...]:
    """Round values between low and high, 1, 2 or 5 times a power of ten apart; whole: no less."""
    if high <= low:
        return (low,)
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * 0.999)
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(index * step, 10) for index in range(first, last + 1))


def plain(number: float) -> str:
    """A number without needless zeros and with a true minus sign."""
    return f"{round(number, 4):g}".replace("-", MINUS)


def _powers_of_ten(largest: int) -> tuple[float, ...]:
    powers = [10.0**power for power in range(math.ceil(math.log10(largest)) + 1)]
    stride = max(1, math.ceil(len(powers) / MAX_TICKS))
    return (0.0, *powers[::-1][::stride][::-1])
