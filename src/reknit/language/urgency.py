"""How soon a person should read a message, from 1 (no hurry) to 5 (now), and why.

Rules
 A published rule, never a learned ranking of people: each sense's own level stands in
 data/senses.tsv. It holds where somebody speaks of themselves or theirs, asks or needs ("we", "my
 mother", "please", "need"); a report about others far away counts one less and stays below urgent,
 but for threats to life at this moment.
 5: dying, bleeding, giving birth, no breath, trapped, drowning, abducted, tortured, trafficked, a
 child alone. 4: ill, injured, medicine missing, threatened, detained; a rescue, water, food or
 shelter asked for; a bare cry for help; a missing child under 15. 3: a person missing, need
 elsewhere. 2: looking for somebody, a sighting, a question on a case. 1: safe, an offer.
 Nothing is "low" because it could not be read: a language without a lexicon is 3, for a person to
 look at. A model may raise what the rules gave and never lower it.

>>> urgency = weigh_urgency(read_signals("My wife is pregnant and bleeding, please help", "en"))
>>> urgency.level, urgency.reasons
(5, ('bleeding: bleeding', 'pregnant: pregnant'))
>>> weigh_urgency(read_signals("We are safe, no one is injured", "en")).level
1
"""

from __future__ import annotations

from collections.abc import Sequence

from reknit.language.categories import categorise
from reknit.language.lexicons import senses
from reknit.language.signals import Signal, Signals, read_signals
from reknit.language.values import (
    BY_RULES,
    Category,
    CategoryReason,
    Fact,
    FactKind,
    FactRole,
    Urgency,
)

__all__ = ["read_signals", "weigh_urgency"]

UNREAD = Urgency(3, ("no known words in this language: a person has to read it",), BY_RULES)
_ANYWHERE = 5
"""From this level on a sense counts in full also where nobody speaks of their own."""
_MOST_REASONS = 6
_ASKS = ("need", "help", "please", "urgent")
_LONG = 60
_FEW_WORDS = 16
_MESSAGE = 45
_MANY_ILL = 2
_MANY_ILL_LONG = 4
_DIRE = ("sleeping_outside", "hungry", "thirsty", "homeless")
_REPORT = 50
_SAME_WORD = 5
"""Words that begin with so many same letters are one illness ("disease", "diseases")."""
_SELF_SHARE = 0.04
_PLAIN = {
    Category.SOUGHT: 2, Category.SIGHTING: 2, Category.SAFE: 1, Category.OFFER: 1,
    Category.CASE_QUESTION: 2, Category.OTHER: 2,
}  # fmt: skip
_SUPPLIES = frozenset({"water", "food", "hungry", "thirsty", "bread", "milk"})
_ESSENTIALS = _SUPPLIES | {
    "shelter", "tent", "blanket", "house_destroyed", "sleeping_outside", "homeless",
}  # fmt: skip
_RESCUES = ("evacuate", "rescue", "stranded", "trapped", "rubble", "drowning")
_HEALTH_SUPPLIES = frozenset({"medicine", "doctor", "medical", "ambulance", "surgery"})
_VIOLENCE = frozenset({"shooting", "bomb", "attack", "armed"})


def weigh_urgency(
    signals: Signals,
    facts: Sequence[Fact] = (),
    about: Sequence[CategoryReason] | None = None,
) -> Urgency:
    """The urgency of a message and the words that gave it.

    facts, about: its facts and categories where the caller has them already.
    """
    about = categorise(signals, facts) if about is None else about
    own = _speaks_of_own(signals)
    weighed: list[tuple[int, str]] = []
    for signal in signals.said:
        level = _level(signal, signals, own)
        if level >= 2:
            weighed.append((level, _reason(signal)))
    for reason in about:
        if reason.category == Category.CHILD_ALONE:
            weighed.append((5 if own or _is_short(signals) else 4, _of_category(reason)))
        else:
            weighed.append((_PLAIN.get(Category(reason.category), 0), _of_category(reason)))
    weighed += _missing_child(signals, facts, about)
    weighed += _asks_for_help(signals, about)
    weighed += _many_ill(signals)
    weighed += _asked_rescue(signals)
    level = max((level for level, _ in weighed), default=1)
    first = sorted(weighed, key=lambda pair: -pair[0])
    reasons = tuple(dict.fromkeys(text for one, text in first if one >= min(level, 4)))
    return Urgency(max(level, 1), reasons[:_MOST_REASONS])


