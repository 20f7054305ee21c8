"""Figures in words."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.report import Verdict
from reknit.report.words import (
    SCRIPT_WORDS,
    VERDICT_WORDS,
    bits,
    chance,
    duration,
    moment,
    percent,
    probability_of,
    round_plainly,
    script_name,
    share_of,
    weight_in_words,
)
from reknit.vocabulary import Script


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "not known"),
        (0.0, "0%"),
        (0.00001, "below 0.1%"),
        (0.042, "4.2%"),
        (0.5, "50%"),
        (0.973, "97.3%"),
        (0.99999, "above 99.9%"),
        (1.0, "100%"),
    ],
)
def test_it_says_a_probability(share: float | None, words: str) -> None:
    assert percent(share) == words


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_is_never_said_to_be(share: float) -> None:
    assert percent(share) not in {"0%", "100%", "0.0%", "100.0%"}


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "never"),
        (1e-6, "1 in 1,000,000"),
        (0.0005, "1 in 2,000"),
        (0.05, "1 in 20"),
        (0.45, "45 in 100"),
        (0.9999, "over 99 in 100"),
        (1.0, "always"),
    ],
)
def test_it_says_how_often(probability: float, words: str) -> None:
    assert chance(probability) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(1.0, "1"), (1.44, "1.4"), (9.96, "10"), (73.5, "74"), (8_388_608, "8,400,000")],
)
def test_it_rounds_to_two_digits(number: float, words: str) -> None:
    assert round_plainly(number) == words


def test_a_weight_is_said_as_a_ratio_for_either_side() -> None:
    assert weight_in_words(3) == "about 8 times likelier if they are one person"
    assert weight_in_words(-3) == "about 8 times likelier if they are two people"
    assert weight_in_words(0.0) == "weighs nothing either way"
    assert weight_in_words(-math.inf) == "only possible if they are two people"


def test_a_weight_has_a_sign_that_screens_and_people_read() -> None:
    assert [bits(weight) for weight in (13.61, -4.0, 0.04, -0.04, -math.inf)] == [
        "+13.6",
        "−4.0",
        "0",
        "0",
        "−∞",
    ]


@given(st.floats(-40, 40))
def test_odds_and_probability_say_the_same(log2_odds: float) -> None:
    probability = probability_of(log2_odds)
    assert probability / (1 - probability) == pytest.approx(2**log2_odds, rel=1e-3)


def test_odds_beyond_all_numbers_are_certain() -> None:
    assert (probability_of(-math.inf), probability_of(math.inf)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "not measured"),
        (3.42, "3.4 s"),
        (74.3, "74 s"),
        (134, "2 min 14 s"),
        (8000, "2 h 13 min"),
    ],
)
def test_it_says_a_length_of_time(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_a_moment_is_said_in_its_own_zone() -> None:
    when = dt.datetime(2026, 3, 2, 9, 5)
    assert moment(when) == "2 March 2026, 09:05"
    assert moment(when.replace(tzinfo=dt.UTC)) == "2 March 2026, 09:05 UTC"


def test_a_share_of_nobody_is_no_share() -> None:
    assert share_of(0, 0) == "–"
    assert share_of(1, 4) == "25%"


def test_every_script_and_verdict_has_a_word() -> None:
    assert set(SCRIPT_WORDS) <= set(Script)
    assert {script_name(script) for script in Script} >= {"Arabic", "Burmese", "Han (Chinese)"}
    assert set(VERDICT_WORDS) == set(Verdict)
