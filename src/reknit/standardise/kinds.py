"""What a word does in a name: particle, title, half of a compound, or, mostly, a name.

The words are in data/word_kinds.tsv, in every script, written by the project from general
knowledge; a word that is not there names someone.

>>> kind_of("haji")
<Kind.TITLE: 'title'>
>>> kind_of("amal") is None
True
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from reknit.standardise.scripts import fold_word, script_of
from reknit.standardise.tables import rows
from reknit.vocabulary.names import Script


class Kind(StrEnum):
    """The parts that are no plain name."""

    ARTICLE = "article"
    SUN_ARTICLE = "sun_article"
    PARTICLE = "particle"
    PARTICLE_OR_NAME = "particle_or_name"
    FATHERS = "fathers"
    TITLE = "title"
    TITLE_OR_NAME = "title_or_name"
    TITLE_AFTER = "title_after"
    RANK = "rank"
    SUFFIX = "suffix"
    JOINS_NEXT = "joins_next"
    JOINS_LAST = "joins_last"
    FAITH = "faith"
    SAINT = "saint"
    WHOLE = "whole"
    ETHIOPIC_STEM = "ethiopic_stem"
    ETHIOPIC_NOUN = "ethiopic_noun"


NAMING = (
    None,
    Kind.JOINS_NEXT,
    Kind.JOINS_LAST,
    Kind.FAITH,
    Kind.SAINT,
    Kind.WHOLE,
    Kind.ETHIOPIC_STEM,
    Kind.ETHIOPIC_NOUN,
)
"""Kinds that make a name, alone or with a neighbour."""


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Kind], dict[str, str]]:
    table: dict[str, Kind] = {}
    expansions: dict[str, str] = {}
    for kind, words in rows("word_kinds.tsv"):
        for word in words.split():
            if kind == "expands":
                short, full = word.split("=")
                expansions[fold_word(short, script_of(short))] = full
            else:
                table.setdefault(fold_word(word, script_of(word)), Kind(kind))
    return table, expansions


def kind_of(word: str) -> Kind | None:
    """What a folded word does in a name; None for a word that names someone."""
    return _tables()[0].get(word)


def expansions() -> dict[str, str]:
    """Written abbreviations of names, and the names in full."""
    return _tables()[1]


def article_in(neighbour: str) -> str:
    """The Arabic article as it stands inside a compound, in the neighbour's script."""
    return "ال" if script_of(neighbour) is Script.ARABIC else "al"
