"""Which records are worth comparing with one: rarest keys first, bounded for each record.

Rules: a record is found by its name words (any form of them), by pairs of common words, by a common
word with a year of birth, by birth date, phone, identifier or postal code; no list is walked beyond
the budget; the same search serves batch and online, where it goes further for the one person asked
for (`Effort`). A record without a name, or with junk in its place, finds nobody and is found by
nobody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.births import FROM_AGE
from reknit.matching.compiled import leaf
from reknit.matching.neighbours import MOST_NEIGHBOURS, NeighbourArrays
from reknit.matching.parallel import in_chunks
from reknit.matching.people import PeopleArrays
from reknit.matching.postings import PostingArrays, find, mix

WORD, WORD_PAIR, WORD_YEAR, BIRTH_DATE, PHONE, IDENTIFIER, POSTCODE = 1, 2, 3, 4, 5, 6, 7
COMMON_FROM = 100
"""A word borne by more records than this is also indexed with other words and years."""
MOST_KEYS = 96
WIDEST_YEARS = 4
MOST_WORDS = 24
MOST_YEARS = 12
_TABLE = 1 << 14
LARGE = 100_000
LEAST_CREDIT, LEAST_CREDIT_CLEAR, CLEAR_CREDIT = 0.25, 0.4, 32.0
"""Candidates credited with less than this share of the best one's bits are not compared; where the
best one's are this many, fewer are worth it."""
HOPELESS_BITS = 12.0
"""A candidate this far short of log2 of the number of records cannot become likely."""
_BIRTH, _PHONE, _IDENTIFIER, _POSTCODE = 1 << 24, 1 << 25, 1 << 26, 1 << 27
_BITS_BIRTH_DATE, _BITS_PHONE, _BITS_IDENTIFIER, _BITS_POSTCODE = 9.0, 14.0, 16.0, 5.0


class Effort(NamedTuple):
    """How far one search goes: posting entries walked, candidates kept.

    well_described: the budget of a record whose year of birth is known, which is found by its words
    together with the year. close_neighbours: how many forms of a common word are tried with others.
    """

    budget: int = 3000
    well_described: int = 2000
    candidates: int = 48
    close_neighbours: int = 6

    @classmethod
    def for_batch(cls, records: int) -> Effort:
        """What a batch against so many records can afford for each."""
        return cls() if records <= LARGE else cls(2000, 1000, 12)


@leaf
def is_named(people: PeopleArrays, i: int) -> bool:
    """Whether record i has a name at all: junk in its place ("Unknown Unknown") is none."""
    return bool(people.form_start[i] < people.form_start[i + 1])


@leaf
def record_keys(
    people: PeopleArrays, i: int, common: npt.NDArray[np.bool_], out: npt.NDArray[np.uint64]
) -> int:
    """Write the keys under which record i is found; returns how many (at most MOST_KEYS)."""
    n = 0
    names = slice(
        people.name_start[people.form_start[i]], people.name_start[people.form_start[i + 1]]
    )
    words = people.name_tokens[names]
    low, high = people.birth_low[i], people.birth_high[i]
    for a in range(len(words)):
        repeated = False
        for b in range(a):
            repeated = repeated or words[b] == words[a]
        if repeated or n > MOST_KEYS - 24:
            continue
        out[n] = mix(WORD, words[a], 0)
        n += 1
        if words[a] >= len(common) or not common[words[a]]:
            continue
        if low and high - low < WIDEST_YEARS:
            for year in range(low, high + 1):
                out[n] = mix(WORD_YEAR, words[a], year)
                n += 1
        for b in range(a):
            if n < MOST_KEYS - 16 and words[b] < len(common) and common[words[b]]:
                first, second = min(words[a], words[b]), max(words[a], words[b])
                out[n] = mix(WORD_PAIR, first, second)
                n += 1
    if people.birth_day[i]:
        out[n] = mix(BIRTH_DATE, low, people.birth_month[i] * 32 + people.birth_day[i])
        n += 1
    first = people.phone_start[i]
    for p in range(first, min(people.phone_start[i + 1], first + 4)):
        out[n] = mix(PHONE, people.phones[p], 0)
        n += 1
    first = people.identifier_start[i]
    for p in range(first, min(people.identifier_start[i + 1], first + 4)):
        out[n] = mix(IDENTIFIER, people.identifiers[p], 0)
        n += 1
    if people.home.postcode[i]:
        out[n] = mix(POSTCODE, people.home.postcode[i], 0)
        n += 1
    return n


