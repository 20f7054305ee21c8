"""Khmer: consonants of two series, subscripts under coeng, vowels by everyday spelling.

>>> list(read("ដារា"))
['darea', 'dara']
"""

from __future__ import annotations

from collections.abc import Iterator

from reknit.standardise.romanise.general import sounds

_FIRST_SERIES = "កខចឆដឋណតថបផសហឡអ"
_CONSONANTS = dict(
    zip(
        "កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអ",
        sounds("k kh k kh ng ch ch ch ch nh d th d th n t th t th n b ph p ph m y r l v s h l -"),
        strict=True,
    )
)
_VOWELS = {
    "ា": ("a", "ea"), "ិ": ("e", "i"), "ី": ("ey", "i"), "ឹ": ("oe", "ue"), "ឺ": ("eu", "eu"),
    "ុ": ("o", "u"), "ូ": ("o", "u"), "ួ": ("uo", "uo"), "ើ": ("er", "er"), "ឿ": ("oea", "oea"),
    "ៀ": ("ea", "ea"), "េ": ("e", "e"), "ែ": ("e", "e"), "ៃ": ("ai", "ey"), "ោ": ("ao", "o"),
    "ៅ": ("au", "ov"), "ំ": ("am", "um"), "ះ": ("ah", "eah"), "ឥ": ("i", "i"), "ឦ": ("i", "i"),
    "ឧ": ("u", "u"), "ឪ": ("au", "au"), "ឫ": ("rue", "rue"), "ឬ": ("rue", "rue"), "ឯ": ("e", "e"),
    "ឱ": ("o", "o"), "ឭ": ("lue", "lue"),
}  # fmt: skip
_COENG, _MUUSIKATOAN, _TRIISAP = "\u17d2", "\u17c9", "\u17ca"


def read(word: str) -> Iterator[str]:
    """By series; then with the plain vowels of the first."""
    yield _spell(word, by_series=True)
    yield _spell(word, by_series=False)


def _spell(word: str, *, by_series: bool) -> str:
    out = ""
    series = 0
    consonants = 0
    below = False
    for place, letter in enumerate(word):
        after = word[place + 1 : place + 2]
        if letter == _COENG:
            below = True
        elif letter in _CONSONANTS:
            if consonants and not below and _ends_syllable(word, place):
                out += _CONSONANTS[letter]
                consonants = 0
                continue
            if consonants and not below:
                out += "o" if series and by_series else "a"
            sound = _CONSONANTS[letter]
            out += "p" if sound == "b" and (after == _MUUSIKATOAN or not after) else sound
            if not below:
                series = 0 if letter in _FIRST_SERIES else 1
            below = False
            consonants += 1
        elif letter == _MUUSIKATOAN:
            series = 0
        elif letter == _TRIISAP:
            series = 1
        elif letter in _VOWELS:
            if out and letter == "ំ" and out[-1] in "aou":
                out += "m"
            else:
                out += _VOWELS[letter][series if by_series else 0]
            consonants = 0
    return out


def _ends_syllable(word: str, place: int) -> bool:
    """A consonant closes a syllable when no vowel follows it and one stands before it."""
    before = word[place - 1]
    after = word[place + 1 : place + 2]
    return before in _VOWELS and after not in _VOWELS and after != _COENG
