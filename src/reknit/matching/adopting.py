"""Homes standardised in another process: two cores standardise, one index holds.

Rules: what goes over is arrays and what their numbers stand for; the other side numbers it by its
own lexicon, and the homes are then the same as if it had standardised them itself. Towns are what
takes longest to read, and need nothing of the names.

>>> from reknit.matching.people import complete_columns, standardise_people
>>> rows = pl.DataFrame({"person_record_id": ["1"], "home_city": ["حلب"], "home_country": ["SY"]})
>>> carried = carry(complete_columns(rows))
>>> lexicon = Lexicon()
>>> people = standardise_people(rows, lexicon, homes=lambda: adopt(carried, lexicon))
>>> lexicon.homes.numbered()[0][people.arrays.home.place[0]].name
'Aleppo'
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.homes import HomeArrays, HomeLexicon, standardise_homes
from reknit.matching.people import Lexicon
from reknit.matching.tokens import TokenTable
from reknit.vocabulary import NameToken, PlaceRef


class Carried(NamedTuple):
    """Homes of another process: what its numbers stand for comes along. Can be pickled."""

    homes: HomeArrays
    tokens: list[NameToken]
    places: list[PlaceRef]
    words: list[str]


def carry(rows: pl.DataFrame) -> Carried:
    """The homes of a people table (its `home_*` columns, as text), ready to go over."""
    homes, tokens = HomeLexicon(), TokenTable()
    arrays = standardise_homes(rows, homes, tokens)
    places, words = homes.numbered()
    return Carried(arrays, [tokens.token(n) for n in range(len(tokens))], places, words)


def adopt(carried: Carried, lexicon: Lexicon) -> HomeArrays:
    """The homes as this lexicon numbers them; it grows by what is new."""
    homes = lexicon.homes
    tokens = lexicon.tokens.intern_many(carried.tokens)
    words = np.array([0, *(homes.word(word) for word in carried.words)], np.int32)
    places = np.array([homes.row(place) for place in carried.places], np.int32)
    return carried.homes._replace(
        country=words[carried.homes.country],
        state=words[carried.homes.state],
        city=_renumbered(carried.homes.city, tokens),
        place=_renumbered(carried.homes.place, places),
    )


def _renumbered(
    numbers: npt.NDArray[np.int32], new: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Numbers of one lexicon as those of another; -1 stays unknown."""
    return np.append(new, np.int32(-1))[numbers]
