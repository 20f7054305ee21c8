"""A person's name as values: what was written, and the tokens it is made of.

The original text is always kept; everything else is derived from it and can be made again.

>>> token = NameToken(text="علي", forms=("ali",), script=Script.ARABIC)
>>> PersonName(original="علي", tokens=(token,)).is_empty
False
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Script(StrEnum):
    """The writing systems that names are met in; OTHER for the rest, NONE for no letters at all."""

    LATIN = "latin"
    ARABIC = "arabic"
    CYRILLIC = "cyrillic"
    ETHIOPIC = "ethiopic"
    HEBREW = "hebrew"
    GREEK = "greek"
    GEORGIAN = "georgian"
    ARMENIAN = "armenian"
    HAN = "han"
    HANGUL = "hangul"
    KANA = "kana"
    MYANMAR = "myanmar"
    THAI = "thai"
    KHMER = "khmer"
    DEVANAGARI = "devanagari"
    BENGALI = "bengali"
    OTHER = "other"
    NONE = "none"


class TokenRole(IntEnum):
    """What part of a name a token plays, as far as the source or the language tells."""

    UNKNOWN = 0
    GIVEN = 1
    FAMILY = 2
    PATRONYMIC = 3
    INITIAL = 4


@dataclass(frozen=True, slots=True)
class NameToken:
    """One meaningful word of a name. Particles and honorifics are not tokens.

    text: as written (folded: lower case, no marks, no bidi controls).
    forms: ASCII a-z readings, likeliest first; several where the script leaves it open
        (Han: Mandarin, Cantonese, Wade-Giles; Arabic script: without vowels).
    symbols: names of the name-groups it belongs to (spellings, scripts, nicknames of one name).
    """

    text: str
    forms: tuple[str, ...]
    script: Script
    role: TokenRole = TokenRole.UNKNOWN
    symbols: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as written, and its tokens in written order.

    junk: why the text is no name ("Unknown", "test", "baby of …"), None when it is one.
    """

    original: str
    tokens: tuple[NameToken, ...] = ()
    script: Script = Script.NONE
    junk: str | None = None

    @property
    def is_empty(self) -> bool:
        """True when nothing in it can be compared."""
        return self.junk is not None or not self.tokens
