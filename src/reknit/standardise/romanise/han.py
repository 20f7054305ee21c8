"""Han characters: Chinese names by Mandarin and other readings, others by custom.

Rules
 A surname (data/han_surnames.tsv, some 300, simplified) has its own spellings: 陈 is Chen, Chan,
 Tan and Tran. Other words are read in Mandarin (pinyin, by ICU), in Cantonese as far as
 data/han_cantonese.tsv knows each character, and in Wade-Giles.
 A foreign name is written by sound: data/han_sounds.tsv says which letters a character is for.
 An unspaced name of two to four characters that begins with a surname is surname and given name;
 anything else is one word.

>>> list(read("毛"))[0]
'mao'
>>> split_name("欧阳修")
('欧阳', '修')
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from reknit.standardise.groups import spellings_of
from reknit.standardise.romanise.general import transliterator
from reknit.standardise.romanise.pinyin import to_wade_giles
from reknit.standardise.scripts import simplify_han
from reknit.standardise.tables import rows, text_of
from reknit.vocabulary.names import Script

_LONGEST_GIVEN = 2


@lru_cache(maxsize=1)
def surnames() -> dict[str, tuple[str, ...]]:
    """Chinese surnames, simplified, and their usual spellings, Mandarin first."""
    return {
        name: (mandarin, *others.split()) for name, mandarin, others in rows("han_surnames.tsv", 3)
    }


@lru_cache(maxsize=1)
def _japanese_surnames() -> frozenset[str]:
    return frozenset(simplify_han(name) for name in text_of("japanese_surnames.txt").split())


@lru_cache(maxsize=2)
def _characters(table: str) -> dict[str, str]:
    readings: dict[str, str] = {}
    for reading, characters in rows(table):
        for character in characters:
            readings.setdefault(character, reading)
    return readings


def split_name(word: str) -> tuple[str, ...]:
    """Surname and given name of an unspaced name (simplified); the word alone when it is none.

    A foreign name that is written often (安德鲁, Andrew) stays whole though 安 is a surname.
    """
    if len(word) > 1 and _is_foreign(word):
        return (word,)
    for length in (3, 2):
        if word[:length] in _japanese_surnames() and 1 <= len(word) - length <= 3:
            return word[:length], word[length:]
    for length in (4, 2, 1):
        given = len(word) - length
        if word[:length] in surnames() and 1 <= given <= _LONGEST_GIVEN:
            return word[:length], word[length:]
    return (word,)


def _is_foreign(word: str) -> bool:
    if not spellings_of(word, Script.HAN):
        return False
    sounds = _characters("han_sounds.tsv")
    return len(word) > _LONGEST_GIVEN or all(character in sounds for character in word[1:])


@lru_cache(maxsize=8192)
def pinyin(character: str) -> str:
    """Mandarin of one character, without tone; ü is u."""
    latin: str = transliterator("Han-Latin; NFD; [:Mn:] Remove; Latin-ASCII; Lower").transliterate(
        character
    )
    return latin


def read(word: str) -> Iterator[str]:
    """Custom for surnames; else Mandarin, Cantonese, Wade-Giles and the sound of a foreign name."""
    word = simplify_han(word)
    if word in surnames():
        yield from surnames()[word]
    mandarin = [pinyin(character) for character in word]
    yield "".join(mandarin)
    sounds = _characters("han_sounds.tsv")
    foreign = sum(character in sounds for character in word)
    if len(word) > 2 or foreign * 2 > len(word) > 1:
        yield "".join(
            sounds.get(character, sound) for character, sound in zip(word, mandarin, strict=True)
        )
    cantonese = _characters("han_cantonese.tsv")
    if any(character in cantonese for character in word):
        yield "".join(
            cantonese.get(character, sound) for character, sound in zip(word, mandarin, strict=True)
        )
    yield "".join(to_wade_giles(sound) for sound in mandarin)
