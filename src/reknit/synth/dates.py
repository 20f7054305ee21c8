"""Birth dates as people remember and desks write them, and three other calendars.

Rules: the true date is Gregorian; a list may keep a date of its own calendar unconverted, a year
alone, an age that memory rounds. Ethiopian dates by the day count of Dershowitz and Reingold
(Calendrical Calculations, chapter 4); Hijri and Jalali by the packages hijridate and jdatetime.

>>> in_calendar(dt.date(2000, 9, 11), "ethiopian")
'1993-01-01'
"""

from __future__ import annotations

import datetime as dt
from random import Random

from reknit.synth.noise import Noise
from reknit.synth.people import Person

_ETHIOPIAN_EPOCH = dt.date(8, 8, 27).toordinal()  # 1 Meskerem 1 is 29 August 8 (Julian)


def in_calendar(day: dt.date, calendar: str) -> str:
    """YYYY-MM-DD of `day` in another calendar ('hijri', 'jalali', 'ethiopian')."""
    if calendar == "hijri":
        from hijridate import Gregorian

        return str(Gregorian(day.year, day.month, day.day).to_hijri().isoformat())
    if calendar == "jalali":
        import jdatetime

        return str(jdatetime.date.fromgregorian(date=day).isoformat())
    since = day.toordinal() - _ETHIOPIAN_EPOCH
    year = (4 * since + 1463) // 1461
    first = 365 * (year - 1) + year // 4
    month, rest = divmod(since - first, 30)
    return f"{year:04}-{month + 1:02}-{rest + 1:02}"


def birth_cells(
    person: Person, source_day: dt.date, rng: Random, noise: Noise, *, desk: bool
) -> tuple[str | None, str | None, bool]:
    """`date_of_birth`, `age`, and whether the source's date stands beside it."""
    rates = noise.found_birth if desk else noise.sought_birth
    draw, kind = rng.random(), 0
    while kind < len(rates) and draw >= rates[kind]:
        draw -= rates[kind]
        kind += 1
    if kind == 3:
        dated = rng.random() >= noise.age_undated
        return None, _age(person.age_at(source_day), rng, noise), dated
    if kind > 3:
        return None, None, True
    day = person.paper_birth if desk or rng.random() < 0.4 else person.birth
    off = noise.year_off_found if desk else noise.year_off_sought
    if rng.random() < off:
        day = _moved(day, rng.choice((-2, -1, -1, -1, 1, 1, 1, 2)), source_day)
    return _written(day, kind, person.culture.calendar, rng, noise), None, True


def _written(day: dt.date, kind: int, calendar: str, rng: Random, noise: Noise) -> str:
    if kind == 2:
        return f"{day.year}"
    if kind == 1:
        return f"{day.year}-{day.month:02}"
    if calendar != "gregorian" and rng.random() < noise.other_calendar:
        return in_calendar(day, calendar)
    if day.day <= 12 and rng.random() < noise.day_month_swapped:
        return f"{day.year}-{day.day:02}-{day.month:02}"
    return day.isoformat()


def _moved(day: dt.date, years: int, latest: dt.date) -> dt.date:
    moved = day.replace(year=day.year + years, day=min(day.day, 28))
    return moved if moved < latest else day


def _age(years: int, rng: Random, noise: Noise) -> str:
    if years >= 12 and rng.random() < noise.age_heaped:
        return str(round(years / 5) * 5)
    if years >= 12 and rng.random() < 0.3:
        years += rng.choice((-2, -1, 1, 2))
    if years >= 3 and rng.random() < noise.age_range:
        low = years - rng.randrange(4)
        return f"{max(0, low)}-{low + rng.choice((3, 5))}"
    return str(max(0, years))
