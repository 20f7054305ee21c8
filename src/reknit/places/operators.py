"""An operator's own places: camps, shelters, hospitals that no public gazetteer knows.

Rules kept here:
- Columns: name, alternate_names (one a line within the cell), latitude, longitude, country (ISO
  3166-1 alpha-2), level (site when empty). More columns are ignored.
- A row that breaks a rule is left out and reported with its line, the rule and the next step; the
  rest are used. Only a file without the needed columns, or unreadable, is refused as a whole.
- Ids are negative and follow from name, country and coordinates, so that they stay the same when
  rows are added or moved.
- Region and district are those of the nearest settlement of the country within 30 km.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reknit.places.errors import OperatorPlacesError
from reknit.places.folding import plain_place, strip_admin_words
from reknit.places.geometry import NEAR_KM, distances_km
from reknit.places.hashing import spelling_bit
from reknit.places.skeletons import romanise, skeleton
from reknit.places.table import LEVELS, Added, NameKind, Posting, Table
from reknit.vocabulary import PlaceLevel

NEEDED: Final = ("name", "latitude", "longitude", "country")
OperatorSource = Path | str | Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PlaceRowProblem:
    """A row left out: its line (the header is line 1), the rule it breaks, what to do."""

    line: int
    rule: str
    next_step: str


@dataclass(frozen=True, slots=True)
class _OperatorPlace:
    name: str
    alternates: tuple[str, ...]
    latitude: float
    longitude: float
    country: str
    level: PlaceLevel

    @property
    def place_id(self) -> int:
        said = f"{self.name}|{self.country}|{self.latitude:.5f}|{self.longitude:.5f}"
        digest = hashlib.blake2b(said.encode(), digest_size=8).digest()
        return -1 - int.from_bytes(digest) % 10**15


@dataclass(slots=True)
class _RowRefusedError(Exception):
    rule: str
    next_step: str


@dataclass(slots=True)
class _Index:
    names: list[str] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)
    keys: dict[str, list[Posting]] = field(default_factory=dict)
    skeletons: dict[str, list[str]] = field(default_factory=dict)


def add_operator_places(
    table: Table, source: OperatorSource
) -> tuple[Table, tuple[PlaceRowProblem, ...]]:
    """The table with the operator's places after its own rows, and the rows left out.

    Raises OperatorPlacesError when the source as a whole cannot be read.
    """
    places: dict[int, _OperatorPlace] = {}
    problems = []
    for line, row in _rows(source):
        try:
            place = _read_row(row, table.countries)
        except _RowRefusedError as refusal:
            problems.append(PlaceRowProblem(line, refusal.rule, refusal.next_step))
            continue
        if table.row_of(place.place_id) is not None or place.place_id in places:
            problems.append(
                PlaceRowProblem(line, "This place is listed already.", "Leave the row out.")
            )
            continue
        places[place.place_id] = place
    return _extended(table, places), tuple(problems)


def _rows(source: OperatorSource) -> Iterable[tuple[int, Mapping[str, str]]]:
    if not isinstance(source, (str, Path)):
        return enumerate(source, start=2)
    try:
        with Path(source).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [c for c in NEEDED if c not in (reader.fieldnames or ())]
            if lacking:
                raise OperatorPlacesError(
                    f"{source}: line 1 lacks the column {', '.join(lacking)}. "
                    f"Give the file the columns {', '.join(NEEDED)}."
                )
            rows = []
            line = 2
            for row in reader:
                rows.append((line, row))
                line = reader.line_num + 1
            return rows
    except (OSError, UnicodeError, csv.Error) as error:
        raise OperatorPlacesError(
            f"{source}: cannot be read as UTF-8 CSV ({error}). Save it as CSV in UTF-8."
        ) from error


def _read_row(row: Mapping[str, str], countries: tuple[str, ...]) -> _OperatorPlace:
    def cell(column: str) -> str:
        return str(row.get(column) or "").strip()

    name, country, level = cell("name"), cell("country").upper(), cell("level").lower()
    if not plain_place(name):
        raise _RowRefusedError(
            "A place needs a name with letters or digits.", "Fill the column name."
        )
    if country not in countries:
        raise _RowRefusedError(
            f"country {country!r} is no ISO 3166-1 alpha-2 code.", "Write two letters, such as SY."
        )
    if level and level not in list(PlaceLevel):
        raise _RowRefusedError(
            f"level {level!r} is unknown.", f"Write one of {', '.join(PlaceLevel)} or leave empty."
        )
    return _OperatorPlace(
        name=name,
        alternates=tuple(filter(None, map(str.strip, cell("alternate_names").splitlines()))),
        latitude=_degrees("latitude", cell("latitude"), 90),
        longitude=_degrees("longitude", cell("longitude"), 180),
        country=country,
        level=PlaceLevel(level or PlaceLevel.SITE),
    )


def _degrees(column: str, text: str, limit: int) -> float:
    try:
        degrees = float(text)
    except ValueError:
        degrees = float("nan")
    if not -limit <= degrees <= limit:
        raise _RowRefusedError(
            f"{column} {text!r} is not a number of degrees from -{limit} to {limit}.",
            "Write decimal degrees with a point, such as 36.20124.",
        )
    return degrees


def _extended(table: Table, places: Mapping[int, _OperatorPlace]) -> Table:
    old = table.added
    index = _Index(
        list(old.names), dict(old.rows), {k: list(v) for k, v in old.keys.items()},
        {k: list(v) for k, v in old.skeletons.items()},
    )  # fmt: skip
    row = len(table.place_id)
    areas = []
    for place_id, place in places.items():
        index.names.append(place.name)
        index.rows[place_id] = row
        _enter(index, row, place.name, NameKind.PRIMARY)
        for name in place.alternates:
            _enter(index, row, name, NameKind.ALTERNATE)
        areas.append(_area_of(table, place))
        row += 1
    own = list(places.values())
    columns: dict[str, npt.NDArray[Any]] = {
        "place_id": np.array(list(places), np.int64),
        "latitude": np.array([p.latitude for p in own], np.float64),
        "longitude": np.array([p.longitude for p in own], np.float64),
        "population": np.zeros(len(own), np.int64),
        "level": np.array([LEVELS.index(p.level) for p in own], np.uint8),
        "country": np.array([table.countries.index(p.country) for p in own], np.int32),
        "region": np.array([region for region, _ in areas], np.int32),
        "district": np.array([district for _, district in areas], np.int32),
    }
    return table.with_added(columns, Added(index.names, index.rows, index.keys, index.skeletons))


def _enter(index: _Index, row: int, name: str, kind: NameKind) -> None:
    plain = plain_place(name)
    bare = strip_admin_words(plain)[0]
    for key, its_kind in {bare: max(kind, NameKind.BARE), plain: kind}.items():
        if key:
            index.keys.setdefault(key, []).append((row, its_kind, spelling_bit(name)))
    latin = romanise(name)
    bones = skeleton(latin)
    if bones:
        index.skeletons.setdefault(bones, []).append(latin)
        if latin != plain:
            index.keys.setdefault(latin, []).append(
                (row, max(kind, NameKind.BARE), spelling_bit(name))
            )


def _area_of(table: Table, place: _OperatorPlace) -> tuple[int, int]:
    """Region and district numbers of the nearest settlement, -1 when none is near."""
    towns = (PlaceLevel.VILLAGE, PlaceLevel.CITY)
    is_close = (
        (np.abs(table.latitude - place.latitude) < 0.5)
        & (table.country == table.countries.index(place.country))
        & np.isin(table.level, [LEVELS.index(level) for level in towns])
    )
    rows = np.flatnonzero(is_close)
    if not len(rows):
        return -1, -1
    away = distances_km(
        place.latitude, place.longitude, table.latitude[rows], table.longitude[rows]
    )
    nearest = rows[away.argmin()]
    if away.min() > NEAR_KM:
        return -1, -1
    return int(table.region[nearest]), int(table.district[nearest])
