"""Two names against each other, token by token: the compiled part of ``names``.

Rules: order is free; each token is used once; tokens written as one word on the other side are
joined; a token without counterpart counts against the pair only as far as the other side also has
one left over (a conflict), and little where it is merely extra. Weights are the tokens' rarity in
bits, so that sharing a name that half the country bears says little; a conflict weighs at least
_LEAST_CONFLICT, for two common names conflict as two rare ones do.

Grades are given as plain integers here; ``names.NameGrade`` names them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.alignment import (
    FLAG_INITIAL,
    FLAG_SYLLABIC,
    NEEDS_ALIGNING,
    SCRATCH_SIZE,
    TokenArrays,
    aligned_similarity,
    alignment_mode,
    quick_similarity,
    sounds_similarity,
)
from reknit.matching.phonetics import LONGEST_FORM

MOST_TOKENS: Final = 10
WEAKLY, CLEARLY, EQUALLY = np.float32(0.62), np.float32(0.75), np.float32(0.87)
MOST_JOINED: Final = 4
_JOINING_GAINS = np.float32(0.05)
_FUZZILY = np.float32(0.7)

ALIKE_SIZE: Final = MOST_TOKENS * (MOST_TOKENS + 2)
"""The similarities of all pairs of tokens, then of each token's pairing, a side after the other."""
LINKS_SIZE: Final = 2 * MOST_TOKENS
_GIVEN, _FAMILY = 1, 2
_LEAST_BITS, _MOST_BITS = np.float32(4.0), np.float32(18.0)
_LEAST_CONFLICT = np.float32(10.0)
_INITIAL_BITS = np.float32(5.0)
_EXTRA_SHARE = np.float32(0.2)
_CONFLICT_SHARE = np.float32(2.0)
_OTHER_ORDER = np.float32(0.8)
_ONE_OF_SEVERAL = np.float32(0.95)
_GIVEN_LEFT_OUT = np.float32(0.9)


@njit(cache=True, nogil=True)
def _joined(
    arrays: TokenArrays, tokens: NDArray[np.int32], first: int, last: int, out: NDArray[np.uint8]
) -> int:
    """The first readings of tokens first..last written as one; returns the length."""
    length = 0
    for position in range(first, last + 1):
        token = tokens[position]
        if arrays.tokens[token].form_count == 0:
            continue
        form = arrays.forms[arrays.tokens[token].first_form]
        for at in range(form.start, form.start + form.length):
            if length == LONGEST_FORM:
                return length
            if length == 0 or out[length - 1] != arrays.codes[at]:
                out[length] = arrays.codes[at]
                length += 1
    return length


@njit(cache=True, nogil=True)
def _assign(
    alike: NDArray[np.float32], n_a: int, n_b: int, of_a: NDArray[np.int32], of_b: NDArray[np.int32]
) -> None:
    """Pair tokens one to one: likest first, then exchange two pairs wherever that gains."""
    while True:
        best = np.float32(0.0)
        best_a = best_b = -1
        for a in range(n_a):
            if of_a[a] < 0:
                for b in range(n_b):
                    if of_b[b] < 0 and alike[a * MOST_TOKENS + b] > best:
                        best = alike[a * MOST_TOKENS + b]
                        best_a, best_b = a, b
        if best_a < 0:
            break
        of_a[best_a], of_b[best_b] = best_b, best_a
    for one in range(n_a):
        for other in range(n_a):
            b_one, b_other = of_a[one], of_a[other]
            if one == other or b_one < 0:
                continue
            now = alike[one * MOST_TOKENS + b_one]
            if b_other >= 0:
                now += alike[other * MOST_TOKENS + b_other]
                crossed_one = alike[one * MOST_TOKENS + b_other]
                crossed_other = alike[other * MOST_TOKENS + b_one]
                both = crossed_one > 0 and crossed_other > 0
                if both and crossed_one + crossed_other > now:
                    of_a[one], of_a[other] = b_other, b_one
                    of_b[b_one], of_b[b_other] = other, one
                continue
            for free in range(n_b):
                crossed_one = alike[one * MOST_TOKENS + free]
                crossed_other = alike[other * MOST_TOKENS + b_one]
                if of_b[free] < 0 and crossed_one > 0 and crossed_other > 0:
                    of_a[one], of_a[other] = free, b_one
                    of_b[free], of_b[b_one] = one, other
                    break


