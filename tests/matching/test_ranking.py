"""The few likeliest candidates of each person, against a full sort."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from reknit.matching.ranking import best_rows

CHANCES = st.sampled_from([0.0, 0.1, 0.5, 0.9])
PAIRS = st.lists(st.tuples(st.integers(0, 4), CHANCES, st.sampled_from([-2.0, 0.0, 3.5])))


@given(pairs=PAIRS, most=st.integers(1, 5), least=CHANCES)
@example(pairs=[], most=10, least=0.0)
def test_it_lists_as_a_full_sort_would(
    pairs: list[tuple[int, float, float]], most: int, least: float
) -> None:
    pairs = sorted(pairs, key=lambda pair: pair[0])
    owner, probability, weight = (
        np.array([pair[at] for pair in pairs], kind)
        for at, kind in enumerate((np.int32, np.float64, np.float64))
    )
    rows, ranks = best_rows(owner, probability, weight, most, least)
    expected = []
    for one in range(5):
        mine = [row for row, pair in enumerate(pairs) if pair[0] == one and pair[1] >= least]
        mine.sort(key=lambda row: (-pairs[row][1], -pairs[row][2], row))
        expected += [(row, rank) for rank, row in enumerate(mine[:most], 1)]
    assert list(zip(rows.tolist(), ranks.tolist(), strict=True)) == expected
