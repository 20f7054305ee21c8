"""Dates of birth as lists write them, in any of the project's languages and calendars.

Rules:
- The contract's YYYY, YYYY-MM, YYYY-MM-DD are read strictly; other ways of writing are those of
  `written_dates`, other calendars those of `calendars`.
- What cannot be a day (31/02/1990), lies before 1550 or after `not_after` is unknown and reported:
  a wrong date does more harm in matching than none.
- A year without a word for its calendar: 1550-2100 is Gregorian, 2423-2643 Thai Buddhist;
  1300-1420 is guessed as Jalali and 1421-1460, or a Jalali day not yet come, as Hijri, unless its
  digits tell otherwise (`written_dates`): the guess is a doubt and is reported.
- The first of January is a doubt: registrars write it for people who know only their year
  (UNHCR and national registers of Afghans, Somalis, Sudanese show it as a spike).
- `year_low` and `year_high` bound the year: equal when it is exact; "c. 1985" and "1985?" give two
  years either side, a span its ends, a converted year both Gregorian years that it touches.

>>> standardise_date("1403/05/12").value.isoformat()
'2024-08-02'
>>> standardise_date("31/02/1990").finding
'31/02/1990 is not a day; taken as unknown'
>>> reading = standardise_date("between 1980 and 1985"); reading.year_low, reading.year_high
(1980, 1985)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from reknit.standardise.calendars import gregorian_day, gregorian_span
from reknit.standardise.digits import fold_digits
from reknit.standardise.scripts import clean_text
from reknit.standardise.wordlists import is_unknown
from reknit.standardise.written_dates import Written, read_written
from reknit.vocabulary import Calendar, DateDoubt, PartialDate

# Archives hold people long dead. Before 1550 a year is more likely of another calendar.
EARLIEST_YEAR, LATEST_YEAR = 1550, 2100
APPROXIMATE_YEARS = 2
_JALALI_YEARS, _HIJRI_YEARS, _BUDDHIST_YEARS = (1300, 1420), (1300, 1460), (2423, 2643)
# A spreadsheet's day 1 is 1 January 1900, and it believes in 29 February 1900.
_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)
_SPREADSHEET_DAY = re.compile(r"[1-5]\d{4}(?:\.0+)?")
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_ISO_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?", re.ASCII | re.DOTALL)
_SHOWN = 40
_FIRST_OF_JANUARY = frozenset({DateDoubt.FIRST_OF_JANUARY})
_CONVERTED = frozenset({DateDoubt.CONVERTED})
_GUESSED = frozenset({DateDoubt.CONVERTED, DateDoubt.UNKNOWN_CALENDAR})


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date read from text: value (None: unknown), what to report, the years it may lie in."""

    value: PartialDate | None
    finding: str | None = None
    year_low: int | None = None
    year_high: int | None = None


_NOTHING = DateReading(None)


@lru_cache(maxsize=65536)
def standardise_date(
    text: str, *, day_first: bool | None = None, not_after: dt.date | None = None
) -> DateReading:
    """The date that a cell says, with its doubts; never an error.

    day_first: how the source orders 03/04/1990 (None: it did not say).
    not_after: the day on which it was written, if known; later dates are unknown.
    """
    match = _ISO.fullmatch(text)
    if match is not None:
        year, month, day = (int(part) if part else None for part in match.groups())
        if year is not None and EARLIEST_YEAR <= year <= LATEST_YEAR:
            return _settle(text, Written(year, year, month or None, day or None), not_after)
    if is_unknown(text):
        return _NOTHING
    serial = fold_digits(clean_text(text))
    if _SPREADSHEET_DAY.fullmatch(serial):
        return _from_spreadsheet(text, int(float(serial)), not_after)
    written = read_written(text, day_first)
    if written is None:
        return DateReading(None, f"{_shown(text)} cannot be read as a date; taken as unknown")
    return _settle(text, written, not_after)


def standardise_source_date(text: str) -> dt.date | None:
    """The day of an ISO 8601 date, with or without a time; None when it is not one."""
    match = _ISO_TIME.fullmatch(fold_digits(clean_text(text)))
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _settle(text: str, written: Written, not_after: dt.date | None) -> DateReading:
    """The reading of what was written, in the calendar it says or the likeliest one."""
    if written.calendar is not None or EARLIEST_YEAR <= written.low <= LATEST_YEAR:
        guesses = [(written.calendar or Calendar.GREGORIAN, False)]
    else:
        guesses = _guessed_calendars(written.low)
    finding = None
    for calendar, guessed in guesses:
        value, low, high = _in_calendar(written, calendar, guessed)
        if value is None:
            finding = finding or f"{_shown(text)} is not a day; taken as unknown"
        elif not EARLIEST_YEAR <= low <= high <= LATEST_YEAR:
            finding = f"{_shown(text)} is outside {EARLIEST_YEAR}-{LATEST_YEAR}; taken as unknown"
        elif not_after is not None and _first_day(value, low) > not_after:
            finding = f"{_shown(text)} is after {not_after.isoformat()}; taken as unknown"
        else:
            if not_after is not None:
                high = max(low, min(high, not_after.year))
                if value.month is None and value.year > high:
                    value = replace(value, year=high)
            return DateReading(value, _report(text, value, written), low, high)
    if not guesses:
        finding = f"{_shown(text)} is outside {EARLIEST_YEAR}-{LATEST_YEAR}; taken as unknown"
    return DateReading(None, finding)