@njit(cache=True, nogil=True)
def _joined_similarity(
    arrays: TokenArrays,
    tokens: NDArray[np.int32],
    first: int,
    last: int,
    token: int,
    scratch: NDArray[np.int32],
    letters: NDArray[np.uint8],
) -> np.float32:
    """How alike tokens first..last, written as one, are to another token."""
    length = _joined(arrays, tokens, first, last, letters)
    mode = alignment_mode(arrays, token, tokens[first])
    row = arrays.tokens[token]
    best = np.float32(0.0)
    for at in range(row.first_form, row.first_form + row.form_count):
        form = arrays.forms[at]
        start, end = form.start, form.start + form.length
        if 3 * form.length < 2 * length or 3 * length < 2 * form.length:
            continue
        found = sounds_similarity(letters, 0, length, arrays.codes, start, end, mode, scratch)
        best = max(best, found)
    return best


@njit(cache=True, nogil=True)
def _join_words(
    arrays: TokenArrays,
    apart: NDArray[np.int32],
    n_apart: int,
    whole: NDArray[np.int32],
    n_whole: int,
    of_apart: NDArray[np.int32],
    of_whole: NDArray[np.int32],
    alike_apart: NDArray[np.float32],
    alike_whole: NDArray[np.float32],
    scratch: NDArray[np.int32],
    letters: NDArray[np.uint8],
) -> None:
    """Meet neighbours in the first name that the second writes as one word."""
    for short in range(n_whole):
        met = of_whole[short]
        known = np.float32(0.0)
        if met >= 0:
            known = alike_whole[short]
            if known >= EQUALLY or of_apart[met] != short:
                continue
        for first in range(n_apart - 1):
            for last in range(first + 1, min(n_apart, first + MOST_JOINED)):
                free = True
                for at in range(first, last + 1):
                    if of_apart[at] >= 0 and of_apart[at] != short and alike_apart[at] >= WEAKLY:
                        free = False
                if not free:
                    break
                found = _joined_similarity(
                    arrays, apart, first, last, whole[short], scratch, letters
                )
                if found < CLEARLY or found < known + _JOINING_GAINS:
                    continue
                known = found
                for at in range(n_apart):
                    if of_apart[at] == short:
                        of_apart[at] = -1
                for at in range(first, last + 1):
                    if of_apart[at] >= 0:
                        of_whole[of_apart[at]] = -1
                    of_apart[at] = short
                    alike_apart[at] = found
                of_whole[short] = first
                alike_whole[short] = found


@njit(cache=True, nogil=True)
def _given_position(
    arrays: TokenArrays, tokens: NDArray[np.int32], roles: NDArray[np.int8], count: int
) -> int:
    """Where the given name stands: by role; else first, save in syllabic scripts; -1 unknown."""
    family = -1
    for at in range(count):
        if roles[at] == _GIVEN:
            return at
        if roles[at] == _FAMILY:
            family = at
    if count == 1 and family < 0:
        return -1
    if arrays.tokens[tokens[0]].flags & FLAG_SYLLABIC:
        return count - 1 if family != count - 1 else 0
    return 0 if family != 0 else 1 if count > 1 else -1


@njit(cache=True, nogil=True)
def _grade(
    n_a: int,
    n_b: int,
    of_a: NDArray[np.int32],
    aligned: int,
    left_a: int,
    left_b: int,
    least: np.float32,
    same_order: bool,
    given_a: int,
    given_b: int,
    given_left_a: bool,
    given_left_b: bool,
    given_known: bool,
) -> int:
    """The level of agreement (see ``names.NameGrade``)."""
    if aligned == 0:
        return 0
    if left_a > 0 and left_b > 0:
        if given_left_a and given_left_b:
            return 1
        if aligned >= 2:
            return 3
        return 2 if given_a >= 0 and of_a[given_a] == given_b else 1
    if given_known and (given_left_a or given_left_b):
        return 1
    if left_a == 0 and left_b == 0:
        if not same_order:
            return 3
        if least >= 1.0 and n_a == n_b:
            return 9
        return 8 if least >= EQUALLY else 6 if least >= CLEARLY else 4
    if least < _FUZZILY or not same_order:
        return 4
    if n_a == 1 or n_b == 1 or given_left_a or given_left_b or least < EQUALLY:
        return 5
    return 7


