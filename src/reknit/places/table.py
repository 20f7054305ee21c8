"""The place table on disk: numpy arrays mapped into memory, found by the hash of a folded name.

Rules kept here:
- Rows are sorted by place id; names and keys are UTF-8 runs between offsets.
- A key is looked up by its number (`hashing`), and its text is compared as well, so that two names
  with one number cannot be confused.
- Opening maps the files and reads only the lists of codes; nothing else is loaded until touched.

`Table` is internal to the room; `reknit.places.Gazetteer` is the door.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from reknit.places.hashing import Hashes, hash_text, shortened, slipped
from reknit.places.slips import is_long_enough, is_one_slip, letters_for
from reknit.vocabulary import PlaceLevel

LEVELS: Final = tuple(PlaceLevel)
"""Levels by the number that the table stores."""
ARRAYS: Final = (
    "place_id",
    "latitude",
    "longitude",
    "population",
    "level",
    "country",
    "region",
    "district",
    "name_text",
    "name_start",
    "key_hash",
    "key_text",
    "key_start",
    "post_start",
    "post_row",
    "post_kind",
    "post_spelling",
    "skeleton_hash",
    "skeleton_start",
    "skeleton_key",
    "shortened_hash",
    "shortened_start",
    "shortened_key",
)


class NameKind(IntEnum):
    """How a place came by a key: surest first."""

    PRIMARY = 0
    ALTERNATE = 1
    BARE = 2
    """Its name without admin words."""
    WEAK = 3
    """The name of a settlement it shares its name with, or a name learned from alternate names."""


Posting = tuple[int, int, int]
"""(row, NameKind, bits of the spellings it has the name in: `hashing.spelling_bit`)"""
NameFound = tuple[str, list[Posting]]
"""A folded name and its bearers."""


@dataclass(frozen=True, slots=True)
class Added:
    """An operator's own places: names in row order, rows by id, and their keys."""

    names: Sequence[str] = ()
    rows: Mapping[int, int] = field(default_factory=dict)
    keys: Mapping[str, list[Posting]] = field(default_factory=dict)
    skeletons: Mapping[str, list[str]] = field(default_factory=dict)


