"""What a message's words say once "not" and "no" are heard: the ground of categories and urgency.

Rules
 A negation counts within its clause only, for up to four words after it ("no one is injured") or,
 in languages that put it last, three before it ("su yok"). What it does stands in senses.tsv: it
 cancels an injury, makes water a need, and turns "safe" into a threat.
 A need is said by a word for needing or lacking in the same sentence.

>>> text = "No one is injured. We have no water."
>>> [(signal.sense, signal.lacking) for signal in read_signals(text, "en").said]
[('self', False), ('water', True)]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from reknit.language.folding import Folded, fold
from reknit.language.lexicons import lexicon_of, senses
from reknit.language.sentences import clauses, sentences

_REACH_BEFORE = 4
_REACH_AFTER = 3
_REACH_LETTERS = 8
_REACH_FLIP = 2
_REACH_LACK = 6
_UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Signal:
    """A sense that the message says: what was written, in which sentence, and how.

    lacking: "no water", "without medicine"; needed: a word for needing stands in its sentence.
    """

    sense: str
    start: int
    end: int
    first: int
    last: int
    sentence: int
    clause: int
    word: str
    reviewed: bool = False
    lacking: bool = False
    needed: bool = False


@dataclass(frozen=True)
class Signals:
    """All that a message says, in its order. `negated`: what it says is not so."""

    text: str
    language: str
    folded: Folded
    said: tuple[Signal, ...]
    negated: tuple[Signal, ...]
    sentences: tuple[tuple[int, int], ...]

    @cached_property
    def by_sense(self) -> dict[str, list[Signal]]:
        """The signals of each sense."""
        found: dict[str, list[Signal]] = {}
        for signal in self.said:
            found.setdefault(signal.sense, []).append(signal)
        return found

    def any(self, *names: str) -> list[Signal]:
        """The signals of several senses."""
        return [signal for name in names for signal in self.by_sense.get(name, ())]

    def in_sentence(self, sentence: int, names: Iterable[str]) -> list[Signal]:
        """The signals of some senses in one sentence."""
        return [signal for signal in self.any(*names) if signal.sentence == sentence]


def read_signals(text: str, language: str, folded: Folded | None = None) -> Signals:
    """What the words of a message say. language: ISO 639-1; without a lexicon nothing is said."""
    folded = folded or fold(text)
    lexicon = lexicon_of(language)
    hits = [] if lexicon is None else lexicon.find(folded)
    whole = sentences(text)
    sentence_starts = [start for start, _ in whole]
    clause_starts = [start for start, _ in clauses(text)]
    found = [
        Signal(
            hit.sense, hit.start, hit.end, hit.first, hit.last,
            max(bisect_right(sentence_starts, hit.start) - 1, 0),
            max(bisect_right(clause_starts, hit.start) - 1, 0),
            text[hit.start : hit.end], hit.reviewed,
        )
        for hit in hits
    ]  # fmt: skip
    unspaced = lexicon is not None and lexicon.unspaced
    said, negated = _hear(found, unspaced)
    return Signals(text, language, folded, tuple(said), tuple(negated), tuple(whole))


def _hear(found: list[Signal], unspaced: bool) -> tuple[list[Signal], list[Signal]]:
    known = senses()
    needing = {signal.sentence for signal in found if signal.sense in ("need", "help", "please")}
    before = [signal for signal in found if signal.sense == "neg"]
    after = [signal for signal in found if signal.sense == "neg_after"]
    lacks = [signal for signal in found if signal.sense == "lack"]
    said: list[Signal] = []
    negated: list[Signal] = []
    for signal in found:
        if signal.sense in ("neg", "neg_after", "lack"):
            continue
        effect = known[signal.sense].negation
        reach = _REACH_LETTERS if unspaced else _REACH_BEFORE
        reach_after = reach if unspaced else _REACH_AFTER
        if effect == "flip":
            # "We are safe, nobody is hurt": only a near "not" turns it.
            reach, reach_after = _REACH_FLIP, _REACH_FLIP - 1
        is_not = effect != "-" and (
            any(_before(one, signal, reach) for one in before)
            or any(_before(signal, one, reach_after) for one in after)
        )
        lacking = effect == "lack" and (
            is_not or any(_before(one, signal, _REACH_LACK + 4 * unspaced) for one in lacks)
        )
        if effect == "cancel" and not is_not and signal.sense != "unaccompanied":
            # "without wounds": a lack right before it.
            is_not = any(_before(one, signal, 0 if not unspaced else 1) for one in lacks)
        if is_not and effect == "cancel":
            negated.append(signal)
            continue
        if is_not and effect == "flip":
            signal = _as(signal, _UNSAFE)
        needed = lacking or signal.sentence in needing
        said.append(_as(signal, signal.sense, lacking=lacking, needed=needed))
    return said, negated


def _before(one: Signal, other: Signal, reach: int) -> bool:
    """Whether `one` stands at most `reach` words before `other`, in one clause."""
    return one.clause == other.clause and 0 <= other.first - one.last <= reach


def _as(signal: Signal, sense: str, *, lacking: bool = False, needed: bool = False) -> Signal:
    return Signal(
        sense, signal.start, signal.end, signal.first, signal.last, signal.sentence,
        signal.clause, signal.word, signal.reviewed, lacking, needed,
    )  # fmt: skip
