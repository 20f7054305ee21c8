"""Whom a fact is about, told by the words around it.

Rules, first that holds: what a sender says of themselves ("I am", "my name is", "my number") is
the sender's; a child's age or name is a child's where a child alone is spoken of; a name or
relation beside "looking for", "missing", "lost contact" is sought, beside "saw", "found", "is with
us" found; a name beside a word of kinship is a relative's; numbers to call are the sender's.
Places and dates follow the person of their sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from reknit.language.signals import Signal, Signals
from reknit.language.values import Fact, FactKind, FactRole

_SOUGHT = (
    "search", "missing", "lost_contact", "no_news", "where_is", "seen_q", "any_news",
    "taken_away", "detained", "kidnapped", "captured", "prison",
)  # fmt: skip
_FOUND = ("saw", "found_person", "with_us")
_SENDER = ("cue_self_name", "tell_family", "safe", "alive", "fine", "arrived")
_CHILD = ("child", "baby", "girl", "boy", "orphan", "unaccompanied")
_NEAR = 24


def role_of(fact: Fact, facts: Sequence[Fact], signals: Signals) -> FactRole:
    """The role of one fact among those of its message."""
    if fact.kind is FactKind.PHONE:
        return FactRole.SENDER
    sentence = _sentence_of(fact.start, signals)
    if fact.kind in (FactKind.NAME, FactKind.AGE) and _right_after_self(fact, signals):
        return FactRole.SENDER
    if _has(signals, sentence, _CHILD) and fact.kind in (FactKind.AGE, FactKind.NAME, FactKind.SEX):
        return FactRole.CHILD
    for there in (sentence, None):
        # Its own sentence first; else what the message as a whole is about.
        if _has(signals, there, _FOUND) and not _has(signals, there, ("seen_q",)):
            return FactRole.FOUND
        if _has(signals, there, _SOUGHT):
            return FactRole.SOUGHT
    if fact.kind in (FactKind.NAME, FactKind.RELATION, FactKind.AGE) and _beside_kin(fact, facts):
        return FactRole.RELATIVE
    if _has(signals, sentence, _SENDER):
        return FactRole.SENDER
    return FactRole.OTHER


def _sentence_of(place: int, signals: Signals) -> int:
    return max((i for i, (start, _) in enumerate(signals.sentences) if start <= place), default=0)


def _has(signals: Signals, sentence: int | None, names: tuple[str, ...]) -> bool:
    found: list[Signal] = signals.any(*names)
    return any(sentence is None or signal.sentence == sentence for signal in found)


def _right_after_self(fact: Fact, signals: Signals) -> bool:
    for signal in signals.any("cue_self_name"):
        between = signals.text[signal.end : fact.start]
        if signal.end <= fact.start and len(between) <= 2:
            return True
    return False


def _beside_kin(fact: Fact, facts: Sequence[Fact]) -> bool:
    return fact.kind is FactKind.RELATION or any(
        other.kind is FactKind.RELATION and 0 <= fact.start - other.end <= _NEAR for other in facts
    )
