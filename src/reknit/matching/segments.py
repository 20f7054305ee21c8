"""A built part of an index: people, how to find them, how rare their names are.

Rules: rarity of a name word is the larger of its share here (every spelling of it counted, the
bearer left out) and in the background population, in bits; nothing here knows about weights. People
can be removed, not added; until the segment is packed they count for how rare names are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from reknit.matching.candidates import (
    COMMON_FROM,
    MOST_KEYS,
    Effort,
    all_record_keys,
    find_candidates,
    record_keys,
    word_slots,
)
from reknit.matching.compare import compare_pairs
from reknit.matching.neighbours import NeighbourArrays, NeighbourIndex
from reknit.matching.people import (
    Lexicon,
    PeopleArrays,
    StandardisedPeople,
    leave_group,
    take_people,
)
from reknit.matching.postings import Postings
from reknit.standardise.frequencies import background_share

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
LEAST_BITS, MOST_BITS = 1.0, 17.0
_ONE_NAME = 0.9
MOST_NAMELESS = 500
"""People who are compared where somebody is asked for without a name."""


class Asked(NamedTuple):
    """People asked for, the neighbours of their name words in a segment, and every word's bits."""

    people: StandardisedPeople
    near: NeighbourArrays
    rarity: F32


class Segment:
    """The people of an index that were indexed together."""

    def __init__(self, people: StandardisedPeople) -> None:
        self.people = people
        self._removed: set[int] = set()
        words, bearers = _bearers(people.arrays)
        self._bearers = np.zeros(len(people.lexicon.tokens), np.int64)
        self._bearers[words] = bearers
        self.common = self._bearers > COMMON_FROM
        self._neighbours = NeighbourIndex(people.lexicon.tokens, words)
        self._postings = Postings.build(*all_record_keys(people.arrays, self.common))
        self._rarity = _background(people.lexicon, 0)
        held = self._bearers[: len(self._rarity)]
        self._raise_shares(self._rarity, np.arange(len(held)), held)
        self.city_share = _city_share(people)

    def __len__(self) -> int:
        return len(self.people) - len(self._removed)

    @property
    def removed_share(self) -> float:
        """How many of the people indexed are there no more."""
        return len(self._removed) / max(len(self.people), 1)

    @property
    def people_left(self) -> StandardisedPeople:
        """The people without those removed."""
        if not self._removed:
            return self.people
        rows = np.delete(np.arange(len(self.people)), list(self._removed))
        return take_people(self.people, rows)

    def remove(self, record_id: str) -> int:
        """Have a record be found no more, nor stand beside its family; returns how many had the
        id."""
        rows = self._rows_of(record_id)
        keys = np.zeros(MOST_KEYS, np.uint64)
        for row in rows:
            count = record_keys(self.people.arrays, row, self.common, keys)
            self._postings.remove(keys[:count], row)
            leave_group(self.people, row)
        self._removed.update(rows)
        return len(rows)

    def _rows_of(self, record_id: str) -> list[int]:
        hashes, order = self._by_id
        asked = pl.Series([record_id]).hash()[0]
        first, last = (int(np.searchsorted(hashes, asked, side)) for side in ("left", "right"))
        rows = [int(row) for row in order[first:last] if self.people.ids[int(row)] == record_id]
        return [row for row in rows if row not in self._removed]

    @cached_property
    def _by_id(self) -> tuple[npt.NDArray[np.uint64], I32]:
        """The hash of every record id, sorted, and the row it is of."""
        hashes = self.people.ids.hash().to_numpy()
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        return hashes[order], order

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays of the index and the people in it."""
        people = self.people.arrays
        parts = (part for part in people if isinstance(part, np.ndarray))
        held = [*people.home, *people.seen, *parts]
        own = self._bearers.nbytes + self.common.nbytes + self._rarity.nbytes
        found_by = self._postings.nbytes + self._neighbours.postings.nbytes
        by_id = sum(int(part.nbytes) for part in vars(self).get("_by_id", ()))
        return sum(int(part.nbytes) for part in held) + own + found_by + by_id

    def ask(self, asked: StandardisedPeople) -> Asked:
        """Make the questions of `asked` ready for this segment."""
        return Asked(asked, *self._near(asked.arrays))

    def find(self, asked: Asked, effort: Effort, *, skip_self: bool = False) -> tuple[I32, I32]:
        """(i, j) of every pair worth comparing, i in `asked`, j here."""
        return find_candidates(
            asked.people.arrays,
            self.people.arrays,
            self._postings.arrays,
            asked.near,
            asked.rarity,
            self.common,
            effort,
            skip_self=skip_self,
        )

    def forms_of_relatives(self, asked: PeopleArrays) -> I32:
        """The tokens that the relatives of people asked for may be called by here."""
        words = np.unique(asked.relative_tokens)
        return np.union1d(words, self._neighbours.neighbours(words).token).astype(np.int32)

    def find_nameless(self, asked: PeopleArrays, forms: I32) -> I32:
        """See `nameless_candidates`; without those removed."""
        return nameless_candidates(asked, self.people.arrays, forms, list(self._removed))

    def compare(self, i: I32, j: I32, asked: Asked) -> npt.NDArray[np.int8]:
        """The levels of given pairs, i in `asked`, j here."""
        return self.compare_people(i, asked.people, j, self.people, asked.rarity)

    def compare_people(
        self, i: I32, a: StandardisedPeople, j: I32, b: StandardisedPeople, rarity: F32
    ) -> npt.NDArray[np.int8]:
        """The levels of pairs of any two tables that share this segment's lexicon."""
        lexicon = self.people.lexicon
        share = self.city_share
        if len(share) < len(lexicon.tokens):
            share = np.concatenate([share, np.zeros(len(lexicon.tokens) - len(share), np.float32)])
        return compare_pairs(
            i,
            j,
            a.arrays,
            b.arrays,
            lexicon.tokens.arrays(),
            lexicon.homes.arrays(),
            self._rarity,
            rarity,
            share,
        )

    def _near(self, asked: PeopleArrays) -> tuple[NeighbourArrays, F32]:
        """The neighbours of the asked name words, and the rarity of every word there is."""
        words = np.unique(asked.name_tokens)
        near = self._neighbours.neighbours(words)
        near = near._replace(slot=word_slots(self._postings.arrays, near.token))
        lexicon = self.people.lexicon
        known = len(self._rarity)
        if len(lexicon.tokens) > known:
            self._rarity = np.concatenate([self._rarity, _background(lexicon, known)])
        rarity = self._rarity.copy()
        row = np.repeat(np.arange(len(words)), near.length[words])
        column = np.arange(len(row)) - np.repeat(
            np.cumsum(near.length[words]) - near.length[words], near.length[words]
        )
        flat = near.start[words][row] + column
        same = near.similarity[flat] >= _ONE_NAME
        bearers = np.bincount(
            row[same], weights=self._bearers[near.token[flat[same]]], minlength=len(words)
        )
        self._raise_shares(rarity, words, bearers)
        return near, rarity

    def _raise_shares(
        self, rarity: F32, words: npt.NDArray[np.integer], bearers: npt.NDArray[np.integer]
    ) -> None:
        """Make words no rarer than they are here; one bearer, the person, does not count."""
        share = np.maximum(bearers - 1.0, 0.0) / max(len(self.people), 1)
        here = np.minimum(-np.log2(np.maximum(share, 2.0**-MOST_BITS)), MOST_BITS)
        rarity[words] = np.clip(np.minimum(rarity[words], here), LEAST_BITS, MOST_BITS)


