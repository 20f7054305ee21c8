"""From a text to the rows of the places it may mean, best first.

The ladder, each rung tried only while the ones above found nothing in the country hinted at:
1. the folded text as a whole is a name;
2. the text without the words for its kind ("Aleppo Governorate") is a name, and those words choose
   the level;
3. parts between commas: one part is the name, the others choose country, region or district;
   where no part is known inside them, they are the answer themselves;
4. what follows "near", "off the coast of" is a name;
5. one letter added, left out, changed or swapped with the next makes it a name;
6. a name in Latin letters with the same consonant skeleton and enough likeness.

Order: agreement with the other parts, the country hint, the rung, nearness to `near`, the level
asked for, then population (a primary name counts as three times the people, a region below its
namesake town). Unknown texts give nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from reknit.places.folding import PlaceText, plain_place, read_place, strip_admin_words
from reknit.places.geometry import point_distance_km
from reknit.places.skeletons import romanise, skeleton
from reknit.places.sources import read_table
from reknit.places.table import LEVELS, NameKind, Table
from reknit.vocabulary import PlaceLevel, PlaceRef

MAX_LIKE: Final = 20
"""At most so many places are offered for a text that is no known name."""
_PARTS: Final = re.compile(r"[,،，、;؛/|()\n（）]+|\s[-–—]\s")
_MIN_LIKENESS: Final = 0.75
_SLIP: Final = 0.3
_WHOLE_SHARE: Final = 0.7
_MOST_NAMES: Final = 200
_LIKENESS_WEIGHT: Final = 24.0
_VOWELS: Final = re.compile("[aeiouyw]+")
_LEVEL_BONUS: Final = {
    PlaceLevel.COUNTRY: 1.0,
    PlaceLevel.REGION: -0.5,
    PlaceLevel.DISTRICT: -1.5,
}
_LEVEL_BONUS_OF_LIKE: Final = {
    PlaceLevel.COUNTRY: -1.0,
    PlaceLevel.REGION: -1.0,
    PlaceLevel.DISTRICT: -2.0,
}
_TOWNS: Final = (PlaceLevel.SITE, PlaceLevel.VILLAGE, PlaceLevel.CITY)
_WANTED: Final = {
    PlaceLevel.CITY: _TOWNS,
    PlaceLevel.VILLAGE: _TOWNS,
    PlaceLevel.DISTRICT: (PlaceLevel.DISTRICT,),
    PlaceLevel.REGION: (PlaceLevel.REGION,),
    PlaceLevel.COUNTRY: (PlaceLevel.COUNTRY,),
}
_ADJECTIVES: Final = (
    ("ська", ("ськ", "", "а", "са", "и")),
    ("зька", ("жжя", "зьк")),
    ("цька", ("ця", "цьк", "цький")),
    ("ская", ("ск", "", "а", "и", "ь")),
    ("цкая", ("ца", "цк")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A row and how it was found: rung (0 best), likeness 0 to 1."""

    row: int
    rung: int
    kind: int
    likeness: float = 1.0


