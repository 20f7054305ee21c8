"""Thai, syllable by syllable as far as its spelling tells.

Rules
 Vowels written before their consonant are read after it; a consonant under thanthakhat (์) is
 silent; tone marks are dropped. Two consonants without a vowel between them are read with o, an
 open consonant with a. A consonant that closes a syllable is k, t, p, n, m, ng, y or w.

>>> list(read("สมชาย"))[0]
'somchay'
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_INITIAL = {
    "ก": "k", "ข": "kh", "ฃ": "kh", "ค": "kh", "ฅ": "kh", "ฆ": "kh", "ง": "ng", "จ": "ch",
    "ฉ": "ch", "ช": "ch", "ซ": "s", "ฌ": "ch", "ญ": "y", "ฎ": "d", "ฏ": "t", "ฐ": "th", "ฑ": "th",
    "ฒ": "th",
    "ณ": "n", "ด": "d", "ต": "t", "ถ": "th", "ท": "th", "ธ": "th", "น": "n", "บ": "b", "ป": "p",
    "ผ": "ph", "ฝ": "f", "พ": "ph", "ฟ": "f", "ภ": "ph", "ม": "m", "ย": "y", "ร": "r", "ล": "l",
    "ว": "w", "ศ": "s", "ษ": "s", "ส": "s", "ห": "h", "ฬ": "l", "อ": "", "ฮ": "h",
}  # fmt: skip
_FINAL = {
    **dict.fromkeys("กขคฆ", "k"), **dict.fromkeys("จชซฌฎฏฐฑฒดตถทธศษส", "t"),
    **dict.fromkeys("บปพฟภ", "p"), **dict.fromkeys("ญณนรลฬ", "n"), "ง": "ng", "ม": "m", "ย": "y",
    "ว": "w",
}  # fmt: skip
_VOWELS = {
    "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue",
    "ุ": "u", "ู": "u",
    "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai", "ฤ": "rue", "็": "",
}  # fmt: skip
_CLUSTER_FIRST, _CLUSTER_SECOND = "กขคตปผพ", "รลว"
_SILENT = re.compile(".[ุิ]?\u0e4c")
_TONES = re.compile("[\u0e48-\u0e4b\u0e4d\u0e4e\u0e46\u0e2f]")
_BEFORE = re.compile("([เแโใไ])([ก-ฮ])")
_COMPOUND = (
    (re.compile("เ([ก-ฮ])ีย"), r"\1IA"),
    (re.compile("เ([ก-ฮ])ือ"), r"\1UEA"),
    (re.compile("เ([ก-ฮ])า"), r"\1AO"),
    (re.compile("เ([ก-ฮ])ิ"), r"\1OE"),
    (re.compile("([ก-ฮ])ัว"), r"\1UA"),
    (re.compile("([ก-ฮ])รร(?=[ก-ฮ])"), r"\1A"),
    (re.compile("([ก-ฮ])รร"), r"\1AN"),
    (re.compile("^ทร"), "ซ"),
    (re.compile("^ห(?=[งญนมยรลว])"), ""),
)


def read(word: str) -> Iterator[str]:
    """By syllable; then letter by letter, as names from Pali are often spelled."""
    plain = _TONES.sub("", _SILENT.sub("", word))
    for pattern, reading in _COMPOUND:
        plain = pattern.sub(reading, plain)
    plain = _BEFORE.sub(lambda m: m.group(2) + m.group(1), plain)
    yield _spell(plain, _FINAL)
    yield _spell(plain, _INITIAL).replace("ph", "p").replace("th", "t").replace("kh", "k")


def _spell(plain: str, finals: dict[str, str]) -> str:
    out = ""
    closed = True
    for place, letter in enumerate(plain):
        after = plain[place + 1 : place + 2]
        if letter not in _INITIAL:
            out += _VOWELS.get(letter, letter.lower() if letter.isascii() else "")
            closed = False
        elif letter == "อ" and place and not closed:
            continue
        elif letter == "อ" and place:
            out += "o"
            closed = False
        elif after and after not in _INITIAL:
            out += _INITIAL[letter]
            closed = True
        elif not closed or (not after and place):
            if closed and place:
                out += "o"
            out += finals.get(letter, _INITIAL[letter])
            closed = True
        else:
            out += _INITIAL[letter]
            opens = place + 2 < len(plain) and plain[place + 2] not in _INITIAL
            if opens and not (letter in _CLUSTER_FIRST and after in _CLUSTER_SECOND):
                out += "a"
            elif not opens:
                out += "o"
            closed = opens and letter in _CLUSTER_FIRST and after in _CLUSTER_SECOND
    return out
