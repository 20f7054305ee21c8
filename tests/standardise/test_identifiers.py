"""Identifiers: kinds in many languages, keys that survive copying, placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.identifiers import standardise_identifier


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("passport: AB123456", "passport"),
        ("Passport No.: AB123456", "passport"),
        ("جواز السفر: AB123456", "passport"),
        ("Паспорт: AB123456", "passport"),
        ("护照：AB123456", "passport"),
        ("tazkira: 1399-0101-12345", "national"),
        ("رقم وطني: 9901234567", "national"),
        ("UNHCR ID: 123-16C01234", "registration"),
        ("case: 2024/00017", "case"),
        ("Library card: 77123", "library card"),
        ("AB123456", "other"),
    ],
)
def test_it_reads_the_kind(line: str, kind: str) -> None:
    assert standardise_identifier(line).type == kind


@pytest.mark.parametrize(
    "line",
    ["passport: AB 123-456", "passport: ab123456", "passport: АВ123456", "passport: AB١٢٣٤٥٦",
     "passport: ＡＢ１２３４５６", "passport : AB.123.456\u200f"],
)  # fmt: skip
def test_one_paper_copied_differently_has_one_key(line: str) -> None:
    assert standardise_identifier(line).match_key == "AB123456"


@pytest.mark.parametrize(
    "value",
    ["N/A", "0000", "123456789", "987654321", "XXXX", "AB***456", "17", "?", "", "غير معروف"],
)
def test_a_placeholder_matches_nothing(value: str) -> None:
    assert standardise_identifier(f"case: {value}").match_key == ""


@given(st.text(max_size=40))
def test_any_line_has_a_reading_and_keys_are_stable(line: str) -> None:
    read = standardise_identifier(line)
    if read.match_key:
        assert standardise_identifier(f"case: {read.match_key}").match_key == read.match_key