class Resolver:
    """Resolves texts against one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._country = {code: i for i, code in enumerate(table.countries)}
        self._rows_of_code: dict[str, list[int]] | None = None

    def rows(self, text: str, country: str | None, near: PlaceRef | None) -> list[int]:
        """Rows of the places a text may mean, best first; empty when unknown."""
        hint = self._country.get((country or "").strip().upper(), -1)
        place = read_place(text)
        if not place.plain or place.plain in _unknown_words():
            return []
        found = self._exact(place)
        if self._settled(found, hint):
            return self._ranked(found, place.level, hint, near)
        parts = [p for p in _PARTS.split(text) if p.strip()]
        if len(parts) > 1:
            by_parts = self._by_parts(parts, hint, near)
            if by_parts:
                return by_parts
        found += self._like(place, hint) or self._located(place)
        return self._ranked(found, place.level, hint, near)

    def _settled(self, found: list[Found], hint: int) -> bool:
        if hint < 0:
            return bool(found)
        return any(self.table.country[f.row] == hint for f in found)

    def _exact(self, place: PlaceText) -> list[Found]:
        found = list(self._named(place.plain, 0))
        if place.bare != place.plain:
            found += self._named(place.bare, 1)
            if place.level is PlaceLevel.REGION:
                for stem in _adjective_stems(place.bare):
                    found += self._named(stem, 2)
        return found

    def _named(self, key: str, rung: int) -> Iterator[Found]:
        for row, kind in self.table.named(key):
            yield Found(row, rung, kind)

    def _like(self, place: PlaceText, hint: int) -> list[Found]:
        """Names one letter away, and names of the same skeleton, most alike first."""
        found: list[Found] = []
        latin = romanise(place.bare)
        for key, bearers in self.table.one_slip_from(place.bare):
            found += [Found(row, 3, kind, _slip_likeness(key)) for row, kind in bearers]
        for key, likeness in _most_like(latin, self.table.names_of(skeleton(latin))):
            found += [Found(row, 3, kind, likeness) for row, kind in self.table.named(key)]
        found = [f for f in found if f.kind != NameKind.WEAK]
        if hint >= 0 and self._settled(found, hint):
            found = [f for f in found if self.table.country[f.row] == hint]
        best = sorted(found, key=lambda f: -self._weight(f))
        return best[:MAX_LIKE]

    def _located(self, place: PlaceText) -> list[Found]:
        """What follows the last word such as "near"."""
        words = place.plain.split(" ")
        for start in range(len(words) - 1, 0, -1):
            if any(" ".join(words[i:start]) in _locating_words() for i in range(start)):
                rest = strip_admin_words(" ".join(words[start:]))[0]
                return [f for f in self._named(rest, 4) if f.kind != NameKind.WEAK]
        return []

    def _by_parts(self, parts: list[str], hint: int, near: PlaceRef | None) -> list[int]:
        """Read parts such as "Mosul, Ninewa, Iraq": the one that lies inside most others wins."""
        places = [read_place(part) for part in parts]
        scopes = [self._scope(part, place) for part, place in zip(parts, places, strict=True)]
        best: list[Found] = []
        best_level: PlaceLevel | None = None
        most = 0
        for find in (self._exact, self._located, lambda place: self._like(place, hint)):
            for i, place in enumerate(places):
                others = [s for j, s in enumerate(scopes) if j != i and s]
                if most >= len(others) or (scopes[i] and find != self._exact):
                    continue
                fits = [(f, sum(self._inside(f.row, s) for s in others)) for f in find(place)]
                inside = max((n for _, n in fits), default=0)
                if inside > most:
                    most, best_level = inside, place.level
                    best = [f for f, n in fits if n == inside]
        if not best:
            known = [(s, p.level) for s, p in zip(scopes, places, strict=True) if s]
            if known:
                rows, best_level = min(known, key=lambda k: min(map(self._fineness, k[0])))
                best = [Found(row, 1, NameKind.PRIMARY) for row in rows]
        return self._ranked(best, best_level, hint, near)

    def _scope(self, part: str, place: PlaceText) -> list[int]:
        """The countries, regions, districts and towns that a part may name."""
        if place.plain in _unknown_words():
            return []
        code = part.strip().upper()
        rows = [f.row for f in self._exact(place)]
        if len(code) == 2 and code.isascii():
            rows += self._codes().get(code, ())
        return rows

    def _codes(self) -> dict[str, list[int]]:
        """Rows of countries by ISO code and of US states by postal code."""
        if self._rows_of_code is None:
            table, rows = self.table, {}
            for row in np.flatnonzero(table.level == LEVELS.index(PlaceLevel.COUNTRY)).tolist():
                rows[table.countries[table.country[row]]] = [row]
            for row in np.flatnonzero(table.level == LEVELS.index(PlaceLevel.REGION)).tolist():
                country, _, state = table.regions[table.region[row]].partition(".")
                if country == "US":
                    rows.setdefault(state, []).append(row)
            self._rows_of_code = rows
        return self._rows_of_code

    def _level(self, row: int) -> PlaceLevel:
        return LEVELS[int(self.table.level[row])]

    def _fineness(self, row: int) -> int:
        return int(self.table.level[row])

    def _inside(self, row: int, scope: Iterable[int]) -> bool:
        """Is the row inside one of the scope's places, or by one of its towns?"""
        table = self.table
        for other in scope:
            if other == row:
                continue
            level = self._level(other)
            if level is PlaceLevel.COUNTRY:
                if table.country[other] == table.country[row]:
                    return True
            elif level is PlaceLevel.REGION:
                if table.region[other] == table.region[row] >= 0:
                    return True
            elif level is PlaceLevel.DISTRICT:
                if table.district[other] == table.district[row] >= 0:
                    return True
            elif self._distance(row, other) <= 50:
                return True
        return False

    def _distance(self, a: int, b: int) -> float:
        t = self.table
        return point_distance_km(
            float(t.latitude[a]), float(t.longitude[a]), float(t.latitude[b]), float(t.longitude[b])
        )

    def _weight(self, found: Found) -> float:
        level = self._level(found.row)
        bonus = _LEVEL_BONUS if found.likeness == 1.0 else _LEVEL_BONUS_OF_LIKE
        people = math.log10(int(self.table.population[found.row]) + 10)
        primary = 0.5 if found.kind == NameKind.PRIMARY else 0.0
        return people + primary + bonus.get(level, 0.0) + _LIKENESS_WEIGHT * found.likeness

    def _ranked(
        self, found: list[Found], level: PlaceLevel | None, hint: int, near: PlaceRef | None
    ) -> list[int]:
        table = self.table
        wanted = _WANTED[level] if level is not None else ()
        weight = {f: self._weight(f) for f in found}
        town_of: dict[tuple[int, int], float] = {}
        for f, w in weight.items():
            if self._level(f.row) in _TOWNS and f.kind <= NameKind.ALTERNATE:
                for area in ((0, int(table.region[f.row])), (1, int(table.district[f.row]))):
                    town_of[area] = max(w, town_of.get(area, -99.0))

        def order(f: Found) -> tuple[float, ...]:
            its_level = self._level(f.row)
            fits = its_level in wanted
            w = weight[f]
            if its_level is PlaceLevel.REGION:
                w = min(w, town_of.get((0, int(table.region[f.row])), w) - 0.01)
            elif its_level is PlaceLevel.DISTRICT:
                w = min(w, town_of.get((1, int(table.district[f.row])), w) - 0.02)
            weak = f.kind == NameKind.WEAK and not fits
            far = 0 if near is None else self._far(f.row, near)
            return (
                int(hint >= 0 and table.country[f.row] != hint),
                int(bool(wanted) and not fits),
                f.rung + 5 * weak,
                far,
                -w,
                f.row,
            )

        ranked = dict.fromkeys(f.row for f in sorted(found, key=order))
        return list(ranked)

    def _far(self, row: int, near: PlaceRef) -> int:
        t = self.table
        distance = point_distance_km(
            float(t.latitude[row]), float(t.longitude[row]), near.latitude, near.longitude
        )
        return sum(distance > limit for limit in (30, 100, 300, 1000))


