"""Slips of the keyboard in one cell."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from reknit.synth.slips import (
    nickname,
    shorten,
    swap_day_month,
    typo,
    wrong_birth_figure,
    wrong_figure,
)

CHANCE = st.floats(0, 1, exclude_max=True)


@given(st.text("abcdefgh ", min_size=1, max_size=15), CHANCE, CHANCE)
def test_a_typo_is_one_edit_at_most(text: str, u: float, v: float) -> None:
    assert DamerauLevenshtein.distance(text, typo(text, u, v)) <= 1


@given(st.integers(10**6, 10**7 - 1).map(str), CHANCE, CHANCE)
def test_a_wrong_figure_is_another_figure(text: str, u: float, v: float) -> None:
    wrong = wrong_figure(text, u, v)
    assert len(wrong) == len(text)
    assert sum(a != b for a, b in zip(text, wrong, strict=True)) == 1


@given(st.dates(dt.date(1930, 1, 1), dt.date(2024, 1, 1)), CHANCE, CHANCE)
def test_a_slipped_birth_date_is_still_a_date(day: dt.date, u: float, v: float) -> None:
    dt.date.fromisoformat(wrong_birth_figure(day.isoformat(), u, v))
    swapped = dt.date.fromisoformat(swap_day_month(day.isoformat()))
    assert swap_day_month(swapped.isoformat()) == day.isoformat() or day.day > 12


@pytest.mark.parametrize(
    ("street", "short"), [("12 Oak Street", "12 Oak St"), ("9 Elm Mews", "9 Elm Mews")]
)
def test_street_types_are_shortened_where_known(street: str, short: str) -> None:
    assert shorten(street, {"Street": "St"}) == short


def test_only_names_with_pet_forms_get_one() -> None:
    assert nickname("Robert", 0.9, {"Robert": ["Rob", "Bob"]}) == "Bob"
    assert nickname("Mark", 0.9, {"Robert": ["Rob", "Bob"]}) == "Mark"
