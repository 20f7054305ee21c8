"""The fuzzy index of name tokens: which tokens of an index are forms of a token asked for.

Rules: two tokens are compared only when they share a key; rarest keys first, bounded; a token's
neighbours come best first and do not depend on the order in which tokens were met.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from reknit.matching.alignment import SCRATCH_SIZE
from reknit.matching.parallel import in_chunks
from reknit.matching.postings import PostingArrays, Postings, find
from reknit.matching.tokens import (
    TokenArrays,
    TokenTable,
    all_token_keys,
    token_keys,
    word_similarity,
)

LEAST_SIMILARITY = 0.70
MOST_NEIGHBOURS = 24
MOST_COMPARED = 400


class NeighbourArrays(NamedTuple):
    """Token id → its slice of (token, similarity), best first; tokens never asked have none."""

    start: npt.NDArray[np.int64]
    length: npt.NDArray[np.int32]
    token: npt.NDArray[np.int32]
    similarity: npt.NDArray[np.float32]


@njit(cache=True, nogil=True)
def _expand(
    asked: npt.NDArray[np.int32],
    postings: PostingArrays,
    tokens: TokenArrays,
    out_length: npt.NDArray[np.int32],
    out_token: npt.NDArray[np.int32],
    out_similarity: npt.NDArray[np.float32],
    begin: int,
    end: int,
) -> None:
    """Neighbours of asked[begin:end]."""
    slots = np.zeros(64, np.int64)
    lengths = np.zeros(64, np.int64)
    seen = np.zeros(MOST_COMPARED, np.int32)
    scratch = np.empty(SCRATCH_SIZE, np.int32)
    for index in range(begin, end):
        n_slots = 0
        for key in token_keys(tokens, asked[index]):
            slot = find(postings, np.uint64(key))
            if slot >= 0 and n_slots < 64:
                at = n_slots
                while at > 0 and lengths[at - 1] > postings.length[slot]:
                    slots[at] = slots[at - 1]
                    lengths[at] = lengths[at - 1]
                    at -= 1
                slots[at] = slot
                lengths[at] = postings.length[slot]
                n_slots += 1
        n_seen = 0
        count = 0
        for s in range(n_slots):
            first = postings.start[slots[s]]
            if n_seen + lengths[s] > MOST_COMPARED:
                break
            for p in range(first, first + lengths[s]):
                other = postings.values[p]
                known = False
                for q in range(n_seen):
                    if seen[q] == other:
                        known = True
                        break
                if known:
                    continue
                seen[n_seen] = other
                n_seen += 1
                similarity = word_similarity(tokens, asked[index], other, scratch)
                if similarity < LEAST_SIMILARITY:
                    continue
                at = min(count, MOST_NEIGHBOURS - 1)
                if count >= MOST_NEIGHBOURS and similarity <= out_similarity[index, at]:
                    continue
                while at > 0 and (
                    out_similarity[index, at - 1] < similarity
                    or (
                        out_similarity[index, at - 1] == similarity
                        and out_token[index, at - 1] > other
                    )
                ):
                    out_token[index, at] = out_token[index, at - 1]
                    out_similarity[index, at] = out_similarity[index, at - 1]
                    at -= 1
                out_token[index, at] = other
                out_similarity[index, at] = similarity
                count = min(count + 1, MOST_NEIGHBOURS)
        out_length[index] = count


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
        self.postings = Postings.build(keys[mine].astype(np.uint64), owner[mine])

    def neighbours(self, asked: npt.NDArray[np.int32]) -> NeighbourArrays:
        """The neighbours of the tokens `asked` (distinct ids), themselves among them if held."""
        arrays = self.tokens.arrays()
        n = len(asked)
        count = np.zeros(n, np.int32)
        token = np.full((n, MOST_NEIGHBOURS), -1, np.int32)
        similarity = np.zeros((n, MOST_NEIGHBOURS), np.float32)
        in_chunks(
            _expand, n, asked, self.postings.arrays, arrays, count, token, similarity
        )  # fmt: skip
        start = np.zeros(len(self.tokens), np.int64)
        length = np.zeros(len(self.tokens), np.int32)
        start[asked] = np.arange(n) * MOST_NEIGHBOURS
        length[asked] = count
        return NeighbourArrays(start, length, token.ravel(), similarity.ravel())
