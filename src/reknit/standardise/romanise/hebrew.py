"""Hebrew without points: consonants, with vav and yod as vowels between consonants.

>>> list(read("דוד"))[0]
'dud'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTERS = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ז": "z", "ח": "h", "ט": "t", "כ": "k",
    "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p",
    "ף": "f", "צ": "ts", "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_DOUBLED = re.compile(r"([b-df-hj-np-tw-z])\1")
_GERESH = (("ג'", "j"), ("ז'", "zh"), ("צ'", "ch"), ("ץ'", "ch"), ("ת'", "th"), ("וו", "v"))


def read(word: str) -> Iterator[str]:
    """p, sh and u; then f, s and o."""
    for hebrew, latin in _GERESH:
        word = word.replace(hebrew, latin)
    yield _spell(word, {**_LETTERS, "ו": "u", "י": "i"})
    yield _spell(word, {**_LETTERS, "ו": "o", "י": "i", "פ": "f", "ב": "v", "ש": "s"})


def _spell(word: str, letters: dict[str, str]) -> str:
    out = _DOUBLED.sub(r"\1a\1", "".join(letters.get(c, c) for c in word))
    if word.startswith("ו"):
        out = "v" + out[1:]
    if word.startswith("י"):
        out = "y" + out[1:]
    if word.endswith("ה"):
        out = out[:-1] + "a"
    return out
