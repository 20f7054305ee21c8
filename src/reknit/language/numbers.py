"""Numbers in messages: digits of any writing, and small numbers as words.

data/numbers.tsv has the words, by language; they are folded as the message is.

>>> read_number("seven", "en"), read_number("42", "en"), read_number("سبع", "ar")
(7, 42, 7)
>>> read_number("house", "en") is None
True
"""

from __future__ import annotations

from functools import cache

from reknit.language.folding import fold_text
from reknit.language.tables import rows
from reknit.standardise.digits import read_numerals


def read_number(word: str, language: str) -> int | None:
    """The number that a folded word says; None when it says none, or one of over four digits."""
    if word.isdigit():
        return int(word) if len(word) <= 4 and word.isascii() else None
    value = number_words(language).get(word)
    if value is not None:
        return value
    if not word.isascii() and len(word) <= 4:
        read = read_numerals(word)
        if read.isdigit() and len(read) <= 4:
            return int(read)
    return None


@cache
def number_words(language: str) -> dict[str, int]:
    """{folded word: number} of a language."""
    found: dict[str, int] = {}
    for code, value, words in rows("numbers.tsv", 3):
        if code == language:
            for word in words.split("|"):
                found.setdefault(fold_text(word), int(value))
    return found
