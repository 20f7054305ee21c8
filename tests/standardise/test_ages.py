"""Ages: how they are written, what they span, how far they may be off."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.ages import OLDEST, age_slack_years, heaped, standardise_age
from reknit.vocabulary import Age


def span(text: str) -> tuple[int, int] | None:
    value = standardise_age(text, None).value
    return None if value is None else (value.low, value.high)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("34", (34, 34)),
        ("34.5", (34, 34)),
        ("34 years old", (34, 34)),
        ("٣٤ سنة", (34, 34)),
        ("۳۴ ساله", (34, 34)),
        ("34 роки", (34, 34)),
        ("34 ans", (34, 34)),
        ("34 años", (34, 34)),
        ("34 jir", (34, 34)),
        ("miaka 34", (34, 34)),
        ("ዕድሜ 34", (34, 34)),
        ("፴፬ ዓመት", (34, 34)),
        ("အသက် ၃၄ နှစ်", (34, 34)),
        ("三十四岁", (34, 34)),
        ("34 tuổi", (34, 34)),
        ("30 እስከ 35", (30, 35)),
        ("30-35", (30, 35)),
        ("30–35", (30, 35)),
        ("35-30", (30, 35)),
        ("between 30 and 35", (30, 35)),
        ("30 أو 35", (30, 35)),
        ("от 30 до 35 лет", (30, 35)),
        ("~40", (36, 44)),
        ("40?", (36, 44)),
        ("about 20", (18, 22)),
        ("حوالي 40", (36, 44)),
        ("6 months", (0, 0)),
        ("٦ أشهر", (0, 0)),
        ("18 months", (1, 1)),
        ("12 months", (1, 1)),
        ("2y6m", (2, 2)),
        ("2 years 6 months", (2, 2)),
        ("10 days", (0, 0)),
        ("5 1/2", (5, 5)),
        ("5½", (5, 5)),
        ("under 18", (0, 17)),
        ("до 18", (0, 17)),
        ("over 60", (61, 120)),
        ("60+", (60, 120)),
        ("newborn", (0, 0)),
        ("child", (0, 17)),
        ("طفل", (0, 17)),
        ("elderly", (60, 120)),
        ("0", (0, 0)),
        ("120", (120, 120)),
    ],
)
def test_it_reads_the_ways_an_age_is_written(text: str, expected: tuple[int, int]) -> None:
    assert span(text) == expected
    assert standardise_age(text, None).finding is None


@pytest.mark.parametrize(
    "text", ["121", "999", "-5", "−5", "1985", "abc", "34 f", "10-20-30", "5-"]
)
def test_what_is_no_age_is_unknown_and_reported(text: str) -> None:
    reading = standardise_age(text, None)
    assert reading.value is None
    assert reading.finding is not None
    assert reading.finding.startswith(text)


def test_a_letter_after_a_grown_persons_age_is_not_taken_for_months() -> None:
    assert span("34 m") is None
    assert span("6 m") == (0, 0)


@pytest.mark.parametrize("text", ["", "?", "unknown", "مجهول"])
def test_a_cell_that_says_unknown_has_no_finding(text: str) -> None:
    assert standardise_age(text, None) == standardise_age("-", None)
    assert standardise_age(text, None).finding is None


def test_an_age_keeps_the_day_it_was_said() -> None:
    said = dt.date(2026, 11, 1)
    value = standardise_age("34", said).value
    assert value == Age(34, 34, said)
    assert value.birth_years() == (1991, 1992)


def test_round_ages_are_heaped_and_may_be_further_off() -> None:
    assert [heaped(Age(years, years)) for years in (5, 10, 34, 35, 40)] == [
        False, True, False, True, True,
    ]  # fmt: skip
    assert not heaped(Age(30, 40))
    assert [age_slack_years(Age(years, years)) for years in (3, 10, 34, 35, 40)] == [1, 2, 1, 2, 5]


@given(st.text(max_size=30) | st.text(alphabet="0123456789-~+<>?. ymdw٣٤፴十岁", max_size=16))
def test_any_text_has_a_reading_within_the_bounds_of_a_life(text: str) -> None:
    value = standardise_age(text, None).value
    if value is not None:
        assert 0 <= value.low <= value.high <= OLDEST


@given(st.integers(0, OLDEST), st.integers(0, OLDEST))
def test_a_range_written_out_is_read_back(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert span(f"{low}-{high}") == span(f"{low} to {high} years") == (low, high)
