"""How alike a misspelt name and a known one are, between 0 and 1.

Rules kept here:
- One slip costs 0.3 of a letter's share: in a long name a slip says less against it.
- Names of one consonant skeleton are compared as wholes (0.7) and without vowels (0.3), by
  rapidfuzz's normalised indel ratio, so that unvowelled Arabic and Hebrew still meet.
- Without a country to look in, only the most alike count; in a known country more do.
The shares were chosen on misspelt GeoNames names (benchmarks/places.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz import fuzz, process

MIN_LIKENESS: Final = 0.75
"""The least likeness that counts inside a known country or region."""
MIN_LIKENESS_ANYWHERE: Final = 0.82
"""The least likeness that counts when nothing says where to look."""
_SLIP: Final = 0.3
_WHOLE_SHARE: Final = 0.7
_MOST_NAMES: Final = 200
_VOWELS: Final = re.compile("[aeiouyw]+")


def slip_likeness(name: str) -> float:
    """The likeness of a text one slip away from a name."""
    return 1 - _SLIP / len(name)


def most_alike(latin: str, names: list[str]) -> Iterator[tuple[str, float]]:
    """The names most like a romanised text, each with its likeness; those too unlike left out."""
    bones = _VOWELS.sub("", latin)
    for name, score, _ in process.extract(latin, names, scorer=fuzz.ratio, limit=_MOST_NAMES):
        bare_score = fuzz.ratio(bones, _VOWELS.sub("", name))
        likeness = (_WHOLE_SHARE * score + (1 - _WHOLE_SHARE) * bare_score) / 100
        if likeness >= MIN_LIKENESS:
            yield name, likeness
