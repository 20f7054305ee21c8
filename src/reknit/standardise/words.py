"""A name's text divided into words, and what each word does in it.

Rules
 Words divide at spaces, hyphens, dots, slashes and the Han middle dot; apostrophes belong to them.
 Unspaced scripts divide by what is known: Han and Hangul into surname and given name, Burmese
 into syllables. Chinese and Korean given names with a hyphen stay one word (Mi-suk, Tse-tung).
 Particles (al, von, de la), titles (Dr, Haji, U) and "son of" drop out as long as a name is left;
 data/word_kinds.tsv says which words these are, in every script. Compounds are one word:
 Abd al-Rahman, Abu Bakr, Saif al-Din, Gebre Mariam, Saint Louis.
 Roles are told by "FAMILY, Given", by capitals beside ordinary words ("Andrei KLYCHKOV"), by
 "son of" (bin, oglu), and by scripts that write the family first.

>>> [word.text for word in name_words("Dr. Abd al-Rahman bin Ali")]
['abdalrahman', 'ali']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reknit.standardise import kinds
from reknit.standardise.kinds import Kind, kind_of
from reknit.standardise.romanise import han, hangul, myanmar
from reknit.standardise.scripts import (
    clean_text,
    fold_word,
    repair_homoglyphs,
    script_of,
    simplify_han,
)
from reknit.vocabulary.names import Script, TokenRole

_MARKS = "\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3099\u309a"
_CHUNK = re.compile(rf"[\w{_MARKS}'·@$|-]+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS}'])+")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_DIGIT_IN_WORD = re.compile(r"(?<=[^\W\d_])[0-9@$|]|[0-9@$|](?=[^\W\d_])")
# What a digit or sign stands for inside a word: misread by a machine, or typed for an Arabic letter.
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
_UPPER_SCRIPTS = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK, Script.ARMENIAN})
_ROLE_KINDS = (Kind.TITLE, Kind.TITLE_AFTER, Kind.TITLE_OR_NAME)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: lower-case, clean, marks kept; as it was written; its script."""

    text: str
    written: str
    script: Script
    role: TokenRole = TokenRole.UNKNOWN
    kind: Kind | None = None


def name_words(text: str) -> list[Word]:
    """The words that name someone, in written order."""
    return _join(_drop(_mark_roles(text, split(text))))


def split(text: str) -> list[Word]:
    """Every word of a text, in written order, particles and titles too."""
    text = _ORPHAN_O.sub(r"\1'", clean_text(text))
    if "/" in text:
        text = _SLASHED.sub(_stem, _ETHIOPIC_TITLES.sub("", text))
    chunks = _CHUNK.findall(text)
    alone = len(chunks) == 1
    return [word for chunk in chunks for word in _words_of(chunk, alone=alone)]


def _stem(match: re.Match[str]) -> str:
    letter = match.group(1)
    return (_STEM_LETTERS.get(letter.lower()) or _ETHIOPIC_STEMS[letter]) + " "


def _words_of(chunk: str, *, alone: bool) -> list[Word]:
    if not _HAS_LETTER.search(chunk):
        return []
    if not chunk.isalpha():
        chunk = _repair_digits(chunk)
        lower = chunk.lower()
        if "-" in chunk and _SYLLABLES.fullmatch(lower) and not _has_particle(lower):
            return [_word(lower, chunk)]
    found = []
    for written in _LETTERS.findall(chunk):
        lower = repair_homoglyphs(written.lower()).strip("'")
        if lower:
            found += _divide(
                _word(_expanded(lower), written), alone=alone and len(written) == len(chunk)
            )
    return found


def _word(lower: str, written: str, role: TokenRole = TokenRole.UNKNOWN) -> Word:
    script = script_of(lower)
    return Word(lower, written, script, role, kind_of(fold_word(lower, script)))


def _expanded(lower: str) -> str:
    """An abbreviated name in full (Md, Mohd); an Arabic word without its article."""
    if lower.isascii():
        return kinds.expansions().get(lower, lower)
    if (
        lower.startswith("ال")
        and len(lower) > 4
        and kind_of(fold_word(lower, Script.ARABIC)) is None
    ):
        return lower[2:]
    return kinds.expansions().get(lower, lower)


def _has_particle(lower: str) -> bool:
    return any(kind_of(part) not in (None, Kind.SAINT) for part in lower.split("-"))


