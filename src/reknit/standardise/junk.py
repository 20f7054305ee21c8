"""Text in a name's place that is no name: placeholders, tests, descriptions of a person.

Rules
 Such a text is kept but makes no tokens, so it matches nothing, and says why.
 data/junk.tsv lists whole texts and single words, in the project's languages. A text is junk when
 it is a listed phrase; when it has a junk word and nothing but junk words and fillers; when it
 begins as a description does ("baby of …"); or when it has no letters or only one repeated.
 Fillers (man, no, son, ti) are names elsewhere, so alone they are no junk.

>>> junk_reason("Unknown Unknown")
'placeholder'
>>> junk_reason("baby of Fatima")
'description'
>>> junk_reason("Fatima") is None
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise.scripts import LETTERS, clean_text, fold_word, script_of
from reknit.standardise.tables import rows

_REPEATED = re.compile(r"([^\W\d_])\1*$")


@dataclass(frozen=True, slots=True)
class _Tables:
    words: dict[str, str]
    fillers: frozenset[str]
    phrases: dict[str, str]
    starts: tuple[str, ...]
    telling: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    words: dict[str, str] = {}
    fillers: set[str] = set()
    phrases: dict[str, str] = {}
    starts: list[str] = []
    for kind, reason, texts in rows("junk.tsv", 3):
        for folded in (" ".join(_folded_words(text)) for text in texts.split("|")):
            if kind == "start":
                starts.append(folded + " ")
            elif kind == "phrase":
                phrases[folded] = reason
            elif kind == "word":
                words[folded] = reason
            else:
                fillers.add(folded)
    telling = {phrase.split()[-1] for phrase in phrases} | {start.split()[0] for start in starts}
    return _Tables(
        words, frozenset(fillers), phrases, tuple(starts), frozenset({*words, *fillers, *telling})
    )


def _folded_words(text: str) -> list[str]:
    found = LETTERS.findall(clean_text(text).lower().replace("'", ""))
    return [word if word.isascii() else fold_word(word, script_of(word)) for word in found]


def is_junk_word(word: str) -> bool:
    """True for a folded word that may make a text junk: of it, or ending or beginning it."""
    return word in _tables().telling or len(set(word)) < 2


def is_placeholder(word: str) -> bool:
    """True for a folded word that stands for a part of a name that is not known."""
    return _tables().words.get(word) == "placeholder"


def junk_reason(text: str) -> str | None:
    """Why a text is no name, or None when it may be one."""
    found = _folded_words(text)
    if not found:
        return "no letters"
    tables = _tables()
    if tables.telling.isdisjoint(found) and any(len(set(word)) > 1 for word in found):
        return None
    joined = " ".join(found)
    if joined in tables.phrases:
        return tables.phrases[joined]
    if joined.startswith(tables.starts):
        return "description"
    reasons = [tables.words[word] for word in found if word in tables.words]
    if reasons and all(word in tables.words or word in tables.fillers for word in found):
        return "placeholder" if "placeholder" in reasons else reasons[0]
    if all(_REPEATED.match(word) for word in found) and len(joined) > 2 and len(set(joined)) <= 2:
        return "placeholder"
    return None
