"""Whether somebody is a minor, as far as their record tells. Doubtful counts as minor (trust: I11).

Rules: a birth date counts with the latest day it may mean, an age with the years it may be off
(`age_slack_years`: people say "20" for 18) and with the years since it was said; without either,
or with a guess of century or calendar only, it is doubtful. Adult is who has completed 18 years.

>>> on = dt.date(2026, 11, 26)
>>> age_group({"date_of_birth": "2008-11-26"}, on).value
'adult'
>>> age_group({"date_of_birth": "2008-11-27"}, on).value
'minor'
>>> age_group({"date_of_birth": "2008"}, on).value, age_group({"age": "20"}, on).value
('doubtful', 'doubtful')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from reknit.standardise import age_slack_years, standardise_age, standardise_date
from reknit.standardise.ages import OLDEST
from reknit.standardise.dates import standardise_source_date
from reknit.vocabulary import DateDoubt

ADULT_FROM_YEARS = 18
_Bounds = tuple[int, int]
_NO_CLUE = frozenset({DateDoubt.CENTURY, DateDoubt.UNKNOWN_CALENDAR})
# A converted date may lie a day or two off: lunar months begin when the moon was seen.
_EXACT = frozenset({DateDoubt.CONVERTED})
_CONVERSION_DAYS = 2


class AgeGroup(StrEnum):
    """As far as it is known."""

    ADULT = "adult"
    MINOR = "minor"
    DOUBTFUL = "doubtful"

    @property
    def counts_as_minor(self) -> bool:
        """True unless certainly an adult."""
        return self is not AgeGroup.ADULT


def age_group(content: Mapping[str, Any], on: dt.date) -> AgeGroup:
    """The group on a day, by one account's `date_of_birth`, `age` and `source_date`."""
    said = [bounds for bounds in (_by_birth(content, on), _by_age(content, on)) if bounds]
    if not said:
        return AgeGroup.DOUBTFUL
    if min(low for low, _ in said) >= ADULT_FROM_YEARS:
        return AgeGroup.ADULT
    if max(high for _, high in said) < ADULT_FROM_YEARS:
        return AgeGroup.MINOR
    return AgeGroup.DOUBTFUL


def age_years(content: Mapping[str, Any], on: dt.date) -> tuple[int, int] | None:
    """The fewest and the most completed years that the account says on a day, both inclusive; None
    where it says none. Where birth date and age disagree, all that either says.

    >>> age_years({"date_of_birth": "2017-05"}, dt.date(2026, 11, 26))
    (9, 9)
    >>> age_years({"full_name": "Idris"}, dt.date(2026, 11, 26)) is None
    True
    """
    said = [bounds for bounds in (_by_birth(content, on), _by_age(content, on)) if bounds]
    if not said:
        return None
    return min(low for low, _ in said), max(high for _, high in said)


def says_age(content: Mapping[str, Any]) -> bool:
    """True when the account says anything about age."""
    return bool(_text(content, "date_of_birth") or _text(content, "age"))


def age_group_of_all(contents: Iterable[Mapping[str, Any]], on: dt.date) -> AgeGroup:
    """The group that several accounts of one person agree on; doubtful where they do not.

    An account that is silent about age neither helps nor harms.
    """
    groups = {age_group(content, on) for content in contents if says_age(content)}
    return groups.pop() if len(groups) == 1 else AgeGroup.DOUBTFUL


def _by_birth(content: Mapping[str, Any], on: dt.date) -> _Bounds | None:
    reading = standardise_date(_text(content, "date_of_birth"))
    value, low, high = reading.value, reading.year_low, reading.year_high
    if value is None or low is None or high is None or value.doubts & _NO_CLUE:
        return None
    first, last = dt.date(low, 1, 1), dt.date(high, 12, 31)
    if low == high and value.month is not None and value.doubts <= _EXACT:
        if value.day is None:
            first = dt.date(value.year, value.month, 1)
            last = _last_of_month(first)
        else:
            first = last = dt.date(value.year, value.month, value.day)
        if value.doubts:
            first -= dt.timedelta(_CONVERSION_DAYS)
            last += dt.timedelta(_CONVERSION_DAYS)
    return _years_between(last, on), _years_between(first, on)


def _by_age(content: Mapping[str, Any], on: dt.date) -> _Bounds | None:
    as_of = standardise_source_date(_text(content, "source_date"))
    age = standardise_age(_text(content, "age"), as_of).value
    if age is None:
        return None
    slack = age_slack_years(age)
    since = _years_between(as_of, on) if as_of is not None else 0
    oldest = age.high + slack + since + 1 if as_of is not None else OLDEST
    return age.low - slack + max(since, 0), oldest


def _years_between(one: dt.date, other: dt.date) -> int:
    return other.year - one.year - ((other.month, other.day) < (one.month, one.day))


def _last_of_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)


def _text(content: Mapping[str, Any], column: str) -> str:
    return str(content.get(column) or "").strip()
