"""Sizes of groups: "we are 12 people", "a family of five".

Rules: a number of at least two right before a word for people, or right after "we are" or "family
of"; an age's or a date's number is none.

>>> [fact.value for fact in find_groups(Reading(read_signals("We are 12 people without water", "en")))]
['12']
"""  # noqa: E501  a doctest's input is one line

from __future__ import annotations

import re

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.numbers import read_number
from reknit.language.values import Fact, FactKind, FactRole
from reknit.standardise.digits import fold_digits, read_numerals

__all__ = ["find_groups", "read_signals"]

_UNSPACED = {
    "zh": re.compile(
        r"([0-9一二三四五六七八九十百两]{1,4})(?:个|名|位|口)?(?:多)?(?:人|口人|孩子|儿童)"
    ),
    "my": re.compile(r"(?:လူ|မိသားစု|ကလေး)?\s*([0-9]{1,4})\s*(?:ယောက်|ဦး)"),
}
_MOST = 5_000


def find_groups(reading: Reading) -> list[Fact]:
    """Every size of a group of people that the message says."""
    pattern = _UNSPACED.get(reading.signals.language)
    if pattern is not None:
        return [
            Fact(FactKind.GROUP_SIZE, number, match.start(1), match.end(), FactRole.OTHER)
            for match in pattern.finditer(fold_digits(reading.text))
            if (number := read_numerals(match[1])).isdigit() and int(number) > 1
        ]
    found = []
    for place, word in enumerate(reading.words):
        size = read_number(word.text, reading.signals.language)
        if size is None or not 2 <= size <= _MOST or not reading.is_free(word.start, word.end):
            continue
        unit = reading.starts(place + 1, "cue_people")
        if unit is not None:
            found.append(Fact(FactKind.GROUP_SIZE, str(size), word.start, unit.end, FactRole.OTHER))
    return found
