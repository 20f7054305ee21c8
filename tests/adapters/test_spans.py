"""A value counts where the message says it, letter by letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reknit.adapters.spans import find_literal, overlap


@given(st.text(max_size=60), st.text(max_size=12))
def test_what_is_found_is_what_the_text_says_there(text: str, value: str) -> None:
    place = find_literal(text, value)
    if place is not None:
        assert text[place[0] : place[1]] == value
    else:
        assert value not in text or value != value.strip() or not value or "\n" in value


def test_it_prefers_words_of_their_own() -> None:
    assert find_literal("Alicante, Ali", "Ali") == (10, 13)
    assert find_literal("لزينب وزينب", "زينب") == (1, 5)


def test_the_same_value_twice_is_found_in_two_places() -> None:
    first = find_literal("Ali and Ali", "Ali")
    assert first is not None
    assert find_literal("Ali and Ali", "Ali", [first]) == (8, 11)
    assert find_literal("Ali and Ali", "Ali", [(0, 3), (8, 11)]) is None


def test_it_folds_no_letter_and_forgives_no_space() -> None:
    for value in ("amina", "Amina  Yusuf", "Amína", "Amina ", "", "a" * 500, "my\nAmina"):
        assert find_literal("my\nAmina Yusuf", value) is None


def test_overlap_is_of_the_longer() -> None:
    assert overlap((0, 4), (4, 8)) == 0
    assert overlap((0, 4), (2, 4)) == 0.5
    assert overlap((3, 3), (3, 3)) == 0
