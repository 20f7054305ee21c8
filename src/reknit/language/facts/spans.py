"""A message while its facts are read: which letters are taken, which words say what.

>>> reading = Reading(read_signals("call 0470 12 34 56", "en"))
>>> reading.add([Fact(FactKind.PHONE, "0470123456", 5, 18, FactRole.OTHER)])
>>> reading.is_free(0, 4), reading.is_free(10, 12)
(True, False)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from reknit.language.folding import Word
from reknit.language.signals import Signal, Signals, read_signals
from reknit.language.values import Fact, FactKind, FactRole

__all__ = ["FactKind", "FactRole", "Reading", "read_signals"]

_EXCLUSIVE = frozenset(
    {
        FactKind.PHONE,
        FactKind.DATE,
        FactKind.AGE,
        FactKind.GROUP_SIZE,
        FactKind.PLACE,
        FactKind.NAME,
    }
)


class Reading:
    """The signals of a message and the facts read so far."""

    def __init__(self, signals: Signals) -> None:
        self.signals = signals
        self.text = signals.text
        self.words = signals.folded.words
        self.facts: list[Fact] = []

    def add(self, facts: Iterable[Fact]) -> None:
        """Take facts; one whose letters another number, place or name has taken is left out."""
        for fact in facts:
            if fact.kind not in _EXCLUSIVE or self.is_free(fact.start, fact.end):
                self.facts.append(fact)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no number, place or name holds any of these letters."""
        return not any(
            fact.kind in _EXCLUSIVE and fact.start < end and start < fact.end for fact in self.facts
        )

    @cached_property
    def starting(self) -> dict[int, list[Signal]]:
        """Signals by the place of their first word (of the folded text where none is spaced)."""
        found: dict[int, list[Signal]] = {}
        for signal in (*self.signals.said, *self.signals.negated):
            found.setdefault(signal.first, []).append(signal)
        return found

    @cached_property
    def ending(self) -> dict[int, list[Signal]]:
        """Signals by the place after their last word."""
        found: dict[int, list[Signal]] = {}
        for signal in (*self.signals.said, *self.signals.negated):
            found.setdefault(signal.last, []).append(signal)
        return found

    def starts(self, place: int, *senses: str) -> Signal | None:
        """The signal of one of these senses that starts at a word."""
        return next((one for one in self.starting.get(place, ()) if one.sense in senses), None)

    def ends(self, place: int, *senses: str) -> Signal | None:
        """The signal of one of these senses that ends right before a word."""
        return next((one for one in self.ending.get(place, ()) if one.sense in senses), None)

    def between(self, one: Word, other: Word) -> str:
        """What stands between two words in the original."""
        return self.text[one.end : other.start]

    def is_joined(self, place: int) -> bool:
        """Whether a word follows the one before it with nothing but spaces between."""
        return place > 0 and not self.between(self.words[place - 1], self.words[place]).strip()
