"""Spellings and scripts of one name share a consonant skeleton."""

from __future__ import annotations

import pytest

from reknit.places.skeletons import romanise, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("القصير", "Al Qusayr"),
        ("Аль-Кусайр", "Al Qusayr"),
        ("Харьков", "Kharkiv"),
        ("حمص", "Homs"),
        ("Kobanê", "كوباني"),
        ("Мариуполь", "Mariupol"),
        ("Deir ez-Zor", "Dayr az Zawr"),
    ],
)
def test_one_name_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(romanise(one)) == skeleton(romanise(other)) != ""


@pytest.mark.parametrize("text", ["", "a", "Aia", "\ud800", "123"])
def test_it_has_no_skeleton_for_too_little(text: str) -> None:
    assert skeleton(romanise(text)) == ""
