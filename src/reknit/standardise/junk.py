"""Text in a name's place that is no name: placeholders, tests, descriptions of a person.

Rules
 Such a text is kept but makes no tokens, so it matches nothing, and says why.
 data/junk.tsv lists whole texts ("unknown unknown") and single words, in the project's languages.
 A text is junk when it is a listed phrase, when each of its words is a junk word, when it begins
 as a description does ("baby of …"), or when it has no letters or only one repeated.

>>> junk_reason("Unknown Unknown")
'placeholder'
>>> junk_reason("baby of Fatima")
'description'
>>> junk_reason("Fatima") is None
True
"""

from __future__ import annotations

import re
from functools import lru_cache

from reknit.standardise.scripts import clean_text, fold_word, script_of
from reknit.standardise.tables import rows

_WORDS = re.compile(r"[^\W\d_]+")
_REPEATED = re.compile(r"([^\W\d_])\1*$")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}
    starts: list[str] = []
    for kind, reason, text in rows("junk.tsv", 3):
        folded = " ".join(_folded_words(text))
        if kind == "start":
            starts.append(folded + " ")
        else:
            (words if kind == "word" else phrases)[folded] = reason
    return words, phrases, tuple(starts)


def _folded_words(text: str) -> list[str]:
    found = _WORDS.findall(clean_text(text).lower().replace("'", ""))
    return [fold_word(word, script_of(word)) for word in found]


def is_junk_word(word: str) -> bool:
    """True for a folded word that alone is no name."""
    return word in _tables()[0]


def junk_reason(text: str) -> str | None:
    """Why a text is no name, or None when it may be one."""
    found = _folded_words(text)
    if not found:
        return "no letters"
    words, phrases, starts = _tables()
    joined = " ".join(found)
    if joined in phrases:
        return phrases[joined]
    if joined.startswith(starts):
        return "description"
    if all(word in words for word in found):
        return words[found[0]]
    if all(_REPEATED.match(word) for word in found) and len(joined) > 2 and len(set(joined)) <= 2:
        return "placeholder"
    return None
