"""Names as the peers get them: romanised by ICU, in tokens, and reduced to their consonants.

>>> romanised("Олександр Коваленко"), skeleton("kovalenko")
('oleksandr kovalenko', 'kvlnk')
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_NOT_A_LETTER = re.compile(r"[^a-z0-9 ]+")
_VOWELS = re.compile(r"[aeiouyhw]")
_TWICE = re.compile(r"(.)\1+")


@cache
def _transliterator() -> Any:
    import icu

    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")


@cache
def romanised(text: str) -> str:
    """Lower-case ASCII letters and figures, words apart by single spaces."""
    latin = str(_transliterator().transliterate(text)).lower().replace("-", " ")
    return " ".join(_NOT_A_LETTER.sub("", latin).split())


def skeleton(word: str) -> str:
    """The consonants of a romanised word, doubled ones once; the word itself if it has none."""
    return _TWICE.sub(r"\1", _VOWELS.sub("", word)) or word
