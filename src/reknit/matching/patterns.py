"""Many pairs show few distinct patterns of levels: each is weighed once.

>>> first, of_row = number_patterns(np.array([[1] * 8, [2] * 8, [1] * 8], np.int8),
...                                 np.zeros(3, np.int16))
>>> first.tolist(), of_row.tolist()
([0, 1], [0, 1, 0])
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.postings import mix

_FEWEST_SLOTS = 1 << 12
_LEVEL_BITS = 4


def number_patterns(
    levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """(a row of each distinct pattern, in order of appearance; the pattern's number of each row).

    levels: rows of up to twelve levels below 16; group: a row's pair of scripts, which counts too.
    """
    first, of_row = _number_codes(_codes(levels, group))
    return first, of_row


@njit(cache=True, nogil=True)
def _codes(levels: npt.NDArray[np.int8], group: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    codes = np.empty(len(group), np.int64)
    for row in range(len(group)):
        code = np.int64(group[row])
        for column in range(levels.shape[1]):
            code = (code << _LEVEL_BITS) | levels[row, column]
        codes[row] = code
    return codes


@njit(cache=True, nogil=True)
def _number_codes(
    codes: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """By an open-addressing table of pattern numbers, doubled whenever half full."""
    size = _FEWEST_SLOTS
    table = np.full(size, -1, np.int32)
    first = np.empty(size, np.int64)
    of_row = np.empty(len(codes), np.int32)
    count = 0
    for row in range(len(codes)):
        slot = _slot(codes, first, table, codes[row])
        if table[slot] < 0:
            table[slot] = count
            first[count] = row
            count += 1
        of_row[row] = table[slot]
        if 2 * count >= size:
            size *= 2
            table = np.full(size, -1, np.int32)
            first = np.concatenate((first, np.empty(size - len(first), np.int64)))
            for number in range(count):
                table[_slot(codes, first, table, codes[first[number]])] = number
    return first[:count].copy(), of_row


@njit(cache=True, nogil=True)
def _slot(
    codes: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    table: npt.NDArray[np.int32],
    code: int,
) -> Any:
    """Where a code's number stands or would stand."""
    mask = len(table) - 1
    slot = np.int64(mix(0, code, 0) & np.uint64(mask))
    while table[slot] >= 0 and codes[first[table[slot]]] != code:
        slot = (slot + 1) & mask
    return slot
