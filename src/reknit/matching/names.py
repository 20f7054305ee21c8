"""How two names compare: a similarity, a probability, a grade, and why, in sentences.

Rules: the measure is the same both ways round and free of word order; identical names are 1;
rare names count more than common ones; a conflict hurts more than a part left out.

>>> compare_names("Mohamed Salah", "Salah Mohamed").similarity
1.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from reknit.matching.alignment import SHORTEST_SLIPPED
from reknit.matching.name_kernel import compare_name_pair
from reknit.matching.pairing import EQUALLY, MOST_TOKENS, align_into, make_room
from reknit.matching.tokens import Column, TokenArrays, TokenTable
from reknit.standardise.frequencies import background_share
from reknit.standardise.names import standardise_name
from reknit.vocabulary.names import NameToken, PersonName, TokenRole

__all__ = [
    "AlignedTokens",
    "NameComparison",
    "NameGrade",
    "align_name_pair",
    "compare_name_pair",
    "compare_names",
]

_STEEPNESS: Final = 10.3
_EVEN_SIMILARITY: Final = 0.53
_LEAST_SHARE: Final = 2.0**-18


class NameGrade(IntEnum):
    """Levels of agreement between two names, weakest first."""

    DIFFERENT = 0
    FAMILY_ONLY = 1
    GIVEN_ONLY = 2
    PARTIAL = 3
    WEAK = 4
    SUBSET_FUZZY = 5
    FUZZY = 6
    SUBSET = 7
    EQUIVALENT = 8
    SAME = 9


@dataclass(frozen=True, slots=True)
class AlignedTokens:
    """Positions in each name that stand for one another, and how alike they are (0-1)."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class NameComparison:
    """similarity and probability 0-1; agreed_bits: how surprising the agreement is by chance."""

    similarity: float
    probability: float
    grade: NameGrade
    agreed_bits: float
    reasons: tuple[str, ...]


def align_name_pair(
    arrays: TokenArrays, a_tokens: NDArray[np.int32], b_tokens: NDArray[np.int32]
) -> tuple[AlignedTokens, ...]:
    """Which tokens of two names meet, by the kernel that scores them; joined words as one."""
    room = make_room()
    if not align_into(arrays, a_tokens, b_tokens, room):
        return ()
    of_a, of_b, _, alike_a, alike_b = room[:5]
    met: list[AlignedTokens] = []
    for b in range(min(len(b_tokens), MOST_TOKENS)):
        pointing = tuple(int(a) for a in np.flatnonzero(of_a == b))
        if len(pointing) > 1:
            met.append(AlignedTokens(pointing, (b,), float(alike_b[b])))
    for a in range(min(len(a_tokens), MOST_TOKENS)):
        pointing = tuple(int(b) for b in np.flatnonzero(of_b == a))
        if pointing and not any(a in pair.a for pair in met):
            met.append(AlignedTokens((a,), pointing, float(alike_a[a])))
    return tuple(sorted(met, key=lambda pair: pair.a))


def probability_of(similarity: float) -> float:
    """Probability that two names are forms of one name.

    A logistic curve fitted to labelled name pairs of many scripts, half of them near misses
    (the development set `name_pairs` described in the benchmarks); monotone in similarity.
    """
    return 1.0 / (1.0 + math.exp(-_STEEPNESS * (similarity - _EVEN_SIMILARITY)))


def compare_names(a: str | PersonName, b: str | PersonName) -> NameComparison:
    """Compare two names, written or standardised; junk and empty names match nothing."""
    name_a = standardise_name(a) if isinstance(a, str) else a
    name_b = standardise_name(b) if isinstance(b, str) else b
    return NamePairs().compare(name_a, name_b)


class NamePairs:
    """Compares many pairs of names, reading each distinct token once."""

    def __init__(self) -> None:
        self._table = TokenTable()
        self._rarity = Column(np.float32)

    def arrays(self) -> TokenArrays:
        """The tokens read so far."""
        return self._table.arrays()

    def rarity(self) -> NDArray[np.float32]:
        """Bits of rarity of each token read so far."""
        return self._rarity.view

    def compare(self, a: PersonName, b: PersonName) -> NameComparison:
        """One pair: see ``compare_names``."""
        if a.is_empty or b.is_empty:
            reason = "One of the names is empty or no name, so nothing can be compared."
            return NameComparison(0.0, 0.0, NameGrade.DIFFERENT, 0.0, (reason,))
        if [token.text for token in b.tokens] < [token.text for token in a.tokens]:
            a, b = b, a
        ids_a, ids_b = self.token_ids(a), self.token_ids(b)
        arrays = self._table.arrays()
        grade, similarity, bits = compare_name_pair(
            arrays,
            self.rarity(),
            ids_a,
            _roles(a),
            ids_b,
            _roles(b),
            make_room(),
        )
        rounded = round(float(similarity), 6)
        met = align_name_pair(arrays, ids_a, ids_b)
        return NameComparison(
            rounded,
            probability_of(rounded),
            NameGrade(grade),
            float(bits),
            tuple(_sentences(a.tokens, b.tokens, met)),
        )

    def token_ids(self, name: PersonName) -> NDArray[np.int32]:
        """The ids of a name's tokens in this table."""
        ids = self._table.intern_many(name.tokens)
        fresh = range(self._rarity.size, len(self._table))
        shares = [background_share(self._table.token(token)) for token in fresh]
        self._rarity.extend(-np.log2(np.maximum(shares, _LEAST_SHARE)))
        return ids


def _roles(name: PersonName) -> NDArray[np.int8]:
    return np.array([int(token.role) for token in name.tokens], np.int8)


def _sentences(
    a: tuple[NameToken, ...], b: tuple[NameToken, ...], met: tuple[AlignedTokens, ...]
) -> list[str]:
    said = [_sentence(a, b, pair) for pair in met]
    for tokens, used in (
        (a, {at for pair in met for at in pair.a}),
        (b, {at for pair in met for at in pair.b}),
    ):
        left = [token.text for at, token in enumerate(tokens) if at not in used]
        said += [f"‘{text}’ has no counterpart." for text in left]
    return said


def _sentence(a: tuple[NameToken, ...], b: tuple[NameToken, ...], pair: AlignedTokens) -> str:
    one = " ".join(a[at].text for at in pair.a)
    other = " ".join(b[at].text for at in pair.b)
    if len(pair.a) > 1 or len(pair.b) > 1:
        return f"{one} and {other} are the same words, written apart and together."
    first, second = a[pair.a[0]], b[pair.b[0]]
    if first.text == second.text:
        return f"{one} is in both."
    if TokenRole.INITIAL in (first.role, second.role) or 1 in (len(first.text), len(second.text)):
        return f"{one} and {other} begin alike."
    if first.symbols & second.symbols:
        return f"{one} and {other} are forms of one name."
    if pair.similarity >= EQUALLY:
        return f"{one} and {other} are spellings of one name."
    if min(len(one), len(other)) >= SHORTEST_SLIPPED and OSA.distance(one, other) == 1:
        return f"{one} and {other} are one letter apart ({pair.similarity:.0%})."
    return f"{one} and {other} sound alike ({pair.similarity:.0%})."
