"""Arabic script for Arabic, Persian, Dari, Pashto, Urdu, Kurdish and Uyghur.

Rules
 Short vowels are not written; readings carry consonants and long vowels only.
 و and ي are w/u/o and y/i/e: the vowel is read between consonants, the consonant beside vowels.

>>> list(read("علي"))[0]
'ali'
"""

from __future__ import annotations

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
_WAW, _YEH = "و", "يیﻯ"


def read(word: str) -> Iterator[str]:
    """Consonants and long vowels."""
    word = word.replace("ی", "ي").replace("ى", "ي" if len(word) > 1 and word[-1] != "ى" else "ى")
    out = ""
    for place, letter in enumerate(word):
        before = out[-1:] if out else ""
        after = word[place + 1 : place + 2]
        if letter == _WAW:
            vowel_near = before in "aeiou" or (after in "اآ" and after != "")
            out += "w" if place == 0 or vowel_near else "u"
        elif letter == "ي":
            vowel_near = before in "aeou" or (after in "اآو" and after != "")
            out += "y" if place == 0 or (vowel_near and before != "") else "i"
        else:
            out += _LETTERS.get(letter, "")
    compound = canonical_compound(out)
    if compound != out:
        yield compound
    yield out
