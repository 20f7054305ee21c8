"""Plain plots as numbers for a template: no script draws them, and a table beside says the same.

>>> columns([(4, 1), (0, 0)])[0]
Column(x=0, width=34, top=0, height=100, urgent_top=75, urgent_height=25)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

HEIGHT, STEP, WIDTH = 100, 40, 34


class Column(NamedTuple):
    """One column of a plot HEIGHT high: all, and from the ground up the urgent part of it."""

    x: int
    width: int
    top: int
    height: int
    urgent_top: int
    urgent_height: int


class Share(NamedTuple):
    """A line of a list: its word, how many, and hundredths of the largest."""

    word: str
    number: int
    hundredths: int


def columns(counts: Sequence[tuple[int, int]]) -> list[Column]:
    """Columns for (all, urgent) of each day, the highest as high as the plot."""
    most = max((whole for whole, _ in counts), default=0) or 1
    drawn = []
    for number, (whole, urgent) in enumerate(counts):
        high, part = round(HEIGHT * whole / most), round(HEIGHT * min(urgent, whole) / most)
        drawn.append(Column(number * STEP, WIDTH, HEIGHT - high, high, HEIGHT - part, part))
    return drawn


def shares(counts: Mapping[str, int], word: Callable[[str], object]) -> list[Share]:
    """The lines of a list, the longest first."""
    most = max(counts.values(), default=0) or 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Share(str(word(name)), count, round(100 * count / most)) for name, count in ordered]
