"""How two records compare: one ordered level for each question, found by compiled code.

Rules: each question (see `levels`) is answered once, by the best of the evidence there is; level 0
is always "not known on one side". Levels are the same in batch and online; weights are given to
them elsewhere (`levels`, `model`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.births import FIRST_OF_JANUARY, HEAPED, NO_AGE
from reknit.matching.compiled import leaf
from reknit.matching.homes import PlaceArrays, compare_homes
from reknit.matching.levels import (
    AGE,
    AGE_APART,
    AGE_CLOSE,
    AGE_FAR,
    BIRTH,
    BIRTH_AGE_FITS,
    BIRTH_AGE_NEAR,
    BIRTH_CLOSE_YEARS,
    BIRTH_EXACT,
    BIRTH_FAR,
    BIRTH_MONTH,
    BIRTH_NEAR_DATE,
    BIRTH_NEXT_YEAR,
    BIRTH_SAME_YEAR,
    BIRTH_SAME_YEAR_OTHER_DAY,
    BITS,
    FAMILY,
    FAMILY_BITS,
    FAMILY_CONFLICT,
    FAMILY_NO_NEWS,
    FAMILY_NONE,
    GRADE,
    HOME,
    IDENTIFIER,
    LAST_SEEN,
    PHONE,
    QUESTIONS,
    SEX,
)
from reknit.matching.names import NameGrade, compare_name_pair
from reknit.matching.numbers import IDENTIFIER_BASE, IDENTIFIER_LENGTH
from reknit.matching.pairing import Room, make_room
from reknit.matching.parallel import in_chunks
from reknit.matching.people import (
    PeopleArrays,
)
from reknit.matching.sightings import compare_sightings
from reknit.matching.tokens import TokenArrays, word_similarity

F32 = npt.NDArray[np.float32]
BITS_WIDTH = 2.0
CLOSE_AGES, FAR_AGES = 2, 10
MOST_BITS_BIN = 15
LEAST_TO_SLIP = IDENTIFIER_BASE**5
"""From six characters on, one of them may be a slip; of shorter identifiers it is another."""
_FAMILY_AGREES_FROM = 5
_EQUIVALENT, _SAME = int(NameGrade.EQUIVALENT), int(NameGrade.SAME)
_GRADE_BONUS = np.array([-8, -4, -5, -3, -2, 0, 2, 3, 5, 6], np.float32)
_MOST_RELATIVES, _MOST_MATES = 8, 12
_SPOUSE = 3
"""Relations up to this one (father, mother, spouse) are borne by one person at a time."""


@leaf
def _name(
    a: PeopleArrays, i: int, b: PeopleArrays, j: int, tokens: TokenArrays, rarity: F32, room: Room
) -> tuple[Any, Any]:
    """(grade, bits) of the best pair of written forms."""
    best_grade, best_bits, best = 0, np.float32(0.0), np.float32(-99.0)
    for f in range(a.form_start[i], a.form_start[i + 1]):
        s = slice(a.name_start[f], a.name_start[f + 1])
        for g in range(b.form_start[j], b.form_start[j + 1]):
            t = slice(b.name_start[g], b.name_start[g + 1])
            grade, _, bits = compare_name_pair(
                tokens,
                rarity,
                a.name_tokens[s],
                a.name_roles[s],
                b.name_tokens[t],
                b.name_roles[t],
                room,
            )
            score = bits + _GRADE_BONUS[grade]
            if score > best:
                best_grade, best_bits, best = grade, bits, score
    return best_grade, best_bits


@leaf
def _digits_apart(a: int, b: int) -> int:
    """How many digits of two numbers differ (four places)."""
    apart = 0
    for _ in range(4):
        if a % 10 != b % 10:
            apart += 1
        a //= 10
        b //= 10
    return apart


@leaf
def _birth(a: PeopleArrays, i: int, b: PeopleArrays, j: int) -> int:
    if a.birth_low[i] == 0 or b.birth_low[j] == 0:
        return 0
    low_a, high_a, low_b, high_b = (
        a.birth_low[i], a.birth_high[i], b.birth_low[j], b.birth_high[j],
    )  # fmt: skip
    flags = a.birth_flags[i] | b.birth_flags[j]
    gap = max(low_a - high_b, low_b - high_a, 0)
    if low_a != high_a or low_b != high_b:
        slack = 2 if flags & HEAPED else 1
        if gap == 0:
            return BIRTH_AGE_FITS
        return BIRTH_AGE_NEAR if gap <= slack else BIRTH_CLOSE_YEARS if gap <= 5 else BIRTH_FAR
    month_a, month_b, day_a, day_b = (
        a.birth_month[i], b.birth_month[j], a.birth_day[i], b.birth_day[j],
    )  # fmt: skip
    default_a = a.birth_flags[i] & FIRST_OF_JANUARY
    default_b = b.birth_flags[j] & FIRST_OF_JANUARY
    full = day_a > 0 and day_b > 0
    if gap == 0:
        if default_a or default_b or month_a == 0 or month_b == 0:
            return BIRTH_SAME_YEAR
        if not full:
            return BIRTH_MONTH if month_a == month_b else BIRTH_SAME_YEAR_OTHER_DAY
        if month_a == month_b and day_a == day_b:
            return BIRTH_EXACT
        if month_a == day_b and day_a == month_b:
            return BIRTH_NEAR_DATE
        day_slip = _digits_apart(day_a, day_b) == 1 or abs(day_a - day_b) == 1
        month_slip = _digits_apart(month_a, month_b) == 1
        if (month_a == month_b and day_slip) or (day_a == day_b and month_slip):
            return BIRTH_NEAR_DATE
        return BIRTH_SAME_YEAR_OTHER_DAY
    same_day = full and month_a == month_b and day_a == day_b and not (default_a and default_b)
    if same_day and (gap <= 1 or _digits_apart(low_a, low_b) == 1):
        return BIRTH_NEAR_DATE
    if gap == 1:
        return BIRTH_NEXT_YEAR
    return BIRTH_CLOSE_YEARS if gap <= 5 else BIRTH_FAR


@leaf
def _age(a: PeopleArrays, i: int, b: PeopleArrays, j: int) -> int:
    """Ages on the days of their sources, where one of these days is not known."""
    if a.age_low[i] == NO_AGE or b.age_low[j] == NO_AGE:
        return 0
    apart = max(int(a.age_low[i]) - int(b.age_high[j]), int(b.age_low[j]) - int(a.age_high[i]), 0)
    if apart <= CLOSE_AGES:
        return AGE_CLOSE
    return AGE_APART if apart < FAR_AGES else AGE_FAR


@leaf
def _shared(
    starts_a: npt.NDArray[np.int64],
    values_a: npt.NDArray[np.int64],
    i: int,
    starts_b: npt.NDArray[np.int64],
    values_b: npt.NDArray[np.int64],
    j: int,
) -> int:
    """0 not known on one side, 1 different, 2 one is shared."""
    if starts_a[i] == starts_a[i + 1] or starts_b[j] == starts_b[j + 1]:
        return 0
    for p in range(starts_a[i], starts_a[i + 1]):
        for q in range(starts_b[j], starts_b[j + 1]):
            if values_a[p] == values_b[q]:
                return 2
    return 1


@leaf
def _one_slip(a: int, b: int) -> bool:
    """Whether two packed identifiers differ by one character, or by two neighbours swapped."""
    apart, first, second = 0, 0, 0
    first_a, first_b, second_a, second_b = 0, 0, 0, 0
    for place in range(IDENTIFIER_LENGTH):
        one, other = a % IDENTIFIER_BASE, b % IDENTIFIER_BASE
        if one != other:
            apart += 1
            first, first_a, first_b = second, second_a, second_b
            second, second_a, second_b = place, one, other
        a //= IDENTIFIER_BASE
        b //= IDENTIFIER_BASE
    if apart == 1:
        return True
    return apart == 2 and second == first + 1 and first_a == second_b and second_a == first_b


@leaf
def _identifier(a: PeopleArrays, i: int, b: PeopleArrays, j: int) -> int:
    """0 nothing of one type on both sides, 1 different, 2 one slip apart, 3 equal."""
    level = 0
    for p in range(a.identifier_start[i], a.identifier_start[i + 1]):
        for q in range(b.identifier_start[j], b.identifier_start[j + 1]):
            first, second = a.identifiers[p], b.identifiers[q]
            if first == second:
                return 3
            if a.identifier_types[p] == b.identifier_types[q]:
                slip = min(first, second) >= LEAST_TO_SLIP and _one_slip(first, second)
                level = max(level, 2 if slip else 1)
    return level


@leaf
def _novel_bits(
    a: PeopleArrays,
    i: int,
    words: npt.NDArray[np.int32],
    tokens: TokenArrays,
    rarity: F32,
    room: Room,
) -> Any:
    """Rarity of a relative's name words that are not words of the person's own name too."""
    bits = np.float32(0.0)
    for word in words:
        own = False
        for p in range(a.name_start[a.form_start[i]], a.name_start[a.form_start[i + 1]]):
            mine = a.name_tokens[p]
            if mine == word or word_similarity(tokens, mine, word, room.scratch) >= 0.85:
                own = True
        if not own:
            bits += min(rarity[word], np.float32(14.0))
    return bits


@leaf
def _relative_agreement(
    a: PeopleArrays,
    i: int,
    r: int,
    b: PeopleArrays,
    j: int,
    with_mates: bool,
    tokens: TokenArrays,
    rarity: F32,
    room: Room,
) -> tuple[Any, bool]:
    """(bits that agree, -1 nothing comparable; whether the same relation is someone else)."""
    s = slice(a.relative_name[r], a.relative_name[r + 1])
    words, roles = a.relative_tokens[s], a.relative_roles[s]
    best = np.float32(-1.0)
    conflict = False
    for q in range(b.relative_start[j], min(b.relative_start[j + 1], b.relative_start[j] + 8)):
        t = slice(b.relative_name[q], b.relative_name[q + 1])
        grade, _, bits = compare_name_pair(
            tokens, rarity, words, roles, b.relative_tokens[t], b.relative_roles[t], room
        )
        if grade >= _FAMILY_AGREES_FROM:
            best = max(best, bits)
        elif a.relative_relation[r] == b.relative_relation[q] <= _SPOUSE and grade <= 1:
            conflict = True
    if with_mates and b.group[j] >= 0:
        first = b.group_member_start[b.group[j]]
        last = min(b.group_member_start[b.group[j] + 1], first + _MOST_MATES)
        for q in range(first, last):
            mate = b.group_members[q]
            if mate == j or b.form_start[mate] == b.form_start[mate + 1]:
                continue
            form = b.form_start[mate]
            t = slice(b.name_start[form], b.name_start[form + 1])
            grade, _, bits = compare_name_pair(
                tokens, rarity, words, roles, b.name_tokens[t], b.name_roles[t], room
            )
            if grade >= _FAMILY_AGREES_FROM:
                best = max(best, bits)
    if best >= 0:
        best = min(best, _novel_bits(a, i, words, tokens, rarity, room))
    return best, bool(conflict and best < 0)


@leaf
def _family_side(
    a: PeopleArrays,
    i: int,
    b: PeopleArrays,
    j: int,
    with_mates: bool,
    tokens: TokenArrays,
    rarity: F32,
    room: Room,
) -> tuple[int, int, Any, int]:
    """(comparable relatives, those who agree, their bits, conflicts), a's relatives against b."""
    compared, agreed, bits, conflicts = 0, 0, np.float32(0.0), 0
    others = b.relative_start[j + 1] > b.relative_start[j] or (with_mates and b.group[j] >= 0)
    first = a.relative_start[i]
    for r in range(first, min(a.relative_start[i + 1], first + _MOST_RELATIVES)):
        if not others:
            break
        compared += 1
        found, conflict = _relative_agreement(a, i, r, b, j, with_mates, tokens, rarity, room)
        if found >= 0:
            agreed += 1
            bits += found
        elif conflict:
            conflicts += 1
    return compared, agreed, bits, conflicts


