"""Where a person was last seen, as small arrays and one weak comparison.

Rules: the place is the likeliest that the gazetteer, with the operator's own places, knows of the
text or of its last part that it knows; texts it does not know compare only as equal. People move:
another place says little, the same place little more, and nobody is found by a place.

>>> import polars as pl
>>> homes = HomeLexicon()
>>> seen = pl.Series(["transit centre, Tripoli", "طرابلس", "Tent 4", "tent 4", ""])
>>> found = standardise_sightings(seen, homes)
>>> bool(found.place[0] == found.place[1]), bool(found.text[2] == found.text[3])
(True, True)
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.columns import distinct
from reknit.matching.compiled import leaf
from reknit.matching.homes import (
    MOST_PLACES_LOOKED_UP,
    NEAR_KM,
    HomeLexicon,
    PlaceArrays,
    distance_km,
)
from reknit.matching.levels import SEEN_ELSEWHERE, SEEN_NEAR, SEEN_SAME
from reknit.places import fold_place

_PARTS = re.compile(r"[,،，、;؛/|()\n]+")
_MOST_PARTS = 6


class SightingArrays(NamedTuple):
    """n last known locations. text: number of the folded text, 0 unknown; place: row of
    PlaceArrays, -1 unknown."""

    text: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]


def standardise_sightings(column: pl.Series, homes: HomeLexicon) -> SightingArrays:
    """The last_known_location of a people table as arrays, each distinct text read once."""
    texts, code = distinct(column)
    folded = [fold_place(text) for text in texts]
    place = np.full(len(texts), -1, np.int32)
    counts = np.bincount(code, minlength=len(texts))
    for index in np.argsort(-counts, kind="stable")[:MOST_PLACES_LOOKED_UP]:
        if folded[index]:
            place[index] = _place(texts[index], homes)
    text = np.array([homes.word(f"seen {text}") if text else 0 for text in folded], np.int32)
    return SightingArrays(text[code], place[code])


def _place(text: str, homes: HomeLexicon) -> int:
    """The place of the whole text, or of its last part that is known; -1 for none."""
    parts = _PARTS.split(text)
    for part in (text, *reversed(parts[-_MOST_PARTS:])) if len(parts) > 1 else (text,):
        place = homes.place_as_written(part.strip())
        if place >= 0:
            return place
    return -1


def join_sightings(a: SightingArrays, b: SightingArrays) -> SightingArrays:
    """Those of both, those of a before."""
    return SightingArrays(np.concatenate([a.text, b.text]), np.concatenate([a.place, b.place]))


@leaf
def compare_sightings(
    a: SightingArrays, i: int, b: SightingArrays, j: int, places: PlaceArrays
) -> int:
    """The level of one pair."""
    if a.text[i] == 0 or b.text[j] == 0:
        return 0
    p, q = a.place[i], b.place[j]
    if a.text[i] == b.text[j] or (p >= 0 and p == q):
        return SEEN_SAME
    if p < 0 or q < 0:
        return 0
    return SEEN_NEAR if distance_km(places, p, q) <= NEAR_KM else SEEN_ELSEWHERE
