"""Relations: the words for a relative, by the lexicon of the message's language.

Rules: value is the contract's relation; a word that names several people or nobody in particular
("parents", "family", "friend") is none. A word of kinship that addresses whoever reads is none
("يا أخي", "ভাই, সাহায্য করুন"), nor is one that stands as a title beside a name ("Mama Rosemary",
"করিম চাচা"). One word is one relation.

>>> [fact.value for fact in find_relations(Reading(read_signals("Шукаю маму і сестру", "uk")))]
['mother', 'sister']
"""

from __future__ import annotations

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.lexicons import lexicon_of, senses
from reknit.language.signals import Signal
from reknit.language.values import Fact, FactKind, FactRole

__all__ = ["RELATIONS", "find_relations", "read_signals"]

RELATIONS = {
    "mother": "mother", "father": "father", "brother": "brother", "sister": "sister",
    "son": "son", "daughter": "daughter", "husband": "spouse", "wife": "spouse",
    "grandfather": "grandfather", "grandmother": "grandmother", "uncle": "uncle",
    "aunt": "aunt", "cousin": "cousin", "nephew": "other", "grandchild": "other",
    "sibling": "other", "guardian": "guardian",
}  # fmt: skip


_ADDRESSED = frozenset({"bn", "ur", "so", "sw", "am", "ti", "ar"})
"""Where strangers are addressed as brother and sister."""
_TITLED_AFTER = frozenset({"bn"})


def find_relations(reading: Reading) -> list[Fact]:
    """Every relative that the message names by a word of kinship."""
    signals = (*reading.signals.said, *reading.signals.negated)
    found: dict[tuple[int, int], Fact] = {}
    for one in signals:
        if one.sense not in RELATIONS or not reading.is_free(one.start, one.end):
            continue
        if _is_a_title(reading, one) or _is_addressed(reading, one) or _is_or(reading, one):
            continue
        start = one.start + _onto(reading, one)
        fact = Fact(FactKind.RELATION, RELATIONS[one.sense], start, one.end, FactRole.OTHER)
        found.setdefault((one.start, one.end), fact)
    return list(found.values())


def _is_or(reading: Reading, signal: Signal) -> bool:
    """Arabic أم without an ending is "or", unless a person's mother follows ("أم الطفل")."""
    if reading.signals.language != "ar" or reading.words[signal.first].text not in ("ام", "اب"):
        return False
    following = reading.starting.get(signal.last, ())
    return not any(senses()[one.sense].field in ("kinship", "people") for one in following)


def _onto(reading: Reading, signal: Signal) -> int:
    """Letters of "and", "to", "with" that Arabic writes onto a word of kinship."""
    if reading.signals.language != "ar":
        return 0
    lexicon = lexicon_of("ar")
    text = reading.words[signal.first].text
    for before in ("ول", "وب", "و", "ف", "ل", "ب"):
        rest = text[len(before) :]
        if lexicon is not None and text.startswith(before) and lexicon.has(rest):
            return 0 if lexicon.has(text) else len(before)
    return 0


def _is_addressed(reading: Reading, signal: Signal) -> bool:
    """ "يا أخي"; "ভাই, …" where a message begins."""
    if reading.ends(signal.first, "vocative") is not None:
        return True
    begins = reading.signals.language in _ADDRESSED and not reading.text[: signal.start].strip()
    return begins and reading.text[signal.end : signal.end + 1] in tuple(",،!")


def _is_a_title(reading: Reading, signal: Signal) -> bool:
    """ "Mama Rosemary", "العم صبحي": capitalised or with an article, and a name after it."""
    if reading.signals.language in _TITLED_AFTER and _stands_after_name(reading, signal):
        return True
    titled = signal.word[0].isupper() or signal.word.startswith("ال")
    named = any(
        fact.kind is FactKind.NAME and 0 < fact.start - signal.end <= 1 for fact in reading.facts
    )
    starts = any(begin == signal.start for begin, _ in reading.signals.sentences)
    return titled and named and not (starts and signal.word[0].isupper() and signal.first == 0)


def _stands_after_name(reading: Reading, signal: Signal) -> bool:
    """ "করিম চাচা", but not "করিমের চাচা": Karim's uncle."""
    return any(
        fact.kind is FactKind.NAME
        and not reading.text[fact.end : signal.start].strip()
        and signal.start - fact.end == 1
        and not fact.value.endswith("র")
        for fact in reading.facts
    )
