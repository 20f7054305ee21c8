"""Which words of two names stand for one another: the compiled part that pairs them.

Rules: order is free; each token is used once, likest pairs first; tokens written as one word on
the other side are joined, up to ``MOST_JOINED``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from reknit.matching.alignment import (
    SCRATCH_SIZE,
    TokenArrays,
    alignment_mode,
    sounds_similarity,
    word_similarity,
)
from reknit.matching.compiled import leaf
from reknit.matching.phonetics import LONGEST_FORM

MOST_TOKENS: Final = 10
MOST_JOINED: Final = 4
WEAKLY, CLEARLY, EQUALLY = np.float32(0.62), np.float32(0.75), np.float32(0.87)
"""How alike words are that agree at all, that sound alike, that are spellings of one name."""

_JOINING_GAINS = np.float32(0.05)


class Room(NamedTuple):
    """Where two names are compared, made once for many pairs.

    of_a, of_b: the counterpart position of each token, -1 none; alike_a, alike_b: the similarity of
    its pairing; alike: that of all pairs of tokens, in rows of MOST_TOKENS. The rest is scratch.
    """

    of_a: NDArray[np.int32]
    of_b: NDArray[np.int32]
    met: NDArray[np.int32]
    alike_a: NDArray[np.float32]
    alike_b: NDArray[np.float32]
    alike: NDArray[np.float32]
    scratch: NDArray[np.int32]
    letters: NDArray[np.uint8]


@njit(cache=True, nogil=True)
def make_room() -> Room:
    """Room for one comparison at a time."""
    return Room(
        np.empty(MOST_TOKENS, np.int32),
        np.empty(MOST_TOKENS, np.int32),
        np.empty(MOST_TOKENS, np.int32),
        np.empty(MOST_TOKENS, np.float32),
        np.empty(MOST_TOKENS, np.float32),
        np.empty(MOST_TOKENS * MOST_TOKENS, np.float32),
        np.empty(SCRATCH_SIZE, np.int32),
        np.empty(LONGEST_FORM + 1, np.uint8),
    )


@leaf
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


@leaf
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


@leaf
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


@leaf
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


@leaf
def align_into(
    arrays: TokenArrays, a_tokens: NDArray[np.int32], b_tokens: NDArray[np.int32], room: Room
) -> bool:
    """Align two names in a room.

    Several tokens may point at one that writes them joined. False when nothing is alike at all.
    """
    of_a, of_b, _, alike_a, alike_b, alike, scratch, letters = room
    n_a = min(a_tokens.size, MOST_TOKENS)
    n_b = min(b_tokens.size, MOST_TOKENS)
    any_alike = False
    for a in range(n_a):
        for b in range(n_b):
            found = word_similarity(arrays, a_tokens[a], b_tokens[b], scratch)
            alike[a * MOST_TOKENS + b] = found
            if found > 0:
                any_alike = True
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
        _join_words(
            arrays, a_tokens, n_a, b_tokens, n_b, of_a, of_b, alike_a, alike_b, scratch, letters
        )
        _join_words(
            arrays, b_tokens, n_b, a_tokens, n_a, of_b, of_a, alike_b, alike_a, scratch, letters
        )
    return True
