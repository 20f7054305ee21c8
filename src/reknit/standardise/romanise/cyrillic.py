"""Cyrillic: Russian, Ukrainian and Belarusian conventions, and the other alphabets of the region.

Rules
 The letters і ї є ґ say Ukrainian, ў says Belarusian; otherwise Russian is read first. г is h in
 Ukrainian and g in Russian, и is y and i, so both readings are given where they differ.
 Endings: -ий -ый -ой and the Ukrainian -ський are written -y, -yi, -iy, -skyi, -sky: the plain
 form is given first (BGN/PCGN passports and the EU's lists differ only there).

>>> list(read("сергій"))[0]
'serhiy'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reknit.standardise.romanise.latin import russian_shape

_COMMON = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѕ": "dz", "ѓ": "gj", "ќ": "kj",
    "ә": "a", "ғ": "g", "қ": "k", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ӣ": "i",
    "ӯ": "u", "ҳ": "h", "ҷ": "j", "ҹ": "j", "ӏ": "", "ѐ": "e", "ѝ": "i", "ҝ": "g", "ӕ": "ae",
    "ѣ": "e", "ѵ": "i", "ӑ": "a", "ӗ": "e", "ӳ": "u", "ҫ": "s", "ҙ": "z", "ҡ": "k", "җ": "j",
}  # fmt: skip
_RUSSIAN = str.maketrans(_COMMON)
_UKRAINIAN = str.maketrans({**_COMMON, "г": "h", "и": "y", "щ": "shch", "ц": "ts"})
_UKRAINIAN_LETTERS = re.compile("[іїєґ]")
_BELARUSIAN_LETTERS = re.compile("ў|авіч$|евіч$|дз[еёіюя]|ц[еёіюя]")
_SERBIAN_LETTERS = re.compile("[ђјљњћџ]")
# Japanese names (Polivanov): си shi, ти chi, дзи ji. A word of nothing but morae may be one.
_MORAE = re.compile("(?:(?:дз|[кгсзтдцнхфбпмрвй])?[аиуэояюё]|н(?![аиуэояюё])|й)+")
_POLIVANOV = tuple(
    (re.compile(cyrillic), latin)
    for cyrillic, latin in (
        ("дзи", "ji"), ("дз(?=[яюё])", "jь"), ("дз", "z"), ("си", "shi"), ("с(?=[яюё])", "shь"),
        ("ти", "chi"), ("т(?=[яюё])", "chь"), ("х", "h"), ("ья", "a"), ("ью", "u"), ("ьё", "o"),
    )
)  # fmt: skip
# Chinese names (Palladius): чж zh, цз j, ся xia, нь n and н ng.
_PALLADIUS_SIGN = re.compile("чж|цз|нь(?![аеёиоуыэюяь])|[юу]й")
_PALLADIUS = tuple(
    (re.compile(cyrillic), latin)
    for cyrillic, latin in (
        ("чж", "zh"), ("цз", "j"), ("с(?=[яюи])", "sh"), ("ц(?=[яюи])", "ch"), ("ж", "r"),
        ("н(?![ьаеёиоуыэюя])", "ng"), ("нь", "n"), ("х", "h"), ("юй", "u"), ("уй", "ui"),
    )
)  # fmt: skip
_SOFT_E = re.compile("(?<=[аеёиоуыэюяьъіїє])е|^е")
_APOSTROPHE = re.compile("'")


def read(word: str) -> Iterator[str]:
    """Russian and Ukrainian readings, in the order that the letters suggest."""
    word = _APOSTROPHE.sub("", word)
    ukrainian = _plain_endings(word.translate(_UKRAINIAN))
    russian = _plain_endings(word.translate(_RUSSIAN))
    if _SERBIAN_LETTERS.search(word):
        yield russian
        yield russian.replace("dz", "j").replace("lj", "ly").replace("nj", "ny")
    elif _BELARUSIAN_LETTERS.search(word):
        yield ukrainian
        yield russian_shape(russian)
        yield russian
    elif _UKRAINIAN_LETTERS.search(word):
        yield ukrainian
        yield russian
    else:
        yield russian
        iotated = _plain_endings(_SOFT_E.sub("є", word).translate(_RUSSIAN))
        if iotated != russian:
            yield iotated
        if _MORAE.fullmatch(word):
            yield _by_table(word, _POLIVANOV)
        if _PALLADIUS_SIGN.search(word):
            yield _by_table(word, _PALLADIUS)
        if "х" in word:
            yield russian.replace("kh", "h")
        if "г" in word or "и" in word:
            yield ukrainian


def _by_table(word: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, latin in table:
        word = pattern.sub(latin, word)
    return word.translate(_RUSSIAN)


def _plain_endings(latin: str) -> str:
    if latin.endswith(("yy", "iy")) and len(latin) > 4 and latin[-3] in "kgnvdrtlhm":
        return latin[:-2] + ("iy" if latin.endswith("iy") and latin[-3] in "hrl" else "y")
    return latin