@njit(cache=True, nogil=True)
def all_record_keys(
    people: PeopleArrays, common: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """(key, record) of every key of every record."""
    n = len(people.sex)
    keys = np.empty(n * 8 + MOST_KEYS, np.uint64)
    records = np.empty(n * 8 + MOST_KEYS, np.int32)
    one = np.empty(MOST_KEYS, np.uint64)
    at = 0
    for i in range(n):
        if not is_named(people, i):
            continue
        count = record_keys(people, i, common, one)
        if at + count > len(keys):
            keys = np.concatenate((keys, np.empty(len(keys), np.uint64)))
            records = np.concatenate((records, np.empty(len(records), np.int32)))
        keys[at : at + count] = one[:count]
        records[at : at + count] = i
        at += count
    return keys[:at].copy(), records[:at].copy()


class _Walk(NamedTuple):
    """Scratch of one search: records met, by an open-addressing table; state: count, walked."""

    table: npt.NDArray[np.int32]
    ids: npt.NDArray[np.int32]
    masks: npt.NDArray[np.uint32]
    scores: npt.NDArray[np.float32]
    places: npt.NDArray[np.int32]
    state: npt.NDArray[np.int64]


@leaf
def _walk(
    walk: _Walk, postings: PostingArrays, key: np.uint64, slots: int, weight: float, budget: int
) -> None:
    """Credit every record of a key with `weight`, once for each of the question bits `slots`."""
    at = find(postings, key)
    if at < 0 or walk.state[1] + postings.length[at] > budget:
        return
    bits = np.uint32(slots)
    count = walk.state[0]
    first = postings.start[at]
    for p in range(first, first + postings.length[at]):
        record = postings.values[p]
        place = (record * 40503) & (_TABLE - 1)
        while walk.table[place] >= 0 and walk.ids[walk.table[place]] != record:
            place = (place + 1) & (_TABLE - 1)
        known = walk.table[place]
        if known < 0:
            walk.table[place] = count
            walk.places[count] = place
            walk.ids[count] = record
            walk.masks[count] = bits
            walk.scores[count] = weight
            count += 1
        elif walk.masks[known] & bits != bits:
            walk.masks[known] |= bits
            walk.scores[known] += weight
    walk.state[0] = count
    walk.state[1] += postings.length[at]


@leaf
def _walk_numbers(
    walk: _Walk, a: PeopleArrays, i: int, postings: PostingArrays, budget: int
) -> None:
    """By birth date (day and month either way round), phone, identifier, postal code."""
    if a.birth_day[i] and not a.birth_flags[i] & FROM_AGE:
        year, month, day = a.birth_low[i], a.birth_month[i], a.birth_day[i]
        key = mix(BIRTH_DATE, year, month * 32 + day)
        _walk(walk, postings, key, _BIRTH, _BITS_BIRTH_DATE, budget)
        if day <= 12 and day != month:
            key = mix(BIRTH_DATE, year, day * 32 + month)
            _walk(walk, postings, key, _BIRTH, _BITS_BIRTH_DATE, budget)
    for p in range(a.phone_start[i], a.phone_start[i + 1]):
        _walk(walk, postings, mix(PHONE, a.phones[p], 0), _PHONE, _BITS_PHONE, budget)
    for p in range(a.identifier_start[i], a.identifier_start[i + 1]):
        key = mix(IDENTIFIER, a.identifiers[p], 0)
        _walk(walk, postings, key, _IDENTIFIER, _BITS_IDENTIFIER, budget)
    if a.home.postcode[i]:
        key = mix(POSTCODE, a.home.postcode[i], 0)
        _walk(walk, postings, key, _POSTCODE, _BITS_POSTCODE, budget)


class _Words(NamedTuple):
    """Scratch: the distinct name words of a record, and all their forms in the index.

    total: the records of all forms of a word. form_word, form_at, form_length: of each form, the
    word it is of (its place here), its place in the NeighbourArrays, how many records bear it.
    is_long, by word and place among its neighbours: borne by too many to walk through.
    """

    token: npt.NDArray[np.int32]
    total: npt.NDArray[np.int64]
    form_word: npt.NDArray[np.int32]
    form_at: npt.NDArray[np.int64]
    form_length: npt.NDArray[np.int64]
    is_long: npt.NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _make_words() -> _Words:
    most_forms = MOST_WORDS * MOST_NEIGHBOURS
    return _Words(
        np.zeros(MOST_WORDS, np.int32),
        np.zeros(MOST_WORDS, np.int64),
        np.zeros(most_forms, np.int32),
        np.zeros(most_forms, np.int64),
        np.zeros(most_forms, np.int64),
        np.zeros(most_forms, np.bool_),
    )


@njit(cache=True, nogil=True)
def word_slots(postings: PostingArrays, tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Where the records of each token stand in the postings; -1 nowhere, as for a token of -1."""
    slots = np.full(len(tokens), -1, np.int64)
    for at in range(len(tokens)):
        if tokens[at] >= 0:
            slots[at] = find(postings, mix(WORD, tokens[at], 0))
    return slots


@leaf
def _list_words(
    a: PeopleArrays, i: int, postings: PostingArrays, near: NeighbourArrays, words: _Words
) -> int:
    """The distinct name words of a record, rarest first; returns how many."""
    n = 0
    first = a.name_start[a.form_start[i]]
    for p in range(first, a.name_start[a.form_start[i + 1]]):
        word = a.name_tokens[p]
        known = False
        for w in range(n):
            known = known or words.token[w] == word
        if known or n == MOST_WORDS:
            continue
        total = 0
        for q in range(near.start[word], near.start[word] + near.length[word]):
            if near.slot[q] >= 0:
                total += postings.length[near.slot[q]]
        at = n
        while at > 0 and words.total[at - 1] > total:
            words.token[at], words.total[at] = words.token[at - 1], words.total[at - 1]
            at -= 1
        words.token[at], words.total[at] = word, total
        n += 1
    return n


@leaf
def _list_forms(postings: PostingArrays, near: NeighbourArrays, words: _Words, n_words: int) -> int:
    """All forms of the words, rarest first; returns how many."""
    n = 0
    for w in range(n_words):
        word = words.token[w]
        for q in range(near.start[word], near.start[word] + near.length[word]):
            words.is_long[w * MOST_NEIGHBOURS + q - near.start[word]] = False
            if near.slot[q] < 0:
                continue
            length = postings.length[near.slot[q]]
            at = n
            while at > 0 and words.form_length[at - 1] > length:
                words.form_word[at] = words.form_word[at - 1]
                words.form_at[at] = words.form_at[at - 1]
                words.form_length[at] = words.form_length[at - 1]
                at -= 1
            words.form_word[at], words.form_at[at], words.form_length[at] = w, q, length
            n += 1
    return n


@leaf
def _is_settled(walk: _Walk, n_words: int) -> bool:
    """Whether some record agrees in a number and two words, or in two numbers and one."""
    for c in range(walk.state[0]):
        numbers, words = 0, 0
        for bit in range(n_words):
            words += (walk.masks[c] >> np.uint32(bit)) & np.uint32(1)
        for bit in range(24, 28):
            numbers += (walk.masks[c] >> np.uint32(bit)) & np.uint32(1)
        if numbers and words and numbers + words >= 3:
            return True
    return False


@leaf
def _walk_forms(
    walk: _Walk,
    postings: PostingArrays,
    near: NeighbourArrays,
    rarity: npt.NDArray[np.float32],
    words: _Words,
    n_words: int,
    budget: int,
) -> None:
    """By each form of each word, the rarest first, within half the budget; the rest are long."""
    n_forms = _list_forms(postings, near, words, n_words)
    enough = walk.state[1] + (budget - walk.state[1]) // 2
    for f in range(n_forms):
        w, at = words.form_word[f], words.form_at[f]
        token = words.token[w]
        is_long = walk.state[1] + words.form_length[f] > enough
        words.is_long[w * MOST_NEIGHBOURS + at - near.start[token]] = is_long
        if not is_long:
            weight = near.similarity[at] * near.similarity[at] * rarity[token]
            _walk(walk, postings, mix(WORD, near.token[at], 0), 1 << w, weight, budget)


@leaf
def _walk_pairs(
    walk: _Walk,
    postings: PostingArrays,
    near: NeighbourArrays,
    rarity: npt.NDArray[np.float32],
    words: _Words,
    n_words: int,
    closest: int,
    budget: int,
) -> None:
    """By every two words, in the closest of their long forms."""
    for w in range(n_words):
        word = words.token[w]
        for q in range(near.start[word], near.start[word] + min(near.length[word], closest)):
            if not words.is_long[w * MOST_NEIGHBOURS + q - near.start[word]]:
                continue
            weight = near.similarity[q] * near.similarity[q] * rarity[word]
            for v in range(w):
                other = words.token[v]
                first = near.start[other]
                for r in range(first, first + min(near.length[other], closest)):
                    if not words.is_long[v * MOST_NEIGHBOURS + r - first]:
                        continue
                    both = weight + near.similarity[r] * near.similarity[r] * rarity[other]
                    low, high = min(near.token[q], near.token[r]), max(near.token[q], near.token[r])
                    key = mix(WORD_PAIR, low, high)
                    _walk(walk, postings, key, (1 << w) | (1 << v), both, budget)


@leaf
def _walk_years(
    walk: _Walk,
    a: PeopleArrays,
    i: int,
    postings: PostingArrays,
    near: NeighbourArrays,
    rarity: npt.NDArray[np.float32],
    words: _Words,
    n_words: int,
    closest: int,
    budget: int,
) -> None:
    """By the closest long forms of each word with the years of birth, then with the next ones."""
    low, high = a.birth_low[i], a.birth_high[i]
    if not low:
        return
    most = min(high, low + MOST_YEARS)
    slack = 1 if high - low < WIDEST_YEARS - 1 else 0
    for beyond in range(slack + 1):
        for w in range(n_words):
            word = words.token[w]
            for q in range(near.start[word], near.start[word] + min(near.length[word], closest)):
                if not words.is_long[w * MOST_NEIGHBOURS + q - near.start[word]]:
                    continue
                weight = near.similarity[q] * near.similarity[q] * rarity[word]
                for year in range(low - beyond, most + beyond + 1):
                    if not beyond or year < low or year > most:
                        key = mix(WORD_YEAR, near.token[q], year)
                        _walk(walk, postings, key, 1 << w, weight, budget)


@leaf
def _credit(a: PeopleArrays, i: int, b: PeopleArrays, j: int) -> float:
    """Bits, roughly, for birth, sex and home, to choose among too many of one name."""
    credit = 0.0
    if a.birth_low[i] and b.birth_low[j]:
        gap = max(a.birth_low[i] - b.birth_high[j], b.birth_low[j] - a.birth_high[i])
        credit += 5.0 if gap <= 0 else 3.0 if gap <= 1 else 0.0 if gap <= 5 else -4.0
    if a.sex[i] and b.sex[j]:
        credit += 1.0 if a.sex[i] == b.sex[j] else -4.0
    if a.home.city[i] >= 0 and b.home.city[j] >= 0:
        same = a.home.city[i] == b.home.city[j]
        same = same or (a.home.place[i] >= 0 and a.home.place[i] == b.home.place[j])
        credit += 4.0 if same else -2.0
    elif a.home.country[i] and b.home.country[j]:
        credit += 1.0 if a.home.country[i] == b.home.country[j] else -3.0
    return credit


@njit(cache=True, nogil=True)
def _find_candidates(
    a: PeopleArrays,
    b: PeopleArrays,
    postings: PostingArrays,
    near: NeighbourArrays,
    rarity: npt.NDArray[np.float32],
    common: npt.NDArray[np.bool_],
    effort: Effort,
    skip_self: bool,
    out: npt.NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    size = effort.budget + 64
    walk = _Walk(
        np.full(_TABLE, -1, np.int32),
        np.zeros(size, np.int32),
        np.zeros(size, np.uint32),
        np.zeros(size, np.float32),
        np.zeros(size, np.int32),
        np.zeros(2, np.int64),
    )
    words = _make_words()
    closest = effort.close_neighbours
    for i in range(begin, end):
        if not is_named(a, i):
            continue
        walk.state[:] = 0
        budget = effort.well_described if a.birth_low[i] else effort.budget
        _walk_numbers(walk, a, i, postings, budget)
        n_words = _list_words(a, i, postings, near, words)
        _walk_forms(walk, postings, near, rarity, words, n_words, budget)
        if not _is_settled(walk, n_words):
            _walk_pairs(walk, postings, near, rarity, words, n_words, closest, budget)
        if not _is_settled(walk, n_words):
            _walk_years(walk, a, i, postings, near, rarity, words, n_words, closest, budget)
        count = walk.state[0]
        _keep_best(a, i, b, walk.ids, walk.scores, count, skip_self, out)
        for c in range(count):
            walk.table[walk.places[c]] = -1


@njit(cache=True, nogil=True)
def _keep_best(
    a: PeopleArrays,
    i: int,
    b: PeopleArrays,
    ids: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float32],
    count: int,
    skip_self: bool,
    out: npt.NDArray[np.int32],
) -> None:
    """The best-credited candidates into out[i], by credit, then record number."""
    best = np.float32(0.0)
    for c in range(count):
        best = max(best, scores[c])
    is_clear = best >= CLEAR_CREDIT
    keep = out.shape[1] // 2 if is_clear else out.shape[1]
    least = LEAST_CREDIT_CLEAR if is_clear else LEAST_CREDIT
    count = _drop_below(ids, scores, count, float(best) * least)
    for c in range(count):
        scores[c] += _credit(a, i, b, ids[c])
    count = _drop_below(ids, scores, count, np.log2(len(b.sex)) - HOPELESS_BITS)
    threshold = np.float32(-1e9)
    if count > keep:
        threshold = np.partition(scores[:count], count - keep)[count - keep]
    kept = 0
    for level in range(2):
        for c in range(count):
            above = scores[c] > threshold if level == 0 else scores[c] == threshold
            if above and kept < keep and not (skip_self and ids[c] == i):
                out[i, kept] = ids[c]
                kept += 1
    out[i, :kept].sort()


@leaf
def _drop_below(
    ids: npt.NDArray[np.int32], scores: npt.NDArray[np.float32], count: int, least: float
) -> int:
    kept = 0
    for c in range(count):
        if scores[c] >= least:
            ids[kept] = ids[c]
            scores[kept] = scores[c]
            kept += 1
    return kept


def find_candidates(
    a: PeopleArrays,
    b: PeopleArrays,
    postings: PostingArrays,
    near: NeighbourArrays,
    rarity: npt.NDArray[np.float32],
    common: npt.NDArray[np.bool_],
    effort: Effort,
    *,
    skip_self: bool = False,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """(i, j) of every pair worth comparing, i a record of a, j of b; sorted by i, then j."""
    out = np.full((len(a.sex), effort.candidates), -1, np.int32)
    in_chunks(
        _find_candidates, len(a.sex), a, b, postings, near, rarity, common, effort, skip_self, out,
    )  # fmt: skip
    i, column = np.nonzero(out >= 0)
    return i.astype(np.int32), out[i, column]