@leaf
def _family(
    a: PeopleArrays, i: int, b: PeopleArrays, j: int, tokens: TokenArrays, rarity: F32, room: Room
) -> int:
    """The found are known with those they were registered with, the sought alone: one at a time,
    online, nobody else is there to ask (those sought together count in the joint step)."""
    compared, agreed, bits, conflicts = _family_side(a, i, b, j, True, tokens, rarity, room)
    if agreed == 0:
        more, back, bits_back, _ = _family_side(b, j, a, i, False, tokens, rarity, room)
        compared += more
        agreed, bits = back, bits_back
    if compared == 0:
        return 0
    if agreed == 0:
        return FAMILY_CONFLICT if conflicts else FAMILY_NONE
    bits -= 4.0 * conflicts
    level = FAMILY_NO_NEWS
    for bound in FAMILY_BITS:
        if bits >= bound:
            level += 1
    return level


@leaf
def _copy_words(
    people: PeopleArrays, i: int, source: npt.NDArray[np.float32], rarity: npt.NDArray[np.float32]
) -> None:
    """Set the rarity of the name words of one person."""
    first = people.name_start[people.form_start[i]]
    for p in range(first, people.name_start[people.form_start[i + 1]]):
        rarity[people.name_tokens[p]] = source[people.name_tokens[p]]


