"""Distances and relations, one pair at a time and in columns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.places import Gazetteer, PlaceLevel, PlaceRef, PlaceRelation, distance_km, relation
from reknit.places.geometry import EARTH_RADIUS_KM, RELATIONS, distances_km, point_distance_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)


def place(
    place_id: int,
    latitude: float,
    longitude: float,
    *codes: str,
    level: PlaceLevel = PlaceLevel.CITY,
) -> PlaceRef:
    country, region, district = (*codes, None, None)[:3]
    assert country is not None
    return PlaceRef(place_id, "x", level, latitude, longitude, country, region, district)


@given(POINTS, POINTS)
def test_distance_is_symmetric_and_at_most_half_round_the_globe(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    there, back = point_distance_km(*a, *b), point_distance_km(*b, *a)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert distances_km(*a, *b) == pytest.approx(there, abs=1e-6)


def test_a_quarter_of_the_equator_is_a_quarter_of_the_girth() -> None:
    quarter = math.pi * EARTH_RADIUS_KM / 2
    assert distance_km(place(1, 0, 0, "SY"), place(2, 0, 90, "SY")) == pytest.approx(quarter)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (place(1, 36, 37, "SY"), place(1, 36, 37, "SY"), PlaceRelation.SAME),
        (
            place(1, 36, 37, "SY", "SY.09", "SY.09.1"),
            place(2, 36.9, 37, "SY", "SY.09", "SY.09.1"),
            PlaceRelation.SAME_DISTRICT,
        ),
        (
            place(1, 36, 37, "SY", "SY.09"),
            place(2, 36.2, 37, "TR", "TR.83"),
            PlaceRelation.NEAR,
        ),
        (
            place(1, 36, 37, "SY", "SY.09"),
            place(2, 36.9, 37, "SY", "SY.09"),
            PlaceRelation.SAME_REGION,
        ),
        (
            place(1, 36, 37, "SY", "SY.09"),
            place(2, 33, 36, "SY", "SY.13"),
            PlaceRelation.SAME_COUNTRY,
        ),
        (place(1, 36, 37, "SY"), place(2, 50, 30, "UA"), PlaceRelation.OTHER_COUNTRY),
        (
            place(1, 36, 37, "SY", "SY.09"),
            place(2, 36, 37, "SY", "SY.09", level=PlaceLevel.REGION),
            PlaceRelation.SAME_REGION,
        ),
        (
            place(1, 36, 37, "SY", "SY.09"),
            place(2, 36, 37, "SY", level=PlaceLevel.COUNTRY),
            PlaceRelation.SAME_COUNTRY,
        ),
    ],
)
def test_the_relation_is_the_closest_that_holds(
    a: PlaceRef, b: PlaceRef, expected: PlaceRelation
) -> None:
    assert relation(a, b) is relation(b, a) is expected


def test_columns_say_what_single_places_say(gazetteer: Gazetteer) -> None:
    site = {"name": "Reception site", "latitude": "36.2", "longitude": "37.2", "country": "SY"}
    known = gazetteer.with_operator_places([site])
    arrays = known.arrays()
    assert (np.diff(arrays.place_id) > 0).all()
    names = ["حلب", "Idlib", "Gaziantep", "Oromia", "Syria", "سوريا", "Kharkiv", "Reception site"]
    names += ["Manbij", "Donetsk Oblast", "Mariupol"]
    places = [known.resolve(name)[0] for name in names]
    rows = arrays.rows([p.place_id for p in places])
    for a, row in zip(places, rows, strict=True):
        found = arrays.relations(np.full(len(rows), row), rows)
        assert [RELATIONS[i] for i in found] == [relation(a, b) for b in places]


def test_columns_say_when_a_place_is_unknown(gazetteer: Gazetteer) -> None:
    assert gazetteer.arrays().rows([170063, 999_999_999]).tolist()[1] == -1
