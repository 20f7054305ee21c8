"""What a message is about, by rules that say which words fired.

Rules
 A word's categories stand in data/senses.tsv. Some hold only with others in the same sentence:
 "looking for" and "lost my" need a person; a child needs "alone" or a word for "without parents";
 "has anyone seen" is no sighting. A negated word counts for nothing (`reknit.language.signals`).
 Nothing found: other.

>>> about = categorise(read_signals("My son is missing, he is 6 years old", "en"))
>>> [(reason.category, reason.words) for reason in about]
[('sought', ('missing',))]
>>> [reason.category for reason in categorise(read_signals("We are safe, no one is injured", "en"))]
['safe']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reknit.language.lexicons import senses
from reknit.language.signals import Signal, Signals, read_signals
from reknit.language.values import Category, CategoryReason, Fact, FactKind

__all__ = ["categorise", "read_signals"]

KIN = frozenset(name for name, sense in senses().items() if sense.field == "kinship")
PEOPLE = frozenset(
    {"child", "baby", "woman", "man", "girl", "boy", "elderly", "orphan", "cue_name", "cue_people"}
)
YOUNG = frozenset({"child", "baby", "girl", "boy", "son", "daughter", "orphan", "sibling"})
_ORDER = tuple(Category)


def categorise(signals: Signals, facts: Sequence[Fact] = ()) -> tuple[CategoryReason, ...]:
    """The categories of a message with the words that gave them; `other` when none did.

    facts: what was read in it; a name beside "looking for" tells that a person is sought.
    """
    words: dict[Category, list[Signal]] = {}
    for signal in signals.said:
        for name in senses()[signal.sense].categories:
            category = Category(name)
            rule = _CONDITIONS.get((category, signal.sense))
            if rule is None or rule(signal, signals, facts):
                words.setdefault(category, []).append(signal)
    for signal in _children_alone(signals, facts):
        words.setdefault(Category.CHILD_ALONE, []).append(signal)
    if not words:
        return (CategoryReason(str(Category.OTHER), ()),)
    return tuple(
        CategoryReason(str(category), tuple(dict.fromkeys(one.word for one in words[category])))
        for category in _ORDER
        if category in words
    )


def _children_alone(signals: Signals, facts: Sequence[Fact]) -> list[Signal]:
    """Somebody young of whom the message says, by itself or beside it, that nobody is with them.

    "Alone" in one sentence with a child or somebody under 18; in a short message also in the
    sentence before or after it. A child found or seen who is lost, or without parents or family.
    """
    found = []
    short = len(signals.folded.words) <= _SHORT
    for signal in signals.any("alone"):
        reach = (0, -1, 1) if short else (0,)
        near = [signal.sentence + step for step in reach]
        young = [
            one for there in near for one in signals.in_sentence(there, _reached(signal, there))
        ]
        if young or any(_age_in(signals, facts, there) for there in near):
            found += [*young[:1], signal]
    children = signals.any(*_CHILDREN)
    with_us = signals.any("found_person", "with_us", "saw")
    apart = [one for one in signals.any("parents", "family", "mother", "father") if one.lacking]
    if children and short and with_us:
        found += (
            [*children[:1], *apart, *signals.any("missing")] if apart or _is_lost(signals) else []
        )
    elif children and short and apart:
        found += [*children[:1], *apart]
    return found


_SHORT = 45
_CHILDREN = ("child", "baby", "girl", "boy", "orphan")


def _reached(signal: Signal, sentence: int) -> frozenset[str]:
    """Beside its own sentence only words for children count: "my son" may be elsewhere."""
    return YOUNG if signal.sentence == sentence else frozenset(_CHILDREN)


def _is_lost(signals: Signals) -> bool:
    return bool(signals.any("missing"))


def _age_in(signals: Signals, facts: Sequence[Fact], sentence: int) -> bool:
    if not 0 <= sentence < len(signals.sentences):
        return False
    start, end = signals.sentences[sentence]
    return any(
        fact.kind is FactKind.AGE and start <= fact.start < end and _is_young(fact.value)
        for fact in facts
    )


def _is_young(age: str) -> bool:
    first = age.split("-")[0]
    return first.isdigit() and int(first) < 18


def _has_person(signal: Signal, signals: Signals, facts: Sequence[Fact]) -> bool:
    """A relative, a person or a name in the same sentence."""
    if signals.in_sentence(signal.sentence, KIN | PEOPLE):
        return True
    start, end = signals.sentences[signal.sentence]
    return any(fact.kind is FactKind.NAME and start <= fact.start < end for fact in facts)


def _is_a_person(signal: Signal, signals: Signals, facts: Sequence[Fact]) -> bool:
    """ "Where is my son": not "where is the consulate", "my papers are lost".

    Somebody is spoken of in the message, or it is so short that nothing else may be meant.
    """
    if signals.any(*_THINGS) or len(signals.folded.words) > _FEW:
        return _has_person(signal, signals, facts)
    return True


_FEW = 14
_THINGS = ("house", "house_destroyed", "case", "station", "border", "school", "camp")


def _is_not_asked(signal: Signal, signals: Signals, facts: Sequence[Fact]) -> bool:
    return not signals.in_sentence(signal.sentence, ("seen_q", "where_is"))


def _is_wanted(signal: Signal, signals: Signals, facts: Sequence[Fact]) -> bool:
    """ "We need a doctor", "no tent": not "I am a doctor", "in tent 5"."""
    return signal.needed or signal.lacking


def _is_no_whereabouts(signal: Signal, signals: Signals, facts: Sequence[Fact]) -> bool:
    """ "We need shelter"; "I saw him in the shelter" only says where."""
    if signal.needed or signal.lacking:
        return True
    places = signals.any("cue_in")
    return not any(0 <= signal.first - one.last <= 1 for one in places)


_Condition = Callable[[Signal, Signals, Sequence[Fact]], bool]
_CONDITIONS: dict[tuple[Category, str], _Condition] = {
    (Category.SOUGHT, "search"): _has_person,
    (Category.SOUGHT, "lost_contact"): _has_person,
    (Category.SOUGHT, "no_news"): _has_person,
    (Category.SOUGHT, "missing"): _is_a_person,
    (Category.SOUGHT, "where_is"): _is_a_person,
    (Category.SOUGHT, "seen_q"): _is_a_person,
    (Category.MEDICAL, "doctor"): _is_wanted,
    (Category.SHELTER, "tent"): _is_no_whereabouts,
    (Category.SHELTER, "shelter"): _is_no_whereabouts,
    (Category.TRANSPORT, "bus"): _is_wanted,
    (Category.TRANSPORT, "car"): _is_wanted,
    (Category.TRANSPORT, "transport"): _is_wanted,
    (Category.TRANSPORT, "fuel"): _is_wanted,
    (Category.SIGHTING, "saw"): _is_not_asked,
    (Category.SIGHTING, "with_us"): _is_not_asked,
    (Category.SIGHTING, "found_person"): _is_not_asked,
}
