"""Ages as lists write them: "34", "30-35", "~40", "6 months", "٣٤".

Rules:
- An age is completed years; months, weeks and days become years, rounded down.
- "about 40" spans a tenth to either side, at least two years ("about 8": 6-10); "under 18",
  "over 60", "60+" and stages of life ("child", "elderly") span what they say, up to 120.
- Above 120, negative, or with words that are not known: unknown and reported.
- Stated ages heap on multiples of 5 and 10 wherever people do not keep count of birthdays; that is
  what Whipple's index and Myers' blended method measure (Myers 1940, Transactions of the Actuarial
  Society of America 41; United Nations, Demographic Yearbook, technical notes on age).

>>> standardise_age("٣٤", None).value
Age(low=34, high=34, as_of=None)
>>> standardise_age("18 months", None).value.low, heaped(Age(40, 40)), age_slack_years(Age(40, 40))
(1, True, 5)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from reknit.standardise.digits import read_numerals
from reknit.standardise.wordlists import fold_phrase, folded_table, is_unknown
from reknit.vocabulary import Age

OLDEST = 120
_SHORT = re.compile(r"([0-9]{1,3})(?:\s*-\s*([0-9]{1,3}))?", re.ASCII)
_FRACTION = re.compile(r"[¼½¾⅓⅔]|(?<=[0-9])\s+1[/⁄][24]\b")
_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[<>+~?-]|[^\s0-9.,<>+~?()\[\]/:;\"*-]+(?:[./][a-z]\b)?")
_SIGNS = {"~": "approx", "?": "approx", "<": "under", ">": "over", "+": "plus", "-": "range"}
_YEARS_IN = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25}
# "34 m" is a man of 34 more likely than a child of 34 months.
_MOST_SHORT_UNITS = 24
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class AgeReading:
    """An age read from text: value (None: unknown) and what to report."""

    value: Age | None
    finding: str | None = None


def standardise_age(text: str, as_of: dt.date | None) -> AgeReading:
    """The age that a cell says, as of the day its source said so; never an error."""
    span, finding = _read(text)
    return AgeReading(None if span is None else Age(span[0], span[1], as_of), finding)


def heaped(age: Age) -> bool:
    """True when the age may be rounded: one figure of 10 or more that ends in 0 or 5."""
    return age.low == age.high and age.low >= 10 and age.low % 5 == 0


def age_slack_years(age: Age) -> int:
    """How many years beyond its bounds an age may well be off, in whole years.

    Rounding to the nearest ten is off by up to 5, to the nearest five by up to 2; any other figure
    by 1 (a birthday passed since, or the running year counted as completed). A span already
    says how unsure it is: 1.
    """
    if not heaped(age):
        return 1
    return 5 if age.low % 10 == 0 and age.low >= 20 else 2


@lru_cache(maxsize=16384)
def _read(text: str) -> tuple[tuple[int, int] | None, str | None]:
    match = _SHORT.fullmatch(text)
    if match is not None:
        low = int(match[1])
        return _bounded(text, low, int(match[2]) if match[2] else low)
    if is_unknown(text):
        return None, None
    folded = fold_phrase(read_numerals(_FRACTION.sub("", text)))
    if re.match(r"[-−–]\s*[0-9]", folded) or "--" in folded:
        return None, f"{_shown(text)} is no age; taken as unknown"
    sorted_tokens = _sort_tokens(folded)
    span = None if sorted_tokens is None else _span(*sorted_tokens)
    if span is None:
        return None, f"{_shown(text)} cannot be read as an age; taken as unknown"
    return _bounded(text, *span)


def _bounded(text: str, low: int, high: int) -> tuple[tuple[int, int] | None, str | None]:
    if low > high:
        low, high = high, low
    if high > OLDEST:
        return None, f"{_shown(text)} is above {OLDEST} years; taken as unknown"
    return (low, high), None


def _sort_tokens(text: str) -> tuple[list[float], list[str]] | None:
    """The numbers of a text and the kinds of its words in order, None when one is not known."""
    words = folded_table("age_words.tsv")
    tokens = _TOKEN.findall(text)
    numbers: list[float] = []
    kinds: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token[0] in "0123456789":
            number = float(token.replace(",", "."))
            if number > 10 * OLDEST:
                return None
            numbers.append(number)
            kinds.append("number")
            at += 1
            continue
        for width in range(min(3, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + width])
            kind = _SIGNS.get(phrase) or words.get(phrase) or words.get(phrase.replace(".", ""))
            if kind is not None:
                kinds.append(kind)
                at += width
                break
        else:
            return None
    return numbers, kinds


def _span(numbers: list[float], kinds: list[str]) -> tuple[int, int] | None:
    stages = [kind for kind in kinds if kind[0].isdigit()]
    if not numbers:
        return _stage(stages[0]) if len(set(stages)) == 1 else None
    units = [kind.removeprefix("short ") for kind in kinds if kind.split()[-1] in _YEARS_IN]
    if any(kind.startswith("short ") for kind in kinds) and numbers[-1] > _MOST_SHORT_UNITS:
        return None
    if len(numbers) == 1:
        return _single(numbers[0], units, kinds)
    if len(numbers) > 2:
        return None
    if len(set(units)) == 2 and "range" not in kinds:
        return _whole(numbers[0] * _YEARS_IN[units[0]] + numbers[1] * _YEARS_IN[units[1]])
    if "range" not in kinds and "and" not in kinds:
        return None
    scales = [_YEARS_IN[unit] for unit in units] or [1.0]
    return int(numbers[0] * scales[0] + 1e-9), int(numbers[1] * scales[-1] + 1e-9)


def _single(number: float, units: list[str], kinds: list[str]) -> tuple[int, int] | None:
    if len(set(units)) > 1:
        units = [unit for unit in units if unit != "year"]
    if "range" in kinds and kinds[-1] == "range":
        return None
    years = int(number * _YEARS_IN[units[0] if units else "year"] + 1e-9)
    if "under" in kinds:
        return 0, max(years - 1, 0)
    if "over" in kinds or "plus" in kinds:
        first = years + (1 if "over" in kinds else 0)
        return (first, OLDEST) if first <= OLDEST else None
    if "approx" in kinds:
        slack = max(2, years // 10) if years > 2 else 1
        return max(0, years - slack), years + slack
    return years, years


def _whole(years: float) -> tuple[int, int]:
    return int(years + 1e-9), int(years + 1e-9)


def _stage(kind: str) -> tuple[int, int]:
    low, high = kind.split("-")
    return int(low), int(high)


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