def nameless_candidates(
    asked: PeopleArrays, among: PeopleArrays, forms: I32, removed: Sequence[int] = ()
) -> I32:
    """Those of `among` who share an identifier with the person asked for, or words of a relative's
    name (`forms`: of every spelling); those who share most first, at most MOST_NAMELESS. Who has no
    name of their own is found by nobody."""
    shared = np.zeros(len(among.sex), np.int64)
    named = np.flatnonzero(np.isin(among.relative_tokens, forms))
    relatives = np.searchsorted(among.relative_name, named, "right") - 1
    np.add.at(shared, np.searchsorted(among.relative_start, relatives, "right") - 1, 1)
    same = np.flatnonzero(np.isin(among.identifiers, asked.identifiers))
    owners = np.searchsorted(among.identifier_start, same, "right") - 1
    np.add.at(shared, owners, MOST_NAMELESS)
    shared[list(removed)] = 0
    shared[np.diff(among.form_start) == 0] = 0
    found = np.argsort(-shared, kind="stable")[:MOST_NAMELESS]
    return found[shared[found] > 0].astype(np.int32)


def _bearers(people: PeopleArrays) -> tuple[I32, npt.NDArray[np.int64]]:
    """The name words here and how many people bear each."""
    form_of = np.repeat(np.arange(len(people.name_start) - 1), np.diff(people.name_start))
    person = np.repeat(np.arange(len(people.sex)), np.diff(people.form_start))[form_of]
    pairs = np.unique(person.astype(np.int64) << 32 | people.name_tokens)
    words, bearers = np.unique((pairs & 0xFFFFFFFF).astype(np.int32), return_counts=True)
    return words, bearers


def _background(lexicon: Lexicon, first: int) -> F32:
    """Rarity in the background population of the tokens from id `first` on, in bits."""
    tokens = (lexicon.tokens.token(t) for t in range(first, len(lexicon.tokens)))
    share = np.fromiter((background_share(token) for token in tokens), np.float32)
    return np.clip(-np.log2(share), LEAST_BITS, MOST_BITS).astype(np.float32)


def _city_share(people: StandardisedPeople) -> F32:
    city = people.arrays.home.city
    counts = np.bincount(city[city >= 0], minlength=len(people.lexicon.tokens))
    return (counts / max(1, int((city >= 0).sum()))).astype(np.float32)
