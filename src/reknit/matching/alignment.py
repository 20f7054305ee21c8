"""How alike two words of names are, by aligning the sounds of their readings.

Rules: the same text is 1; a shared name-group (nickname, spelling, script form) is 0.95; otherwise
the best pair of readings counts, as 1 minus the cost of the cheapest alignment over the weight of
the sounds. Costs depend on the two scripts (see ``phonetics``). Two words known to belong to
different names are held to a stricter measure than two unknown ones, and so are two words in Han
or Kana that sound alike but are written otherwise.

A slip of the keyboard may sound like another word altogether (Lily, Lxily). Two words of one
alphabet, not both known as names, that are one letter apart are therefore measured by their letters
too, and the better of the two measures counts: see ``slip_similarity``.

The kernels allocate nothing but one scratch row-set a call and may run in many threads.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.compiled import leaf
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
LEAST_ALIKE: Final = np.float32(0.5)
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
_SAME_INITIAL = np.int32(200)
_OTHER_CHARACTERS = np.float32(0.65)
_MOST_BY_SOUND = np.float32(0.99)
_DIFFERENT_NAMES = np.float32(0.12)
_TRANSPOSED = np.int32(600)
_SHORTEST_WEIGHT = np.int32(2000)
SHORTEST_SLIPPED: Final = 4
_LETTER_SLIPPED, _LETTER_CHANGED = np.float32(1.5), np.float32(2.25)
_MOST_BY_LETTERS = np.float32(0.85)

TOKEN_ROW: Final = np.dtype(
    [
        ("text_id", np.int32),
        ("first_form", np.int32),
        ("first_symbol", np.int32),
        ("first_letter", np.int32),
        ("letter_set", np.uint32),
        ("form_count", np.uint8),
        ("symbol_count", np.uint8),
        ("letter_count", np.uint8),
        ("script", np.uint8),
        ("flags", np.uint8),
        ("any_classes", np.uint16),
        ("all_classes", np.uint16),
    ],
    align=True,
)


class TokenArrays(NamedTuple):
    """Every distinct token as flat arrays; row ``i`` of tokens is the token with id ``i``.

    tokens (TOKEN_ROW): text_id is equal for tokens written alike; its forms, symbols and letters
    are the rows from first_form, first_symbol and first_letter on; any_classes and all_classes are
    bitmasks of the consonant classes that some and that all of its forms have, letter_set one of
    its letters (`letter_bit`). forms (FORM_ROW): the range of a form in codes (sounds), and its
    classes. symbols: sorted group ids of each token. letters: the code points of what was written;
    words that no slip is looked for in have none.
    """

    tokens: NDArray[np.void]
    forms: NDArray[np.void]
    codes: NDArray[np.uint8]
    symbols: NDArray[np.int32]
    letters: NDArray[np.uint32]


@njit(cache=True, nogil=True, inline="always")
def alignment_mode(arrays: TokenArrays, i: int, j: int) -> int:
    """Which cost model two tokens are compared under."""
    flags = arrays.tokens[i].flags | arrays.tokens[j].flags
    mode = CROSS
    if arrays.tokens[i].script == arrays.tokens[j].script:
        mode = STRICT
    elif flags & FLAG_SYLLABIC:
        mode = SYLLABIC
    elif flags & FLAG_VOWELLESS:
        mode = VOWELLESS
    elif flags & FLAG_HANGUL:
        mode = HANGUL
    return mode


@leaf
def sounds_similarity(
    codes_a: NDArray[np.uint8],
    a0: int,
    a1: int,
    codes_b: NDArray[np.uint8],
    b0: int,
    b1: int,
    mode: int,
    scratch: NDArray[np.int32],
) -> np.float32:
    """0-1 from the cheapest alignment (with swapped neighbours) of two strings of sounds.

    The first consonant, and in one script the last vowel (Maria, Mario), matter more.
    """
    length_a = a1 - a0
    length_b = b1 - b0
    if length_a == 0 or length_b == 0:
        return np.float32(0.0)
    before, previous, current = 0, LONGEST_FORM + 2, 2 * (LONGEST_FORM + 2)
    weight_a = np.int32(0)
    for row in range(length_a):
        weight_a += LEFT_OUT[mode, codes_a[a0 + row]]
    weight_b = np.int32(0)
    scratch[previous] = 0
    for column in range(length_b):
        weight_b += LEFT_OUT[mode, codes_b[b0 + column]]
        scratch[previous + column + 1] = weight_b
    weight = max(weight_a, weight_b, _SHORTEST_WEIGHT)
    too_dear = np.int32((np.float32(1.0) - LEAST_ALIKE) * weight)
    if abs(weight_a - weight_b) > too_dear:
        return np.float32(0.0)
    last_vowel = mode == STRICT and IS_VOWEL[codes_a[a1 - 1]] and IS_VOWEL[codes_b[b1 - 1]]
    so_far = cheapest_before = np.int32(0)
    sound_before_a = np.uint8(0)
    for row in range(length_a):
        sound_a = codes_a[a0 + row]
        out_a = LEFT_OUT[mode, sound_a]
        diagonal = scratch[previous]
        so_far += out_a
        left = cheapest = scratch[current] = so_far
        sound_before_b = np.uint8(0)
        for column in range(length_b):
            sound_b = codes_b[np.uint32(b0 + column)]
            cost = SWAPPED[mode, sound_a, sound_b]
            if row == 0 and column == 0 and not IS_VOWEL[sound_a]:
                cost += cost >> 2
            elif last_vowel and row == length_a - 1 and column == length_b - 1:
                cost += cost >> 1
            above = scratch[np.uint32(previous + column + 1)]
            best = min(diagonal + cost, above + out_a, left + LEFT_OUT[mode, sound_b])
            if sound_a == sound_before_b and sound_before_a == sound_b:
                best = min(best, scratch[np.uint32(before + column - 1)] + _TRANSPOSED)
            scratch[np.uint32(current + column + 1)] = left = best
            diagonal = above
            sound_before_b = sound_b
            cheapest = min(cheapest, best)
        if min(cheapest, cheapest_before) > too_dear:
            return np.float32(0.0)
        cheapest_before = cheapest
        sound_before_a = sound_a
        before, previous, current = previous, current, before
    alike = np.float32(1.0) - np.float32(scratch[previous + length_b]) / np.float32(weight)
    return max(np.float32(0.0), alike)


@leaf
def share_symbol(symbols: NDArray[np.int32], at_i: int, end_i: int, at_j: int, end_j: int) -> bool:
    """True when two sorted runs of name-groups have one in common."""
    while at_i < end_i and at_j < end_j:
        one = symbols[at_i]
        other = symbols[at_j]
        if one == other:
            return True
        if one < other:
            at_i += 1
        else:
            at_j += 1
    return False


@njit(cache=True, nogil=True, inline="always")
def same_group(arrays: TokenArrays, i: int, j: int) -> bool:
    """True when a name-group holds both tokens."""
    one = arrays.tokens[i]
    other = arrays.tokens[j]
    return (
        one.symbol_count > 0
        and other.symbol_count > 0
        and share_symbol(
            arrays.symbols,
            one.first_symbol,
            one.first_symbol + one.symbol_count,
            other.first_symbol,
            other.first_symbol + other.symbol_count,
        )
    )


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
def letter_bit(letter: int) -> np.uint32:
    """The bit of a letter in a letter_set; the letters of one alphabet nearly all differ in it."""
    return np.uint32(1) << np.uint32(letter & 31)


@njit(cache=True, nogil=True, inline="always")
def may_be_slip(arrays: TokenArrays, i: int, j: int) -> bool:
    """False where two tokens are not one letter apart, or where that would be no slip.

    Two words that are both known as names are two names (Sara, Sana), however near by letters.
    """
    one = arrays.tokens[i]
    other = arrays.tokens[j]
    found = False
    if (
        min(one.letter_count, other.letter_count) >= SHORTEST_SLIPPED
        and abs(np.int32(one.letter_count) - np.int32(other.letter_count)) <= 1
        and one.script == other.script
        and (one.symbol_count == 0 or other.symbol_count == 0)
    ):
        apart = np.uint32(one.letter_set ^ other.letter_set)
        apart &= apart - np.uint32(1)
        found = (apart & (apart - np.uint32(1))) == 0
    return found


@leaf
def slip_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """0-0.85: how alike two words are by their letters where they are one slip apart, else 0.

    The slips are a letter lost, added, or swapped with its neighbour (Damerau, 1964), which costs
    one and a half letters of the longer word, and a letter changed, which costs more, for many
    names differ by one (Isla, Isra). So a slip leaves little of a short word, and a changed letter
    nothing of one of four.
    """
    if not may_be_slip(arrays, i, j):
        return np.float32(0.0)
    if arrays.tokens[i].letter_count < arrays.tokens[j].letter_count:
        i, j = j, i
    start_i = np.int64(arrays.tokens[i].first_letter)
    start_j = np.int64(arrays.tokens[j].first_letter)
    longer = np.int64(arrays.tokens[i].letter_count)
    shorter = np.int64(arrays.tokens[j].letter_count)
    a = arrays.letters[start_i : start_i + longer]
    b = arrays.letters[start_j : start_j + shorter]
    at = 0
    while at < shorter and a[at] == b[at]:
        at += 1
    cost = _LETTER_SLIPPED
    rest = at + 1
    if longer == shorter and at < shorter:
        if rest < longer and a[at] == b[rest] and a[rest] == b[at]:
            rest += 1
        else:
            cost = _LETTER_CHANGED
    while rest < longer and a[rest] == b[rest - longer + shorter]:
        rest += 1
    if rest < longer:
        return np.float32(0.0)
    return min(np.float32(1.0) - cost / np.float32(longer), _MOST_BY_LETTERS)


@njit(cache=True, nogil=True, inline="always")
def quick_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """The similarity where no alignment is needed to know it, else NEEDS_ALIGNING.

    Written into its callers by the compiler: most pairs of words end here, in nanoseconds.
    """
    one = arrays.tokens[i]
    other = arrays.tokens[j]
    found = NEEDS_ALIGNING
    if i == j or one.text_id == other.text_id:
        found = np.float32(1.0)
    elif same_group(arrays, i, j):
        found = SAME_GROUP
    elif (one.flags | other.flags) & FLAG_INITIAL == 0 and cannot_be_alike(
        one.any_classes,
        one.all_classes,
        other.any_classes,
        other.all_classes,
        alignment_mode(arrays, i, j),
    ):
        found = NEEDS_ALIGNING if may_be_slip(arrays, i, j) else np.float32(0.0)
    return found


@leaf
def _initial_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """An initial against a word: alike when the word may begin with it."""
    one = arrays.tokens[i]
    other = arrays.tokens[j]
    if one.form_count == 0 or other.form_count == 0:
        return np.float32(0.0)
    sound_i = arrays.codes[arrays.forms[one.first_form].start]
    sound_j = arrays.codes[arrays.forms[other.first_form].start]
    if SWAPPED[CROSS, sound_i, sound_j] <= _SAME_INITIAL:
        return INITIAL_ALIKE
    return np.float32(0.0)


@leaf
def aligned_similarity(
    arrays: TokenArrays, i: int, j: int, scratch: NDArray[np.int32]
) -> np.float32:
    """The similarity of two different words by their readings, or of an initial with a word.

    scratch: int32[SCRATCH_SIZE], the caller's.
    """
    one = arrays.tokens[i]
    other = arrays.tokens[j]
    if (one.flags | other.flags) & FLAG_INITIAL:
        return _initial_similarity(arrays, i, j)
    mode = alignment_mode(arrays, i, j)
    best = np.float32(0.0)
    for at_i in range(one.first_form, one.first_form + one.form_count):
        form_i = arrays.forms[at_i]
        a0 = form_i.start
        a1 = a0 + form_i.length
        for at_j in range(other.first_form, other.first_form + other.form_count):
            form_j = arrays.forms[at_j]
            b0 = form_j.start
            b1 = b0 + form_j.length
            if cannot_be_alike(
                form_i.classes, form_i.classes, form_j.classes, form_j.classes, mode
            ):
                continue
            found = sounds_similarity(arrays.codes, a0, a1, arrays.codes, b0, b1, mode, scratch)
            best = max(best, found)
    if one.symbol_count > 0 and other.symbol_count > 0:
        best -= _DIFFERENT_NAMES
    if mode == STRICT and one.flags & FLAG_SYLLABIC:
        best *= _OTHER_CHARACTERS
    best = max(min(best, _MOST_BY_SOUND), slip_similarity(arrays, i, j))
    return best if best >= LEAST_ALIKE else np.float32(0.0)


@leaf
def word_similarity(arrays: TokenArrays, i: int, j: int, scratch: NDArray[np.int32]) -> np.float32:
    """``token_similarity`` for loops, which bring the scratch: int32[SCRATCH_SIZE]."""
    found = quick_similarity(arrays, i, j)
    if found == NEEDS_ALIGNING:
        found = aligned_similarity(arrays, i, j, scratch)
    return found


@njit(cache=True, nogil=True)
def token_similarity(arrays: TokenArrays, i: int, j: int) -> np.float32:
    """How alike tokens ``i`` and ``j`` are: 1 the same text, 0.95 one name-group, else 0-0.99."""
    return word_similarity(arrays, i, j, np.empty(SCRATCH_SIZE, np.int32))
