"""Which candidates are listed for each person sought: the likeliest few, best first.

Rules: by probability, then weight, then the order of the pairs; nobody below the least probability.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

F64 = npt.NDArray[np.float64]


@njit(cache=True, nogil=True)
def best_rows(
    owner: npt.NDArray[np.int32],
    probability: F64,
    weight: F64,
    most: int,
    least_probability: float,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """(row, rank from 1) of at most `most` pairs of each owner, whose pairs stand together."""
    rows = np.empty(len(owner), np.int64)
    ranks = np.empty(len(owner), np.int32)
    first = n = 0
    for row in range(len(owner)):
        if owner[row] != owner[first]:
            first = row
        if row == first:
            begin = n
        if probability[row] < least_probability:
            continue
        at = n
        while at > begin and (
            probability[rows[at - 1]] < probability[row]
            or (
                probability[rows[at - 1]] == probability[row] and weight[rows[at - 1]] < weight[row]
            )
        ):
            at -= 1
        if at - begin >= most:
            continue
        n = min(n + 1, begin + most)
        rows[at + 1 : n] = rows[at : n - 1].copy()
        rows[at] = row
    first = 0
    for at in range(n):
        if owner[rows[at]] != owner[rows[first]]:
            first = at
        ranks[at] = at - first + 1
    return rows[:n].copy(), ranks[:n].copy()