def _level(signal: Signal, signals: Signals, own: bool) -> int:
    sense = senses()[signal.sense]
    level = sense.urgency
    if signal.sense in _VIOLENCE and signals.in_sentence(signal.sentence, ("now",)):
        level = 5
    if signal.sense in _HEALTH_SUPPLIES and level >= 3:
        # "the doctor said": only asked for, or missing, does it press.
        level = 4 if signal.needed else 2
    elif signal.sense in _ESSENTIALS:
        level = (4 if own else 3) if signal.needed or sense.negation == "cancel" else 2
        if signals.any("offer") and not signal.lacking:
            level = 2  # "we would like to bring blankets"
    if level >= 4 and not own and not (level >= _ANYWHERE and _is_a_message(signals)):
        level = 3
    return level


def _speaks_of_own(signals: Signals) -> bool:
    """Somebody speaks of themselves or theirs, or asks in few words; in a long text, often."""
    words = len(signals.folded.words)
    spoken = len(signals.any("self"))
    if words > _LONG:
        return spoken >= _SELF_SHARE * words
    if spoken or signals.any("please"):
        return True
    asked = bool(signals.any(*_ASKS)) or any(signal.lacking for signal in signals.said)
    return asked and words <= _FEW_WORDS


def _is_a_message(signals: Signals) -> bool:
    return len(signals.folded.words) <= _MESSAGE


def _is_short(signals: Signals) -> bool:
    """So many words are a message; more without an "I" are a report."""
    return len(signals.folded.words) <= _FEW_WORDS


def _missing_child(
    signals: Signals, facts: Sequence[Fact], about: Sequence[CategoryReason]
) -> list[tuple[int, str]]:
    sought = [reason for reason in about if reason.category == Category.SOUGHT]
    if not sought:
        return []
    for fact in facts:
        first = fact.value.split("-")[0]
        is_sought = fact.role in (FactRole.SOUGHT, FactRole.CHILD)
        if fact.kind is FactKind.AGE and is_sought and first.isdigit() and int(first) < 15:
            return [(4, f"a child is missing: age {fact.value}")]
    for signal in signals.any("child", "baby", "girl", "boy"):
        if signals.in_sentence(signal.sentence, ("missing", "search", "lost_contact", "where_is")):
            return [(4, f"a child is missing: {signal.word}")]
    return []


def _asks_for_help(signals: Signals, about: Sequence[CategoryReason]) -> list[tuple[int, str]]:
    """A bare cry for help, with nothing that says what for."""
    if not {reason.category for reason in about} <= {Category.OTHER, Category.DEATH}:
        return []
    for signal in signals.any("help", "urgent"):
        beside = signals.in_sentence(signal.sentence, ("self", "please", "need"))
        if beside:
            return [(4, f"asks for help: {signal.word}, {beside[0].word}")]
    return []


def _many_ill(signals: Signals) -> list[tuple[int, str]]:
    """A report that names several illnesses, injuries or medical needs, whoever writes it.

    Two different words in few words, four in a long report; in a message that is not long one that
    is needed or lacking, or stands beside hunger or a night outside.
    """
    ill: dict[str, Signal] = {}
    for signal in signals.said:
        if "medical" in senses()[signal.sense].categories:
            ill.setdefault(signal.word.casefold()[:_SAME_WORD], signal)
    length = len(signals.folded.words)
    is_danger = any(senses()[one.sense].field == "danger" for one in ill.values())
    enough = is_danger and len(ill) >= (_MANY_ILL if length <= _REPORT else _MANY_ILL_LONG)
    needed = any(one.needed or one.lacking for one in ill.values())
    dire = is_danger and length <= _LONG and bool(signals.any(*_DIRE))
    if not (enough or dire or (needed and (length <= _LONG or len(ill) >= _MANY_ILL))):
        return []
    return [(4, _reason(signal)) for signal in ill.values()]


def _asked_rescue(signals: Signals) -> list[tuple[int, str]]:
    """A rescue or an evacuation that is said to be needed, whoever writes it."""
    if len(signals.folded.words) > _LONG:
        return []
    return [(4, _reason(one)) for one in signals.any(*_RESCUES) if one.needed]


def _reason(signal: Signal) -> str:
    meaning = senses()[signal.sense].meaning("en")
    return f"{'no ' if signal.lacking else ''}{meaning}: {signal.word}"


def _of_category(reason: CategoryReason) -> str:
    words = ", ".join(reason.words[:3])
    return f"{reason.category}: {words}" if words else str(reason.category)
