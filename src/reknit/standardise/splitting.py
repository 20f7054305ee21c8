"""A name's text divided into words, in written order.

Rules
 Words divide at spaces, hyphens, dots, slashes and the Han middle dot; apostrophes belong to them.
 Unspaced scripts divide by what is known: Han and Hangul into surname and given name, Burmese
 into syllables. Chinese and Korean given names with a hyphen stay one word (Mi-suk, Tse-tung).
 Digits inside a word are letters that a machine misread or that are typed for Arabic ones.
 Written abbreviations (Md, G/Mariam) are names in full; the Arabic article grown on comes off.

>>> [word.text for word in split("KIM Su-gil")]
['kim', 'su-gil']
>>> [word.text for word in split("毛泽东")]
['毛', '泽东']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise import kinds
from reknit.standardise.kinds import Kind, kind_of
from reknit.standardise.romanise import han, hangul, myanmar
from reknit.standardise.scripts import (
    LETTERS,
    MARKS,
    clean_text,
    fold_word,
    repair_homoglyphs,
    script_of,
    simplify_han,
)
from reknit.vocabulary.names import Script, TokenRole

_CHUNK = re.compile(rf"[\w{MARKS}'·@$|-]+")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|e|er|º|ª)?")
_DIGIT_IN_WORD = re.compile(r"(?<=[A-Za-zА-яёіїєґ])[0-9@$|]|[0-9@$|](?=[A-Za-zА-яёіїєґ]{2})")
_AIN = re.compile("3(?=[aeiou])")
# What a digit stands for inside a word: misread by a machine, or typed for an Arabic letter.
_MISREAD = str.maketrans("01456789@$|", "OLASGTBGASI")
_TYPED = str.maketrans("012346789@$|", "ol'aathbqasi") | {ord("5"): "kh"}
# One syllable of Chinese or Korean in any romanisation.
_SYLLABLE = (
    "(?:kk|tt|pp|ss|jj|zh|ch|sh|ts|tz|hs|[bcdfghjklmnpqrstwxyz])?'?"
    "(?:y|w)?(?:ae|eo|eu|oo|ee|ou|ao|ai|ei|ia|iao|ie|iu|io|ua|uai|ui|ue|uo|oe|[aeiou])"
    "(?:ng|n|m|k|l|p|t|r|h|g|b)?"
)
_SYLLABLES = re.compile(rf"{_SYLLABLE}(?:-{_SYLLABLE})+")
_STEM_LETTERS = {"g": "gebre", "h": "haile", "w": "wolde", "t": "tekle", "k": "kidane"}
_ETHIOPIC_STEMS = {
    "ገ": "ገብረ",
    "ኃ": "ኃይለ",
    "ኀ": "ኃይለ",
    "ሀ": "ኃይለ",
    "ሃ": "ኃይለ",
    "ወ": "ወልደ",
    "ተ": "ተክለ",
}
_SLASHED = re.compile(r"(?<!\w)([GHWTKghwtkገኃኀሀሃወተ])/\s?(?=\w)")
_ETHIOPIC_TITLES = re.compile(r"(?<!\w)(?:ወ/ሮ|ወ/ሪት|ዶ/ር|ፕ/ር|ቄ/ር|ት/ት|W/ro|W/rt|Dr/)\s?")
_ORPHAN_O = re.compile(r"(?<![\w'])([OoDdLl])['´`’]\s(?=\w)")
# The article, but not the word God, nor Persian names that begin with it (Elahi, Ilyas).
_ARABIC_ARTICLE = re.compile("ال(?!ل|ه|ی|يا).{3}")
_NEVER_SYLLABLE = (Kind.ARTICLE, Kind.SUN_ARTICLE, Kind.PARTICLE, Kind.JOINS_NEXT, Kind.FATHERS)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: lower-case, clean, marks kept; as it was written; its script."""

    text: str
    written: str
    script: Script
    role: TokenRole = TokenRole.UNKNOWN
    kind: Kind | None = None


def split(text: str, *, full: bool = True) -> list[Word]:
    """Every word of a text, in written order, particles and titles too.

    full: the text is a whole name, so that one Han or Hangul word is surname and given name.
    """
    text = _ORPHAN_O.sub(r"\1'", clean_text(text))
    if "/" in text:
        text = _SLASHED.sub(_stem, _ETHIOPIC_TITLES.sub("", text))
    chunks = _CHUNK.findall(text)
    alone = full and len(chunks) == 1
    return [word for chunk in chunks for word in _words_of(chunk, alone=alone)]


def one_word(letters: str) -> Word | None:
    """The word that a run of clean letters is, as part of a longer name; None where it is several
    or none."""
    words = _words_of(letters, alone=False)
    return words[0] if len(words) == 1 else None


def _stem(match: re.Match[str]) -> str:
    letter = match.group(1)
    return (_STEM_LETTERS.get(letter.lower()) or _ETHIOPIC_STEMS[letter]) + " "


@lru_cache(maxsize=1 << 17)
def _words_of(chunk: str, *, alone: bool) -> tuple[Word, ...]:
    if chunk.isascii() and chunk.isalpha():
        return (_word(_expanded(chunk.lower()), chunk),)
    if not _HAS_LETTER.search(chunk) or _ORDINAL.fullmatch(chunk.lower()):
        return ()
    if not chunk.isalpha():
        chunk = _repair_digits(chunk)
        lower = chunk.lower()
        if "-" in chunk and _SYLLABLES.fullmatch(lower) and not _has_particle(lower):
            return (_word(lower, chunk),)
    found: list[Word] = []
    for written in LETTERS.findall(chunk):
        lower = repair_homoglyphs(written.lower()).strip("'")
        if lower:
            found += _divide(
                _word(_expanded(lower), written), alone=alone and len(written) == len(chunk)
            )
    return tuple(found)


def _word(lower: str, written: str, role: TokenRole = TokenRole.UNKNOWN) -> Word:
    script = script_of(lower)
    return Word(lower, written, script, role, kind_of(fold_word(lower, script)))


def _expanded(lower: str) -> str:
    """An abbreviated name in full (Md, Mohd); an Arabic word without its article."""
    if lower.isascii():
        return kinds.expansions().get(lower, lower)
    if _ARABIC_ARTICLE.match(lower) and kind_of(fold_word(lower, Script.ARABIC)) is None:
        return lower[2:]
    return kinds.expansions().get(lower, lower)


def _has_particle(lower: str) -> bool:
    return any(kind_of(part) in _NEVER_SYLLABLE for part in lower.split("-"))


def _repair_digits(chunk: str) -> str:
    if not _DIGIT_IN_WORD.search(chunk):
        return chunk
    table = _MISREAD if chunk.isupper() else _TYPED
    chunk = _AIN.sub("'", chunk)
    return _DIGIT_IN_WORD.sub(lambda m: m.group().translate(table), chunk)


def _divide(word: Word, *, alone: bool) -> list[Word]:
    """An unspaced word as its parts, where the script's names are written so."""
    if word.script is Script.MYANMAR:
        return [_word(part, part) for part in myanmar.syllables(word.text)]
    if not alone or word.script not in (Script.HAN, Script.HANGUL):
        return [word]
    if word.script is Script.HAN:
        parts = han.split_name(simplify_han(word.text))
    else:
        parts = hangul.split_name(word.text)
    if len(parts) == 1:
        return [word]
    family, given = word.text[: len(parts[0])], word.text[len(parts[0]) :]
    return [
        Word(family, family, word.script, TokenRole.FAMILY),
        Word(given, given, word.script, TokenRole.GIVEN),
    ]
