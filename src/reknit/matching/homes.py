"""Where a person comes from, as small arrays and one comparison: the home question.

Rules: a place is compared by what the gazetteer knows of it, by its letters in any script
otherwise; one ordered answer from "same address" to "another country"; a place alone finds nobody.

>>> homes = HomeLexicon()
>>> homes.place("حلب", "SY") == homes.place("Aleppo", "SY")
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from reknit.matching.alignment import SCRATCH_SIZE
from reknit.matching.columns import distinct
from reknit.matching.compiled import leaf
from reknit.matching.tokens import TokenArrays, TokenTable, word_similarity
from reknit.places import Gazetteer, fold_place
from reknit.standardise import analyse_word, standardise_country
from reknit.vocabulary import PlaceRef

MOST_PLACES_LOOKED_UP = 20_000
"""Distinct city texts of one table that are asked of the gazetteer, commonest first."""

MISSING = 0
OTHER_COUNTRY = 1
OTHER_REGION = 2
SAME_COUNTRY = 3
SAME_REGION = 4
NEAR = 5
SAME_CITY_COMMON = 6
SAME_CITY = 7
SAME_CITY_RARE = 8
SAME_NEIGHBOURHOOD = 9
SAME_ADDRESS = 10
NEAR_KM = 30.0
COMMON_SHARE, RARE_SHARE = 0.02, 0.002


class HomeArrays(NamedTuple):
    """n homes. country, state: word numbers, 0 unknown; city: token id, -1 unknown; place: row of
    PlaceArrays, -1 unknown; street, neighbourhood: letter-pair signatures, 0 unknown; postcode:
    up to eight characters packed, 0 unknown."""

    country: npt.NDArray[np.int32]
    state: npt.NDArray[np.int32]
    city: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    street: npt.NDArray[np.uint64]
    neighbourhood: npt.NDArray[np.uint64]
    postcode: npt.NDArray[np.uint64]


class PlaceArrays(NamedTuple):
    """Each known place: degrees, and numbers of its country and region (0 unknown)."""

    latitude: npt.NDArray[np.float32]
    longitude: npt.NDArray[np.float32]
    country: npt.NDArray[np.int32]
    region: npt.NDArray[np.int32]


@dataclass
class HomeLexicon:
    """The places and words that the homes of one match share."""

    given: Gazetteer | None = None
    _places: dict[tuple[str, str], int] = field(default_factory=dict)
    _written: dict[str, int] = field(default_factory=dict)
    _rows: dict[int, int] = field(default_factory=dict)
    _refs: list[PlaceRef] = field(default_factory=list)
    _words: dict[str, int] = field(default_factory=dict)
    _arrays: PlaceArrays | None = None

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The one given, else the packaged one, opened when the first place is asked."""
        return self.given or Gazetteer.open()

    def word(self, text: str) -> int:
        """A number for a folded word, 0 for none."""
        return self._words.setdefault(text, len(self._words) + 1) if text else 0

    def place(self, city: str, country: str) -> int:
        """The row of the likeliest place of that name, -1 when the gazetteer knows none."""
        if (city, country) not in self._places:
            # Misspelt names in Latin letters are compared by their letters well enough.
            found = self.gazetteer.resolve(
                city, country=country or None, misspelt=not city.isascii()
            )
            self._places[city, country] = self.row(found[0]) if found else -1
        return self._places[city, country]

    def place_as_written(self, text: str) -> int:
        """The row of the likeliest place written just so, in any country; -1 for none."""
        if text not in self._written:
            found = self.gazetteer.resolve(text, misspelt=False)
            self._written[text] = self.row(found[0]) if found else -1
        return self._written[text]

    def row(self, ref: PlaceRef) -> int:
        """The row of a place of the gazetteer's."""
        if ref.place_id not in self._rows:
            self._rows[ref.place_id] = len(self._refs)
            self._refs.append(ref)
            self._arrays = None
        return self._rows[ref.place_id]

    def numbered(self) -> tuple[list[PlaceRef], list[str]]:
        """The places in the order of their rows, and the words from number 1 on."""
        return list(self._refs), list(self._words)

    def arrays(self) -> PlaceArrays:
        """The places met so far, as arrays by row."""
        if self._arrays is None:
            refs = self._refs
            self._arrays = PlaceArrays(
                np.array([ref.latitude for ref in refs], np.float32),
                np.array([ref.longitude for ref in refs], np.float32),
                np.array([self.word(ref.country) for ref in refs], np.int32),
                np.array(
                    [self.word(f"{ref.country}/{ref.region}") if ref.region else 0 for ref in refs],
                    np.int32,
                ),
            )
        return self._arrays


