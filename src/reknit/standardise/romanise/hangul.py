"""Hangul, by its own arithmetic: revised romanisation, and the way names are spelled in passports.

Rules
 A syllable is (initial × 21 + vowel) × 28 + final from U+AC00 (Unicode 3.12).
 Surnames follow custom, not the standard (김 Kim, 이 Lee, 박 Park): data/hangul_surnames.tsv.
 McCune-Reischauer, which North Korean lists follow, is given as another reading.
 Foreign names are read letter by letter: ㄹ is l or r, ㅂ b, ㅍ p or f, 으 no vowel.

>>> list(read("정은"))[0]
'jeongeun'
"""

from __future__ import annotations

from collections.abc import Iterator

_INITIALS = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_FINALS = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ")
_MR_VOWELS = "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i".split(" ")
_MR_INITIALS = "k kk n t tt r m p pp s ss  ch tch ch k t p h".split(" ")
_LOAN_INITIALS = "g k n d t r m b p s s  j j ch k t p h".split(" ")
_LOAN_VOWELS = "a e ya ye o e yo ye o wa we we yo u wo we wi yu  ui i".split(" ")
_LOAN_FINALS = " k k k n n n t l k m l l l p l m p p t s ng t t k t p t".split(" ")
_FIRST, _LAST = 0xAC00, 0xD7A3


def syllables(word: str) -> list[tuple[int, int, int]]:
    """Initial, vowel and final of each syllable block in a word."""
    parts = []
    for letter in word:
        if _FIRST <= ord(letter) <= _LAST:
            initial, rest = divmod(ord(letter) - _FIRST, 588)
            parts.append((initial, *divmod(rest, 28)))
    return parts


def read(word: str) -> Iterator[str]:
    """Revised, the passport habit, McCune-Reischauer, and as a foreign name."""
    parts = syllables(word)
    revised = "".join(_INITIALS[i] + _VOWELS[v] + _FINALS[f] for i, v, f in parts)
    yield revised
    yield "".join(_LOAN_INITIALS[i] + _LOAN_VOWELS[v] + _LOAN_FINALS[f] for i, v, f in parts)
    yield revised.replace("eo", "u").replace("oo", "u").replace("u", "oo", 1)
    yield "".join(_MR_INITIALS[i] + _MR_VOWELS[v] + _FINALS[f] for i, v, f in parts)
