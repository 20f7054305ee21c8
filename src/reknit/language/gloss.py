"""A gloss: the words of a message that a labelled glossary knows, in the reader's language.

Rules: no translation is made; each known word for kinship, people, the body, danger, detention,
need, time or place gets its meaning beside it, where it stands. An entry that no native speaker has
reviewed says so. Small grammar words are left out.

>>> gloss_of(read_signals("أمي مريضة", "ar"), "en").words[0].meaning
'mother'
"""

from __future__ import annotations

from reknit.language.errors import ReaderLanguageError
from reknit.language.lexicons import READERS, senses
from reknit.language.signals import Signals, read_signals
from reknit.language.values import Gloss, GlossWord, Made

__all__ = ["check_reader", "gloss_of", "read_signals"]

_MADE = Made("glossary")
_LEFT_OUT = frozenset({"grammar", "self"})


def gloss_of(signals: Signals, reader: str = "en") -> Gloss:
    """The known words of a message in the reader's language (one of `READERS`)."""
    check_reader(reader)
    words = []
    known = senses()
    for signal in sorted((*signals.said, *signals.negated), key=lambda one: one.start):
        sense = known[signal.sense]
        if sense.field not in _LEFT_OUT:
            words.append(
                GlossWord(
                    signal.start, signal.end, signal.word, sense.meaning(reader), sense.field,
                    signal.reviewed,
                )
            )  # fmt: skip
    return Gloss(tuple(dict.fromkeys(words)), reader, _MADE)


def check_reader(reader: str) -> None:
    """Raise ReaderLanguageError where there are no template words in a language."""
    if reader not in READERS:
        raise ReaderLanguageError(
            reader, "no glossary and template words are in this language",
            f"choose one of {', '.join(READERS)}",
        )  # fmt: skip
