"""Fuzzy keys of a token: two forms of one name nearly always share one.

Rules: at most ``MOST_KEYS`` keys a token: its name-groups, the consonant skeleton of each reading
(exact classes, and again with glides left out), and the skeletons with one sound left out, so that
one or two typos still meet. Words with under three consonants also give their first vowel.
Hashes are our own (FNV-1a), so that a stored index stays valid between runs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.alignment import TokenArrays
from reknit.matching.phonetics import COARSE, SOUNDS

MOST_KEYS: Final = 14
_MOST_SYMBOLS: Final = 4
_LONGEST_SKELETON: Final = 12

_FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GROUP_SEED = 201
_SKELETON_SEED = 202
_SHORT_SEED = 203

# Skeleton classes: coarser than COARSE (l and r apart, nasals apart); 0 leaves the sound out.
_SKELETON = COARSE.copy()
_GLIDES = np.zeros(32, np.bool_)
_GLIDES[SOUNDS.index("w")] = True
_GLIDES[SOUNDS.index("J")] = True
_GLIDES[SOUNDS.index("G")] = True
_GLIDES[SOUNDS.index("X")] = True


@njit(cache=True, nogil=True)
def _hashed(state: np.uint64, value: int) -> np.uint64:
    return (state ^ np.uint64(value)) * _FNV_PRIME


@njit(cache=True, nogil=True)
def _as_key(state: np.uint64) -> np.int64:
    return np.int64(state >> np.uint64(1))


@njit(cache=True, nogil=True)
def _add(keys: NDArray[np.int64], count: int, key: np.int64) -> int:
    """Append a key once; full or known leaves all as it is."""
    if count >= MOST_KEYS:
        return count
    for at in range(count):
        if keys[at] == key:
            return count
    keys[count] = key
    return count + 1


@njit(cache=True, nogil=True)
def _skeleton(
    arrays: TokenArrays, form: int, keep_glides: bool, skeleton: NDArray[np.uint8]
) -> int:
    """The consonant classes of a reading, neighbours alike taken once; returns how many."""
    length = 0
    row = arrays.forms[form]
    for at in range(row.start, row.start + row.length):
        sound = arrays.codes[at]
        kind = _SKELETON[sound]
        if kind == 0 or (not keep_glides and _GLIDES[sound]):
            continue
        if length > 0 and skeleton[length - 1] == kind:
            continue
        skeleton[length] = kind
        length += 1
        if length == _LONGEST_SKELETON:
            break
    return length


@njit(cache=True, nogil=True)
def _skeleton_key(skeleton: NDArray[np.uint8], length: int, leave_out: int) -> np.int64:
    state = _hashed(_FNV_START, _SKELETON_SEED)
    last = 0
    for at in range(length):
        if at != leave_out and skeleton[at] != last:
            last = skeleton[at]
            state = _hashed(state, last)
    return _as_key(state)


@njit(cache=True, nogil=True)
def _write_keys(
    arrays: TokenArrays, i: int, keys: NDArray[np.int64], skeleton: NDArray[np.uint8]
) -> int:
    count = 0
    token = arrays.tokens[i]
    for at in range(
        token.first_symbol, token.first_symbol + min(token.symbol_count, _MOST_SYMBOLS)
    ):
        state = _hashed(_hashed(_FNV_START, _GROUP_SEED), arrays.symbols[at])
        count = _add(keys, count, _as_key(state))
    forms = range(token.first_form, token.first_form + token.form_count)
    for form in forms:
        length = _skeleton(arrays, form, True, skeleton)
        if length > 0:
            count = _add(keys, count, _skeleton_key(skeleton, length, -1))
        else:
            state = _hashed(_FNV_START, _SHORT_SEED)
            row = arrays.forms[form]
            for at in range(row.start, row.start + row.length):
                state = _hashed(state, arrays.codes[at])
            count = _add(keys, count, _as_key(state))
    for form in forms:
        length = _skeleton(arrays, form, False, skeleton)
        if length > 0:
            count = _add(keys, count, _skeleton_key(skeleton, length, -1))
    for form in forms:
        length = _skeleton(arrays, form, True, skeleton)
        if length >= 3:
            for leave_out in range(min(length, 6)):
                count = _add(keys, count, _skeleton_key(skeleton, length, leave_out))
    return count


@njit(cache=True, nogil=True)
def token_keys(arrays: TokenArrays, i: int) -> NDArray[np.int64]:
    """The keys (at most MOST_KEYS, non-negative) of token ``i``."""
    keys = np.empty(MOST_KEYS, np.int64)
    count = _write_keys(arrays, i, keys, np.empty(_LONGEST_SKELETON, np.uint8))
    return keys[:count]


@njit(cache=True, nogil=True)
def all_token_keys(arrays: TokenArrays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of every token as (start[n + 1], keys)."""
    tokens = arrays.tokens.size
    start = np.zeros(tokens + 1, np.int64)
    keys = np.empty(tokens * MOST_KEYS, np.int64)
    one = np.empty(MOST_KEYS, np.int64)
    skeleton = np.empty(_LONGEST_SKELETON, np.uint8)
    at = 0
    for i in range(tokens):
        count = _write_keys(arrays, i, one, skeleton)
        keys[at : at + count] = one[:count]
        at += count
        start[i + 1] = at
    return start, keys[:at].copy()
