"""The inverted index against a dictionary: the same answers for any keys and values."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from reknit.matching.postings import Postings, find, mix

# Few distinct keys, so that lists grow; keys 2^20 apart, so that slots collide.
KEYS = st.sampled_from([1, 2, 3, 1 << 20, 2 << 20, 3 << 20, (1 << 63) + 1, (1 << 64) - 1])
ENTRIES = st.lists(st.tuples(KEYS, st.integers(0, 1000)), max_size=60)


def built(entries: list[tuple[int, int]]) -> Postings:
    keys = np.array([key for key, _ in entries], np.uint64)
    return Postings.build(keys, np.array([value for _, value in entries], np.int32))


@given(entries=ENTRIES)
@example(entries=[])
def test_it_answers_as_a_dictionary_of_lists_would(entries: list[tuple[int, int]]) -> None:
    oracle: dict[int, list[int]] = {}
    for key, value in entries:
        oracle.setdefault(key, []).append(value)
    postings = built(entries)
    for key in [1, 2, 3, 4, 1 << 20, 2 << 20, 3 << 20, 7 << 20, (1 << 63) + 1, (1 << 64) - 1]:
        assert postings.values_of(key).tolist() == oracle.get(key, [])


@given(entries=ENTRIES, value=st.integers(0, 1000), keys=st.lists(KEYS, max_size=4))
def test_a_value_taken_off_some_keys_stays_on_the_others(
    entries: list[tuple[int, int]], value: int, keys: list[int]
) -> None:
    postings = built(entries)
    postings.remove(np.array(keys, np.uint64), value)
    for key in [1, 2, 3, 1 << 20, 2 << 20, 3 << 20, (1 << 63) + 1, (1 << 64) - 1]:
        left = [v for k, v in entries if k == key and not (key in keys and v == value)]
        assert postings.values_of(key).tolist() == left


def test_it_finds_each_of_many_keys_and_none_besides() -> None:
    keys = np.arange(1, 20_001, 2, dtype=np.uint64)
    postings = Postings.build(keys, np.arange(len(keys), dtype=np.int32))
    assert all(postings.values_of(int(key)).tolist() == [n] for n, key in enumerate(keys))
    assert all(find(postings.arrays, np.uint64(key)) == -1 for key in range(2, 20_000, 2))
    assert postings.nbytes == sum(array.nbytes for array in postings.arrays)


@given(
    first=st.tuples(st.integers(1, 7), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)),
    second=st.tuples(st.integers(1, 7), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)),
)
def test_keys_are_stable_never_empty_and_tell_questions_apart(
    first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    assert int(mix(*first)) == int(mix(*first)) != 0
    assert (int(mix(*first)) == int(mix(*second))) == (first == second)


def test_a_key_is_the_same_on_every_machine() -> None:
    # splitmix64's finaliser done by hand in whole numbers; kept indexes and workers rely on it.
    mask = (1 << 64) - 1
    z = 1 * 0x9E3779B97F4A7C15 + 2 & mask
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9 + 3) & mask
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
    assert int(mix(1, 2, 3)) == (z ^ z >> 31) | 1
