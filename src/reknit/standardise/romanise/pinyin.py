"""Mandarin in Latin letters: pinyin and Wade-Giles, told apart and turned into each other.

Rules
 Every Mandarin syllable is an initial and a final; Wade-Giles writes the same sounds otherwise
 (Zedong, Tse-tung). Apostrophes are lost in practice, so ch is zh, j, q or ch.
 A Latin word that divides wholly into pinyin syllables is also spelled as it sounds in English,
 for q, x, c and zh are letters with another sound everywhere else.

>>> to_wade_giles("xie")
'hsieh'
>>> as_it_sounds("xiaoqing")
'shiaoching'
"""

from __future__ import annotations

import re
from functools import lru_cache

from reknit.standardise.romanise.general import sounds

_INITIALS = (
    ("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("p", "p"), ("d", "t"), ("t", "t"),
    ("g", "k"), ("k", "k"), ("j", "ch"), ("q", "ch"), ("x", "hs"), ("z", "ts"), ("c", "ts"),
    ("r", "j"),
)  # fmt: skip
_FINALS = {
    "ie": "ieh",
    "ue": "ueh",
    "uo": "o",
    "ong": "ung",
    "ian": "ien",
    "e": "e",
    "iong": "iung",
}
_WHOLE = {
    "zi": "tzu", "ci": "tzu", "si": "szu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih",
    "you": "yu", "yan": "yen", "ye": "yeh", "er": "erh", "yi": "i", "guo": "kuo", "kuo": "kuo",
    "huo": "huo", "shuo": "shuo", "ge": "ko", "ke": "ko", "he": "ho", "gui": "kuei", "kui": "kuei",
}  # fmt: skip
_SYLLABLE = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhrzsyw]|[jqx](?=[iu])|c(?!o[^nu]))?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un"
    "|ia|ie|iu|ua|ui|uo|ue|er|a|o|e|i|u)"
)
_TELLING = re.compile("[qx]|zh|c(?!h)")
_SOUND = re.compile("zh|ch|[qxc]")
_SOUNDS = {"zh": "j", "ch": "ch", "q": "ch", "x": "sh", "c": "ts"}
_LONGEST_WITH_C = 5  # longer words with c are mostly European


@lru_cache(maxsize=1024)
def to_wade_giles(syllable: str) -> str:
    """A pinyin syllable in Wade-Giles, without its apostrophes and marks."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    for pinyin, wade in _INITIALS:
        if syllable.startswith(pinyin):
            final = syllable[len(pinyin) :]
            return wade + _FINALS.get(final, final)
    return syllable


def is_pinyin(word: str) -> bool:
    """True when a word divides wholly into Mandarin syllables."""
    return _divide(word)


@lru_cache(maxsize=65536)
def _divide(word: str) -> bool:
    if not word:
        return True
    match = _SYLLABLE.match(word)
    while match:
        end = match.end()
        if _divide(word[end:]):
            return True
        # A final n or g may belong to the next syllable.
        match = _SYLLABLE.fullmatch(word, 0, end - 1) if end > 1 else None
    return False


def as_it_sounds(word: str) -> str | None:
    """A pinyin word with q, x, c and zh as English would write their sounds; None for others."""
    telling = _TELLING.search(word)
    if not telling or (telling[0] == "c" and len(word) > _LONGEST_WITH_C) or not is_pinyin(word):
        return None
    return _SOUND.sub(lambda found: _SOUNDS[found[0]], word)


@lru_cache(maxsize=1)
def _by_wade_giles() -> dict[str, str]:
    initials = sounds("b p m f d t n l g k h j q x zh ch sh r z c s y w")
    finals = sounds(
        "a o e i u ai ei ao ou an en ang eng ong ia ie iao iu ian in iang ing iong "
        "ua uo uai ui uan un uang ue"
    )
    table: dict[str, str] = {}
    for initial in initials:
        for final in finals:
            table.setdefault(to_wade_giles(initial + final), initial + final)
    return table | {"tzu": "zi", "szu": "si", "ssu": "si", "tze": "zi", "tse": "ze"}


def from_wade_giles(syllable: str) -> str | None:
    """The pinyin that a Wade-Giles syllable most likely is; None when it is no such syllable."""
    return _by_wade_giles().get(syllable.replace("'", ""))
