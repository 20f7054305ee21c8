"""How alike two words of names are, by aligning the sounds of their readings.

Rules: the same text is 1; a shared name-group (nickname, spelling, script form) is 0.95; otherwise
the best pair of readings counts, as 1 minus the cost of the cheapest alignment over the weight of
the sounds. Costs depend on the two scripts (see ``phonetics``). Two words known to belong to
different names are held to a stricter measure than two unknown ones.

The kernels allocate nothing but one scratch row-set a call and may run in many threads.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.phonetics import (
    CLASS_COUNT,
    CROSS,
    HANGUL,
    IS_VOWEL,
    LEFT_OUT,
    LONGEST_FORM,
    STRICT,
    SWAPPED,
    SYLLABIC,
    VOWELLESS,
)

SAME_GROUP: Final = np.float32(0.95)
FLAG_VOWELLESS: Final = 1
FLAG_SYLLABIC: Final = 2
FLAG_INITIAL: Final = 4
FLAG_HANGUL: Final = 8
SCRATCH_SIZE: Final = 3 * (LONGEST_FORM + 2)
LEAST_ALIKE: Final = np.float32(0.42)
"""Words less alike than this have nothing to do with each other, and are given 0."""

# Across scripts p, b and f, v are one class, and l and r (see ``phonetics.COARSE``).
_FOLDED = np.array(
    [
        mask & ~0b110000010 | (mask & 0b10) >> 1 | (mask & 0b110000000 != 0) << 7
        for mask in range(1 << CLASS_COUNT)
    ],
    np.uint16,
)
_BITS = np.array([bin(mask).count("1") for mask in range(1 << CLASS_COUNT)], np.int64)
NEEDS_ALIGNING: Final = np.float32(-1.0)
INITIAL_ALIKE: Final = np.float32(0.7)
_SAME_INITIAL = np.float32(0.2)
_MOST_BY_SOUND = np.float32(0.99)
_DIFFERENT_NAMES = np.float32(0.12)
_TRANSPOSED = np.float32(0.6)
_FIRST_SOUND = np.float32(1.25)
_STRICT_LAST_VOWEL = np.float32(1.6)
_SHORTEST_WEIGHT = np.float32(2.0)


class TokenArrays(NamedTuple):
    """Every distinct token as flat arrays; row ``i`` is the token with id ``i``.

    text_ids: equal for tokens written alike. form_start: token -> range of forms.
    code_start: form -> range in codes (``phonetics.SOUNDS``). form_classes: bitmasks
    of coarse consonant classes. token_any, token_all: the classes that any and all
    of a token's forms have. symbol_start, symbols: token -> sorted group ids.
    """

    text_ids: NDArray[np.int32]
    scripts: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    form_start: NDArray[np.int64]
    code_start: NDArray[np.int64]
    codes: NDArray[np.uint8]
    form_classes: NDArray[np.uint16]
    token_any: NDArray[np.uint16]
    token_all: NDArray[np.uint16]
    symbol_start: NDArray[np.int64]
    symbols: NDArray[np.int32]


@njit(cache=True, nogil=True, inline="always")
def alignment_mode(arrays: TokenArrays, i: int, j: int) -> int:
    """Which cost model two tokens are compared under."""
    if arrays.scripts[i] == arrays.scripts[j]:
        return STRICT
    flags = arrays.flags[i] | arrays.flags[j]
    if flags & FLAG_SYLLABIC:
        return SYLLABIC
    if flags & FLAG_VOWELLESS:
        return VOWELLESS
    if flags & FLAG_HANGUL:
        return HANGUL
    return CROSS


@njit(cache=True, nogil=True, inline="always")
def _edge_factor(
    sound: int, row: int, length_a: int, column: int, length_b: int, mode: int
) -> np.float32:
    """The first consonant, and in one script the last vowel (Maria, Mario), matter more."""
    if row == 0 and column == 0 and not IS_VOWEL[sound]:
        return _FIRST_SOUND
    if mode == STRICT and row == length_a - 1 and column == length_b - 1 and IS_VOWEL[sound]:
        return _STRICT_LAST_VOWEL
    return np.float32(1.0)


@njit(cache=True, nogil=True)
def sounds_similarity(
    codes_a: NDArray[np.uint8],
    a0: int,
    a1: int,
    codes_b: NDArray[np.uint8],
    b0: int,
    b1: int,
    mode: int,
    scratch: NDArray[np.float32],
) -> np.float32:
    """0-1 from the cheapest alignment (with swapped neighbours) of two strings of sounds."""
    length_a = a1 - a0
    length_b = b1 - b0
    if length_a == 0 or length_b == 0:
        return np.float32(0.0)
    width = LONGEST_FORM + 2
    before = 0
    previous = width
    current = 2 * width
    weight_b = np.float32(0.0)
    scratch[previous] = 0.0
    for column in range(length_b):
        weight_b += LEFT_OUT[mode, codes_b[b0 + column]]
        scratch[previous + column + 1] = weight_b
    weight_a = np.float32(0.0)
    for row in range(length_a):
        weight_a += LEFT_OUT[mode, codes_a[a0 + row]]
    weight = max(weight_a, weight_b, _SHORTEST_WEIGHT)
    too_dear = (np.float32(1.0) - LEAST_ALIKE) * weight
    if abs(weight_a - weight_b) > too_dear:
        return np.float32(0.0)
    so_far = np.float32(0.0)
    cheapest_before = np.float32(0.0)
    for row in range(length_a):
        sound_a = codes_a[a0 + row]
        out_a = LEFT_OUT[mode, sound_a]
        so_far += out_a
        scratch[current] = so_far
        cheapest = so_far
        diagonal = scratch[previous]
        left = so_far
        at_edge = row == 0 or row == length_a - 1
        for column in range(length_b):
            sound_b = codes_b[b0 + column]
            cost = SWAPPED[mode, sound_a, sound_b]
            if at_edge and cost > 0:
                cost *= _edge_factor(sound_a, row, length_a, column, length_b, mode)
            above = scratch[previous + column + 1]
            best = min(diagonal + cost, above + out_a, left + LEFT_OUT[mode, sound_b])
            if (
                row > 0
                and column > 0
                and sound_a == codes_b[b0 + column - 1]
                and codes_a[a0 + row - 1] == sound_b
            ):
                best = min(best, scratch[before + column - 1] + _TRANSPOSED)
            scratch[current + column + 1] = best
            diagonal = above
            left = best
            cheapest = min(cheapest, best)
        if min(cheapest, cheapest_before) > too_dear:
            return np.float32(0.0)
        cheapest_before = cheapest
        before, previous, current = previous, current, before
    return max(np.float32(0.0), np.float32(1.0) - scratch[previous + length_b] / weight)


@njit(cache=True, nogil=True, inline="always")
def share_symbol(arrays: TokenArrays, i: int, j: int) -> int:
    """1 when a name-group holds both tokens, -1 when both have groups but share none, else 0."""
    at_i = arrays.symbol_start[i]
    end_i = arrays.symbol_start[i + 1]
    at_j = arrays.symbol_start[j]
    end_j = arrays.symbol_start[j + 1]
    if at_i == end_i or at_j == end_j:
        return 0
    while at_i < end_i and at_j < end_j:
        one = arrays.symbols[at_i]
        other = arrays.symbols[at_j]
        if one == other:
            return 1
        if one < other:
            at_i += 1
        else:
            at_j += 1
    return -1


@njit(cache=True, nogil=True, inline="always")
def cannot_be_alike(any_a: int, all_a: int, any_b: int, all_b: int, mode: int) -> bool:
    """True when the consonant classes alone rule a pair out, so that no alignment is worth doing.

    any, all: the classes that some and that every reading of a side has.
    """
    if mode != STRICT:
        any_a, all_a, any_b, all_b = _FOLDED[any_a], _FOLDED[all_a], _FOLDED[any_b], _FOLDED[all_b]
    shared = _BITS[any_a & any_b]
    apart = _BITS[all_a & ~any_b] + _BITS[all_b & ~any_a]
    return bool(apart > shared + (mode >= VOWELLESS))


@njit(cache=True, nogil=True, inline="always")
def quick_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """The similarity where no alignment is needed to know it, else NEEDS_ALIGNING.

    Written into its callers by the compiler: most pairs of words end here, in nanoseconds.
    """
    if i == j or arrays.text_ids[i] == arrays.text_ids[j]:
        found = np.float32(1.0)
    elif share_symbol(arrays, i, j) == 1:
        found = SAME_GROUP
    elif (arrays.flags[i] | arrays.flags[j]) & FLAG_INITIAL == 0 and cannot_be_alike(
        arrays.token_any[i],
        arrays.token_all[i],
        arrays.token_any[j],
        arrays.token_all[j],
        alignment_mode(arrays, i, j),
    ):
        found = np.float32(0.0)
    else:
        found = NEEDS_ALIGNING
    return found


@njit(cache=True, nogil=True)
def aligned_similarity(
    arrays: TokenArrays, i: int, j: int, scratch: NDArray[np.float32]
) -> np.float32:
    """The similarity of two different words by their readings, or of an initial with a word.

    scratch: float32[SCRATCH_SIZE], the caller's.
    """
    first_i = arrays.form_start[i]
    first_j = arrays.form_start[j]
    if (arrays.flags[i] | arrays.flags[j]) & FLAG_INITIAL:
        if arrays.form_start[i + 1] == first_i or arrays.form_start[j + 1] == first_j:
            return np.float32(0.0)
        sound_i = arrays.codes[arrays.code_start[first_i]]
        sound_j = arrays.codes[arrays.code_start[first_j]]
        alike = SWAPPED[CROSS, sound_i, sound_j] <= _SAME_INITIAL
        return INITIAL_ALIKE if alike else np.float32(0.0)
    mode = alignment_mode(arrays, i, j)
    best = np.float32(0.0)
    for form_i in range(first_i, arrays.form_start[i + 1]):
        a0 = arrays.code_start[form_i]
        a1 = arrays.code_start[form_i + 1]
        classes = arrays.form_classes[form_i]
        for form_j in range(first_j, arrays.form_start[j + 1]):
            b0 = arrays.code_start[form_j]
            b1 = arrays.code_start[form_j + 1]
            other_classes = arrays.form_classes[form_j]
            if cannot_be_alike(classes, classes, other_classes, other_classes, mode):
                continue
            found = sounds_similarity(arrays.codes, a0, a1, arrays.codes, b0, b1, mode, scratch)
            best = max(best, found)
    if share_symbol(arrays, i, j) == -1:
        best -= _DIFFERENT_NAMES
    best = min(best, _MOST_BY_SOUND)
    return best if best >= LEAST_ALIKE else np.float32(0.0)


@njit(cache=True, nogil=True)
def token_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """How alike tokens ``i`` and ``j`` are: 1 the same text, 0.95 one name-group, else 0-0.99."""
    found = quick_similarity(arrays, i, j)
    if found == NEEDS_ALIGNING:
        found = aligned_similarity(arrays, i, j, np.empty(SCRATCH_SIZE, np.float32))
    return found