def standardise_homes(rows: pl.DataFrame, homes: HomeLexicon, tokens: TokenTable) -> HomeArrays:
    """The home_* columns of a people table as arrays."""
    country_text, country_code = distinct(rows["home_country"])
    countries = [standardise_country(text) or fold_place(text) for text in country_text]
    state_text, state_code = distinct(rows["home_state"])
    states = np.array([homes.word(fold_place(text)) for text in state_text], np.int32)
    city, place = _cities(rows["home_city"], countries, country_code, homes, tokens)
    return HomeArrays(
        country=np.array([homes.word(text) for text in countries], np.int32)[country_code],
        state=states[state_code],
        city=city,
        place=place,
        street=_signatures(rows["home_street"]),
        neighbourhood=_signatures(rows["home_neighborhood"]),
        postcode=_postcodes(rows["home_postal_code"]),
    )


def join_homes(a: HomeArrays, b: HomeArrays) -> HomeArrays:
    """The homes of both, those of a before."""
    return HomeArrays(
        *(np.concatenate([first, second]) for first, second in zip(a, b, strict=True))
    )


def take_homes(homes: HomeArrays, rows: npt.NDArray[np.int64]) -> HomeArrays:
    """The homes of some rows, in that order."""
    columns: Iterable[npt.NDArray[Any]] = homes
    return HomeArrays(*(column[rows] for column in columns))


