"""Homes: places by what the gazetteer knows, by letters otherwise, in one ordered answer."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from reknit.matching import homes as h
from reknit.matching.alignment import SCRATCH_SIZE
from reknit.matching.homes import (
    HomeArrays,
    HomeLexicon,
    compare_homes,
    join_homes,
    standardise_homes,
)
from reknit.matching.people import complete_columns
from reknit.matching.tokens import TokenTable

LEXICON, TOKENS = HomeLexicon(), TokenTable()
SCRATCH = np.zeros(SCRATCH_SIZE, np.int32)
COLUMNS = ("street", "neighborhood", "city", "state", "postal_code", "country")


def home(**cells: str) -> HomeArrays:
    unknown = set(cells) - set(COLUMNS)
    assert not unknown
    columns = {f"home_{name}": [cells.get(name, "")] for name in COLUMNS}
    return standardise_homes(complete_columns(pl.DataFrame(columns)), LEXICON, TOKENS)


def level(a: HomeArrays, b: HomeArrays, share: float = 0.01) -> int:
    city_share = np.full(len(TOKENS), share, np.float32)
    one, other = (
        int(compare_homes(x, 0, y, 0, TOKENS.arrays(), LEXICON.arrays(), city_share, SCRATCH))
        for x, y in ((a, b), (b, a))
    )
    assert one == other, "not the same both ways round"
    return one


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"city": "حلب", "country": "SY"}, {"city": "Aleppo", "country": "Syria"}, h.SAME_CITY),
        ({"city": "Київ"}, {"city": "Kyiv", "country": "UA"}, h.SAME_CITY),
        ({"city": "Xyzzygrad"}, {"city": "Xyzzigrad"}, h.SAME_CITY),
        ({"city": "Aleppo", "country": "SY"}, {"city": "Kyiv", "country": "UA"}, h.OTHER_COUNTRY),
        ({"city": "Aleppo"}, {"country": "UA"}, h.OTHER_COUNTRY),
        ({"city": "Aleppo", "country": "SY"}, {"city": "Daraa", "country": "SY"}, h.OTHER_REGION),
        ({"country": "SY"}, {"country": "سوريا"}, h.SAME_COUNTRY),
        (
            {"state": "Kharkiv Oblast", "country": "UA"},
            {"state": "kharkiv oblast", "country": "UA"},
            h.SAME_REGION,
        ),
        (
            {"street": "12 Rue des Oliviers", "city": "Tunis"},
            {"street": "Rue des Oliviers 12", "city": "تونس"},
            h.SAME_ADDRESS,
        ),
        ({"postal_code": "SW1A 1AA"}, {"postal_code": "sw1a1aa"}, h.SAME_NEIGHBOURHOOD),
        (
            {"neighborhood": "Al Hamidiyah", "city": "Homs"},
            {"neighborhood": "al-hamidiyah", "city": "حمص"},
            h.SAME_NEIGHBOURHOOD,
        ),
        ({"city": "Aleppo"}, {}, h.MISSING),
        ({}, {}, h.MISSING),
    ],
)
def test_it_grades_homes(a: dict[str, str], b: dict[str, str], expected: int) -> None:
    assert level(home(**a), home(**b)) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.3, h.SAME_CITY_COMMON), (0.01, h.SAME_CITY), (0.0001, h.SAME_CITY_RARE)],
)
def test_a_town_that_few_come_from_says_more(share: float, expected: int) -> None:
    assert level(home(city="Homs"), home(city="حمص", country="SY"), share) == expected


def test_towns_near_each_other_are_near() -> None:
    assert level(home(city="Beirut"), home(city="جونيه", country="LB")) == h.NEAR


def test_a_homes_level_is_the_same_alone_and_joined_to_others() -> None:
    one, other = home(city="Homs", country="SY"), home(city="حمص")
    both = join_homes(one, other)
    share = np.full(len(TOKENS), 0.01, np.float32)
    joined = compare_homes(both, 0, both, 1, TOKENS.arrays(), LEXICON.arrays(), share, SCRATCH)
    assert int(joined) == level(one, other) == h.SAME_CITY


def test_a_place_asked_twice_is_one_row() -> None:
    assert LEXICON.place("حلب", "SY") == LEXICON.place("Aleppo", "SY") >= 0
    assert LEXICON.place("Nowhere-on-any-map-qq", "") == -1
