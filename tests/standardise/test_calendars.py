"""Calendars: known days, days that do not exist, and ICU as the oracle."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import icu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.calendars import gregorian_day, gregorian_span
from reknit.vocabulary import Calendar

EPOCH = dt.date(1970, 1, 1)
FIELDS = icu.UCalendarDateFields


def icu_day(keyword: str, year: int, month: int, day: int) -> dt.date:
    zone = icu.TimeZone.createTimeZone("UTC")
    calendar = icu.Calendar.createInstance(zone, icu.Locale(f"en@calendar={keyword}"))
    calendar.clear()
    calendar.set(FIELDS.EXTENDED_YEAR, year)
    calendar.set(FIELDS.MONTH, month - 1)
    calendar.set(FIELDS.DATE, day)
    return EPOCH + dt.timedelta(seconds=calendar.getTime())


@pytest.mark.parametrize(
    ("calendar", "written", "day"),
    [
        (Calendar.JALALI, (1357, 11, 22), dt.date(1979, 2, 11)),
        (Calendar.JALALI, (1403, 12, 30), dt.date(2025, 3, 20)),
        (Calendar.HIJRI, (1445, 9, 1), dt.date(2024, 3, 11)),
        (Calendar.HIJRI, (1300, 1, 1), dt.date(1882, 11, 12)),
        (Calendar.ETHIOPIAN, (2000, 1, 1), dt.date(2007, 9, 12)),
        (Calendar.ETHIOPIAN, (1995, 13, 6), dt.date(2003, 9, 11)),
        (Calendar.BUDDHIST, (2544, 2, 28), dt.date(2001, 2, 28)),
    ],
)
def test_it_knows_days_from_history(
    calendar: Calendar, written: tuple[int, int, int], day: dt.date
) -> None:
    assert gregorian_day(calendar, *written) == day


@pytest.mark.parametrize(
    ("calendar", "written"),
    [
        (Calendar.JALALI, (1402, 12, 30)),
        (Calendar.JALALI, (1403, 7, 31)),
        (Calendar.HIJRI, (1445, 1, 31)),
        (Calendar.HIJRI, (1300, 2, 30)),
        (Calendar.ETHIOPIAN, (1994, 13, 6)),
        (Calendar.ETHIOPIAN, (1995, 14, 1)),
        (Calendar.BUDDHIST, (2544, 2, 29)),
        (Calendar.BURMESE, (1345, 1, 1)),
        (Calendar.GREGORIAN, (1990, 4, 31)),
        (Calendar.GREGORIAN, (10**20, 1, 1)),
    ],
)
def test_a_day_that_a_calendar_lacks_is_none(
    calendar: Calendar, written: tuple[int, int, int]
) -> None:
    assert gregorian_day(calendar, *written) is None


@given(
    st.sampled_from(
        [
            (Calendar.JALALI, "persian", 1280, 1420),
            (Calendar.ETHIOPIAN, "ethiopic", 1860, 2092),
            (Calendar.HIJRI, "islamic-civil", 1290, 1342),
        ]
    ),
    st.integers(0, 10_000),
    st.integers(1, 12),
    st.integers(1, 29),
)
def test_it_agrees_with_icu(
    calendar: tuple[Calendar, str, int, int], offset: int, month: int, day: int
) -> None:
    name, keyword, first, last = calendar
    year = first + offset % (last - first + 1)
    assert gregorian_day(name, year, month, day) == icu_day(keyword, year, month, day)


def test_spans_of_years_and_months_follow_each_other_without_gaps() -> None:
    for calendar in (Calendar.JALALI, Calendar.HIJRI, Calendar.ETHIOPIAN, Calendar.BUDDHIST):
        year = 2540 if calendar is Calendar.BUDDHIST else 1390
        months = 13 if calendar is Calendar.ETHIOPIAN else 12
        spans = [gregorian_span(calendar, year, month) for month in range(1, months + 1)]
        spans.append(gregorian_span(calendar, year + 1))
        known = [span for span in spans if span is not None]
        assert len(known) == months + 1
        for (_, last), (first, _) in pairwise(known):
            assert first - last == dt.timedelta(days=1)
