"""A place as a value: where the gazetteer puts it and how finely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceLevel(StrEnum):
    """How fine a place is, from a building to a country."""

    SITE = "site"
    VILLAGE = "village"
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
