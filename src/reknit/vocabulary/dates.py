"""Dates and ages that keep what is not known.

>>> PartialDate(1987, 4).precision
'month'
>>> PartialDate(1987, 4).isoformat()
'1987-04'
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Calendar(StrEnum):
    """The calendar a date was written in; the value itself is always Gregorian."""

    GREGORIAN = "gregorian"
    HIJRI = "hijri"
    JALALI = "jalali"
    ETHIOPIAN = "ethiopian"
    BUDDHIST = "buddhist"
    BURMESE = "burmese"
    BENGALI = "bengali"


class DateDoubt(StrEnum):
    """Why a date may not be what it says."""

    DAY_MONTH_ORDER = "day and month may be swapped"
    FIRST_OF_JANUARY = "the first day of a year often stands for 'year only'"
    CONVERTED = "converted from another calendar"
    UNKNOWN_CALENDAR = "the calendar was guessed"
    APPROXIMATE = "the source says it is approximate"
    CENTURY = "the year was written with two digits"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A Gregorian date as far as it is known; month without day, year alone."""

    year: int
    month: int | None = None
    day: int | None = None
    calendar: Calendar = Calendar.GREGORIAN
    doubts: frozenset[DateDoubt] = frozenset()

    @property
    def precision(self) -> str:
        """'day', 'month' or 'year'."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def isoformat(self) -> str:
        """YYYY, YYYY-MM or YYYY-MM-DD."""
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Age:
    """An age in whole years, low to high inclusive, as of a date (None: it is not known when)."""

    low: int
    high: int
    as_of: dt.date | None = None

    def birth_years(self) -> tuple[int, int] | None:
        """The first and last year of birth it allows; None when it is not known as of when."""
        if self.as_of is None:
            return None
        return self.as_of.year - self.high - 1, self.as_of.year - self.low
