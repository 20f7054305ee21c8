"""Place names in Latin letters, and the consonant skeleton by which spellings meet.

Rules kept here:
- `romanise` is ICU's Any-Latin; Latin-ASCII, folded, with Cyrillic letters as English readers
  write them: good for keys, poor to show.
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

if TYPE_CHECKING:
    import icu

MIN_SKELETON: Final = 2
_CYRILLIC: Final = str.maketrans(
    {
        "й": "y", "х": "kh", "ц": "ts", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu",
        "я": "ya", "є": "ye", "ї": "yi", "ы": "y", "э": "e", "ё": "yo", "ь": "", "ъ": "",
    }
)  # fmt: skip
"""Cyrillic as GeoNames writes it in Latin; ICU's ISO 9 has j for й and h for х."""
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
    if text.isascii():
        return plain_place(text)
    return plain_place(str(_to_latin().transliterate(text.casefold().translate(_CYRILLIC))))


def readings(text: str) -> tuple[str, ...]:
    """`romanise` by each way a name may be read: Ukrainian г is h, Russian г is g."""
    folded = text.casefold()
    if "г" in folded:
        return romanise(folded), romanise(folded.replace("г", "h"))
    return (romanise(text),)


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
