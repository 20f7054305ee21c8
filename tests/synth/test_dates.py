"""Birth dates as written: other calendars, remembered ages, partial dates."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.synth.cultures import culture
from reknit.synth.dates import birth_cells, in_calendar
from reknit.synth.noise import Noise
from reknit.synth.people import make_household

DAYS = st.dates(dt.date(1930, 1, 1), dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "calendar", "written"),
    [
        (dt.date(2000, 9, 11), "ethiopian", "1993-01-01"),
        (dt.date(2023, 9, 12), "ethiopian", "2016-01-01"),  # the year after a leap year
        (dt.date(2023, 9, 11), "ethiopian", "2015-13-06"),
        (dt.date(1987, 3, 21), "jalali", "1366-01-01"),
        (dt.date(2023, 7, 19), "hijri", "1445-01-01"),
    ],
)
def test_it_writes_a_day_in_other_calendars(day: dt.date, calendar: str, written: str) -> None:
    assert in_calendar(day, calendar) == written


@given(DAYS, st.sampled_from(["ethiopian", "jalali", "hijri"]))
def test_the_next_day_is_later_in_every_calendar(day: dt.date, calendar: str) -> None:
    assert in_calendar(day, calendar) < in_calendar(day + dt.timedelta(days=1), calendar)


def test_a_desk_writes_what_the_papers_say_and_memory_rounds() -> None:
    rng, sure = Random(1), Noise(
        found_birth=(1, 0, 0, 0), sought_birth=(0, 0, 0, 1), year_off_found=0,
        day_month_swapped=0, other_calendar=0, age_heaped=1, age_range=0, age_undated=0,
    )  # fmt: skip
    for _ in range(40):
        for person in make_household(culture("somalia"), rng, sure).members:
            day = dt.date(2026, 5, 1)
            assert birth_cells(person, day, rng, sure, desk=True) == (
                *(person.paper_birth.isoformat(), None, True),
            )
            birth, age, dated = birth_cells(person, day, rng, sure, desk=False)
            assert birth is None
            assert dated
            assert age is not None
            if person.age_at(day) >= 12:
                assert int(age) % 5 == 0
                assert abs(int(age) - person.age_at(day)) <= 2
