"""What a triage found beside what the marks say: counts, and F1, recall and shares made of them.

Rules: a fact found counts when its kind is the marked one and the two spans share at least half of
the longer; where a mark has a part that is enough, either span will do. "Exact" wants a span that
is right to the code point. Each fact counts once, the best overlap first. What matches an optional
mark is neither right nor wrong. Names, ages, places, phones and relations are marked completely
and scored by F1; dates, conditions and group sizes only where they are plain, and scored by recall.

>>> fact = Fact("name", "sought", "Rima", 8, 12)
>>> match_facts([fact], [Found("name", 8, 17), Found("name", 30, 34)])
Counts(right=0, found=2, marked=1, exact=0)
>>> match_facts([fact], [Found("name", 8, 14)]).f1
1.0
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.messages.marking import Fact

SCORED_KINDS = ("name", "age", "place", "phone", "relation")
RECALLED_KINDS = ("date", "condition", "group_size")
ENOUGH_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """One fact of a triage. start, end: code points of the text, half-open."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Counts:
    """right: found and marked. found, marked: how many of each. exact: right to the code point."""

    right: int = 0
    found: int = 0
    marked: int = 0
    exact: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right,
            self.found + other.found,
            self.marked + other.marked,
            self.exact + other.exact,
        )

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of what is marked that was found; 1 where nothing is marked."""
        return self.right / self.marked if self.marked else 1.0

    @property
    def f1(self) -> float:
        """2 · right / (found + marked); 1 where there is nothing of either."""
        return _f1(self.right, self.found, self.marked)

    @property
    def exact_f1(self) -> float:
        """The same with spans right to the code point."""
        return _f1(self.exact, self.found, self.marked)


def match_facts(marked: Sequence[Fact], found: Sequence[Found]) -> Counts:
    """Counts over facts of one message; kinds are kept apart."""
    pairs = sorted(
        (
            (-overlap, mark.optional, m, f)
            for m, mark in enumerate(marked)
            for f, fact in enumerate(found)
            if mark.kind == fact.kind
            and (overlap := best_overlap(mark, fact.start, fact.end)) >= ENOUGH_OVERLAP
        ),
    )
    taken: dict[int, int] = {}
    for _, _, m, f in pairs:
        if f not in taken and m not in taken.values():
            taken[f] = m
    forgiven = {
        f
        for f, fact in enumerate(found)
        if (f in taken and marked[taken[f]].optional)
        or (f not in taken and _within_optional(fact, marked))
    }
    right = [(f, m) for f, m in taken.items() if not marked[m].optional]
    exact = sum((found[f].start, found[f].end) in marked[m].spans for f, m in right)
    wanted = sum(not mark.optional for mark in marked)
    return Counts(len(right), len(found) - len(forgiven), wanted, exact)


def best_overlap(mark: Fact, start: int, end: int) -> float:
    """Code points shared over the length of the longer, for the span of the mark that fits best."""
    return max(
        max(0, min(e, end) - max(s, start)) / max(e - s, end - start, 1) for s, e in mark.spans
    )


def added(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return sum(counts, Counts())


def _within_optional(fact: Found, marked: Iterable[Fact]) -> bool:
    """A second reading of a place that is already optional is no error either."""
    return any(
        mark.optional
        and mark.kind == fact.kind
        and best_overlap(mark, fact.start, fact.end) >= ENOUGH_OVERLAP
        for mark in marked
    )


def _f1(right: int, found: int, marked: int) -> float:
    return 2 * right / (found + marked) if found + marked else 1.0
