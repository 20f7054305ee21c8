"""How alike a misspelt name and a known one are, between 0 and 1.

Rules kept here:
- One slip costs 0.3 of a letter's share: in a long name a slip says less against it.
- Names of one consonant skeleton are compared as wholes (0.7) and without vowels (0.3), by
  rapidfuzz's normalised indel ratio, so that unvowelled Arabic and Hebrew still meet.
- In a known country or region, a likeness of 0.75 counts. Where nothing says where to look, most
  words of a language are one slip from some village: then only 0.9 counts, in a text of five
  letters (three signs) or more, and a village only in one of eight letters (six signs).
The shares were chosen on misspelt GeoNames names (benchmarks/places.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rapidfuzz import fuzz, process

from reknit.places.slips import letters_for

MIN_LIKENESS: Final = 0.75
"""The least likeness that counts inside a known country or region."""
_MIN_LIKENESS_ANYWHERE: Final = 0.9
_MIN_LETTERS_ANYWHERE: Final = 5
_MORE_FOR_A_VILLAGE: Final = 3
_FEWER_SIGNS: Final = 2
_SLIP: Final = 0.3
_WHOLE_SHARE: Final = 0.7
_MOST_NAMES: Final = 200
_VOWELS: Final = str.maketrans("", "", "aeiouyw")


def is_telling(text: str, likeness: float, is_village: bool) -> bool:
    """Does a misspelt text mean a place of this likeness when nothing says where to look?"""
    letters = len(text) if letters_for(text) else len(text) + _FEWER_SIGNS
    enough = _MIN_LETTERS_ANYWHERE + (_MORE_FOR_A_VILLAGE if is_village else 0)
    return likeness >= _MIN_LIKENESS_ANYWHERE and letters >= enough


def slip_likeness(name: str) -> float:
    """The likeness of a text one slip away from a name."""
    return 1 - _SLIP / len(name)


def most_alike(latin: str, names: list[str]) -> Iterator[tuple[str, float]]:
    """The names most like a romanised text, each with its likeness; those too unlike left out."""
    bones = latin.translate(_VOWELS)
    least = 100 * (MIN_LIKENESS - (1 - _WHOLE_SHARE)) / _WHOLE_SHARE - 1e-6  # with bones all alike
    alike = process.extract(latin, names, scorer=fuzz.ratio, limit=_MOST_NAMES, score_cutoff=least)
    for name, score, _ in alike:
        bare_score = fuzz.ratio(bones, name.translate(_VOWELS))
        likeness = (_WHOLE_SHARE * score + (1 - _WHOLE_SHARE) * bare_score) / 100
        if likeness >= MIN_LIKENESS:
            yield name, likeness
