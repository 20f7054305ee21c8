"""How two names compare, graded and weighed: the compiled part of ``names``.

Rules: a token without counterpart counts against the pair only as far as the other side also has
one left over (a conflict), and little where it is merely extra. Weights are the tokens' rarity in
bits, so that sharing a name that half the country bears says little; a conflict weighs at least
_LEAST_CONFLICT, for two common names conflict as two rare ones do. The weights and thresholds were
set by hand and checked on labelled name pairs (benchmarks/names.py), where they are far from sharp.

Grades are given as plain integers here; ``names.NameGrade`` names them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reknit.matching.alignment import FLAG_INITIAL, FLAG_SYLLABIC, TokenArrays
from reknit.matching.compiled import leaf
from reknit.matching.pairing import CLEARLY, EQUALLY, MOST_TOKENS, WEAKLY, Room, align_into

_FUZZILY = np.float32(0.7)
_GIVEN, _FAMILY = 1, 2
_LEAST_BITS, _MOST_BITS = np.float32(4.0), np.float32(18.0)
_LEAST_CONFLICT = np.float32(10.0)
_INITIAL_BITS = np.float32(5.0)
_EXTRA_SHARE = np.float32(0.2)
_CONFLICT_SHARE = np.float32(2.0)
_OTHER_ORDER = np.float32(0.8)
_ONE_OF_SEVERAL = np.float32(0.95)
_GIVEN_LEFT_OUT = np.float32(0.9)


@leaf
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


@leaf
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


@leaf
def _left_over(left_a: int, bits_a: np.float32, left_b: int, bits_b: np.float32) -> np.float32:
    """The weight of tokens without counterpart: conflicts in full, mere extras in small part."""
    if left_a == 0 or left_b == 0:
        return _EXTRA_SHARE * (bits_a + bits_b)
    in_conflict = min(left_a, left_b)
    mean_a, mean_b = bits_a / left_a, bits_b / left_b
    conflict = in_conflict * max((mean_a + mean_b) / 2, _LEAST_CONFLICT)
    extra = (left_a - in_conflict) * mean_a + (left_b - in_conflict) * mean_b
    return _CONFLICT_SHARE * conflict + _EXTRA_SHARE * extra


@leaf
def _quality(similarity: np.float32) -> np.float32:
    """What an alignment of this similarity is worth, 0-1."""
    if similarity >= EQUALLY:
        share = (similarity - EQUALLY) / (np.float32(1.0) - EQUALLY)
        return np.float32(0.97) + np.float32(0.03) * share
    return max(np.float32(0.97) - np.float32(1.6) * (EQUALLY - similarity), np.float32(0.0))


@leaf
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


@leaf
def _in_order(n_a: int, n_b: int, room: Room) -> bool:
    """Let repeated words meet in order, save that an end may have moved round, where they can.

    A word that a name repeats (a grandfather's name, borne by his grandson) stands for itself in
    either place. False, and nothing changed, where no such order exists.
    """
    of_a, of_b, met, alike_a, alike_b, alike, _, _ = room
    for turn in range(n_b):
        free = 0
        for a in range(n_a):
            met[a] = -1
            if of_a[a] < 0:
                continue
            if of_b[of_a[a]] != a:  # joined with a neighbour
                return False
            least = min(alike_a[a], CLEARLY)
            while free < n_b and met[a] < 0:
                b = (turn + free) % n_b
                if of_b[b] >= 0 and alike[a * MOST_TOKENS + b] >= least:
                    met[a] = b
                free += 1
            if met[a] < 0:
                break
        else:
            for a in range(n_a):
                if met[a] >= 0:
                    of_a[a], of_b[met[a]] = met[a], a
                    alike_a[a] = alike_b[met[a]] = alike[a * MOST_TOKENS + met[a]]
            return True
    return False


@leaf
def _bits(rarity: NDArray[np.float32], token: int) -> np.float32:
    return min(max(rarity[token], _LEAST_BITS), _MOST_BITS)


@leaf
def _comes_after(one: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    """A fixed order of two names, so that comparing is the same both ways round."""
    if one.size != other.size:
        return one.size > other.size
    for at in range(one.size):
        if one[at] != other[at]:
            return bool(one[at] > other[at])
    return False


@leaf
def compare_name_pair(
    arrays: TokenArrays,
    rarity: NDArray[np.float32],
    a_tokens: NDArray[np.int32],
    a_roles: NDArray[np.int8],
    b_tokens: NDArray[np.int32],
    b_roles: NDArray[np.int8],
    room: Room,
) -> tuple[int, np.float32, np.float32]:
    """Grade, similarity (0-1) and agreed bits of two names given as token ids and roles.

    rarity: bits (-log2 frequency) of each token id. At most MOST_TOKENS tokens a side are read.
    room: where to do it (`make_room`); afterwards it holds which tokens met.
    """
    if a_tokens.size == 0 or b_tokens.size == 0:
        return 0, np.float32(0.0), np.float32(0.0)
    if _comes_after(a_tokens, b_tokens):
        a_tokens, b_tokens = b_tokens, a_tokens
        a_roles, b_roles = b_roles, a_roles
    n_a = min(a_tokens.size, MOST_TOKENS)
    n_b = min(b_tokens.size, MOST_TOKENS)
    if not align_into(arrays, a_tokens, b_tokens, room):
        return 0, np.float32(0.0), np.float32(0.0)
    of_a, of_b, _, alike_a, _, _, _, _ = room
    same_order = _same_order(n_a, of_a)
    if not same_order:
        same_order = _in_order(n_a, n_b, room)
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
