"""Burmese, syllable by syllable, as names are spelled (Aung, Kyi, Htun), not letter by letter.

Rules
 A syllable is an initial consonant with its medials and a rime; a consonant under asat (်) or with
 a virama (္) below it closes the syllable. The rimes are those of everyday romanisation:
 ောင် aung, ိန် ein, ည် i, ို o. Aspiration is written and often left out (ht, t).

>>> list(read("အောင်"))[0]
'aung'
>>> syllables("အောင်ဆန်းစုကြည်")
('အောင်', 'ဆန်း', 'စု', 'ကြည်')
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reknit.standardise.romanise.general import sounds

_CONSONANTS = dict(
    zip(
        "ကခဂဃငစဆဇဈဉညဋဌဍဎဏတထဒဓနပဖဗဘမယရလဝသဟဠအဿ",
        sounds("k kh g g ng s s z z ny ny t ht d d n t ht d d n p ph b b m y y l w th h l - th"),
        strict=True,
    )
)
_INDEPENDENT = {"ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "ay", "ဩ": "aw", "ဪ": "aw"}
_ALIKE = re.compile("[\u1037\u1038]")  # tone marks: dot below, visarga
_SYLLABLE = re.compile(
    "[\u1000-\u102a\u103f]"  # a consonant or independent vowel begins it
    "[\u103b-\u103e]*[\u102b-\u1036]*\u103a?"  # medials, vowels; asat of ော်
    "(?:[\u1000-\u1021]\u103a?\u1039|[\u1000-\u1021]\u103a(?![\u102b-\u1036]))?"
)
_RIMES = {
    ("", ""): "a", ("ာ", ""): "a", ("ိ", ""): "i", ("ီ", ""): "i", ("ု", ""): "u", ("ူ", ""): "u",
    ("ေ", ""): "ay", ("ဲ", ""): "e", ("ော", ""): "aw", ("ံ", ""): "an", ("ို", ""): "o",
    ("ုံ", ""): "on", ("ိံ", ""): "ein",
    ("", "က"): "et", ("", "င"): "in", ("", "စ"): "it", ("", "ည"): "i", ("", "ဉ"): "in",
    ("", "ဏ"): "an", ("", "န"): "an", ("", "မ"): "an", ("", "တ"): "at", ("", "ပ"): "at",
    ("", "ယ"): "e", ("", "သ"): "a", ("", "လ"): "al",
    ("ာ", "န"): "an", ("ာ", "တ"): "at", ("ာ", "ဏ"): "an",
    ("ု", "န"): "on", ("ု", "မ"): "on", ("ု", "ဏ"): "on", ("ု", "တ"): "ok", ("ု", "ပ"): "ok",
    ("ု", "လ"): "ul", ("ိ", "န"): "ein", ("ိ", "မ"): "ein", ("ိ", "တ"): "eik", ("ိ", "ပ"): "eik",
    ("ိ", "ဏ"): "ein", ("ိ", "စ"): "eik", ("ော", "င"): "aung", ("ော", "က"): "auk",
    ("ို", "င"): "aing", ("ို", "က"): "aik", ("ေ", "တ"): "it", ("ေ", "သ"): "ay",
}  # fmt: skip
_OTHER_SPELLINGS = (
    ("ht", "t"), ("kh", "k"), ("ph", "p"), ("hl", "l"), ("hn", "n"), ("hm", "m"), ("ay", "e"),
    ("aw", "o"), ("ky", "gy"),
)  # fmt: skip


def syllables(word: str) -> tuple[str, ...]:
    """A word or unspaced name divided into its syllables."""
    word = word.replace("ါ", "ာ").replace("ော\u103a", "ော")
    found: list[str] = []
    at = 0
    while at < len(word):
        match = _SYLLABLE.match(word, at)
        end = match.end() if match else at + 1
        while end < len(word) and "\u1036" < word[end] < "\u1039":
            end += 1  # tone marks
        # The tone mark may stand before the final consonant: င့်, န့်.
        if end + 1 < len(word) and "\u1000" <= word[end] <= "\u1021":
            rest = word[end + 1 : end + 3]
            if rest[:1] == "\u103a" or rest == "\u1037\u103a" or rest == "\u1038\u103a":
                end += 1 + rest.index("\u103a") + 1
                while end < len(word) and "\u1036" < word[end] < "\u1039":
                    end += 1
        piece = word[at:end]
        if piece and "\u1000" <= piece[0] <= "\u103f":
            found.append(piece)
        at = end
    return tuple(found)


def read(word: str) -> Iterator[str]:
    """Everyday spelling; without aspiration; with doubled vowel letters."""
    main = "".join(_read_syllable(syllable) for syllable in syllables(word))
    yield main
    other = main
    for usual, rare in _OTHER_SPELLINGS:
        other = other.replace(usual, rare)
    yield other
    yield re.sub("o$", "oe", re.sub("a$", "ar", re.sub("^th", "t", main)))


def _read_syllable(syllable: str) -> str:
    plain = _ALIKE.sub("", syllable).replace("\u1039", "\u103a")
    if not plain:
        return ""
    if plain[0] in _INDEPENDENT:
        return _INDEPENDENT[plain[0]]
    initial, rest = plain[0], plain[1:]
    medials = ""
    while rest and "\u103b" <= rest[0] <= "\u103e":
        medials, rest = medials + rest[0], rest[1:]
    vowel = ""
    while rest and "\u102b" <= rest[0] <= "\u1036":
        vowel, rest = vowel + rest[0], rest[1:]
    final = rest.strip("\u103a")[:1]
    onset = _onset(initial, medials)
    rime = _RIMES.get((vowel, final)) or _RIMES.get((vowel, ""), "a") + _CONSONANTS.get(final, "")
    if onset.endswith("w") and rime in ("an", "at") and "\u103d" in medials:
        return onset[:-1] + ("un" if rime == "an" else "ut")
    return onset + rime


def _onset(initial: str, medials: str) -> str:
    onset = _CONSONANTS.get(initial, "")
    glide = "\u103b" in medials or "\u103c" in medials
    breathy = "\u103e" in medials
    if breathy and (initial == "ရ" or (initial in "လသ" and glide)):
        onset, glide, breathy = "sh", False, False
    if glide:
        onset = "ch" if initial == "ခ" else "ny" if initial == "င" else onset + "y"
    if breathy:
        onset = "h" + onset
    return onset + ("w" if "\u103d" in medials else "")
