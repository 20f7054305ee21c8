"""Arabic script for Arabic, Persian, Dari, Pashto, Urdu, Kurdish and Uyghur.

Rules
 Short vowels are not written; readings carry consonants and long vowels only.
 Final ه and ة are the vowel of Fatima and Zohreh. و and ي are w/u/o and y/i/e: the vowel is read
 between consonants, the consonant beside vowels.

>>> list(read("علي"))[0]
'ali'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reknit.standardise.romanise.latin import canonical_compound

_LETTERS = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ء": "", "ئ": "y", "ؤ": "w", "ب": "b",
    "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f",
    "ق": "q", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "a", "ى": "a",
    "پ": "p", "چ": "ch", "ژ": "zh", "گ": "g", "ھ": "h", "ہ": "h", "ۀ": "e", "ە": "e",
    "ڤ": "v", "ۆ": "o", "ێ": "e", "ڕ": "r", "ڵ": "l", "ں": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r",
    "ے": "e", "ۓ": "e", "ټ": "t", "ډ": "d", "ړ": "r", "ږ": "g", "ښ": "sh", "ڼ": "n", "ځ": "dz",
    "څ": "ts", "ګ": "g", "ې": "e", "ۍ": "ai", "ڭ": "ng", "ۇ": "u", "ۈ": "u", "ۋ": "v", "ڪ": "k",
    "ڨ": "g", "ۃ": "a", "ۂ": "e", "ڜ": "sh", "ۉ": "o",
}  # fmt: skip
_WAW, _YEH, _HEH = "و", "ي", "هھہەة"
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")


def read(word: str) -> Iterator[str]:
    """Compounds in one shape; then consonants and long vowels."""
    # Persian and Urdu end words in a yeh without dots, which elsewhere is a long a.
    for ending in ("ي", "ا") if word[-1] == "ى" else (word[-1:],):
        reading = _spell((word[:-1] + ending).replace("ی", "ي").replace("ى", "ي"))
        compound = canonical_compound(reading)
        if compound != reading:
            yield compound
        yield reading


def _spell(word: str) -> str:
    out = ""
    for place, letter in enumerate(word):
        before = out[-1:] or "-"
        after = word[place + 1 : place + 2] or "-"
        if letter == _WAW:
            out += "w" if place == 0 or before in "aeiou" or after in "اآ" else "u"
        elif letter == _YEH:
            out += "y" if place == 0 or before in "aeou" or after in "اآو" else "i"
        elif letter in _HEH and after == "-" and place > 0:
            out += "ah" if before not in "aeiou" else "t" if letter == "ة" else "h"
        else:
            out += _LETTERS.get(letter, "")
    # Two of one consonant have a vowel between them: a long consonant is written once.
    return _DOUBLED.sub(r"\1a\1", out).replace("alalah", "allah")