@njit(cache=True, nogil=True)
def _left_over(left_a: int, bits_a: np.float32, left_b: int, bits_b: np.float32) -> np.float32:
    """The weight of tokens without counterpart: conflicts in full, mere extras in small part."""
    if left_a == 0 or left_b == 0:
        return _EXTRA_SHARE * (bits_a + bits_b)
    in_conflict = min(left_a, left_b)
    mean_a, mean_b = bits_a / left_a, bits_b / left_b
    conflict = in_conflict * max((mean_a + mean_b) / 2, _LEAST_CONFLICT)
    extra = (left_a - in_conflict) * mean_a + (left_b - in_conflict) * mean_b
    return _CONFLICT_SHARE * conflict + _EXTRA_SHARE * extra


@njit(cache=True, nogil=True)
def _quality(similarity: np.float32) -> np.float32:
    """What an alignment of this similarity is worth, 0-1."""
    if similarity >= EQUALLY:
        share = (similarity - EQUALLY) / (np.float32(1.0) - EQUALLY)
        return np.float32(0.97) + np.float32(0.03) * share
    return max(np.float32(0.97) - np.float32(1.6) * (EQUALLY - similarity), np.float32(0.0))


@njit(cache=True, nogil=True)
def _same_order(n_a: int, of_a: NDArray[np.int32]) -> bool:
    """True when the aligned tokens stand in one order, save that an end may have moved round."""
    falls = 0
    first = last = -1
    for a in range(n_a):
        b = of_a[a]
        if b < 0:
            continue
        if first < 0:
            first = b
        elif b < last:
            falls += 1
        last = b
    return falls == 0 or (falls == 1 and last <= first)


@njit(cache=True, nogil=True)
def _bits(rarity: NDArray[np.float32], token: int) -> np.float32:
    return min(max(rarity[token], _LEAST_BITS), _MOST_BITS)


@njit(cache=True, nogil=True)
def align_into(
    arrays: TokenArrays,
    a_tokens: NDArray[np.int32],
    b_tokens: NDArray[np.int32],
    alike: NDArray[np.float32],
    scratch: NDArray[np.int32],
    of_a: NDArray[np.int32],
    of_b: NDArray[np.int32],
    alike_a: NDArray[np.float32],
    alike_b: NDArray[np.float32],
) -> bool:
    """Align two names: counterpart positions (-1 none) and similarity of each token's pairing.

    Several tokens may point at one that writes them joined. False when nothing is alike at all.
    """
    n_a = min(a_tokens.size, MOST_TOKENS)
    n_b = min(b_tokens.size, MOST_TOKENS)
    any_alike = False
    for a in range(n_a):
        for b in range(n_b):
            found = quick_similarity(arrays, a_tokens[a], b_tokens[b])
            if found == NEEDS_ALIGNING:
                found = aligned_similarity(arrays, a_tokens[a], b_tokens[b], scratch)
            alike[a * MOST_TOKENS + b] = found
            any_alike = any_alike or found > 0
    for at in range(MOST_TOKENS):
        of_a[at] = of_b[at] = -1
        alike_a[at] = alike_b[at] = 0.0
    if not any_alike and min(n_a, n_b) > 1:
        return False
    _assign(alike, n_a, n_b, of_a, of_b)
    for a in range(n_a):
        if of_a[a] >= 0:
            alike_a[a] = alike_b[of_a[a]] = alike[a * MOST_TOKENS + of_a[a]]
    if n_a > 1 or n_b > 1:
        letters = np.empty(LONGEST_FORM + 1, np.uint8)
        _join_words(
            arrays, a_tokens, n_a, b_tokens, n_b, of_a, of_b, alike_a, alike_b, scratch, letters
        )
        _join_words(
            arrays, b_tokens, n_b, a_tokens, n_a, of_b, of_a, alike_b, alike_a, scratch, letters
        )
    return True


