"""Ages: a number beside a word for years of life.

Rules: "34 years old", "aged 34", "عمره ٣٤ سنة", "34岁"; a span "30-35"; months make 0 or 1. A
number of years after "for", "since" or before "ago" is a time, not an age, unless a word for age
stands with it. A bare number right after a name, between commas or in brackets, is an age, and so is
one that ends what is said of somebody: "I am 16." Over 120 is none.

>>> [fact.value for fact in find_ages(Reading(read_signals("He is 34 years old, lost 2 years ago", "en")))]
['34']
"""  # noqa: E501  a doctest's input is one line

from __future__ import annotations

import re

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.numbers import read_number
from reknit.language.values import Fact, FactKind, FactRole
from reknit.standardise.digits import fold_digits, read_numerals
from reknit.standardise.wordlists import folded_table

__all__ = ["ages_after_names", "find_ages", "read_signals"]

OLDEST = 120
_RANGE = re.compile(r"\s?[-–—]\s?")
_NUMERAL = "[0-9一二三四五六七八九十两百]"
_UNSPACED = {
    "zh": (
        re.compile(rf"({_NUMERAL}{{1,4}})(?:多|来|几)?[岁歲]"),
        re.compile(rf"(?:年龄|年齡|年纪)[:： ]?({_NUMERAL}{{1,4}})"),
    ),
    "my": (
        re.compile(r"(?:အသက်|အသက်အရွယ်)\s*\(?\s*([0-9]{1,3})\s*\)?\s*(?:နှစ်)?"),
        re.compile(r"([0-9]{1,3})\s*နှစ်\s*(?:အရွယ်|သား|သမီး|ကလေး)"),
    ),
}
_AFTER_NAME = re.compile(
    r"(?:\s*(?:[,،(（፣]|[-–—]\s)\s*|\s(?:(?:about|maybe|around|environ|около|десь|unos)\s)?)"
    r"([0-9]{1,3})\s*(?:[,.،;!)）።፣]|$|\s[-–—]|\n|(?<=\s)(?:and|et|y|и|і|та)\s)"
)
_SELF_AND_NUMBER = {
    "en": r"i am|i'm|im|i’m|she is|he is|she's|he's|shes|hes",
    "es": "tengo|tiene", "pt": "tenho|tem", "ru": "мне|ему|ей|ей уже|ему уже",
    "uk": "мені|йому|їй|їй вже|йому вже",
}  # fmt: skip
_AFTER_SELF = {
    language: re.compile(
        rf"\b(?:{words})\s([0-9]{{1,2}})(?=\s?[.,;!)]|\s*$|\s(?:and|y|e|и|і|та)\s)", re.IGNORECASE
    )
    for language, words in _SELF_AND_NUMBER.items()
}
_BETWEEN = frozenset({"approx", "year"})
_TIMES = ("day", "week", "month", "cue_people", "cue_months")


def find_ages(reading: Reading) -> list[Fact]:
    """Every age with its unit; value "34" or "30-35"."""
    patterns = _UNSPACED.get(reading.signals.language)
    if patterns is not None:
        return _unspaced(reading, patterns)
    found = []
    place = 0
    while place < len(reading.words):
        fact, place = _age_at(reading, place)
        if fact is not None:
            found.append(fact)
    return found


def _age_at(reading: Reading, place: int) -> tuple[Fact | None, int]:
    """The age that starts with the number at a word, and the word to go on from."""
    words, language = reading.words, reading.signals.language
    low = read_number(words[place].text, language)
    if low is None or low > OLDEST:
        return None, place + 1
    last = place
    high = low
    if last + 1 < len(words) and _RANGE.fullmatch(reading.between(words[last], words[last + 1])):
        second = read_number(words[last + 1].text, language)
        if second is not None and low < second <= OLDEST:
            high, last = second, last + 1
    elif low >= 20 and low % 10 == 0 and last + 1 < len(words):
        ones = read_number(words[last + 1].text, language)
        if ones is not None and ones < 10 and not words[last].text.isdigit():
            low = high = low + ones
            last += 1
    after = last + 1
    years = reading.starts(after, "cue_years")
    months = reading.starts(after, "cue_months")
    before = _age_word_before(reading, place)
    unit = years or months
    is_age = unit is not None or (before and not _counts_something(reading, after))
    if not is_age or (not before and _is_a_time(reading, place, after, unit is not None)):
        return None, after
    end = words[last].end if unit is None else unit.end
    if months is not None and years is None:
        if not before and not _is_of_a_child(reading, months.word):
            return None, after
        low, high = low // 12, high // 12
    value = str(low) if low == high else f"{low}-{high}"
    after = unit.last if unit is not None else after
    return Fact(FactKind.AGE, value, words[place].start, end, FactRole.OTHER), after


def _age_word_before(reading: Reading, place: int) -> bool:
    """A word for age right before the number, or with one small word between."""
    if reading.ends(place, "cue_age") is not None:
        return True
    if place < 1 or reading.ends(place - 1, "cue_age") is None:
        return False
    return folded_table("age_words.tsv").get(reading.words[place - 1].text) in _BETWEEN


def _counts_something(reading: Reading, after: int) -> bool:
    return reading.starts(after, *_TIMES) is not None


def _is_a_time(reading: Reading, place: int, after: int, has_unit: bool) -> bool:
    """ "For 3 years", "3 years ago"."""
    if not has_unit:
        return False
    unit = reading.starts(after, "cue_years", "cue_months")
    if unit is not None and len(unit.word.split()) > 1:
        return False
    following = unit.last if unit is not None else after
    return (
        reading.ends(place, "cue_since", "cue_ago") is not None
        or (place > 0 and reading.starts(place - 1, "cue_since", "cue_ago") is not None
            and reading.starts(place - 1, "cue_age") is None)
        or reading.starts(following, "cue_ago") is not None
    )  # fmt: skip


def _is_of_a_child(reading: Reading, unit: str) -> bool:
    """Months are an age where the unit says so ("months old") or a baby is spoken of."""
    return len(unit.split()) > 1 or bool(reading.signals.any("baby"))


def _unspaced(reading: Reading, patterns: tuple[re.Pattern[str], ...]) -> list[Fact]:
    text = fold_digits(reading.text)
    found: list[Fact] = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            number = read_numerals(match[1])
            taken = any(one.start < match.end() and match.start() < one.end for one in found)
            if number.isdigit() and int(number) <= OLDEST and not taken:
                start = match.start() if match[0][0] in match[1] else match.start(1)
                end = match.start() + len(match[0].rstrip())
                found.append(Fact(FactKind.AGE, str(int(number)), start, end, FactRole.OTHER))
    return found


def ages_after_names(reading: Reading) -> list[Fact]:
    """ "Amal, 8," and "Amal (8)": a bare number after a name; "I am 16."."""
    text = fold_digits(reading.text)
    found = []
    for name in [fact for fact in reading.facts if fact.kind is FactKind.NAME]:
        match = _AFTER_NAME.match(text, name.end)
        if match is not None and 0 < int(match[1]) <= OLDEST:
            start, end = match.span(1)
            found.append(Fact(FactKind.AGE, str(int(match[1])), start, end, FactRole.OTHER))
    said = _AFTER_SELF.get(reading.signals.language)
    for match in said.finditer(text) if said is not None else ():
        found.append(Fact(FactKind.AGE, str(int(match[1])), *match.span(1), FactRole.OTHER))
    return found
