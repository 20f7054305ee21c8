"""The fuzzy index of name tokens: which tokens of an index are forms of a token asked for.

Rules: two tokens are compared only when they share a key, of their letters or of their sounds;
rarest keys first, bounded; a token's neighbours come best first and do not depend on the order in
which tokens were met. A slip of the keyboard can change a sound altogether (Richard, Ricahrd):
tokens that are one slip apart need not be as alike as others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.alignment import SCRATCH_SIZE
from reknit.matching.compiled import leaf
from reknit.matching.keys import LONGEST_SKELETON, MOST_KEYS, write_token_keys
from reknit.matching.letters import (
    MOST_LETTER_KEYS,
    Letters,
    all_letter_keys,
    spell,
    write_letter_keys,
)
from reknit.matching.parallel import in_chunks
from reknit.matching.postings import PostingArrays, Postings, find
from reknit.matching.tokens import (
    TokenArrays,
    TokenTable,
    all_token_keys,
    word_similarity,
)

LEAST_SIMILARITY, LEAST_ONE_SLIP_APART = 0.70, 0.55
MOST_NEIGHBOURS = 24
MOST_COMPARED = 400

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


class NeighbourArrays(NamedTuple):
    """Token id → its slice of (token, similarity), best first; tokens never asked have none.

    slot: where the records of the neighbour stand in the postings that are asked, -1 nowhere.
    """

    start: npt.NDArray[np.int64]
    length: npt.NDArray[np.int32]
    token: npt.NDArray[np.int32]
    similarity: npt.NDArray[np.float32]
    slot: I64


@leaf
def _list_slots(keys: I64, count: int, postings: PostingArrays, slots: I64, lengths: I64) -> int:
    """The slots of the keys that are there, rarest first; returns how many."""
    n = 0
    for key in keys[:count]:
        slot = find(postings, np.uint64(key))
        if slot < 0:
            continue
        at = n
        while at > 0 and lengths[at - 1] > postings.length[slot]:
            slots[at] = slots[at - 1]
            lengths[at] = lengths[at - 1]
            at -= 1
        slots[at] = slot
        lengths[at] = postings.length[slot]
        n += 1
    return n


@leaf
def _compare_listed(
    asked: int,
    slots: I64,
    n_slots: int,
    least: float,
    most_compared: int,
    postings: PostingArrays,
    tokens: TokenArrays,
    seen: I32,
    scratch: I32,
    near: I32,
    similarities: npt.NDArray[np.float32],
    counts: npt.NDArray[np.int64],
) -> None:
    """Compare a token with those of the slots; keep the nearest, best first, the lower id first.

    counts: how many were seen, how many are kept.
    """
    for slot in slots[:n_slots]:
        first, length = postings.start[slot], postings.length[slot]
        if counts[0] + length > most_compared:
            break
        for other in postings.values[first : first + length]:
            known = False
            for one in seen[: counts[0]]:
                known = known or one == other
            if known:
                continue
            seen[counts[0]] = other
            counts[0] += 1
            similarity = word_similarity(tokens, asked, other, scratch)
            if similarity < least:
                continue
            at = counts[1]
            while at > 0 and (
                similarities[at - 1] < similarity
                or (similarities[at - 1] == similarity and near[at - 1] > other)
            ):
                at -= 1
            if at == MOST_NEIGHBOURS:
                continue
            counts[1] = min(counts[1] + 1, MOST_NEIGHBOURS)
            for moved in range(counts[1] - 1, at, -1):
                near[moved] = near[moved - 1]
                similarities[moved] = similarities[moved - 1]
            near[at] = other
            similarities[at] = similarity


@njit(cache=True, nogil=True)
def _expand(
    asked: I32,
    letters: Letters,
    spelt: I64,
    postings: PostingArrays,
    tokens: TokenArrays,
    out_length: I32,
    out_token: I32,
    out_similarity: npt.NDArray[np.float32],
    begin: int,
    end: int,
) -> None:
    """Neighbours of asked[begin:end], which are spelt letters[spelt[i]:spelt[i + 1]]."""
    keys = np.zeros(max(MOST_KEYS, MOST_LETTER_KEYS), np.int64)
    slots, lengths = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    skeleton = np.zeros(LONGEST_SKELETON, np.uint8)
    seen, scratch = np.zeros(MOST_COMPARED, np.int32), np.zeros(SCRATCH_SIZE, np.int32)
    counts = np.zeros(2, np.int64)
    for index in range(begin, end):
        counts[:] = 0
        token = asked[index]
        near, similarities = out_token[index], out_similarity[index]
        count = write_letter_keys(letters, spelt[index], spelt[index + 1], keys)
        n = _list_slots(keys, count, postings, slots, lengths)
        _compare_listed(token, slots, n, LEAST_ONE_SLIP_APART, MOST_COMPARED // 2, postings, tokens,
                        seen, scratch, near, similarities, counts)  # fmt: skip
        count = write_token_keys(tokens, token, keys, skeleton)
        n = _list_slots(keys, count, postings, slots, lengths)
        _compare_listed(token, slots, n, LEAST_SIMILARITY, MOST_COMPARED, postings, tokens,
                        seen, scratch, near, similarities, counts)  # fmt: skip
        out_length[index] = counts[1]


class NeighbourIndex:
    """The tokens of an index by their fuzzy keys; answers what is near a token."""

    def __init__(self, tokens: TokenTable, members: npt.NDArray[np.int32]) -> None:
        """members: the ids of the tokens that the index holds."""
        self.tokens = tokens
        self._is_member = np.zeros(len(tokens), bool)
        self._is_member[members] = True
        start, keys = all_token_keys(tokens.arrays())
        lengths = np.diff(start)
        owner = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        mine = self._is_member[owner]
        by_letters, letter_keys = all_letter_keys(*self._spell(members))
        self.postings = Postings.build(
            np.concatenate([keys[mine], letter_keys]).astype(np.uint64),
            np.concatenate([owner[mine], np.repeat(members, np.diff(by_letters))]),
        )

    def _spell(self, tokens: I32) -> tuple[Letters, I64]:
        return spell([self.tokens.text(int(token)) for token in tokens])

    def neighbours(self, asked: npt.NDArray[np.int32]) -> NeighbourArrays:
        """The neighbours of the tokens `asked` (distinct ids), themselves among them if held."""
        arrays = self.tokens.arrays()
        n = len(asked)
        count = np.zeros(n, np.int32)
        token = np.full((n, MOST_NEIGHBOURS), -1, np.int32)
        similarity = np.zeros((n, MOST_NEIGHBOURS), np.float32)
        in_chunks(
            _expand, n, asked, *self._spell(asked), self.postings.arrays, arrays, count, token,
            similarity,
        )  # fmt: skip
        start = np.zeros(len(self.tokens), np.int64)
        length = np.zeros(len(self.tokens), np.int32)
        start[asked] = np.arange(n) * MOST_NEIGHBOURS
        length[asked] = count
        nowhere = np.full(token.size, -1, np.int64)
        return NeighbourArrays(start, length, token.ravel(), similarity.ravel(), nowhere)
