"""A short summary for the reader: facts in template words, then sentences of the original.

Rules: nothing is generated; names stay as written; the categories and facts are said in the
reader's template words (data/templates.tsv); the quoted sentences are the first two with words
that gave a category, in the language of the message, at most 240 letters.

>>> text = "Hello. I am looking for my brother."
>>> signals = read_signals(text, "en")
>>> print(summarise(signals, ("sought",), (), "fr", "en").text)
Sujet: personne recherchée
Original (en): « I am looking for my brother. »
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reknit.language.gloss import check_reader
from reknit.language.lexicons import READERS, senses
from reknit.language.signals import Signals, read_signals
from reknit.language.tables import rows
from reknit.language.values import UNDETERMINED, Fact, FactKind, FactRole, Made, Summary

__all__ = ["read_signals", "summarise"]

_MADE = Made("template")
_LONGEST_QUOTE = 240
_MOST_QUOTED = 2
_ROLES = (
    FactRole.SOUGHT, FactRole.FOUND, FactRole.CHILD, FactRole.RELATIVE, FactRole.SENDER,
    FactRole.OTHER,
)  # fmt: skip
_LISTED = (
    FactKind.PLACE, FactKind.DATE, FactKind.CONDITION, FactKind.GROUP_SIZE, FactKind.PHONE,
)  # fmt: skip


def summarise(
    signals: Signals,
    categories: Sequence[str],
    facts: Sequence[Fact],
    reader: str,
    language: str,
) -> Summary:
    """The summary of a message. language: the message's own, or "und"."""
    check_reader(reader)
    say = _template(reader)
    lines = [f"{say['about']}: " + ", ".join(say.get(f"c_{one}", one) for one in categories)]
    if language == UNDETERMINED:
        lines.append(say["ask"])
    lines += _people(facts, say)
    for kind in _LISTED:
        values = list(dict.fromkeys(_shown(fact, reader) for fact in facts if fact.kind is kind))
        if values:
            lines.append(f"{say[str(kind)]}: {', '.join(values)}")
    lines += [f"{say['quote']} ({language}): « {quote} »" for quote in _quotes(signals)]
    return Summary("\n".join(lines), reader, _MADE)


def _people(facts: Sequence[Fact], say: dict[str, str]) -> list[str]:
    """A line for each role: names, and the relations and ages that share it."""
    lines = []
    for role in _ROLES:
        here = [fact for fact in facts if fact.role is role]
        names = [fact.value for fact in here if fact.kind is FactKind.NAME]
        relations = [say[f"r_{fact.value}"] for fact in here if fact.kind is FactKind.RELATION]
        ages = [fact.value for fact in here if fact.kind is FactKind.AGE]
        told = list(dict.fromkeys([*names, *relations, *ages]))
        if told:
            lines.append(f"{say[str(role)]}: {', '.join(told)}")
    return lines


def _shown(fact: Fact, reader: str) -> str:
    if fact.kind is not FactKind.CONDITION:
        return fact.value
    for sense in senses().values():
        if sense.meaning("en") == fact.value:
            return sense.meaning(reader)
    return fact.value


def _quotes(signals: Signals) -> list[str]:
    """The first sentences that gave a category; the first of all where none did."""
    telling = [signal.sentence for signal in signals.said if senses()[signal.sense].categories]
    chosen = sorted(set(telling))[:_MOST_QUOTED] or ([0] if signals.sentences else [])
    quotes = []
    for number in chosen:
        start, end = signals.sentences[number]
        text = " ".join(signals.text[start:end].split())
        cut = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
        quotes.append(cut)
    return quotes


@cache
def _template(reader: str) -> dict[str, str]:
    place = READERS.index(reader)
    return {key: words[place] for key, *words in rows("templates.tsv", 6)}