def _guessed_calendars(year: int) -> list[tuple[Calendar, bool]]:
    """The calendars of a year that is no recent Gregorian one, likeliest first."""
    guesses = []
    if _BUDDHIST_YEARS[0] <= year <= _BUDDHIST_YEARS[1]:
        guesses.append((Calendar.BUDDHIST, False))
    if _JALALI_YEARS[0] <= year <= _JALALI_YEARS[1]:
        guesses.append((Calendar.JALALI, True))
    if _HIJRI_YEARS[0] <= year <= _HIJRI_YEARS[1]:
        guesses.append((Calendar.HIJRI, True))
    return guesses


def _in_calendar(
    written: Written, calendar: Calendar, guessed: bool
) -> tuple[PartialDate | None, int, int]:
    """The Gregorian value and the first and last year it may lie in; None when there is no such."""
    if calendar is Calendar.GREGORIAN:
        return _gregorian(written)
    doubts = written.doubts | (_GUESSED if guessed else _CONVERTED)
    month, day = written.month, written.day
    if calendar in (Calendar.BURMESE, Calendar.BENGALI):
        month = day = None
    if month == 1 and day == 1:
        doubts |= _FIRST_OF_JANUARY
    if day is not None:
        exact = gregorian_day(calendar, written.low, month or 1, day)
        if exact is None:
            return None, 0, 0
        value = PartialDate(exact.year, exact.month, exact.day, calendar, doubts)
        return value, *_widened(exact.year, exact.year, doubts)
    first = gregorian_span(calendar, written.low, month)
    last = first if written.high == written.low else gregorian_span(calendar, written.high)
    if first is None or last is None:
        return None, 0, 0
    middle = first[0] + (last[1] - first[0]) / 2
    value = PartialDate(middle.year, middle.month if month else None, None, calendar, doubts)
    return value, *_widened(first[0].year, last[1].year, doubts)


def _gregorian(written: Written) -> tuple[PartialDate | None, int, int]:
    low, month, day = written.low, written.month, written.day
    if month is None:
        value = PartialDate((low + written.high) // 2, doubts=written.doubts)
        return value, *_widened(low, written.high, written.doubts)
    try:
        dt.date(low, month, day or 1)
    except ValueError:
        return None, 0, 0
    doubts = written.doubts
    if month == 1 and day == 1:
        doubts |= _FIRST_OF_JANUARY
    return PartialDate(low, month, day, doubts=doubts), *_widened(low, low, doubts)


def _widened(low: int, high: int, doubts: frozenset[DateDoubt]) -> tuple[int, int]:
    if low == high and DateDoubt.APPROXIMATE in doubts:
        return low - APPROXIMATE_YEARS, high + APPROXIMATE_YEARS
    return low, high


def _first_day(value: PartialDate, low: int) -> dt.date:
    if value.month is None:
        return dt.date(low, 1, 1)
    return dt.date(value.year, value.month, value.day or 1)


def _report(text: str, value: PartialDate, written: Written) -> str | None:
    """One clause on what was guessed or left unread; None when nothing was."""
    if DateDoubt.UNKNOWN_CALENDAR in value.doubts:
        name = value.calendar.value.capitalize()
        return f"{_shown(text)} read as {name}: {value.isoformat()}"
    if DateDoubt.CENTURY in value.doubts:
        return f"{_shown(text)} has a year of two digits: read as {value.isoformat()}"
    if written.unread:
        words = " ".join(written.unread)
        return f"{_shown(text)} read as {value.isoformat()}, without '{_shown(words)}'"
    return None


def _from_spreadsheet(text: str, serial: int, not_after: dt.date | None) -> DateReading:
    day = _SPREADSHEET_EPOCH + dt.timedelta(days=serial)
    reading = _settle(text, Written(day.year, day.year, day.month, day.day), not_after)
    if reading.value is None:
        return reading
    finding = f"{_shown(text)} read as a spreadsheet's count of days: {day.isoformat()}"
    return DateReading(reading.value, finding, reading.year_low, reading.year_high)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
