"""Spellings and scripts of one name share a consonant skeleton."""

from __future__ import annotations

import pytest

from reknit.places.folding import plain_place
from reknit.places.skeletons import readings, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("القصير", "Al Qusayr"),
        ("Аль-Кусайр", "Al Qusayr"),
        ("Харьков", "Kharkiv"),
        ("Григорівка", "Hryhorivka"),
        ("Григоровка", "Grigorovka"),
        ("حمص", "Homs"),
        ("Kobanê", "كوباني"),
        ("Мариуполь", "Mariupol"),
        ("Deir ez-Zor", "Dayr az Zawr"),
    ],
)
def test_one_name_has_one_skeleton(one: str, other: str) -> None:
    bones = [{skeleton(latin) for latin in readings(plain_place(x))} - {""} for x in (one, other)]
    assert bones[0] & bones[1]


@pytest.mark.parametrize("text", ["", "a", "Aia", "\ud800", "123"])
def test_it_has_no_skeleton_for_too_little(text: str) -> None:
    assert not any(skeleton(latin) for latin in readings(plain_place(text)))
