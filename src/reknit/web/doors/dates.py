"""A date of birth as people write it, in their own calendar; what was understood is shown back.

Rules: `reknit.standardise` reads it; what has a day is kept as that day (ISO 8601), a year or month
of another calendar as it was written with its calendar's name, since it touches two Gregorian
years; what cannot be read is said at once, at the field.

>>> read("1366/1/13", "jalali").kept, read("1410", "hijri").kept
('1987-04-02', '1410 hijri')
>>> read("1410", "hijri").low, read("1410", "hijri").high
(1989, 1990)
>>> read("the year of the flood", "gregorian") is None
True
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.standardise import standardise_date
from reknit.vocabulary import Calendar

CALENDARS = (
    (Calendar.GREGORIAN.value, gettext_lazy("Gregorian: 2 April 1987")),
    (Calendar.HIJRI.value, gettext_lazy("Hijri: 4 Sha‘ban 1407")),
    (Calendar.JALALI.value, gettext_lazy("Solar Hijri: 13 Farvardin 1366")),
    (Calendar.ETHIOPIAN.value, gettext_lazy("Ethiopian: 24 Megabit 1979")),
)
"""One day, as each calendar says it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """kept: what is stored. day: where it is one. low, high: the Gregorian years it may lie in."""

    kept: str
    day: dt.date | None
    low: int
    high: int

    def __str__(self) -> str:
        """In the reader's language."""
        if self.day is not None:
            return date_format(self.day, "j F Y")
        if self.low == self.high:
            return str(self.low)
        return _("%(low)d or %(high)d") % {"low": self.low, "high": self.high}


def read(text: str, calendar: str, today: dt.date | None = None) -> Understood | None:
    """What somebody means; None where it cannot be read as a date that has been."""
    other = calendar if calendar != Calendar.GREGORIAN.value else ""
    written = f"{text.strip()} {other}".strip()
    reading = standardise_date(written, day_first=True, not_after=today)
    value, low, high = reading.value, reading.year_low, reading.year_high
    if value is None or low is None or high is None:
        return None
    if value.month is not None and value.day is not None:
        day = dt.date(value.year, value.month, value.day)
        return Understood(day.isoformat(), day, low, high)
    return Understood(written, None, low, high)
