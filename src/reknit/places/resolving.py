"""From a text to the rows of the places it may mean, best first.

The ladder, each rung tried only while the ones above found nothing (in the country hinted at):
1. the folded text as a whole is a name, also without the words for its kind; those words choose
   the level ("Aleppo Governorate");
2. parts between commas, or a country or region at either end ("Sabratha Libya"): one part is the
   name, the others choose country, region, district or a town near by; where no part is known
   inside the others, the finest part that is known is the answer;
3. one letter added, left out, changed or swapped with the next makes it a name, or a name in Latin
   letters has its consonant skeleton and enough likeness;
4. what follows "near", "off the coast of" is a name.

The order among what a rung finds is `ranking`'s. Unknown texts give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

import numpy as np

from reknit.places.folding import PlaceText, plain_place, read_place, strip_admin_words
from reknit.places.hashing import spelling_bit
from reknit.places.likeness import is_telling, most_alike, slip_likeness
from reknit.places.ranking import (
    Found,
    Wishes,
    distance_between,
    level_of,
    ranked,
    weight,
)
from reknit.places.skeletons import readings, skeleton
from reknit.places.sources import read_table
from reknit.places.table import LEVELS, NameKind, Table
from reknit.vocabulary import PlaceLevel, PlaceRef

MAX_LIKE: Final = 20
"""At most so many places are offered for a text that is no known name."""
MAX_LETTERS: Final = 300
"""A longer text is no place name; its beginning is read."""
_PARTS: Final = re.compile(r"[,،，、;؛/|()\n（）]+|\s[-–—]\s")
_MAX_PARTS: Final = 8
_MAX_SCOPE_WORDS: Final = 3
_BY_KM: Final = 50.0
_INSIDE: Final = 2
_BY: Final = 1
_ADJECTIVES: Final = (
    ("ська", ("ськ", "", "а", "са", "и")),
    ("зька", ("жжя", "зьк")),
    ("цька", ("ця", "цьк", "цький")),
    ("ская", ("ск", "", "а", "и", "ь")),
    ("цкая", ("ца", "цк")),
)
_Find = Callable[[PlaceText, list[list[int]]], list[Found]]


class Resolver:
    """Resolves texts against one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._number_of_country = {code: i for i, code in enumerate(table.countries)}
        self._rows_of_code: dict[str, list[int]] | None = None

    def rows(
        self, text: str, country: str | None, near: PlaceRef | None, *, misspelt: bool = True
    ) -> list[int]:
        """Rows of the places a text may mean, best first; empty when unknown.

        country: ISO 3166-1 alpha-2 code to prefer; near: place to prefer the surroundings of;
        misspelt: False to take a name only as written.
        """
        text = text[:MAX_LETTERS]
        place = read_place(text)
        if not place.plain or place.plain in _unknown_words():
            return []
        hint = self._number_of_country.get((country or "").strip().upper(), -1)
        found = self._exact(place)
        if misspelt and not self._is_settled(found, hint):
            parts = [p for p in _PARTS.split(text) if plain_place(p)][:_MAX_PARTS]
            by_parts = self._by_parts(parts, hint, near) if len(parts) > 1 else []
            by_parts = by_parts or self._by_end_words(place, hint, near)
            if by_parts:
                return by_parts
            found += self._like(place, hint) or self._located(place, [])
        return ranked(self.table, found, Wishes(hint, near, place.level))

    def _is_settled(self, found: list[Found], hint: int) -> bool:
        return bool(found) and (hint < 0 or any(self.table.country[f.row] == hint for f in found))

    def _exact(self, place: PlaceText, _scopes: object = None) -> list[Found]:
        found = list(self._named(place.plain, 0, spelling_bit(place.written)))
        if place.bare != place.plain:
            found += self._named(place.bare, 1)
            if place.level is PlaceLevel.REGION:
                for stem in _adjective_stems(place.bare):
                    found += self._named(stem, 2)
        return found

    def _named(self, key: str, rung: int, spelling: int = 0) -> Iterator[Found]:
        for row, kind, spellings in self.table.named(key):
            yield Found(row, rung, kind, is_verbatim=bool(spellings & spelling))

    def _like(self, place: PlaceText, hint: int) -> list[Found]:
        """Misspelt names: those of the country hinted at, else the most alike anywhere."""
        found = self._all_like(place)
        there = [f for f in found if self.table.country[f.row] == hint]
        return self._heaviest(
            there
            or [
                f
                for f in found
                if is_telling(
                    place.bare, f.likeness, level_of(self.table, f.row) is PlaceLevel.VILLAGE
                )
            ]
        )

    def _like_inside(self, place: PlaceText, scopes: list[list[int]]) -> list[Found]:
        """Misspelt names inside the country, region or district that another part names."""
        return self._heaviest(
            f
            for f in self._all_like(place)
            if any(self._agreement(f.row, scope) == _INSIDE for scope in scopes)
        )

    def _all_like(self, place: PlaceText) -> list[Found]:
        found = []
        for key, bearers in self.table.one_slip_from(place.bare):
            found += [Found(row, 3, kind, slip_likeness(key)) for row, kind, _ in bearers]
        for latin in readings(place.bare):
            names = self.table.names_of(skeleton(latin))
            for key, likeness in most_alike(latin, list(names)):
                bearers = self.table.borne(key, names[key])
                found += [Found(row, 3, kind, likeness) for row, kind, _ in bearers]
        return [f for f in found if f.kind != NameKind.WEAK]

    def _heaviest(self, found: Iterable[Found]) -> list[Found]:
        return sorted(found, key=lambda f: -weight(self.table, f))[:MAX_LIKE]

    def _located(self, place: PlaceText, _scopes: object) -> list[Found]:
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
        level: PlaceLevel | None = None
        most = 0
        ways: tuple[_Find, ...] = (self._exact, self._located, self._like_inside)
        for find in ways:
            for i, place in enumerate(places):
                others = [s for j, s in enumerate(scopes) if j != i and s]
                is_named = bool(scopes[i]) and find != self._exact and most > 0
                if is_named or most >= _INSIDE * len(others):
                    continue
                fits = [
                    (f, sum(self._agreement(f.row, s) for s in others)) for f in find(place, others)
                ]
                agreement = max((n for _, n in fits), default=0)
                if agreement > most:
                    most, level = agreement, place.level
                    best = [f for f, n in fits if n == agreement]
        if best:
            return ranked(self.table, best, Wishes(hint, near, level))
        return self._finest_part(places, hint, near)

    def _finest_part(self, places: list[PlaceText], hint: int, near: PlaceRef | None) -> list[int]:
        """The part known by itself whose likeliest place is the finest."""
        known = []
        for place in places:
            if place.plain not in _unknown_words():
                rows = ranked(self.table, self._exact(place), Wishes(hint, near, place.level))
                if rows:
                    known.append(rows)
        return min(known, key=lambda rows: int(self.table.level[rows[0]]), default=[])

    def _by_end_words(self, place: PlaceText, hint: int, near: PlaceRef | None) -> list[int]:
        """Read "Sabratha Libya", "سوريا حلب": a country or region at one end, a name before it."""
        words = place.plain.split(" ")
        for count in range(1, min(_MAX_SCOPE_WORDS, len(words) - 1) + 1):
            for end, rest in (
                (words[-count:], words[:-count]),
                (words[:count], words[count:]),
            ):
                scope = [
                    f.row
                    for f in self._named(" ".join(end), 0)
                    if level_of(self.table, f.row) in (PlaceLevel.COUNTRY, PlaceLevel.REGION)
                ]
                if not scope:
                    continue
                name = read_place(" ".join(rest))
                for find in (self._exact, self._located, self._like_inside):
                    found = [
                        f for f in find(name, [scope]) if self._agreement(f.row, scope) == _INSIDE
                    ]
                    if found:
                        return ranked(self.table, found, Wishes(hint, near, name.level))
        return []

    def _scope(self, part: str, place: PlaceText) -> list[int]:
        """The countries, regions, districts and towns that a part may name."""
        if place.plain in _unknown_words():
            return []
        rows = [f.row for f in self._exact(place)]
        code = part.strip().upper()
        return rows + self._codes().get(code, []) if len(code) == 2 else rows

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

    def _agreement(self, row: int, scope: Iterable[int]) -> int:
        """Does the row lie inside one of the scope's areas, or by one of its towns?"""
        return max((self._lies(row, other) for other in scope), default=0)

    def _lies(self, row: int, other: int) -> int:
        table = self.table
        level = level_of(table, other)
        if row == other:
            return 0
        if level is PlaceLevel.COUNTRY:
            inside = table.country[other] == table.country[row]
        elif level is PlaceLevel.REGION:
            inside = table.region[other] == table.region[row] >= 0
        elif level is PlaceLevel.DISTRICT:
            inside = table.district[other] == table.district[row] >= 0
        else:
            return _BY if distance_between(table, row, other) <= _BY_KM else 0
        return _INSIDE if inside else 0


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