class Table:
    """The arrays of one place table and the look-ups on them."""

    def __init__(self, folder: Path) -> None:
        codes: dict[str, Any] = json.loads((folder / "codes.json").read_text("utf-8"))
        self.countries: tuple[str, ...] = tuple(codes["countries"])
        self.regions: tuple[str, ...] = tuple(codes["regions"])
        self.districts: tuple[str, ...] = tuple(codes["districts"])
        for name in ARRAYS:
            mapped = np.load(folder / f"{name}.npy", mmap_mode="r")
            setattr(self, name, mapped.view(np.ndarray))
        self._mapped_rows = len(self.place_id)
        self.added = Added()

    place_id: npt.NDArray[np.int64]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    population: npt.NDArray[np.int64]
    level: npt.NDArray[np.uint8]
    country: npt.NDArray[np.int32]
    region: npt.NDArray[np.int32]
    district: npt.NDArray[np.int32]
    name_text: npt.NDArray[np.uint8]
    name_start: npt.NDArray[np.uint32]
    key_hash: npt.NDArray[np.uint64]
    key_text: npt.NDArray[np.uint8]
    key_start: npt.NDArray[np.uint32]
    post_start: npt.NDArray[np.uint32]
    post_row: npt.NDArray[np.int32]
    post_kind: npt.NDArray[np.uint8]
    post_spelling: npt.NDArray[np.uint8]
    skeleton_hash: npt.NDArray[np.uint64]
    skeleton_start: npt.NDArray[np.uint32]
    skeleton_key: npt.NDArray[np.int32]
    shortened_hash: npt.NDArray[np.uint64]
    shortened_start: npt.NDArray[np.uint32]
    shortened_key: npt.NDArray[np.int32]

    def name(self, row: int) -> str:
        """The row's name as its source writes it."""
        if row >= self._mapped_rows:
            return self.added.names[row - self._mapped_rows]
        return self.name_text[self.name_start[row] : self.name_start[row + 1]].tobytes().decode()

    def named(self, key: str) -> list[Posting]:
        """Each place that bears a folded name; empty when none does."""
        added = self.added.keys.get(key, [])
        wanted = hash_text(key)
        at = int(self.key_hash.searchsorted(wanted))
        if at < len(self.key_hash) and self.key_hash[at] == wanted and self._key(at) == key:
            return self._postings(at) + added
        return list(added)

    def one_slip_from(self, key: str) -> list[NameFound]:
        """Each folded name one letter away, and who bears it."""
        letters = letters_for(key)
        if not is_long_enough(key, letters):
            return []
        if letters:
            near = self._keys_numbered(slipped(key, letters))
        else:
            shorter = shortened(key)
            near = self._keys_numbered(shorter)
            near += self._keys_filed(
                np.append(shorter, hash_text(key)),
                self.shortened_hash, self.shortened_start, self.shortened_key,
            )  # fmt: skip
        at = list(dict.fromkeys(near))
        names = zip(at, self._keys(at), strict=True)
        found = [(name, self._postings(i)) for i, name in names if is_one_slip(key, name)]
        more = self.added.keys.items()
        return found + [(name, bearers) for name, bearers in more if is_one_slip(key, name)]

    def names_of(self, skeleton: str) -> dict[str, int]:
        """The folded Latin names with this consonant skeleton (rarely, another of its number), and
        where `borne` finds who bears each."""
        wanted = np.array([hash_text(skeleton)])
        filed = self._keys_filed(wanted, self.skeleton_hash, self.skeleton_start, self.skeleton_key)
        added = dict.fromkeys(self.added.skeletons.get(skeleton, []), -1)
        return added | dict(zip(self._keys(filed), filed, strict=True))

    def borne(self, name: str, at: int) -> list[Posting]:
        """Each place that bears a name of `names_of`."""
        return (self._postings(at) if at >= 0 else []) + self.added.keys.get(name, [])

    def row_of(self, place_id: int) -> int | None:
        """The row of a place id, None when the table has no such place."""
        if place_id < 0:
            return self.added.rows.get(place_id)
        at = int(self.place_id[: self._mapped_rows].searchsorted(place_id))
        known = at < self._mapped_rows and self.place_id[at] == place_id
        return at if known else None

    def with_added(self, columns: Mapping[str, npt.NDArray[Any]], added: Added) -> Table:
        """A table with more rows after its own; the mapped names are shared, not copied."""
        more = copy.copy(self)
        for name, column in columns.items():
            setattr(more, name, np.concatenate([getattr(self, name), column]))
        more.added = added
        return more

    def _key(self, index: int) -> str:
        return self.key_text[self.key_start[index] : self.key_start[index + 1]].tobytes().decode()

    def _keys(self, indices: list[int]) -> list[str]:
        """As _key, for many: a name is misspelt like hundreds of others."""
        at, text = np.array(indices, np.int64), self.key_text.data
        spans = zip(self.key_start[at].tolist(), self.key_start[at + 1].tolist(), strict=True)
        return [str(text[start:end], "utf-8") for start, end in spans]

    def _postings(self, index: int) -> list[Posting]:
        start, end = self.post_start[index], self.post_start[index + 1]
        return list(
            zip(
                self.post_row[start:end].tolist(),
                self.post_kind[start:end].tolist(),
                self.post_spelling[start:end].tolist(),
                strict=True,
            )
        )

    def _keys_numbered(self, wanted: Hashes) -> list[int]:
        at = np.minimum(self.key_hash.searchsorted(wanted), len(self.key_hash) - 1)
        found: list[int] = at[self.key_hash[at] == wanted].tolist()
        return found

    def _keys_filed(
        self, wanted: Hashes, numbers: Hashes, start: npt.NDArray[Any], keys: npt.NDArray[Any]
    ) -> list[int]:
        """The keys filed under any of the wanted numbers in one of the side indexes."""
        at = np.minimum(numbers.searchsorted(wanted), len(numbers) - 1)
        found: list[int] = []
        for i in at[numbers[at] == wanted].tolist():
            found += keys[start[i] : start[i + 1]].tolist()
        return found
