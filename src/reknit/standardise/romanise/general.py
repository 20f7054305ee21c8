"""Any script by ICU's rules: good enough for a key, too poor to show.

>>> list(read("தமிழ்"))
['tamil']
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=8)
def transliterator(rules: str) -> Any:
    """ICU's transliterator for some rules, made once."""
    from icu import Transliterator

    return Transliterator.createInstance(rules)


def to_ascii(text: str) -> str:
    """Text of any script in ASCII letters, as ICU reads it."""
    ascii_text: str = transliterator(
        "Any-Latin; NFD; [:Mn:] Remove; Latin-ASCII; Lower"
    ).transliterate(text)
    return ascii_text


def sounds(row: str) -> tuple[str, ...]:
    """The sounds of an alphabet's letters in their order, divided by spaces; - is silent."""
    return tuple("" if sound == "-" else sound for sound in row.split())


def read(word: str) -> Iterator[str]:
    """ICU's one reading."""
    yield to_ascii(word)
