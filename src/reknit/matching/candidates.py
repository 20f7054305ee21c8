"""Which records are worth comparing with one: rarest keys first, bounded for each record.

Rules: a record is found by its name words (any form of them), by pairs of common words, by a common
word with a year of birth, by birth date, phone, identifier or postal code; no list is walked beyond
the budget; the same search serves batch and online, so both see the same candidates. A record
without a name, or with junk in its place, finds nobody and is found by nobody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.neighbours import NeighbourArrays
from reknit.matching.parallel import in_chunks
from reknit.matching.people import FROM_AGE, PeopleArrays
from reknit.matching.postings import PostingArrays, find, mix

WORD, WORD_PAIR, WORD_YEAR, BIRTH_DATE, PHONE, IDENTIFIER, POSTCODE = 1, 2, 3, 4, 5, 6, 7
COMMON_FROM = 100
"""A word borne by more records than this is also indexed with other words and years."""
MOST_KEYS = 96
WIDEST_YEARS = 4
CLOSE_NEIGHBOURS = 5
_TABLE = 1 << 14
_BITS_BIRTH_DATE, _BITS_PHONE, _BITS_IDENTIFIER, _BITS_POSTCODE = 10.0, 14.0, 16.0, 5.0


class Effort(NamedTuple):
    """How far one search goes: posting entries walked, candidates kept."""

    budget: int = 3000
    candidates: int = 48


THOROUGH = Effort(budget=8000, candidates=100)


@njit(cache=True, nogil=True)
def is_named(people: PeopleArrays, i: int) -> bool:
    """Whether record i has a name at all: junk in its place ("Unknown Unknown") is none."""
    return bool(people.form_start[i] < people.form_start[i + 1])


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _walk(
    postings: PostingArrays,
    key: np.uint64,
    slots: int,
    weight: float,
    table: npt.NDArray[np.int32],
    ids: npt.NDArray[np.int32],
    masks: npt.NDArray[np.uint32],
    scores: npt.NDArray[np.float32],
    places: npt.NDArray[np.int32],
    count: int,
    budget: int,
    walked: int,
) -> tuple[int, int]:
    """Credit every record of a key with `weight`, once for each of the question bits `slots`."""
    at = find(postings, key)
    if at < 0 or walked + postings.length[at] > budget:
        return count, walked
    first = postings.start[at]
    for p in range(first, first + postings.length[at]):
        record = postings.values[p]
        place = (record * 40503) & (_TABLE - 1)
        while table[place] >= 0 and ids[table[place]] != record:
            place = (place + 1) & (_TABLE - 1)
        if table[place] < 0:
            table[place] = count
            places[count] = place
            ids[count] = record
            masks[count] = slots
            scores[count] = weight
            count += 1
        else:
            known = table[place]
            if masks[known] & np.uint32(slots) != np.uint32(slots):
                masks[known] |= np.uint32(slots)
                scores[known] += weight
    return count, walked + postings.length[at]


@njit(cache=True, nogil=True)
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
    budget: int,
    skip_self: bool,
    out: npt.NDArray[np.int32],
    begin: int,
    end: int,
) -> None:
    table = np.full(_TABLE, -1, np.int32)
    size = budget + 64
    ids = np.zeros(size, np.int32)
    masks = np.zeros(size, np.uint32)
    scores = np.zeros(size, np.float32)
    places = np.zeros(size, np.int32)
    words = np.zeros(24, np.int32)
    totals = np.zeros(24, np.int64)
    order = np.zeros(24, np.int32)
    for i in range(begin, end):
        if not is_named(a, i):
            continue
        count = 0
        walked = 0
        n_words = 0
        first = a.name_start[a.form_start[i]]
        for p in range(first, a.name_start[a.form_start[i + 1]]):
            word = a.name_tokens[p]
            known = False
            for w in range(n_words):
                known = known or words[w] == word
            if known or n_words == 24:
                continue
            words[n_words] = word
            total = 0
            for q in range(near.start[word], near.start[word] + near.length[word]):
                slot = find(postings, mix(WORD, near.token[q], 0))
                if slot >= 0:
                    total += postings.length[slot]
            totals[n_words] = total
            at = n_words
            while at > 0 and totals[order[at - 1]] > total:
                order[at] = order[at - 1]
                at -= 1
            order[at] = n_words
            n_words += 1
        n_rare = 0
        for w in range(n_words):
            word = words[order[w]]
            if walked + totals[order[w]] > budget:
                break
            n_rare += 1
            for q in range(near.start[word], near.start[word] + near.length[word]):
                weight = near.similarity[q] * near.similarity[q] * rarity[word]
                count, walked = _walk(
                    postings, mix(WORD, near.token[q], 0), 1 << order[w], weight,
                    table, ids, masks, scores, places, count, budget, walked,
                )  # fmt: skip
        for w in range(n_rare, n_words):
            word = words[order[w]]
            close = near.start[word] + min(near.length[word], CLOSE_NEIGHBOURS)
            for v in range(n_rare, w):
                other = words[order[v]]
                close_other = near.start[other] + min(near.length[other], CLOSE_NEIGHBOURS)
                bits = (1 << order[w]) | (1 << order[v])
                for q in range(near.start[word], close):
                    for r in range(near.start[other], close_other):
                        low = min(near.token[q], near.token[r])
                        high = max(near.token[q], near.token[r])
                        weight = (
                            near.similarity[q] * near.similarity[q] * rarity[word]
                            + near.similarity[r] * near.similarity[r] * rarity[other]
                        )
                        count, walked = _walk(
                            postings, mix(WORD_PAIR, low, high), bits, weight,
                            table, ids, masks, scores, places, count, budget, walked,
                        )  # fmt: skip
            low_year, high_year = a.birth_low[i], a.birth_high[i]
            if low_year:
                slack = 1 if high_year - low_year < 3 else 0
                for q in range(near.start[word], close):
                    weight = near.similarity[q] * near.similarity[q] * rarity[word]
                    for year in range(low_year - slack, min(high_year, low_year + 12) + slack + 1):
                        count, walked = _walk(
                            postings, mix(WORD_YEAR, near.token[q], year), 1 << order[w], weight,
                            table, ids, masks, scores, places, count, budget, walked,
                        )  # fmt: skip
        if a.birth_day[i] and not a.birth_flags[i] & FROM_AGE:
            year, month, day = a.birth_low[i], a.birth_month[i], a.birth_day[i]
            count, walked = _walk(
                postings, mix(BIRTH_DATE, year, month * 32 + day), 1 << 24, _BITS_BIRTH_DATE,
                table, ids, masks, scores, places, count, budget, walked,
            )  # fmt: skip
            if day <= 12 and day != month:
                count, walked = _walk(
                    postings, mix(BIRTH_DATE, year, day * 32 + month), 1 << 24, _BITS_BIRTH_DATE,
                    table, ids, masks, scores, places, count, budget, walked,
                )  # fmt: skip
        for p in range(a.phone_start[i], a.phone_start[i + 1]):
            count, walked = _walk(
                postings, mix(PHONE, a.phones[p], 0), 1 << 25, _BITS_PHONE,
                table, ids, masks, scores, places, count, budget, walked,
            )  # fmt: skip
        for p in range(a.identifier_start[i], a.identifier_start[i + 1]):
            count, walked = _walk(
                postings, mix(IDENTIFIER, a.identifiers[p], 0), 1 << 26, _BITS_IDENTIFIER,
                table, ids, masks, scores, places, count, budget, walked,
            )  # fmt: skip
        if a.home.postcode[i]:
            count, walked = _walk(
                postings, mix(POSTCODE, a.home.postcode[i], 0), 1 << 27, _BITS_POSTCODE,
                table, ids, masks, scores, places, count, budget, walked,
            )  # fmt: skip
        _keep_best(a, i, b, ids, scores, count, skip_self, out)
        for c in range(count):
            table[places[c]] = -1


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
    keep = out.shape[1]
    if count > keep:
        for c in range(count):
            scores[c] += _credit(a, i, b, ids[c])
        threshold = np.partition(scores[:count], count - keep)[count - keep]
    else:
        threshold = np.float32(-1e9)
    kept = 0
    for level in range(2):
        for c in range(count):
            above = scores[c] > threshold if level == 0 else scores[c] == threshold
            if above and kept < keep and not (skip_self and ids[c] == i):
                out[i, kept] = ids[c]
                kept += 1
    out[i, :kept].sort()


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
        _find_candidates, len(a.sex), a, b, postings, near, rarity, common, effort.budget,
        skip_self, out,
    )  # fmt: skip
    i, column = np.nonzero(out >= 0)
    return i.astype(np.int32), out[i, column]
