"""The place table on disk: numpy arrays mapped into memory, found by the hash of a folded name.

Rules kept here:
- Rows are sorted by place id; names and keys are UTF-8 runs between offsets.
- A key is looked up by the first 64 bits of its BLAKE2b hash, and its text is compared as well, so
  that two names with one hash cannot be confused.
- Opening maps the files and reads only the lists of codes; nothing else is loaded until touched.

`Table` is internal to the room; `reknit.places.Gazetteer` is the door.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

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
    "skeleton_hash",
    "skeleton_start",
    "skeleton_key",
)


class NameKind(IntEnum):
    """How a place came by a key: surest first."""

    PRIMARY = 0
    ALTERNATE = 1
    BARE = 2
    """Its name without admin words."""
    WEAK = 3
    """The name of a settlement it shares its name with, or a name learned from alternate names."""


Posting = tuple[int, int]
"""(row, NameKind)"""


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
    skeleton_hash: npt.NDArray[np.uint64]
    skeleton_start: npt.NDArray[np.uint32]
    skeleton_key: npt.NDArray[np.int32]

    def name(self, row: int) -> str:
        """The row's name as its source writes it."""
        if row >= self._mapped_rows:
            return self.added.names[row - self._mapped_rows]
        return self.name_text[self.name_start[row] : self.name_start[row + 1]].tobytes().decode()

    def named(self, key: str) -> list[Posting]:
        """(row, NameKind) of each place that bears a folded name; empty when none does."""
        return self.named_any((key,))

    def named_any(self, keys: Sequence[str]) -> list[Posting]:
        """`named` for several keys at once, in their order."""
        wanted = hashes(keys)
        places = self.key_hash.searchsorted(wanted).tolist()
        found: list[Posting] = []
        for key, at, sought in zip(keys, places, wanted, strict=True):
            while at < len(self.key_hash) and self.key_hash[at] == sought:
                if self._key(at) == key:
                    found += self._postings(at)
                at += 1
            found += self.added.keys.get(key, ())
        return found

    def alike(self, skeleton: str) -> list[tuple[str, list[Posting]]]:
        """Each folded Latin name with this consonant skeleton, and who bears it."""
        found = []
        at = int(self.skeleton_hash.searchsorted(hashes((skeleton,))[0]))
        if at < len(self.skeleton_hash) and self.skeleton_hash[at] == hashes((skeleton,))[0]:
            start, end = self.skeleton_start[at], self.skeleton_start[at + 1]
            for index in self.skeleton_key[start:end].tolist():
                found.append((self._key(index), self._postings(index)))
        for key in self.added.skeletons.get(skeleton, ()):
            found.append((key, self.added.keys[key]))
        return found

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

    def _postings(self, index: int) -> list[Posting]:
        start, end = self.post_start[index], self.post_start[index + 1]
        return list(
            zip(self.post_row[start:end].tolist(), self.post_kind[start:end].tolist(), strict=True)
        )


def hashes(keys: Iterable[str]) -> npt.NDArray[np.uint64]:
    """The 64-bit hash that each key is filed under."""
    return np.frombuffer(b"".join(map(_digest, keys)), np.uint64)


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