@njit(cache=True, nogil=True)
def _comes_after(one: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    """A fixed order of two names, so that comparing is the same both ways round."""
    if one.size != other.size:
        return one.size > other.size
    for at in range(one.size):
        if one[at] != other[at]:
            return one[at] > other[at]
    return False


@njit(cache=True, nogil=True)
def compare_name_pair(
    arrays: TokenArrays,
    rarity: NDArray[np.float32],
    a_tokens: NDArray[np.int32],
    a_roles: NDArray[np.int8],
    b_tokens: NDArray[np.int32],
    b_roles: NDArray[np.int8],
) -> tuple[int, np.float32, np.float32]:
    """Grade, similarity (0-1) and agreed bits of two names given as token ids and roles.

    rarity: bits (-log2 frequency) of each token id. At most MOST_TOKENS tokens a side are read.
    """
    if a_tokens.size == 0 or b_tokens.size == 0:
        return 0, np.float32(0.0), np.float32(0.0)
    if _comes_after(a_tokens, b_tokens):
        a_tokens, b_tokens = b_tokens, a_tokens
        a_roles, b_roles = b_roles, a_roles
    n_a = min(a_tokens.size, MOST_TOKENS)
    n_b = min(b_tokens.size, MOST_TOKENS)
    alike = np.empty(ALIKE_SIZE, np.float32)
    alike_a = alike[MOST_TOKENS * MOST_TOKENS : -MOST_TOKENS]
    alike_b = alike[-MOST_TOKENS:]
    work = np.empty(SCRATCH_SIZE + LINKS_SIZE, np.int32)
    of_a = work[SCRATCH_SIZE:-MOST_TOKENS]
    of_b = work[-MOST_TOKENS:]
    if not align_into(arrays, a_tokens, b_tokens, alike, work, of_a, of_b, alike_a, alike_b):
        return 0, np.float32(0.0), np.float32(0.0)
    same_order = _same_order(n_a, of_a)
    agreed = np.float32(0.0)
    gained = np.float32(0.0)
    total = np.float32(0.0)
    bits_left_a = np.float32(0.0)
    bits_left_b = np.float32(0.0)
    least = np.float32(1.0)
    aligned = 0
    unmet_a = 0
    loose = 0
    for a in range(n_a):
        mine = _bits(rarity, a_tokens[a])
        b = of_a[a]
        if b < 0:
            unmet_a += 1
            bits_left_a += mine
            continue
        aligned += 1
        if of_b[b] != a:  # joined with a neighbour that has been counted
            continue
        weight = min(mine, _bits(rarity, b_tokens[b]))
        against = max(weight, _LEAST_CONFLICT)
        if (arrays.tokens[a_tokens[a]].flags | arrays.tokens[b_tokens[b]].flags) & FLAG_INITIAL:
            against = weight = min(weight, _INITIAL_BITS)
        worth = _quality(alike_a[a])
        gained += weight * worth
        total += weight * worth + _CONFLICT_SHARE * against * (np.float32(1.0) - worth)
        if alike_a[a] >= WEAKLY:
            least = min(least, alike_a[a])
            agreed += weight * worth
        else:
            aligned -= 1
            loose += 1
            bits_left_b -= _bits(rarity, b_tokens[b])
            of_a[a] = of_b[b] = -1
    unmet_b = -loose
    for b in range(n_b):
        if of_b[b] < 0:
            unmet_b += 1
            bits_left_b += _bits(rarity, b_tokens[b])
    if gained == 0:
        return 0, np.float32(0.0), np.float32(0.0)
    total += _left_over(unmet_a, bits_left_a, unmet_b, bits_left_b)
    similarity = gained / total
    if not same_order:
        similarity *= _OTHER_ORDER
    given_a = _given_position(arrays, a_tokens, a_roles, n_a)
    given_b = _given_position(arrays, b_tokens, b_roles, n_b)
    given_left_a = given_a >= 0 and of_a[given_a] < 0
    given_left_b = given_b >= 0 and of_b[given_b] < 0
    if min(n_a, n_b) == 1 and n_a != n_b:
        similarity *= _ONE_OF_SEVERAL
    elif given_left_a != given_left_b:
        similarity *= _GIVEN_LEFT_OUT
    given_known = (
        given_a >= 0 and given_b >= 0 and a_roles[given_a] == _GIVEN and b_roles[given_b] == _GIVEN
    )
    grade = _grade(
        n_a,
        n_b,
        of_a,
        aligned,
        unmet_a + loose,
        unmet_b + loose,
        least,
        same_order,
        given_a,
        given_b,
        given_left_a,
        given_left_b,
        given_known,
    )
    return grade, similarity, agreed
