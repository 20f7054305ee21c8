"""A message folded for looking words up, with the place of every letter in the original kept.

Rules
 Letters are folded as everywhere in Reknit (lower case, no accents or vowel marks, one letter for
 the forms of kaf, yeh, alef and heh, one for Ethiopic letters that sound alike, digits as 0-9);
 signs that write vowels in Indic and Burmese writing stay. Apostrophes and invisible characters
 go, but l'eau and I'm are two words;
 every other sign is a boundary between words.
 A word is a run of letters or of digits. Writing without spaces (Han, Kana, Burmese, Thai, Khmer)
 makes one word of each run.

>>> text = fold("Où est ma sœur? أُمّي ٣٤")
>>> [word.text for word in text.words]
['ou', 'est', 'ma', 'soeur', 'امي', '34']
>>> text.original(text.words[4].start, text.words[4].end)
'أُمّي'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise.digits import fold_digits
from reknit.standardise.wordlists import fold_phrase

LONGEST = 20_000
"""Letters that are read of one message; the rest stays unread, and the triage says so."""
_APOSTROPHES = frozenset("'’ʼʻʿʾ`´‘‛ʹʽˈ՚״")
_ALSO = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ґ": "г"})
_WORD = re.compile(r"[^\s\d]+|[0-9]+")
_ELIDED = frozenset({"qu", "jusqu", "lorsqu", "puisqu", "quelqu"})


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and its place in the original text (code points, half-open)."""

    text: str
    start: int
    end: int
    at: int
    """Its place in the folded text."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it came, folded, and the way back."""

    source: str
    text: str
    places: tuple[int, ...]
    """For each folded letter, the place of the original one."""
    words: tuple[Word, ...]

    def original(self, start: int, end: int) -> str:
        """A piece of the text as it came."""
        return self.source[start:end]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that folded letters `start` to `end` came from."""
        last = self.places[end - 1] + 1
        while last < len(self.source) and unicodedata.category(self.source[last]) == "Mn":
            last += 1
        return self.places[start], last


def fold(text: str) -> Folded:
    """Fold a message: any text in, never an error."""
    letters: list[str] = []
    places: list[int] = []
    run = ""
    for place, letter in enumerate(text[:LONGEST]):
        if letter in _APOSTROPHES and (len(run) == 1 or run in _ELIDED):
            letter = " "
        for folded in fold_letter(letter):
            run = "" if folded == " " else run + folded
            letters.append(folded)
            places.append(place)
    folded_text = "".join(letters)
    found = Folded(text, folded_text, tuple(places), ())
    words = []
    for match in _WORD.finditer(folded_text):
        start, end = found.span(match.start(), match.end())
        words.append(Word(match[0], start, end, match.start()))
    return Folded(text, folded_text, found.places, tuple(words))


def fold_text(text: str) -> str:
    """The folded text alone, single spaces: how an entry of a lexicon is written to be found."""
    return " ".join(fold(text).text.split())


@lru_cache(maxsize=65536)
def fold_letter(letter: str) -> str:
    """One character folded: letters, digits, or a space for everything that parts words."""
    if letter in _APOSTROPHES:
        return ""
    category = unicodedata.category(letter)
    if category[0] == "N":
        digit = fold_digits(letter)
        if digit.isascii() and digit.isdigit():
            return digit
        return " " if letter.isdigit() else letter
    if category == "Cf" or 0xFE00 <= ord(letter) <= 0xFE0F:
        return ""
    if category[0] == "L" or (category[0] == "M" and ord(letter) >= 0x0900):
        lower = letter.casefold()
        folded = fold_phrase(lower) if category[0] == "L" else lower
        return folded.translate(_ALSO) or ("" if category[0] == "M" else lower)
    return "" if category[0] == "M" or letter == "ـ" else " "
