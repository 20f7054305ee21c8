"""Han characters: Mandarin in pinyin by ICU, then other readings.

>>> list(read("毛"))[0]
'mao'
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.romanise.general import transliterator


def pinyin(text: str) -> str:
    """Mandarin, syllables divided by spaces, without tones."""
    latin: str = transliterator(
        "Han-Latin/Names; NFD; [:Mn:] Remove; Latin-ASCII; Lower"
    ).transliterate(text)
    return latin


def read(word: str) -> Iterator[str]:
    """Mandarin."""
    yield pinyin(word).replace(" ", "")
