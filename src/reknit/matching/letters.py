"""Words one slip of the keyboard apart meet by their letters, however they sound.

Rules: a word's keys are its letters, and its letters without one of them; words that differ by one
letter lost, added, changed, or swapped with its neighbour share a key (symmetric deletion: Garbe,
SymSpell, 2012). Letters are code points, so that every script has them. Very short words have only
themselves: without a letter, most would meet.

>>> letters, start = spell(["richard", "ricahrd"])
>>> one, other = (set(letter_keys(letters, start[i], start[i + 1]).tolist()) for i in (0, 1))
>>> len(one & other) > 0
True
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.compiled import leaf
from reknit.matching.keys import FNV_START, as_key, hashed

MOST_LETTERS: Final = 15
MOST_LETTER_KEYS: Final = MOST_LETTERS + 1
_SHORTEST_LEFT_OUT = 3
_LETTERS_SEED = 204

Letters = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]


def spell(words: Sequence[str]) -> tuple[Letters, I64]:
    """(code points of all words, where each word starts and the last ends)."""
    start = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in words], out=start[1:])
    return np.frombuffer("".join(words).encode("utf-32-le"), np.uint32), start


@leaf
def write_letter_keys(letters: Letters, first: int, last: int, keys: I64) -> int:
    """Write the keys of letters[first:last], of which MOST_LETTERS count; returns how many."""
    last = min(last, first + MOST_LETTERS)
    count = 0
    for left_out in range(first - 1, last if last - first >= _SHORTEST_LEFT_OUT else first):
        if left_out > first and letters[left_out] == letters[left_out - 1]:
            continue
        state = hashed(FNV_START, _LETTERS_SEED)
        for at in range(first, last):
            if at != left_out:
                state = hashed(state, letters[at])
        keys[count] = as_key(state)
        count += 1
    return count


@njit(cache=True, nogil=True)
def letter_keys(letters: Letters, first: int, last: int) -> I64:
    """The keys of letters[first:last]."""
    keys = np.empty(MOST_LETTER_KEYS, np.int64)
    return keys[: write_letter_keys(letters, first, last, keys)]


@njit(cache=True, nogil=True)
def all_letter_keys(letters: Letters, start: I64) -> tuple[I64, I64]:
    """The keys of every word as (start[n + 1], keys)."""
    words = start.size - 1
    key_start = np.zeros(words + 1, np.int64)
    keys = np.empty(letters.size + 2 * words, np.int64)
    for word in range(words):
        at = key_start[word]
        count = write_letter_keys(letters, start[word], start[word + 1], keys[at:])
        key_start[word + 1] = at + count
    return key_start, keys[: key_start[-1]].copy()
