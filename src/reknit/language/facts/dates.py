"""Dates: written in any of the project's calendars, by weekday, or as "yesterday" and "3 days ago".

Rules
 A written date is read as everywhere in Reknit (`standardise_date`); one without its year is of
 the year in which the message came, or the year before where that day is still to come. Spoken
 dates count from the day the message came. Where that is not known, the value is an ISO 8601
 duration ("-P3D") or what was written.
 A month's name counts only beside a number: "may" alone is no month.

>>> said = "Last seen 12 March 2024, he called 3 days ago"
>>> [fact.value for fact in find_dates(Reading(read_signals(said, "en")), dt.date(2024, 4, 2))]
['2024-03-12', '2024-03-30']
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from reknit.language.facts.spans import Reading, read_signals
from reknit.language.folding import fold_text
from reknit.language.numbers import read_number
from reknit.language.values import Fact, FactKind, FactRole
from reknit.standardise import standardise_date
from reknit.standardise.date_words import date_words
from reknit.standardise.digits import fold_digits

__all__ = ["find_dates", "read_signals"]

_NUMERIC = re.compile(
    r"(?<![\w./-])(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?![\w/-])"
    r"|\d{4}\s?[年]\s?\d{1,2}\s?[月](?:\s?\d{1,2}\s?[日号號])?|\d{1,2}\s?月\s?\d{1,2}\s?[日号號]"
)
_UNITS = {"day": ("D", 1), "week": ("W", 7), "month": ("M", 30), "year": ("Y", 365)}
_SPOKEN = {"today": 0, "yesterday": 1, "tomorrow": -1}
_LAST_YEAR = 2100
_AGO_FIRST = frozenset({"ar", "es", "fr", "ht", "ku", "pt", "ti"})
"""The languages that say "ago" before the number."""


def find_dates(reading: Reading, received: dt.date | None = None) -> list[Fact]:
    """Every date. received: the day the message came, None when not known."""
    found = _numeric(reading, received)
    place = 0
    while place < len(reading.words):
        fact, place = _at(reading, place, received)
        if fact is not None:
            found.append(fact)
    if not any(word.text.isascii() for word in reading.words):
        found += [
            _spoken(one.sense, one.start, one.end, received)
            for one in reading.signals.any(*_SPOKEN)
            if reading.signals.language in ("zh", "my")
        ]
    return found


def _numeric(reading: Reading, received: dt.date | None) -> list[Fact]:
    text = fold_digits(reading.text)
    found = []
    for match in _NUMERIC.finditer(text):
        value = _value(reading.text[match.start() : match.end()], received)
        if value is not None and reading.is_free(match.start(), match.end()):
            found.append(Fact(FactKind.DATE, value, *match.span(), FactRole.OTHER))
    return found


def _at(reading: Reading, place: int, received: dt.date | None) -> tuple[Fact | None, int]:
    """The date that starts at a word, and the word to go on from."""
    for read in (_with_month, _ago, _named_day):
        fact, after = read(reading, place, received)
        if fact is not None:
            return fact, after
    return None, place + 1


def _with_month(reading: Reading, place: int, received: dt.date | None) -> tuple[Fact | None, int]:
    """ "12 March 2024", "March 12", "березень 2022", "12 de marzo de 2024"."""
    words = reading.words
    last = place
    month = numbers = 0
    for at in range(place, min(place + 5, len(words))):
        text = words[at].text
        if at > place and not _near(reading, at):
            break
        if text.isdigit():
            if numbers == 2 or (len(text) != 4 and int(text) > 31):
                break
            numbers += 1
            last = at
        elif _is_month(text):
            if month:
                break
            month, last = 1, at
        elif not (month or numbers) or text not in _JOINING:
            break
    if not month or not numbers:
        return None, place + 1
    start, end = words[place].start, words[last].end
    value = _value(reading.text[start:end], received)
    if value is None or not reading.is_free(start, end):
        return None, place + 1
    return Fact(FactKind.DATE, value, start, end, FactRole.OTHER), last + 1


_JOINING = frozenset(
    {"de", "del", "of", "the", "th", "st", "nd", "rd", "er", "do", "le", "el", "w"}
)


def _near(reading: Reading, at: int) -> bool:
    return reading.between(reading.words[at - 1], reading.words[at]).strip() in ("", ",", ".", "،")


@cache
def _is_month(word: str) -> bool:
    if len(word) < 3 and word.isascii():
        return False
    parts = date_words(word)
    return bool(parts) and any(" " in kind and kind[-1].isdigit() for kind in parts[0].kinds)


def _ago(reading: Reading, place: int, received: dt.date | None) -> tuple[Fact | None, int]:
    """ "3 days ago", "il y a deux semaines", "قبل يومين", "last week"."""
    ago_first = reading.signals.language in _AGO_FIRST
    before = reading.starts(place, "cue_ago") if ago_first else None
    at = place if before is None else before.last
    if at >= len(reading.words):
        return None, place + 1
    count = read_number(reading.words[at].text, reading.signals.language)
    unit_at = at if count is None else at + 1
    unit = reading.starts(unit_at, *_UNITS)
    if unit is None or (count is not None and count > 60):
        return None, place + 1
    after = None if ago_first else reading.starts(unit.last, "cue_ago")
    if (before is None and after is None) or (count is None and unit.sense == "year"):
        return None, place + 1
    if count is None:
        count = 2 if unit.word.endswith(("ين", "يْن")) else 1
    letter, days = _UNITS[unit.sense]
    start = reading.words[place].start
    end = unit.end if after is None else after.end
    value = f"-P{count}{letter}"
    if received is not None:
        value = _earlier(received, count, letter, days)
    if not reading.is_free(start, end):
        return None, place + 1
    last = unit.last if after is None else after.last
    return Fact(FactKind.DATE, value, start, end, FactRole.OTHER), last


def _earlier(received: dt.date, count: int, letter: str, days: int) -> str:
    """The day so long ago; only its month or year where the unit is one."""
    day = received - dt.timedelta(days=count * days)
    return day.isoformat()[: {"D": 10, "W": 10, "M": 7, "Y": 4}[letter]]


def _named_day(reading: Reading, place: int, received: dt.date | None) -> tuple[Fact | None, int]:
    word = reading.words[place]
    signal = reading.starts(place, *_SPOKEN)
    if signal is not None:
        return _spoken(signal.sense, signal.start, signal.end, received), signal.last
    weekday = _weekdays(reading.signals.language).get(word.text)
    if weekday is None:
        return None, place + 1
    value = reading.text[word.start : word.end]
    if received is not None:
        back = (received.weekday() - weekday) % 7 or 7
        value = (received - dt.timedelta(days=back)).isoformat()
    return Fact(FactKind.DATE, value, word.start, word.end, FactRole.OTHER), place + 1


def _spoken(sense: str, start: int, end: int, received: dt.date | None) -> Fact:
    days = _SPOKEN[sense]
    if received is None:
        value = "P0D" if days == 0 else f"-P{days}D" if days > 0 else f"P{-days}D"
    else:
        value = (received - dt.timedelta(days=days)).isoformat()
    return Fact(FactKind.DATE, value, start, end, FactRole.OTHER)


@cache
def _weekdays(language: str) -> dict[str, int]:
    """{folded name: 0 for Monday … 6 for Sunday}, CLDR's names through ICU."""
    import icu

    symbols = icu.DateFormatSymbols(icu.Locale("ckb" if language == "ku" else language))
    found: dict[str, int] = {}
    # ICU counts from 1 for Sunday; its first name is empty.
    for number, name in enumerate(symbols.getWeekdays(icu.DateFormatSymbols.STANDALONE,
                                                      icu.DateFormatSymbols.WIDE)):  # fmt: skip
        folded = fold_text(name)
        if folded and " " not in folded:
            found[folded] = (number + 5) % 7
            if language in ("uk", "ru") and folded.endswith("а"):
                found[folded[:-1] + "у"] = found[folded]
            if language == "ar" and folded.startswith("ال"):
                found[folded[2:]] = found[folded]
    return found


def _value(written: str, received: dt.date | None) -> str | None:
    """ISO 8601 of what was written; None when it is no date."""
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th|er)\b", "", written)
    reading = standardise_date(text)
    if reading.value is None and received is not None:
        reading = standardise_date(f"{text} {received.year}")
        if reading.value is not None and reading.value.isoformat() > received.isoformat():
            reading = standardise_date(f"{text} {received.year - 1}")
    if reading.value is None:
        readable = standardise_date(f"{text} 2024").value
        if readable is None or readable.day is None:
            return None
        return f"--{readable.month:02}-{readable.day:02}"
    if reading.value.year > _LAST_YEAR:
        return None
    return reading.value.isoformat()