def _repair_digits(chunk: str) -> str:
    if not _DIGIT_IN_WORD.search(chunk):
        return chunk
    table = _MISREAD if chunk.isupper() else _TYPED
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
    family, given = parts
    written = word.text[: len(family)], word.text[len(family) :]
    return [
        Word(written[0], written[0], word.script, TokenRole.FAMILY),
        Word(written[1], written[1], word.script, TokenRole.GIVEN),
    ]


def _mark_roles(text: str, words: list[Word]) -> list[Word]:
    """Roles that the writing tells: a comma, capitals."""
    before, comma, after = text.partition(",")
    if comma and "," not in after:
        count = len(split(before))
        rest = words[count:]
        plain = all(word.kind not in (*_ROLE_KINDS, Kind.SUFFIX, Kind.PARTICLE) for word in rest)
        if count and rest and count <= 3 and plain:
            roles = [TokenRole.FAMILY] * count + [TokenRole.GIVEN] * len(rest)
            return [replace(word, role=role) for word, role in zip(words, roles, strict=True)]
        return words
    named = [word for word in words if word.kind is None and word.script in _UPPER_SCRIPTS]
    capitals = [word for word in named if word.written.isupper() and len(word.text) > 1]
    if not capitals or not any(word.written[1:].islower() for word in named):
        return words
    return [
        replace(word, role=TokenRole.FAMILY if word in capitals else TokenRole.GIVEN)
        if word in named
        else word
        for word in words
    ]


def _drop(words: list[Word]) -> list[Word]:
    """Without particles and titles, as long as a name is left; fathers' words marked."""
    names = sum(word.kind in kinds.NAMING for word in words)
    if not names:
        return [replace(word, kind=None) for word in words]
    kept: list[Word] = []
    father = False
    for place, word in enumerate(words):
        first, last = not kept, place == len(words) - 1
        drops = _drops(word.kind, first=first, last=last, names=names)
        if drops:
            father = father or (word.kind is Kind.FATHERS and not first)
            if word.kind is Kind.ARTICLE and not last:
                kept.append(word)
            continue
        if father and word.kind in kinds.NAMING:
            word = replace(word, role=TokenRole.PATRONYMIC)
            father = False
        kept.append(word)
    return kept


def _drops(kind: Kind | None, *, first: bool, last: bool, names: int) -> bool:
    if kind is None:
        return False
    if kind in (Kind.ARTICLE, Kind.PARTICLE):
        return not last
    if kind is Kind.PARTICLE_OR_NAME:
        return not first and not last
    if kind is Kind.FATHERS:
        return not last and not (first and names == 1)
    if kind is Kind.TITLE:
        return first or names > 1
    if kind is Kind.RANK:
        return first
    if kind is Kind.TITLE_OR_NAME:
        return first and names > 1
    if kind is Kind.TITLE_AFTER:
        return not first
    return kind is Kind.SUFFIX and last


def _join(words: list[Word]) -> list[Word]:
    """Compounds as one word each; articles gone."""
    joined: list[Word] = []
    pending: Word | None = None
    after_article = False
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word.kind is Kind.ARTICLE:
            if pending is not None and pending.kind is Kind.JOINS_NEXT:
                pending = replace(pending, text=pending.text + kinds.article_in(pending.text))
            after_article = True
            continue
        if pending is not None:
            joined.append(_one(pending, word))
            pending = None
        elif word.kind in (Kind.JOINS_NEXT, Kind.SAINT) and not last:
            pending = replace(word, text="saint") if word.kind is Kind.SAINT else word
        elif joined and (
            word.kind is Kind.JOINS_LAST or (after_article and word.kind is Kind.FAITH)
        ):
            joined.append(
                _one(joined.pop(), word, kinds.article_in(word.text) if after_article else "")
            )
        elif joined and word.kind is Kind.ETHIOPIC_NOUN and joined[-1].kind is Kind.ETHIOPIC_STEM:
            joined.append(_one(joined.pop(), word))
        else:
            joined.append(word)
        after_article = False
    if pending is not None:
        joined.append(pending)
    return joined


def _one(left: Word, right: Word, between: str = "") -> Word:
    role = right.role or left.role
    return Word(left.text + between + right.text, left.written, right.script, role)
