"""Fuzzy keys of a token: two forms of one name nearly always share one.

Rules: at most ``MOST_KEYS`` keys a token, in this order: its name-groups; the sounds of its
likeliest reading; the consonant skeleton of each reading; the same as other scripts may write it
(glides left out, a soft g, j for g, b for v); and skeletons with one sound left out, so that one or
two typos still meet. Hashes are our own (FNV-1a), so that a stored index stays valid between runs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.alignment import (
    FLAG_HANGUL,
    FLAG_SYLLABIC,
    FLAG_VOWELLESS,
    TokenArrays,
)
from reknit.matching.compiled import leaf
from reknit.matching.phonetics import COARSE, SOUNDS

MOST_KEYS: Final = 16
_MOST_SYMBOLS: Final = 4
_MOST_VARIED_FORMS: Final = 2
LONGEST_SKELETON: Final = 12

FNV_START = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GROUP_SEED = 201
_SKELETON_SEED = 202
_SOUNDS_SEED = 203

_PLAIN, _NO_GLIDES, _SOFT_G, _J_IS_G, _B_IS_V = range(5)


def _class_of(sound: str) -> int:
    return int(COARSE[SOUNDS.index(sound)])


def _variants() -> NDArray[np.uint8]:
    """The consonant class of each sound, 0 to leave it out, in each way of writing."""
    classes = np.repeat(COARSE[None], 5, axis=0)
    for glide in "wJGX":
        classes[_NO_GLIDES, SOUNDS.index(glide)] = 0
    classes[_J_IS_G, SOUNDS.index("J")] = _class_of("g")
    for labial in "bp":
        classes[_B_IS_V, SOUNDS.index(labial)] = _class_of("v")
    return classes


_SKELETON = _variants()
_G, _N, _B, _P = (SOUNDS.index(sound) for sound in "gnbp")
_SOFT, _M_CLASS = _class_of("J"), _class_of("m")
_OTHER_WRITING = FLAG_HANGUL | FLAG_SYLLABIC | FLAG_VOWELLESS
_FRONT_VOWEL = np.array([sound in "eiy" for sound in SOUNDS])


@leaf
def hashed(state: np.uint64, value: int) -> np.uint64:
    return (state ^ np.uint64(value)) * _FNV_PRIME


@leaf
def as_key(state: np.uint64) -> np.int64:
    return np.int64(state >> np.uint64(1))


@leaf
def _add(keys: NDArray[np.int64], count: int, key: np.int64) -> int:
    """Append a key once; full or known leaves all as it is."""
    if count >= MOST_KEYS:
        return count
    for at in range(count):
        if keys[at] == key:
            return count
    keys[count] = key
    return count + 1


@leaf
def _skeleton(arrays: TokenArrays, form: int, variant: int, skeleton: NDArray[np.uint8]) -> int:
    """The consonant classes of a reading, neighbours alike taken once; returns how many."""
    length = 0
    row = arrays.forms[form]
    end = row.start + row.length
    for at in range(row.start, end):
        sound = arrays.codes[at]
        kind = _SKELETON[variant, sound]
        following = arrays.codes[at + 1] if at + 1 < end else np.uint8(0)
        if variant == _SOFT_G and sound == _G and _FRONT_VOWEL[following]:
            kind = _SOFT
        elif sound == _N and following in (_B, _P):
            kind = _M_CLASS
        if kind == 0 or (length > 0 and skeleton[length - 1] == kind):
            continue
        skeleton[length] = kind
        length += 1
        if length == LONGEST_SKELETON:
            break
    return length


@leaf
def _skeleton_key(skeleton: NDArray[np.uint8], length: int, leave_out: int) -> np.int64:
    state = hashed(FNV_START, _SKELETON_SEED)
    last = 0
    for at in range(length):
        if at != leave_out and skeleton[at] != last:
            last = skeleton[at]
            state = hashed(state, last)
    return as_key(state)


@leaf
def write_token_keys(
    arrays: TokenArrays, i: int, keys: NDArray[np.int64], skeleton: NDArray[np.uint8]
) -> int:
    """Write the keys of token ``i``; returns how many. skeleton: scratch of LONGEST_SKELETON."""
    count = 0
    token = arrays.tokens[i]
    for at in range(
        token.first_symbol, token.first_symbol + min(token.symbol_count, _MOST_SYMBOLS)
    ):
        state = hashed(hashed(FNV_START, _GROUP_SEED), arrays.symbols[at])
        count = _add(keys, count, as_key(state))
    first = token.first_form
    forms = range(first, first + token.form_count)
    for form in forms:
        length = _skeleton(arrays, form, _PLAIN, skeleton)
        if form == first or length == 0:
            count = _add(keys, count, _sounds_key(arrays, form))
        if length > 0:
            count = _add(keys, count, _skeleton_key(skeleton, length, -1))
    for variant in range(_NO_GLIDES, _B_IS_V + 1):
        if variant == _SOFT_G and token.flags != 0:
            continue
        if variant > _SOFT_G and token.flags & _OTHER_WRITING == 0:
            continue
        for form in range(first, first + min(token.form_count, _MOST_VARIED_FORMS)):
            length = _skeleton(arrays, form, variant, skeleton)
            if length > 0:
                count = _add(keys, count, _skeleton_key(skeleton, length, -1))
    for form in forms:
        length = _skeleton(arrays, form, _PLAIN, skeleton)
        if length >= 3:
            for leave_out in range(min(length, 6)):
                count = _add(keys, count, _skeleton_key(skeleton, length, leave_out))
    return count


@leaf
def _sounds_key(arrays: TokenArrays, form: int) -> np.int64:
    """All sounds of a reading, vowels too."""
    row = arrays.forms[form]
    state = hashed(FNV_START, _SOUNDS_SEED)
    for at in range(row.start, row.start + row.length):
        state = hashed(state, arrays.codes[at])
    return as_key(state)


@njit(cache=True, nogil=True)
def token_keys(arrays: TokenArrays, i: int) -> NDArray[np.int64]:
    """The keys (at most MOST_KEYS, non-negative) of token ``i``."""
    keys = np.empty(MOST_KEYS, np.int64)
    count = write_token_keys(arrays, i, keys, np.empty(LONGEST_SKELETON, np.uint8))
    return keys[:count]


@njit(cache=True, nogil=True)
def all_token_keys(arrays: TokenArrays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of every token as (start[n + 1], keys)."""
    tokens = arrays.tokens.size
    start = np.zeros(tokens + 1, np.int64)
    keys = np.empty(tokens * MOST_KEYS, np.int64)
    one = np.empty(MOST_KEYS, np.int64)
    skeleton = np.empty(LONGEST_SKELETON, np.uint8)
    at = 0
    for i in range(tokens):
        count = write_token_keys(arrays, i, one, skeleton)
        keys[at : at + count] = one[:count]
        at += count
        start[i + 1] = at
    return start, keys[:at].copy()
