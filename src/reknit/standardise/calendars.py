"""Days of other calendars, as Gregorian days.

Rules:
- Jalali (Solar Hijri; Iran, Afghanistan) by jdatetime, Hijri by hijridate (Umm al-Qura tables
  1343-1500, the 30-year arithmetic calendar before: Reingold & Dershowitz, *Calendrical
  Calculations*, 4th ed., ch. 7), Ethiopian by arithmetic (same book, ch. 4: four-year cycle,
  13 months), Thai Buddhist as Gregorian year + 543.
- Burmese (+638) and Bengali (+593) months are not read: only the year is, as the two Gregorian
  years it touches.
- A day that a calendar does not have is None, never moved to a neighbour.

>>> gregorian_day(Calendar.JALALI, 1403, 5, 12)
datetime.date(2024, 8, 2)
>>> gregorian_span(Calendar.ETHIOPIAN, 1995)
(datetime.date(2002, 9, 11), datetime.date(2003, 9, 11))
"""

from __future__ import annotations

import datetime as dt

from reknit.vocabulary import Calendar

_BUDDHIST_OFFSET = 543
# The Gregorian year in which a year of these begins, less that year (both begin in April).
_YEAR_ONLY_OFFSETS = {Calendar.BURMESE: 638, Calendar.BENGALI: 593}
_MONTHS = {Calendar.ETHIOPIAN: 13}
# Day number (datetime.date.toordinal) before 1 Meskerem of the Ethiopian year 1 (29 August 8,
# Julian) and before 1 Muharram of the year 1 in the civil arithmetic calendar (16 July 622).
_ETHIOPIAN_EPOCH = 2795
_HIJRI_EPOCH = 227014


def gregorian_day(calendar: Calendar, year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian day of `day` `month` `year` in `calendar`; None where there is no such day."""
    if not (1 <= year <= 9000 and 1 <= month <= _MONTHS.get(calendar, 12) and 1 <= day <= 32):
        return None
    try:
        return _CONVERTERS[calendar](year, month, day)
    except (ValueError, OverflowError, KeyError):
        return None


def gregorian_span(
    calendar: Calendar, year: int, month: int | None = None
) -> tuple[dt.date, dt.date] | None:
    """The first and last Gregorian day of a year or month; None where there is none."""
    if calendar in _YEAR_ONLY_OFFSETS:
        start = year + _YEAR_ONLY_OFFSETS[calendar]
        if not 1 <= start < dt.MAXYEAR:
            return None
        return dt.date(start, 4, 14), dt.date(start + 1, 4, 13)
    months = _MONTHS.get(calendar, 12)
    first = gregorian_day(calendar, year, month or 1, 1)
    if month is None or month == months:
        following = gregorian_day(calendar, year + 1, 1, 1)
    else:
        following = gregorian_day(calendar, year, month + 1, 1)
    if first is None or following is None:
        return None
    return first, following - dt.timedelta(days=1)


def _jalali(year: int, month: int, day: int) -> dt.date:
    import jdatetime

    converted: dt.date = jdatetime.date(year, month, day).togregorian()
    return converted


def _hijri(year: int, month: int, day: int) -> dt.date | None:
    if 1343 <= year <= 1500:
        import hijridate

        found = hijridate.Hijri(year, month, day).to_gregorian()
        return dt.date(found.year, found.month, found.day)
    leap = (11 * year + 14) % 30 < 11
    if day > (30 if month % 2 or (month == 12 and leap) else 29):
        return None
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2
    return dt.date.fromordinal(_HIJRI_EPOCH + before + day)


def _ethiopian(year: int, month: int, day: int) -> dt.date | None:
    longest = 30 if month < 13 else 6 if year % 4 == 3 else 5
    if day > longest:
        return None
    return dt.date.fromordinal(
        _ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day
    )


def _buddhist(year: int, month: int, day: int) -> dt.date:
    return dt.date(year - _BUDDHIST_OFFSET, month, day)


_CONVERTERS = {
    Calendar.GREGORIAN: dt.date,
    Calendar.JALALI: _jalali,
    Calendar.HIJRI: _hijri,
    Calendar.ETHIOPIAN: _ethiopian,
    Calendar.BUDDHIST: _buddhist,
}
