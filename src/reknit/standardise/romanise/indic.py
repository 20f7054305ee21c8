"""Burmese, syllable by syllable.

>>> list(read("အောင်"))
['aung']
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.romanise.general import to_ascii


def read(word: str) -> Iterator[str]:
    """One reading."""
    yield to_ascii(word)
