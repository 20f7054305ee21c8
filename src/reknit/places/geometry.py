"""Distance on the globe and how two places lie to each other.

Rules kept here:
- Distance is the haversine on a sphere of the mean Earth radius (R. W. Sinnott, "Virtues of the
  Haversine", Sky and Telescope 68, 1984; radius R1 of IUGG/WGS 84, 6371.0088 km): within 0.6 % of
  the ellipsoid.
- A relation is the closest that holds. Two places finer than a region are NEAR at 30 km or less;
  a region or a country has no useful single point, so it is never NEAR anything.

>>> aleppo = PlaceRef(170063, "Aleppo", PlaceLevel.CITY, 36.20124, 37.16117, "SY", "SY.09")
>>> homs = PlaceRef(169577, "Homs", PlaceLevel.CITY, 34.72405, 36.72559, "SY", "SY.11")
>>> round(distance_km(aleppo, homs)), relation(aleppo, homs).value
(169, 'same_country')
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reknit.vocabulary import PlaceLevel, PlaceRef, PlaceRelation

EARTH_RADIUS_KM: Final = 6371.0088
NEAR_KM: Final = 30.0
RELATIONS: Final = tuple(PlaceRelation)
"""Relations by the number that `PlaceArrays.relations` gives, closest first."""
_WIDE: Final = (PlaceLevel.REGION, PlaceLevel.COUNTRY)


def distance_km(a: PlaceRef, b: PlaceRef) -> float:
    """Great-circle distance between two places in kilometres."""
    return point_distance_km(a.latitude, a.longitude, b.latitude, b.longitude)


def point_distance_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Great-circle distance in kilometres between two points given in degrees."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    half_phi = (other_phi - phi) / 2
    half_lambda = math.radians(other_longitude - longitude) / 2
    chord = (
        math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(half_lambda) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def distances_km(
    latitude: npt.ArrayLike,
    longitude: npt.ArrayLike,
    other_latitude: npt.ArrayLike,
    other_longitude: npt.ArrayLike,
) -> npt.NDArray[np.float64]:
    """`point_distance_km` for whole arrays of degrees."""
    phi, other_phi = np.radians(latitude), np.radians(other_latitude)
    half_lambda = np.radians(np.subtract(other_longitude, longitude)) / 2
    chord = (
        np.sin((other_phi - phi) / 2) ** 2
        + np.cos(phi) * np.cos(other_phi) * np.sin(half_lambda) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def relation(a: PlaceRef, b: PlaceRef) -> PlaceRelation:
    """The closest relation that holds between two places; symmetric."""
    if a.place_id == b.place_id:
        return PlaceRelation.SAME
    if a.district is not None and a.district == b.district:
        return PlaceRelation.SAME_DISTRICT
    if a.level not in _WIDE and b.level not in _WIDE and distance_km(a, b) <= NEAR_KM:
        return PlaceRelation.NEAR
    if a.region is not None and a.region == b.region:
        return PlaceRelation.SAME_REGION
    if a.country == b.country:
        return PlaceRelation.SAME_COUNTRY
    return PlaceRelation.OTHER_COUNTRY


@dataclass(frozen=True, slots=True)
class PlaceArrays:
    """Every place of a gazetteer as columns sorted by place_id, for numpy and numba.

    country, region, district: small numbers equal for places in one of them, -1 for none;
    wide: True for regions and countries.
    """

    place_id: npt.NDArray[np.int64]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    country: npt.NDArray[np.int32]
    region: npt.NDArray[np.int32]
    district: npt.NDArray[np.int32]
    wide: npt.NDArray[np.bool_]

    def rows(self, place_ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The row of each place id, -1 where the gazetteer has no such place."""
        wanted = np.asarray(place_ids, np.int64)
        at = np.minimum(self.place_id.searchsorted(wanted), len(self.place_id) - 1)
        return np.where(self.place_id[at] == wanted, at, -1)

    def relations(self, a: npt.ArrayLike, b: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """`relation` for pairs of rows (0 or more), as indices into `RELATIONS`."""
        x, y = np.asarray(a, np.int64), np.asarray(b, np.int64)
        near = ~(self.wide[x] | self.wide[y]) & (
            distances_km(self.latitude[x], self.longitude[x], self.latitude[y], self.longitude[y])
            <= NEAR_KM
        )
        ladder = [
            self.place_id[x] == self.place_id[y],
            (self.district[x] >= 0) & (self.district[x] == self.district[y]),
            near,
            (self.region[x] >= 0) & (self.region[x] == self.region[y]),
            self.country[x] == self.country[y],
        ]
        found = np.select(ladder, range(len(ladder)), default=len(ladder))
        return np.asarray(found, np.int8)
