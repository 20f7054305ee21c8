"""Distinct patterns of levels, numbered as they appear."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reknit.matching.levels import QUESTIONS
from reknit.matching.patterns import number_patterns

ROWS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 15), min_size=QUESTIONS, max_size=QUESTIONS), st.integers(0, 700)
    ),
    max_size=40,
)


@given(rows=ROWS)
def test_each_row_is_given_the_number_of_its_pattern(rows: list[tuple[list[int], int]]) -> None:
    levels = np.array([row for row, _ in rows], np.int8).reshape(-1, QUESTIONS)
    group = np.array([group for _, group in rows], np.int16)
    first, of_row = number_patterns(levels, group)
    numbers: dict[tuple[tuple[int, ...], int], int] = {}
    expected = [numbers.setdefault((tuple(row), group), len(numbers)) for row, group in rows]
    assert of_row.tolist() == expected
    assert [(tuple(levels[row].tolist()), int(group[row])) for row in first] == list(numbers)


def test_it_numbers_more_patterns_than_it_first_has_room_for() -> None:
    dice = np.random.default_rng(7)
    levels = dice.integers(0, 16, (60_000, QUESTIONS), np.int8)
    levels = np.concatenate([levels, levels[::-1]])
    first, of_row = number_patterns(levels, np.zeros(len(levels), np.int16))
    assert len(first) > 50_000
    assert (levels[first][of_row] == levels).all()
    assert (of_row[:60_000] == of_row[60_000:][::-1]).all()
