"""Phones: one key for the spellings of one number, none for what is no number."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.phones import phone_match_key, standardise_phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+380 67 123 4567", "067 123-45-67"),
        ("+380 67 123 4567", "00380671234567"),
        ("+380 67 123 4567", "380671234567"),
        ("+380 67 123 4567", "+380 (0)67 123 45 67"),
        ("0944 123 456", "٠٩٤٤ ١٢٣ ٤٥٦"),
        ("+963 944 123 456", "۰۹۴۴۱۲۳۴۵۶"),
        ("+509 3412 3457", "3412-3457"),
        ("+252 61 2345679", "0612345679"),
        ("+95 9 420 123 456", "၀၉၄၂၀၁၂၃၄၅၆"),
        ("067 123 45 67 ext. 12", "067 123 45 67"),
        ("067 123 45 67 / 050 765 43 21", "067 123 45 67"),
        ("\u202a+380671234567\u202c", "0671234567"),
    ],
)
def test_spellings_of_one_number_share_a_key(one: str, other: str) -> None:
    assert phone_match_key(one) == phone_match_key(other) > 0


@pytest.mark.parametrize(
    "text",
    ["", "-", "12345", "000000000", "0777777777", "123456789", "0123456789", "067 *** ** 67",
     "067XXXXX67", "067...4567", "no phone", "1" * 40],
)  # fmt: skip
def test_what_is_no_number_matches_nothing(text: str) -> None:
    assert phone_match_key(text) == 0
    assert standardise_phone(text, "UA").e164 is None


def test_it_is_dialled_from_the_region_it_was_written_in() -> None:
    assert standardise_phone("067 123-45-67", "UA").e164 == "+380671234567"
    assert standardise_phone("067 123-45-67", "ua").e164 == "+380671234567"
    assert standardise_phone("067 123-45-67").e164 is None
    assert standardise_phone("+380 67 123 45 67").e164 == "+380671234567"
    assert standardise_phone("067 123-45-67", "no such region").e164 is None


@given(st.text(max_size=30) | st.text(alphabet="0123456789+-() ./xX*٠١٢", max_size=24))
def test_any_text_has_one_key_on_both_ways(text: str) -> None:
    phone = standardise_phone(text)
    assert phone.match_key == phone_match_key(text)
    assert 0 <= phone.match_key < 10**9


@given(st.integers(10**8, 10**9 - 1))
def test_marks_between_digits_do_not_count(national: int) -> None:
    digits = str(national)
    spaced = f"({digits[:2]}) {digits[2:5]}-{digits[5:]}"
    assert phone_match_key(digits) == phone_match_key(spaced) == phone_match_key(f"0{digits}")


def test_keys_are_made_fast() -> None:
    numbers = [f"+380 67 123 {number:04}" for number in range(10_000)]
    start = time.process_time()
    for number in numbers:
        phone_match_key(number)
    assert (time.process_time() - start) / len(numbers) < 50e-6


def test_a_made_up_number_whose_code_is_zeros_is_still_a_number() -> None:
    """Scenarios give people +93 000 …, which nobody has; stripped to six digits it was lost."""
    assert phone_match_key("+93 000 140 952") == phone_match_key("0093000140952") != 0
    assert phone_match_key("+93 000 140 952") != phone_match_key("+93 000 140 953")
