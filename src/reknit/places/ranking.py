"""The order of the places that a text may mean.

First what agrees with the country hint, then with the level that the text names, then the surer
rung, then nearness to the place hinted at, then weight: tenfold people count as 1, a primary name
or one written just so as 0.5, each hundredth of likeness as 0.24. Without an admin word a country
goes before its namesake towns, and a town before the region and district named after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reknit.places.geometry import point_distance_km
from reknit.places.table import LEVELS, NameKind, Table
from reknit.vocabulary import PlaceLevel, PlaceRef

TOWNS: Final = (PlaceLevel.SITE, PlaceLevel.VILLAGE, PlaceLevel.CITY)
_LIKENESS_WEIGHT: Final = 24.0
_PRIMARY_WEIGHT: Final = 0.5
_VERBATIM_WEIGHT: Final = 0.5
_WEAK_RUNGS: Final = 5
_NEAR_BANDS_KM: Final = (30, 100, 300, 1000)
_SURE_BONUS: Final = {
    PlaceLevel.COUNTRY: 1.0,
    PlaceLevel.REGION: -0.5,
    PlaceLevel.DISTRICT: -1.5,
}
_LIKE_BONUS: Final = {
    PlaceLevel.COUNTRY: -1.0,
    PlaceLevel.REGION: -1.0,
    PlaceLevel.DISTRICT: -2.0,
}
_WANTED: Final = {
    PlaceLevel.SITE: (PlaceLevel.SITE,),
    PlaceLevel.CITY: TOWNS,
    PlaceLevel.VILLAGE: TOWNS,
    PlaceLevel.DISTRICT: (PlaceLevel.DISTRICT,),
    PlaceLevel.REGION: (PlaceLevel.REGION,),
    PlaceLevel.COUNTRY: (PlaceLevel.COUNTRY,),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the table and how it was found: rung (0 surest), kind of name, likeness 0 to 1.

    is_verbatim: the text is, but for case, as the source writes the name (one in eight by chance).
    """

    row: int
    rung: int
    kind: int
    likeness: float = 1.0
    is_verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller and the text ask for: country number (-1 none), place near by, level."""

    country: int = -1
    near: PlaceRef | None = None
    level: PlaceLevel | None = None


def level_of(table: Table, row: int) -> PlaceLevel:
    """The level of a row."""
    return LEVELS[int(table.level[row])]


def weight(table: Table, found: Found) -> float:
    """The weight of one finding, above; comparable between findings of one text."""
    bonus = _SURE_BONUS if found.likeness == 1.0 else _LIKE_BONUS
    people = math.log10(int(table.population[found.row]) + 10)
    primary = _PRIMARY_WEIGHT if found.kind == NameKind.PRIMARY else 0.0
    level = bonus.get(level_of(table, found.row), 0.0)
    verbatim = _VERBATIM_WEIGHT if found.is_verbatim else 0.0
    return people + primary + verbatim + level + _LIKENESS_WEIGHT * found.likeness


def ranked(table: Table, found: Iterable[Found], wishes: Wishes) -> list[int]:
    """The rows found, best first, each once."""
    weighed = {f: weight(table, f) for f in found}
    namesake = _heaviest_town_of_area(table, weighed)
    wanted = _WANTED[wishes.level] if wishes.level is not None else ()

    def order(item: tuple[Found, float]) -> tuple[float, ...]:
        f, its_weight = item
        level = level_of(table, f.row)
        if level in (PlaceLevel.REGION, PlaceLevel.DISTRICT):
            area = table.region if level is PlaceLevel.REGION else table.district
            its_weight = min(its_weight, namesake.get((level, int(area[f.row])), its_weight))
        is_weak = f.kind == NameKind.WEAK and level not in wanted
        return (
            wishes.country >= 0 and int(table.country[f.row]) != wishes.country,
            bool(wanted) and level not in wanted,
            f.rung + _WEAK_RUNGS * is_weak,
            _nearness_band(table, f.row, wishes.near),
            -its_weight,
            LEVELS.index(level),
            f.row,
        )

    return list(dict.fromkeys(f.row for f, _ in sorted(weighed.items(), key=order)))


def distance_between(table: Table, row: int, other: int) -> float:
    """Kilometres between two rows."""
    return point_distance_km(
        float(table.latitude[row]),
        float(table.longitude[row]),
        float(table.latitude[other]),
        float(table.longitude[other]),
    )


def _heaviest_town_of_area(
    table: Table, weighed: dict[Found, float]
) -> dict[tuple[PlaceLevel, int], float]:
    heaviest: dict[tuple[PlaceLevel, int], float] = {}
    for f, its_weight in weighed.items():
        if f.kind != NameKind.WEAK and level_of(table, f.row) in TOWNS:
            for area in (
                (PlaceLevel.REGION, int(table.region[f.row])),
                (PlaceLevel.DISTRICT, int(table.district[f.row])),
            ):
                heaviest[area] = max(its_weight, heaviest.get(area, its_weight))
    return heaviest


def _nearness_band(table: Table, row: int, near: PlaceRef | None) -> int:
    if near is None:
        return 0
    away = point_distance_km(
        float(table.latitude[row]), float(table.longitude[row]), near.latitude, near.longitude
    )
    return sum(away > limit for limit in _NEAR_BANDS_KM)