def _cities(
    column: pl.Series,
    countries: list[str],
    country_code: npt.NDArray[np.uint32],
    homes: HomeLexicon,
    tokens: TokenTable,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The city's token (its whole name as one word) and its place, by distinct (city, country)."""
    texts, code = distinct(column)
    pair = code.astype(np.int64) * len(countries) + country_code
    pairs, inverse, counts = np.unique(pair, return_inverse=True, return_counts=True)
    folded = [fold_place(text) for text in texts]
    token = np.full(len(texts), -1, np.int32)
    known = [index for index, text in enumerate(folded) if text]
    token[known] = tokens.intern_many(
        [analyse_word(folded[index].replace(" ", "")) for index in known]
    )
    place = np.full(len(pairs), -1, np.int32)
    for index in np.lexsort((pairs, -counts))[:MOST_PLACES_LOOKED_UP]:
        city, country = divmod(int(pairs[index]), len(countries))
        if folded[city]:
            place[index] = homes.place(texts[city], countries[country])
    return token[code], place[inverse].astype(np.int32)


def _signatures(column: pl.Series) -> npt.NDArray[np.uint64]:
    """Letter-pair signatures: 64 bits, one for each pair of neighbouring letters or digits."""
    texts, code = distinct(column)
    plain = [text if text.isascii() else "".join(_latin(text)) for text in texts]
    joined = "\n".join(text.replace("\n", " ") for text in plain).lower().encode("ascii", "ignore")
    return _letter_pairs(np.frombuffer(joined + b"\n", np.uint8), len(texts))[code]


def _latin(text: str) -> list[str]:
    return [(*analyse_word(word).forms, "")[0] for word in fold_place(text).split()]


@njit(cache=True, nogil=True)
def _letter_pairs(text: npt.NDArray[np.uint8], n: int) -> npt.NDArray[np.uint64]:
    out = np.zeros(n, np.uint64)
    line = 0
    last = np.uint64(0)
    for byte in text:
        if byte == 10:
            line += 1
            last = np.uint64(0)
        elif (97 <= byte <= 122) or (48 <= byte <= 57):
            mixed = (last * np.uint64(131) + np.uint64(byte)) * np.uint64(0x9E3779B97F4A7C15)
            out[line] |= np.uint64(1) << (mixed >> np.uint64(58))
            last = np.uint64(byte)
    return out


def _postcodes(column: pl.Series) -> npt.NDArray[np.uint64]:
    texts, code = distinct(column)
    folded = ["".join(c for c in text.upper() if c.isascii() and c.isalnum()) for text in texts]
    packed = [int.from_bytes(text[:8].encode(), "big") for text in folded]
    return np.array(packed, np.uint64)[code]


@leaf
def _overlap(a: np.uint64, b: np.uint64) -> float:
    """Jaccard overlap of two signatures."""
    either = a | b
    both = a & b
    n = 0
    while either:
        either &= either - np.uint64(1)
        n += 1
    m = 0
    while both:
        both &= both - np.uint64(1)
        m += 1
    return m / n if n else 0.0


@leaf
def _postcodes_agree(a: np.uint64, b: np.uint64) -> bool:
    """Equal, or one character away."""
    if a == b:
        return True
    differing = 0
    x = a ^ b
    while x:
        if x & np.uint64(255):
            differing += 1
        x >>= np.uint64(8)
    return bool(differing == 1 and min(a, b) > np.uint64(0xFFFFFF))


@leaf
def distance_km(places: PlaceArrays, i: int, j: int) -> float:
    """Equirectangular approximation, within 1 % below 500 km away from the poles."""
    lat = np.radians(float(places.latitude[i]) + float(places.latitude[j])) / 2
    dx = np.radians(float(places.longitude[i]) - float(places.longitude[j])) * np.cos(lat)
    dy = np.radians(float(places.latitude[i]) - float(places.latitude[j]))
    return float(6371.0 * np.sqrt(dx * dx + dy * dy))


@leaf
def compare_homes(
    a: HomeArrays,
    i: int,
    b: HomeArrays,
    j: int,
    tokens: TokenArrays,
    places: PlaceArrays,
    city_share: npt.NDArray[np.float32],
    scratch: npt.NDArray[np.int32],
) -> int:
    """The level of one pair; city_share: share of people from a city, by token id; scratch: see
    `word_similarity`."""
    street = -1.0
    if a.street[i] and b.street[j]:
        street = _overlap(a.street[i], b.street[j])
    postcode = -1
    if a.postcode[i] and b.postcode[j]:
        postcode = 1 if _postcodes_agree(a.postcode[i], b.postcode[j]) else 0
    neighbourhood = -1.0
    if a.neighbourhood[i] and b.neighbourhood[j]:
        neighbourhood = _overlap(a.neighbourhood[i], b.neighbourhood[j])
    city = -1
    if a.city[i] >= 0 and b.city[j] >= 0:
        city = 1 if a.city[i] == b.city[j] else 0
        if a.place[i] >= 0 and b.place[j] >= 0:
            city = max(city, 1 if a.place[i] == b.place[j] else 0)
        elif city == 0 and word_similarity(tokens, a.city[i], b.city[j], scratch) >= 0.8:
            city = 1
    local = city == 1 or postcode == 1 or neighbourhood >= 0.6
    if street >= 0.6 and (local or (city < 0 and postcode < 0)):
        return SAME_ADDRESS
    if neighbourhood >= 0.6 or street >= 0.75 or postcode == 1:
        return SAME_NEIGHBOURHOOD
    if city == 1:
        share = max(city_share[a.city[i]], city_share[b.city[j]])
        if share >= COMMON_SHARE:
            return SAME_CITY_COMMON
        return SAME_CITY_RARE if share < RARE_SHARE else SAME_CITY
    return _compare_regions(a, i, b, j, places, city)


def compare_towns(
    one: tuple[str, str], other: tuple[str, str], lexicon: HomeLexicon | None = None
) -> int:
    """The level of two towns alone, each with its country as it was written ("" for unknown), by
    the same comparison as the home question's. Without shares: a town is never common or rare.

    >>> compare_towns(("حمص", "SY"), ("Homs", "SY")) == SAME_CITY_RARE
    True
    """
    homes, tokens = lexicon or HomeLexicon(), TokenTable()
    columns = ("street", "neighborhood", "city", "state", "postal_code", "country")
    said = {f"home_{name}": ["", ""] for name in columns}
    said |= {"home_city": [one[0], other[0]], "home_country": [one[1], other[1]]}
    both = standardise_homes(pl.DataFrame(said), homes, tokens)
    arrays = tokens.arrays()
    return int(
        compare_homes(
            both, 0, both, 1, arrays, homes.arrays(),
            np.zeros(max(len(tokens), 1), np.float32), np.zeros(SCRATCH_SIZE, np.int32),
        )
    )  # fmt: skip


@leaf
def _compare_regions(
    a: HomeArrays, i: int, b: HomeArrays, j: int, places: PlaceArrays, city: int
) -> int:
    p, q = a.place[i], b.place[j]
    if p >= 0 and q >= 0 and distance_km(places, p, q) <= NEAR_KM:
        return NEAR
    region = -1
    if a.state[i] and b.state[j]:
        region = 1 if a.state[i] == b.state[j] else 0
    if p >= 0 and q >= 0 and places.region[p] and places.region[q]:
        region = max(region, 1 if places.region[p] == places.region[q] else 0)
    if region == 1:
        return SAME_REGION
    country_a = a.country[i]
    country_b = b.country[j]
    if country_a == 0 and p >= 0:
        country_a = places.country[p]
    if country_b == 0 and q >= 0:
        country_b = places.country[q]
    if country_a and country_b and country_a != country_b:
        return OTHER_COUNTRY
    if region == 0 or city == 0:
        return OTHER_REGION
    return SAME_COUNTRY if country_a and country_b else MISSING
