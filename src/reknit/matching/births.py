"""When a person was born and how old they are said to be, as small arrays.

Rules: a date of birth counts before an age; an age said on a known day gives years of birth; an age
said on an unknown day gives none and is never taken as of today: it is compared, weakly, with how
old the other record's person was when that record was written.

>>> import polars as pl
>>> people = pl.DataFrame({"date_of_birth": ["1990", ""], "age": ["", "30"],
...                        "source_date": ["2024-05-01", ""]})
>>> births = standardise_births(people)
>>> births["birth_low"].tolist(), births["age_low"].tolist(), births["age_high"].tolist()
([1990, 0], [33, 30], [34, 30])
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.columns import distinct
from reknit.standardise import (
    heaped,
    standardise_age,
    standardise_date,
    standardise_source_date,
)
from reknit.vocabulary import DateDoubt

FROM_AGE, HEAPED, FIRST_OF_JANUARY, ORDER_IN_DOUBT, CONVERTED = 1, 2, 4, 8, 16
NO_AGE = -1
UNSEEN_PEOPLE, LIVING, _LAST_YEAR = 300.0, slice(1940, 2020), 2100
_OLDEST = 120
_UNKNOWN = (0, 0, 0, 0, 0, NO_AGE, NO_AGE)


def standardise_births(rows: pl.DataFrame) -> dict[str, npt.NDArray[Any]]:
    """The birth_* and age_* arrays of a people table.

    birth_low, birth_high: first and last year of birth (0: not known); birth_month, birth_day;
    birth_flags: what makes them doubtful. age_low, age_high: completed years on the day the source
    said so, also where that day is not known (NO_AGE: not known).
    """
    dates, date_code = distinct(rows["date_of_birth"])
    of_dates = np.array([_of_date(text) for text in dates], np.int16)
    table = of_dates.reshape(-1, len(_UNKNOWN))[date_code]
    unknown = np.flatnonzero(table[:, 0] == 0)
    if len(unknown):
        age, said_on = (rows[column].gather(unknown) for column in ("age", "source_date"))
        ages, age_code = distinct(age + "\x1f" + said_on)
        table[unknown] = np.array([_of_age(text) for text in ages], np.int16)[age_code]
    low, high, month, day, flags, age_low, age_high = table.T
    _add_ages(rows["source_date"], low, high, age_low, age_high)
    return {
        "birth_low": np.ascontiguousarray(low),
        "birth_high": np.ascontiguousarray(high),
        "birth_month": month.astype(np.int8),
        "birth_day": day.astype(np.int8),
        "birth_flags": flags.astype(np.uint8),
        "age_low": age_low.astype(np.int8),
        "age_high": age_high.astype(np.int8),
    }


def _add_ages(
    said_on: pl.Series,
    low: npt.NDArray[np.int16],
    high: npt.NDArray[np.int16],
    age_low: npt.NDArray[np.int16],
    age_high: npt.NDArray[np.int16],
) -> None:
    """How old those born in known years were when their sources said so."""
    days, code = distinct(said_on)
    read = [standardise_source_date(text) if text else None for text in days]
    year = np.array([day.year if day else 0 for day in read], np.int16)[code]
    known = (low > 0) & (year > 0) & (age_low == NO_AGE) & (year >= low) & (year - low <= _OLDEST)
    age_low[known] = np.maximum(year - high - 1, 0)[known]
    age_high[known] = (year - low)[known]


def _of_date(text: str) -> tuple[int, ...]:
    reading = standardise_date(text) if text else None
    if reading is None or reading.value is None:
        return _UNKNOWN
    date = reading.value
    flags = FIRST_OF_JANUARY * (DateDoubt.FIRST_OF_JANUARY in date.doubts)
    flags |= ORDER_IN_DOUBT * (DateDoubt.DAY_MONTH_ORDER in date.doubts)
    flags |= CONVERTED * (DateDoubt.CONVERTED in date.doubts)
    low = reading.year_low or date.year
    high = reading.year_high or date.year
    return low, high, date.month or 0, date.day or 0, flags, NO_AGE, NO_AGE


def _of_age(said: str) -> tuple[int, ...]:
    text, _, as_of_text = said.partition("\x1f")
    if not text:
        return _UNKNOWN
    as_of = standardise_source_date(as_of_text)
    age = standardise_age(text, as_of).value
    if age is None:
        return _UNKNOWN
    years = age.birth_years() if as_of is not None else None
    if years is None:
        return (*_UNKNOWN[:5], age.low, age.high)
    return *years, 0, 0, FROM_AGE | (HEAPED if heaped(age) else 0), age.low, age.high


def same_birth_date(
    year_a: npt.NDArray[np.int16],
    day_a: npt.NDArray[np.int8],
    year_b: npt.NDArray[np.int16],
    day_b: npt.NDArray[np.int8],
) -> float:
    """How often two people, one of a and one of b, have one full birth date by chance.

    Years as they are spread here and, as if of `UNSEEN_PEOPLE` more, evenly over the years of
    birth of most people living; the days of a year alike. year, day: 0 where not known.
    """
    shares = []
    for year, day in ((year_a, day_a), (year_b, day_b)):
        known = year[(day > 0) & (year > 0)].astype(np.int64)
        counts = np.bincount(known, minlength=_LAST_YEAR + 1)[: _LAST_YEAR + 1]
        spread = np.zeros(_LAST_YEAR + 1)
        spread[LIVING] = UNSEEN_PEOPLE / (LIVING.stop - LIVING.start)
        shares.append((counts + spread) / (counts.sum() + UNSEEN_PEOPLE))
    return float(shares[0] @ shares[1]) / 365.25
