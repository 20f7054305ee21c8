"""A place as a value: where the gazetteer puts it and how finely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceLevel(StrEnum):
    """How fine a place is, from a building to a country."""

    SITE = "site"
    VILLAGE = "village"
    CITY = "city"
    DISTRICT = "district"
    REGION = "region"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place the gazetteer knows.

    place_id: the gazetteer's id (GeoNames ids are positive, an operator's own are negative).
    country: ISO 3166-1 alpha-2; region, district: codes that are equal for places in one region,
    district; latitude, longitude in degrees (WGS 84).
    """

    place_id: int
    name: str
    level: PlaceLevel
    latitude: float
    longitude: float
    country: str
    region: str | None = None
    district: str | None = None


class PlaceRelation(StrEnum):
    """How two places lie to each other, closest first; NEAR is 30 km or less."""

    SAME = "same"
    SAME_DISTRICT = "same_district"
    NEAR = "near"
    SAME_REGION = "same_region"
    SAME_COUNTRY = "same_country"
    OTHER_COUNTRY = "other_country"