@njit(cache=True, nogil=True)
def _compare(
    pairs_a: npt.NDArray[np.int32],
    pairs_b: npt.NDArray[np.int32],
    a: PeopleArrays,
    b: PeopleArrays,
    tokens: TokenArrays,
    places: PlaceArrays,
    held: npt.NDArray[np.float32],
    asked: npt.NDArray[np.float32],
    city_share: npt.NDArray[np.float32],
    out: npt.NDArray[np.int8],
    begin: int,
    end: int,
) -> None:
    rarity = held.copy()
    room = make_room()
    last = -1
    for p in range(begin, end):
        i, j = pairs_a[p], pairs_b[p]
        if i != last:
            if last >= 0:
                _copy_words(a, last, held, rarity)
            _copy_words(a, i, asked, rarity)
            last = i
        grade, bits = _name(a, i, b, j, tokens, rarity, room)
        if grade == _SAME and a.script[i] != b.script[j]:
            grade = _EQUIVALENT  # another form, in the script of the other side
        out[p, GRADE] = grade
        out[p, BITS] = min(int(max(bits, 0.0) / BITS_WIDTH), MOST_BITS_BIN)
        birth = _birth(a, i, b, j)
        out[p, BIRTH] = birth
        sex_a, sex_b = a.sex[i], b.sex[j]
        out[p, SEX] = 0 if sex_a == 0 or sex_b == 0 else 2 if sex_a == sex_b else 1
        out[p, HOME] = compare_homes(a.home, i, b.home, j, tokens, places, city_share, room.scratch)
        out[p, PHONE] = _shared(a.phone_start, a.phones, i, b.phone_start, b.phones, j)
        out[p, IDENTIFIER] = _identifier(a, i, b, j)
        out[p, AGE] = _age(a, i, b, j) if birth == 0 else 0
        out[p, LAST_SEEN] = compare_sightings(a.seen, i, b.seen, j, places)
        hopeful = grade >= 1 or birth in (BIRTH_EXACT, BIRTH_NEAR_DATE)
        out[p, FAMILY] = _family(a, i, b, j, tokens, rarity, room) if hopeful else 0


def compare_pairs(
    pairs_a: npt.NDArray[np.int32],
    pairs_b: npt.NDArray[np.int32],
    a: PeopleArrays,
    b: PeopleArrays,
    tokens: TokenArrays,
    places: PlaceArrays,
    held: npt.NDArray[np.float32],
    asked: npt.NDArray[np.float32],
    city_share: npt.NDArray[np.float32],
) -> npt.NDArray[np.int8]:
    """The levels of every pair, one row a pair, one column a question (see `levels`).

    held: the rarity of every word; asked: that of the name words of a, which hold for their bearer
    alone, so that a pair's levels do not depend on who else is asked for.
    """
    out = np.zeros((len(pairs_a), QUESTIONS), np.int8)
    in_chunks(
        _compare, len(pairs_a), pairs_a, pairs_b, a, b, tokens, places, held, asked, city_share, out
    )  # fmt: skip
    return out
