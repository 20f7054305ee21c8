"""Ethiopic (Ge'ez script for Amharic, Tigrinya and others), syllable by syllable.

Rules
 From U+1200 each consonant has a row of eight: ä u i a e ə o, and wa. The sixth order, ə, is mostly
 silent; at the beginning of a word and between two of one consonant it is heard as i or e.
 The first order is written a or e (ä in scholarly lists), so both readings are given.

>>> list(read("ተስፋዬ"))[:2]
['tesfaye', 'tasfaye']
"""

from __future__ import annotations

from collections.abc import Iterator

# The consonants of the rows from U+1200, eight code points each; - is the glottal stop, silent.
_SOUNDS = (
    "h l h m s r s sh q qw q qw b v t ch h hw n ny - k kw kh khw w - z zh y d d j g gw g t ch p ts"
    " ts f p"
)
_ROWS = {0x1200 + 8 * row: sound.replace("-", "") for row, sound in enumerate(_SOUNDS.split())}
_VOWELS = ("e", "u", "i", "a", "e", "", "o", "wa")


def _syllables(word: str) -> list[tuple[str, int]]:
    parts = []
    for letter in word:
        code = ord(letter)
        row = code & ~7
        if row in _ROWS:
            parts.append((_ROWS[row], code & 7))
    return parts


def read(word: str) -> Iterator[str]:
    """First order as e, then as a."""
    parts = _syllables(word)
    yield _join(parts, "e", "i")
    yield _join(parts, "a", "e")


def _join(parts: list[tuple[str, int]], first: str, schwa: str) -> str:
    """Syllables in a row; `first` and `schwa` are the vowels of the first and sixth order."""
    out = ""
    for place, (consonant, order) in enumerate(parts):
        last = place == len(parts) - 1
        vowel = _VOWELS[order]
        if order == 0 and len(consonant) == 2 and consonant[1] == "w":
            consonant, vowel = consonant[0], "o"
        elif order == 0:
            vowel = "a" if not consonant or consonant == "h" else first
        elif order == 5:
            vowel = ""
            if not consonant:
                vowel = "i" if place == 0 else ""
            elif not last and (place == 0 or parts[place + 1][0] == consonant):
                vowel = schwa
        out += consonant + vowel
    return out