def _slip_likeness(key: str) -> float:
    return 1 - _SLIP / len(key)


def _most_like(latin: str, names: list[str]) -> Iterator[tuple[str, float]]:
    """The names most like a romanised text, each with its likeness: consonants, then vowels too."""
    bones = _VOWELS.sub("", latin)
    for name, score, _ in process.extract(latin, names, scorer=fuzz.ratio, limit=_MOST_NAMES):
        likeness = (
            _WHOLE_SHARE * score + (1 - _WHOLE_SHARE) * fuzz.ratio(bones, _VOWELS.sub("", name))
        ) / 100
        if likeness >= _MIN_LIKENESS:
            yield name, likeness


def _adjective_stems(bare: str) -> Iterator[str]:
    """Town names behind a Slavic adjective: "донецька" of "донецьк", "харківська" of "харків"."""
    for ending, stems in _ADJECTIVES:
        if bare.endswith(ending) and len(bare) > len(ending) + 2:
            for stem in stems:
                yield bare[: -len(ending)] + stem


@cache
def _unknown_words() -> frozenset[str]:
    return frozenset(plain_place(word) for (word,) in read_table("unknown_words.tsv"))


@cache
def _locating_words() -> frozenset[str]:
    return frozenset(plain_place(word) for (word,) in read_table("locating_words.tsv"))
