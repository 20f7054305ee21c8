"""An inverted index of integers: which values (records, tokens) carry a key.

Rules: keys are 64-bit mixes of small integers, the same on every machine and run; an index is built
once; values can be removed from it but not added (what is added later goes to a segment of its own,
see `index`).

>>> import numpy as np
>>> postings = Postings.build(np.array([7, 9, 7], np.uint64), np.array([0, 1, 2], np.int32))
>>> postings.values_of(7).tolist()
[0, 2]
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reknit.matching.compiled import leaf

U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]


class PostingArrays(NamedTuple):
    """An open-addressing table (a power of two of slots; key 0 is an empty slot) into `values`."""

    keys: U64
    start: npt.NDArray[np.int64]
    length: I32
    values: I32


@leaf
def mix(kind: int, a: int, b: int) -> Any:
    """A 64-bit key of three integers, never 0 (splitmix64's finaliser, Steele et al. 2014)."""
    z = np.uint64(kind) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(a)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(b)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return z | np.uint64(1)


@leaf
def find(postings: PostingArrays, key: np.uint64) -> Any:
    """The slot of a key, -1 when it is not there."""
    mask = np.uint64(len(postings.keys) - 1)
    slot = (key * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(20)) & mask
    while postings.keys[slot] != 0:
        if postings.keys[slot] == key:
            return np.int64(slot)
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@leaf
def _fill(
    keys: U64,
    sorted_keys: U64,
    first: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    length: I32,
) -> None:
    mask = np.uint64(len(keys) - 1)
    for index in range(len(first) - 1):
        key = sorted_keys[first[index]]
        slot = (key * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(20)) & mask
        while keys[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = key
        start[slot] = first[index]
        length[slot] = first[index + 1] - first[index]


@leaf
def _remove(postings: PostingArrays, keys: U64, value: int) -> None:
    for key in keys:
        slot = find(postings, key)
        if slot < 0:
            continue
        first, kept = postings.start[slot], 0
        for at in range(first, first + postings.length[slot]):
            if postings.values[at] != value:
                postings.values[first + kept] = postings.values[at]
                kept += 1
        postings.length[slot] = kept


class Postings:
    """Key → values, built at once."""

    def __init__(self, arrays: PostingArrays) -> None:
        self.arrays = arrays

    @classmethod
    def build(cls, keys: U64, values: I32) -> Postings:
        """From parallel arrays; the values of a key keep their order."""
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        change = np.ones(len(keys), bool)
        change[1:] = keys[1:] != keys[:-1]
        first = np.append(np.flatnonzero(change), len(keys)).astype(np.int64)
        size = 1 << max(4, int(1.5 * len(first)).bit_length())
        table = np.zeros(size, np.uint64)
        start = np.zeros(size, np.int64)
        length = np.zeros(size, np.int32)
        _fill(table, keys, first, start, length)
        return cls(PostingArrays(table, start, length, values[order]))

    def remove(self, keys: U64, value: int) -> None:
        """Take a value off these keys; those of it that carry others keep them, in their order."""
        _remove(self.arrays, keys, value)

    def values_of(self, key: int) -> I32:
        """All values of a key."""
        slot = find(self.arrays, np.uint64(key))
        if slot < 0:
            return self.arrays.values[:0]
        begin = self.arrays.start[slot]
        return self.arrays.values[begin : begin + self.arrays.length[slot]]

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays."""
        return sum(array.nbytes for array in self.arrays)
