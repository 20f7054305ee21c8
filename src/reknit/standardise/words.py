"""A name's text divided into words, and what each word does in it.

Rules
 Words divide at spaces, hyphens, dots, slashes and the Han middle dot; apostrophes belong to them.
 Particles (al, bin, von, de la) and honorifics (Dr, Haji, U) are no part of who someone is and
 drop out, unless nothing else would be left. Compounds are one word: Abd al-Rahman, Abu Bakr,
 Nur ud-Din, Gebre Mariam.
 data/word_kinds.tsv says which words these are, in every script.

>>> [w.text for w in name_words("Dr. Abd al-Rahman bin Ali")]
['abdrahman', 'ali']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from reknit.standardise.scripts import clean_text, fold_word, repair_homoglyphs, script_of
from reknit.standardise.tables import rows
from reknit.vocabulary.names import Script

_WORD = re.compile(
    r"[^\W\d_][^\W\d_\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099']*"
)
_WORDS = re.compile(
    r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099'])+"
)


class Kind(StrEnum):
    """What a word does in a name."""

    PARTICLE = "particle"
    HONORIFIC = "honorific"
    JOINS_NEXT = "joins_next"
    JOINS_LAST = "joins_last"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: lower-case, clean, marks kept; as it was written; its script."""

    text: str
    written: str
    script: Script


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind]:
    return {
        fold_word(word, script_of(word)): Kind(kind)
        for kind, words in rows("word_kinds.tsv")
        for word in words.split()
    }


def kind_of(word: str) -> Kind | None:
    """What a folded word does in a name; None for a word that names someone."""
    return _kinds().get(word)


def split(text: str) -> list[Word]:
    """The words of a text, in written order."""
    found = []
    for written in _WORDS.findall(clean_text(text)):
        word = repair_homoglyphs(written.lower()).strip("'")
        if word:
            found.append(Word(word, written, script_of(word)))
    return found


def name_words(text: str) -> list[Word]:
    """The words that name someone: compounds joined, particles and honorifics dropped."""
    words = split(text)
    kinds = [kind_of(fold_word(w.text, w.script)) for w in words]
    kept: list[Word] = []
    join = ""
    for word, kind in zip(words, kinds, strict=True):
        if kind in (Kind.PARTICLE, Kind.HONORIFIC):
            continue
        if kind is Kind.JOINS_NEXT:
            join += word.text
            continue
        if kind is Kind.JOINS_LAST and kept:
            last = kept.pop()
            kept.append(Word(last.text + word.text, last.written, last.script))
            continue
        kept.append(Word(join + word.text, word.written, word.script))
        join = ""
    return kept or words
