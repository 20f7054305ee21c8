"""Standardised people from one process to another: two cores standardise, one index holds.

Rules: what goes over is arrays and the distinct words they number; the other side numbers the words
by its own lexicon, and the people are then the same as if it had standardised them itself.

>>> from reknit.matching.people import standardise_people
>>> here, there = Lexicon(), Lexicon()
>>> people = standardise_people(
...     pl.DataFrame({"person_record_id": ["1"], "full_name": ["Cabdi Xasan"]}), there)
>>> _ = here.words(["other", "words", "before"])
>>> adopt(carry(people), here, {}).names(0)[0].tokens[0].text
'cabdi'
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.people import Lexicon, PeopleArrays, StandardisedPeople, group_members
from reknit.vocabulary import NameToken, PlaceRef


class Carried(NamedTuple):
    """People of another process: what its numbers stand for comes along. Can be pickled."""

    rows: pl.DataFrame
    arrays: PeopleArrays
    tokens: list[NameToken]
    places: list[PlaceRef]
    words: list[str]
    groups: list[str]


def carry(people: StandardisedPeople) -> Carried:
    """The people, ready to go over."""
    lexicon = people.lexicon
    tokens = [lexicon.tokens.token(number) for number in range(len(lexicon.tokens))]
    places, words = lexicon.homes.numbered()
    return Carried(people.rows, people.arrays, tokens, places, words, list(people.groups))


def adopt(carried: Carried, lexicon: Lexicon, groups: dict[str, int]) -> StandardisedPeople:
    """The people as this lexicon and these groups number them; both grow by what is new."""
    tokens = lexicon.tokens.intern_many(carried.tokens)
    homes = lexicon.homes
    words = np.array([0, *(homes.word(word) for word in carried.words)], np.int32)
    places = np.array([homes.row(place) for place in carried.places], np.int32)
    named = np.array([groups.setdefault(name, len(groups)) for name in carried.groups], np.int32)
    a = carried.arrays
    group = _renumbered(a.group, named)
    member_start, members = group_members(group, len(groups))
    arrays = a._replace(
        name_tokens=tokens[a.name_tokens],
        relative_tokens=tokens[a.relative_tokens],
        home=a.home._replace(
            country=words[a.home.country],
            state=words[a.home.state],
            city=_renumbered(a.home.city, tokens),
            place=_renumbered(a.home.place, places),
        ),
        seen=a.seen._replace(text=words[a.seen.text], place=_renumbered(a.seen.place, places)),
        group=group,
        group_member_start=member_start,
        group_members=members,
    )
    return StandardisedPeople(carried.rows, arrays, lexicon, groups)


def _renumbered(
    numbers: npt.NDArray[np.int32], new: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Numbers of one lexicon as those of another; -1 stays unknown."""
    return np.append(new, np.int32(-1))[numbers]
