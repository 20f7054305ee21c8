"""Place names in Latin letters, and the consonant skeleton by which spellings meet.

Rules kept here:
- `romanise` is ICU's Any-Latin; Latin-ASCII, folded: good for keys, poor to show.
- `skeleton` works on Latin folded names. It drops articles, vowels, h, w and y, joins the letters
  that transliterations confuse (c k q, g j, s z, b p, f v, d t) and runs of one letter. Arabic
  script writes few vowels, so only what is left can be compared across scripts.

>>> skeleton(romanise("القصير")) == skeleton("al qusayr")
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from reknit.places.folding import plain_place
from reknit.standardise.romanise import readings as word_readings
from reknit.standardise.scripts import script_of

if TYPE_CHECKING:
    import icu

MIN_SKELETON: Final = 2
_ARTICLES: Final = re.compile(
    r"(?m)(?<![^ \n])(?:al|el|ul|il|as|ash|ad|adh|an|ar|at|ath|az|es|esh|ed|en|er|et|ez|the|de|la)"
    r" (?=\S)"
)
_GLUED_ARTICLE: Final = re.compile(r"(?m)(?<![^ \n])al(?=[bcdfghjkmnpqrstvwxyz][a-z]{3})")
_DIGRAPHS: Final = ((re.compile("kh|gh|ch|sch|tch"), "k"), (re.compile("ts|tz|zh|sh|dz|dj"), "s"))
_JOINED: Final = str.maketrans("cqgjzpvtx", "kkkksbfds")
_DOUBLED: Final = re.compile(r"([a-z])\1+")


def romanise(text: str) -> str:
    """A name in ASCII letters, folded; empty where ICU knows no reading."""
    return plain_place(text if text.isascii() else str(_to_latin().transliterate(text)))


def readings(folded: str) -> tuple[str, ...]:
    """A folded name in Latin letters by each way it may be read, at most five.

    Word by word as `reknit.standardise.romanise` reads them, and as ICU does, by whose rules many
    of GeoNames' Latin names were made.
    """
    if folded.isascii():
        return (folded,)
    words = [word_readings(word, script_of(word)) or ("",) for word in folded.split(" ")]
    most = max(map(len, words))
    whole = [" ".join(word[min(i, len(word) - 1)] for word in words) for i in range(most)]
    return tuple(dict.fromkeys(filter(None, map(plain_place, [*whole, romanise(folded)]))))


def skeleton(latin: str) -> str:
    """The consonant skeleton of a folded Latin name; empty when fewer than two are left."""
    return skeletons((latin,))[0]


def skeletons(latin: Sequence[str]) -> list[str]:
    """The skeletons of many folded Latin names at once, one for each."""
    joined = _GLUED_ARTICLE.sub("", _ARTICLES.sub("", "\n".join(latin)))
    for pattern, letter in _DIGRAPHS:
        joined = pattern.sub(letter, joined)
    joined = _DOUBLED.sub(r"\1", re.sub("[^bcdfgjklmnpqrstvxz\n]+", "", joined).translate(_JOINED))
    return [s if len(s) >= MIN_SKELETON else "" for s in joined.split("\n")]


@cache
def _to_latin() -> icu.Transliterator:
    import icu

    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")
