"""Relations: the words for a relative, by the lexicon of the message's language.

Rules: value is the contract's relation; a word that names several people or nobody in particular
("parents", "family", "friend") is none. A sister or father before a name in a religious title is
left to the reader.

>>> [fact.value for fact in find_relations(Reading(read_signals("Шукаю маму і сестру", "uk")))]
['mother', 'sister']
"""

from __future__ import annotations

from reknit.language.facts.spans import Reading, read_signals
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


def find_relations(reading: Reading) -> list[Fact]:
    """Every relative that the message names by a word of kinship."""
    signals = (*reading.signals.said, *reading.signals.negated)
    return [
        Fact(FactKind.RELATION, RELATIONS[one.sense], one.start, one.end, FactRole.OTHER)
        for one in signals
        if one.sense in RELATIONS
        and reading.is_free(one.start, one.end)
        and not _is_a_title(reading, one)
    ]


def _is_a_title(reading: Reading, signal: Signal) -> bool:
    """ "Mama Rosemary", "العم صبحي": capitalised or with an article, and a name after it."""
    titled = signal.word[0].isupper() or signal.word.startswith("ال")
    named = any(
        fact.kind is FactKind.NAME and 0 < fact.start - signal.end <= 1 for fact in reading.facts
    )
    starts = any(begin == signal.start for begin, _ in reading.signals.sentences)
    return titled and named and not (starts and signal.word[0].isupper() and signal.first == 0)
