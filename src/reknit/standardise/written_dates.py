"""What a written date says, before it is known to be a day: its numbers, its words, its calendar.

Rules:
- Numbers: year first when it has four digits (ISO 8601); else day/month/year or month/day/year:
  a number above 12 decides, then the caller's `day_first`, then day first with a doubt.
- Words: month names of the project's languages from CLDR (Unicode licence, through ICU) and
  data/date_words.tsv; "c.", "about", "?" make it approximate; "1980-1985", "between 1980 and
  1985", "1980s", "198X" are spans of years (EDTF, ISO 8601-2:2019, has the same notions).
- A two-digit year is one of 1930-2029, as spreadsheets read it, with a doubt.
- Digits tell a calendar where the year fits it: Burmese, Bengali, Ethiopic ones their own,
  Arabic-Indic ones (٤٥٦, not the Persian ۴۵۶) Hijri; a guess, hence a doubt.
- Words that are not known are tolerated only beside a month name and a year.

>>> read_written("3 травня 2001 р.")
Written(low=2001, high=2001, month=5, day=3, calendar=None, doubts=frozenset(), unread=())
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reknit.standardise.date_words import DateWords, date_words
from reknit.standardise.digits import read_numerals
from reknit.standardise.wordlists import fold_phrase
from reknit.vocabulary import Calendar, DateDoubt

_TIME = re.compile(
    r"(?<=[0-9])(?:t|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"\s*(?:[ap]\.?m\.?|z|utc|gmt)?\s*(?:[+-][0-9]{2}:?[0-9]{2})?(?:\s*\[[^\]]*\])?$"
)
_NUMERIC = re.compile(r"([0-9]{1,4})\s*[-/.\s,]\s*([0-9]{1,4})(?:\s*[-/.\s,]\s*([0-9]{1,4}))?[.]?")
_DECADE = re.compile(r"([0-9]{3})(?:[xu?*_]|0s|0'?s|-)")
_YEARS = re.compile(r"([0-9]{4})\s*(?:-|/|\.\.\.?|~)\s*([0-9]{4})")
# Years that are past in a calendar whose users write them in these digits.
_DIGIT_CALENDARS = (
    (re.compile("[\u1040-\u1049]"), Calendar.BURMESE, range(1242, 1463)),
    (re.compile("[\u09e6-\u09ef]"), Calendar.BENGALI, range(1287, 1508)),
    (re.compile("[\u1369-\u137c]"), Calendar.ETHIOPIAN, range(1873, 2093)),
    (re.compile("[\u0660-\u0669]"), Calendar.HIJRI, range(1300, 1524)),
)
_PIVOT = 30
_YEAR_DIGITS = 4
_LONGEST_SPAN = 100
# Tigrinya month names stand for Gregorian months in Eritrea (so CLDR), Ethiopian ones in Tigray.
_TIGRINYA = "tigrinya"


@dataclass(frozen=True, slots=True)
class Written:
    """A date as written: first and last year it may mean, month and day, in `calendar` if said."""

    low: int
    high: int
    month: int | None = None
    day: int | None = None
    calendar: Calendar | None = None
    doubts: frozenset[DateDoubt] = frozenset()
    unread: tuple[str, ...] = ()


def read_written(text: str, day_first: bool | None = None) -> Written | None:
    """What the text says as a date, None when it says none. The day need not exist."""
    folded = _TIME.sub("", fold_phrase(read_numerals(text)).strip(" .,;"))
    written = _read_digits(folded, day_first) or _read_words(folded, day_first)
    if written is None or written.calendar is not None:
        return written
    for digits, calendar, years in _DIGIT_CALENDARS:
        if written.low in years and digits.search(text):
            doubts = written.doubts | {DateDoubt.UNKNOWN_CALENDAR}
            return replace(written, calendar=calendar, doubts=doubts)
    return written


def _read_digits(text: str, day_first: bool | None) -> Written | None:
    if text.isascii() and text.isdigit():
        return _from_solid(text)
    years = _YEARS.fullmatch(text)
    if years is not None:
        return _span(int(years[1]), int(years[2]))
    match = _NUMERIC.fullmatch(text)
    if match is not None:
        return _from_numbers([n for n in match.groups() if n is not None], day_first)
    decade = _DECADE.fullmatch(text)
    if decade is not None:
        return _span(int(decade[1]) * 10, int(decade[1]) * 10 + 9)
    return None


def _from_solid(text: str) -> Written | None:
    """YYYY, YYYYMM, YYYYMMDD (or DDMMYYYY), YYYYMMDDhhmmss."""
    if len(text) in (8, 14):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
        if month > 12 and len(text) == 8 and int(text[2:4]) <= 12:
            day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
        return Written(year, year, month or None, day or None)
    if len(text) == 6 and 1 <= int(text[4:]) <= 12:
        return Written(int(text[:4]), int(text[:4]), int(text[4:]))
    return Written(int(text), int(text)) if len(text) == 4 else None


def _from_numbers(parts: Sequence[str], day_first: bool | None) -> Written | None:
    lengths = [len(part) for part in parts]
    numbers = [int(part) for part in parts]
    if lengths[0] >= 3:
        if max(lengths[1:]) > 2:
            return _span(*numbers) if lengths == [4, 4] else None
        month, day = numbers[1], numbers[2] if len(numbers) == 3 else 0
        return Written(numbers[0], numbers[0], month or None, day or None)
    if max(lengths[:-1]) > 2 or not 5 - len(parts) <= lengths[-1] <= _YEAR_DIGITS:
        return None
    doubts: set[DateDoubt] = set()
    year = _year(parts[-1], doubts)
    if len(parts) == 2:
        return Written(year, year, numbers[0] or None, doubts=frozenset(doubts))
    day, month = numbers[:2]
    if lengths[0] == lengths[2] == 2 and day > 31 >= numbers[2]:
        return _from_numbers([parts[2], parts[1], parts[0]], day_first=True)
    if month > 12 or (day <= 12 and day_first is False):
        day, month = month, day
    elif day <= 12 and day != month and day_first is None:
        doubts.add(DateDoubt.DAY_MONTH_ORDER)
    return Written(year, year, month or None, day or None, doubts=frozenset(doubts))


def _year(part: str, doubts: set[DateDoubt]) -> int:
    year = int(part)
    if len(part) > 2:
        return year
    doubts.add(DateDoubt.CENTURY)
    return year + (2000 if year < _PIVOT else 1900)


def _span(low: int, high: int) -> Written | None:
    if low > high or high - low > _LONGEST_SPAN:
        return None
    return Written(low, high, doubts=frozenset({DateDoubt.APPROXIMATE}))


def _read_words(text: str, day_first: bool | None) -> Written | None:
    """The date of a text with words; of one day said in two calendars, the Gregorian."""
    read = [_from_words(part, day_first) for part in date_words(text)]
    said = [written for written in read if written is not None]
    return min(said, key=lambda written: written.calendar is not None, default=None)


def _from_words(words: DateWords, day_first: bool | None) -> Written | None:
    numbers, kinds = words.numbers, words.kinds
    if len(numbers) > 1 and any(len(number) > _YEAR_DIGITS for number in numbers):
        return None
    months = {kind for kind in kinds if kind[-1].isdigit()}
    said = {Calendar(kind.split()[1]) for kind in kinds if kind.startswith("calendar ")}
    if len(months) > 1 or len(said) > 1 or not numbers or (words.unread and not months):
        return None
    calendar = next(iter(said), None)
    doubts = {DateDoubt.APPROXIMATE} if "approx" in kinds else set()
    month = None
    if months:
        name, number = months.pop().split()
        month = int(number)
        if name == _TIGRINYA:
            if calendar is Calendar.ETHIOPIAN:
                month = (month + 3) % 12 + 1
            elif calendar is None:
                doubts.add(DateDoubt.UNKNOWN_CALENDAR)
        elif name != "gregorian":
            calendar = Calendar(name)
    written = _arrange(numbers, month, kinds, day_first)
    if written is None:
        return None
    return replace(written, calendar=calendar, doubts=written.doubts | doubts, unread=words.unread)


def _arrange(
    numbers: tuple[str, ...], month: int | None, kinds: tuple[str, ...], day_first: bool | None
) -> Written | None:
    """Which number is the year, and which the day."""
    if month is None:
        if len(numbers) == 1:
            decade = "decade" in kinds and numbers[0].endswith("0")
            if len(numbers[0]) == _YEAR_DIGITS:
                low = int(numbers[0])
                return _span(low, low + 9) if decade else Written(low, low)
            return _from_solid(numbers[0])
        ends = [int(n) for n in numbers if len(n) == _YEAR_DIGITS]
        if len(ends) == 2:
            return _span(*ends)
        return _from_numbers(numbers, day_first) if len(numbers) <= 3 else None
    if len(numbers) > 2:
        return None
    doubts: set[DateDoubt] = set()
    years = [n for n in numbers if len(n) >= 3 or int(n) > 31]
    if [len(year) for year in years] == [_YEAR_DIGITS, _YEAR_DIGITS]:
        return _span(int(years[0]), int(years[1]))
    written_year = years[0] if years else numbers[-1]
    if len(years) > 1 or (not years and len(numbers) < 2):
        return None
    if not 2 <= len(written_year) <= _YEAR_DIGITS:
        return None
    days = list(numbers)
    days.remove(written_year)
    year = _year(written_year, doubts)
    return Written(
        year, year, month, int(days[0]) or None if days else None, doubts=frozenset(doubts)
    )
