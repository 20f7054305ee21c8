"""Kana: Hepburn, long vowels single; loan names also without the vowels kana had to add.

>>> list(read("すずき"))[0]
'suzuki'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
    "h": "ハヒフヘホ", "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ",
    "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_KANA = {
    letter: row + vowel
    for row, cells in _ROWS.items()
    for letter, vowel in zip(cells, "aiueo", strict=True)
}
_KANA |= {
    "シ": "shi", "チ": "chi", "ツ": "tsu", "フ": "fu", "ジ": "ji", "ヂ": "ji", "ヅ": "zu",
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o",
    "ン": "n", "ヴ": "vu", "ヰ": "i", "ヱ": "e",
}  # fmt: skip
_SMALL_Y = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}
_SMALL_VOWELS = dict(zip("ァィゥェォ", "aiueo", strict=True)) | {"ヮ": "wa"}
_LONG = re.compile(r"([aeiou])\1|(o)u(?=.|$)")
_ADDED = re.compile(
    "(?<=[kgsbpmrfvzl])u(?=[^aeiou]|$)|(?<=[td])o(?=[^aeiou]|$)|(?<=ts)u(?=[^aeiou]|$)"
)


def read(word: str) -> Iterator[str]:
    """Hepburn with single vowels; then as a loan with added vowels dropped and r as l."""
    full = hepburn(word)
    single = _LONG.sub(lambda m: m.group(1) or m.group(2), full)
    yield single
    bare = _ADDED.sub("", single)
    yield bare
    yield bare.replace("r", "l")
    yield full


def hepburn(word: str) -> str:
    """Letter by letter, with the small letters applied to what precedes them."""
    katakana = "".join(chr(ord(c) + 96) if "ぁ" <= c <= "ゖ" else c for c in word)
    out: list[str] = []
    double = False
    for letter in katakana:
        if letter == "ッ":
            double = True
            continue
        if letter == "ー":
            continue
        if letter in _SMALL_Y and out:
            stem = out[-1][:-1]
            glide = _SMALL_Y[letter]
            out[-1] = stem + (glide[1:] if stem.endswith(("sh", "ch", "j")) else glide)
            continue
        if letter in _SMALL_VOWELS and out:
            stem = out[-1][:-1]
            out[-1] = (stem or ("w" if out[-1] == "u" else "")) + _SMALL_VOWELS[letter]
            continue
        latin = _KANA.get(letter, "")
        if double and latin:
            latin = ("t" if latin.startswith("ch") else latin[0]) + latin
            double = False
        out.append(latin)
    return "".join(out)
