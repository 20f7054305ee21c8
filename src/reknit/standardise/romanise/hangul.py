"""Hangul, by its own arithmetic: as Korean names are spelled, and as foreign names are heard.

Rules
 A syllable is (initial × 21 + vowel) × 28 + final from U+AC00 (Unicode 3.12).
 Surnames follow custom, not the standard (김 Kim, 이 Lee, 박 Park): data/hangul_surnames.tsv.
 Given names: the revised standard of 2000, the passport habit (ㅓ u, ㅜ oo), and
 McCune-Reischauer, which North Korean lists follow.
 Foreign names obey the loanword rules of 1986: ㄹㄹ is l, ㄹ alone between vowels r, ㅡ no vowel.

>>> list(read("정은"))[0]
'jeongeun'
>>> list(read("박"))[0]
'park'
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from reknit.standardise.romanise.general import sounds
from reknit.standardise.tables import rows

_INITIALS = sounds("g kk n d tt r m b pp s ss - j jj ch k t p h")
_VOWELS = sounds("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_FINALS = sounds("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
_PASSPORT_INITIALS = sounds("k k n d t r m b p s s - j j ch k t p h")
_PASSPORT_VOWELS = sounds("a ae ya yae u e you ye o wa wae oe yo oo wo we wi yoo eu ee i")
_MR_INITIALS = sounds("k kk n t tt r m p pp s ss - ch tch ch k t p h")
_MR_VOWELS = sounds("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
_MR_VOICED = {0: "g", 3: "d", 7: "b", 12: "j"}
_LOAN_INITIALS = sounds("g k n d t r m b p s s - j j ch k t p h")
_LOAN_VOWELS = sounds("a e ya ye e e ye ye o wa we we yo u wo we wi yu - ui i")
_LOAN_FINALS = sounds("- k k k n n n t l k m l l l p l m p b t s ng t t k t p t")
_FIRST, _LAST = 0xAC00, 0xD7A3
_LONGEST_GIVEN = 2
_NO_FINAL, _RIEUL_FINAL, _RIEUL_INITIAL, _N = 0, 8, 5, (4, 16, 21, 8)

Syllable = tuple[int, int, int]


@lru_cache(maxsize=1)
def surnames() -> dict[str, tuple[str, ...]]:
    """Korean surnames and their usual spellings."""
    return {name: tuple(spellings.split()) for name, spellings in rows("hangul_surnames.tsv")}


def split_name(word: str) -> tuple[str, ...]:
    """Surname and given name of an unspaced Korean name; the word alone when it is none."""
    for length in (2, 1):
        rest = len(word) - length
        if word[:length] in surnames() and 1 <= rest <= _LONGEST_GIVEN:
            return word[:length], word[length:]
    return (word,)


def _syllables(word: str) -> list[Syllable]:
    parts = []
    for letter in word:
        if _FIRST <= ord(letter) <= _LAST:
            initial, rest = divmod(ord(letter) - _FIRST, 588)
            parts.append((initial, *divmod(rest, 28)))
    return parts


def read(word: str) -> Iterator[str]:
    """Custom for surnames; else the standard, the loan readings, passport and McCune spellings."""
    parts = _syllables(word)
    if word in surnames():
        yield from surnames()[word]
    yield _spell(parts, _INITIALS, _VOWELS)
    if len(parts) <= _LONGEST_GIVEN:
        yield _spell(parts, _PASSPORT_INITIALS, _PASSPORT_VOWELS)
        yield _spell(parts, _INITIALS, _MR_VOWELS)
    if len(parts) > 1:
        yield loan(parts, "r")
        if any(initial == _RIEUL_INITIAL for initial, _, _ in parts):
            yield loan(parts, "l")
    yield _mccune(parts)


def _spell(parts: list[Syllable], initials: tuple[str, ...], vowels: tuple[str, ...]) -> str:
    return "".join(initials[i] + vowels[v] + _FINALS[f] for i, v, f in parts).replace("lr", "ll")


def _mccune(parts: list[Syllable]) -> str:
    out = ""
    for place, (initial, vowel, final) in enumerate(parts):
        voiced = place > 0 and parts[place - 1][2] in (_NO_FINAL, *_N)
        sound = _MR_VOICED.get(initial) if voiced else None
        out += (sound or _MR_INITIALS[initial]) + _MR_VOWELS[vowel] + _FINALS[final]
    return out


def loan(parts: list[Syllable], rieul: str) -> str:
    """A foreign name as Hangul hears it; `rieul` is what ㄹ alone is, r or l."""
    out = ""
    for place, (initial, vowel, final) in enumerate(parts):
        sound = _LOAN_INITIALS[initial]
        if initial == _RIEUL_INITIAL:
            after_rieul = place > 0 and parts[place - 1][2] == _RIEUL_FINAL
            sound = "" if after_rieul else rieul
        out += sound + _LOAN_VOWELS[vowel] + _LOAN_FINALS[final]
    return out.replace("sy", "sh")
