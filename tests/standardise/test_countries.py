"""Countries by code and by name in many languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.countries import standardise_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SY", "SY"),
        ("syr", "SY"),
        ("Syria", "SY"),
        ("Syrian Arab Republic", "SY"),
        ("سوريا", "SY"),
        ("Сирія", "SY"),
        ("叙利亚", "SY"),
        ("Suriye", "SY"),
        ("ኢትዮጵያ", "ET"),
        ("Soomaaliya", "SO"),
        ("Ayiti", "HT"),
        ("Україна", "UA"),
        ("the Gambia", "GM"),
        ("Côte d’Ivoire", "CI"),
        ("Burma", "MM"),
        ("မြန်မာ", "MM"),
        ("DRC", "CD"),
        ("UK", "GB"),
        ("جمهورية السودان", "SD"),
        ("République démocratique du Congo", "CD"),
        ("Viet Nam", "VN"),
    ],
)
def test_it_knows_countries(text: str, code: str) -> None:
    assert standardise_country(text) == code


@pytest.mark.parametrize("text", ["", "-", "Atlantis", "unknown", "ZZ", "QQQ"])
def test_what_is_no_country_is_unknown(text: str) -> None:
    assert standardise_country(text) is None


@given(st.text(max_size=30))
def test_a_code_stays_itself(text: str) -> None:
    code = standardise_country(text)
    assert code is None or standardise_country(code) == code
