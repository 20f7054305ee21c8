"""One 64-bit number for a folded name, such that its neighbours' numbers follow by arithmetic.

The number of a text with code points c_0 … c_n-1 is the sum of (c_j + 1)·B^j modulo 2^64, B odd.
So leaving a letter out, putting one in, changing one or swapping two are one sum each, for all
places at once, and the thousand texts one letter away cost microseconds. Two texts may share a
number; whoever looks a text up compares the text too.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = np.uint64(pow(_BASE, -1, 2**64))
_MASK: Final = 2**64 - 1
_AT_ONCE: Final = 200_000


def _powers(count: int) -> Hashes:
    powers, power = [], 1
    for _ in range(count):
        powers.append(power)
        power = power * _BASE & _MASK
    return np.array(powers, np.uint64)


_POWER: Final = _powers(512)
MAX_LETTERS: Final = len(_POWER) - 2
"""Names longer than this are cut before they are hashed."""


def hash_texts(texts: Sequence[str]) -> Hashes:
    """The number of each text."""
    parts = [_hash_some(texts[i : i + _AT_ONCE]) for i in range(0, len(texts), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def hash_text(text: str) -> np.uint64:
    """The number of one text."""
    codes = _codes(text)
    return np.uint64((codes * _POWER[: len(codes)]).sum(dtype=np.uint64))


def shortened(text: str) -> Hashes:
    """The numbers of the text with each of its letters left out in turn."""
    prefix, rest = _prefix_and_rest(text)
    return prefix[:-1] + rest[1:] * _INVERSE


def slipped(text: str, letters: str) -> Hashes:
    """The numbers of all texts one slip away: a letter out, in, changed, or two swapped."""
    codes, put_in = _codes(text), _codes(letters)
    count = len(codes)
    prefix, rest = _prefix_and_rest(text)
    whole, power, base = prefix[-1], _POWER[:count], np.uint64(_BASE)
    step = codes[1:] - codes[:-1]
    swapped = whole + step * power[:-1] - step * power[1:]
    changed = whole + (put_in[None, :] - codes[:, None]) * power[:, None]
    longer = prefix[:, None] + put_in[None, :] * _POWER[: count + 1, None] + rest[:, None] * base
    near = np.concatenate([shortened(text), swapped, changed.ravel(), longer.ravel()])
    return np.asarray(near[near != whole])


def shortened_texts(texts: Sequence[str]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """`shortened` of many texts: the numbers, and which text each comes from."""
    terms, length = _terms(texts)
    total = np.zeros(len(terms) + 1, np.uint64)
    np.cumsum(terms, out=total[1:])
    owner = np.repeat(np.arange(len(texts)), length)
    end = np.cumsum(length)
    before = total[:-1] - total[end - length][owner]
    after = total[end][owner] - total[1:]
    return before + after * _INVERSE, owner


def spelling_bit(text: str) -> int:
    """One of eight bits by the text as written, but for case: unequal bits, unequal spellings."""
    return 1 << (zlib.crc32(text.casefold().encode("utf-8", "surrogatepass")) & 7)


def _prefix_and_rest(text: str) -> tuple[Hashes, Hashes]:
    """Numbers of all beginnings, and what is left of the whole after each."""
    codes = _codes(text)
    prefix = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * _POWER[: len(codes)], out=prefix[1:])
    return prefix, prefix[-1] - prefix


def _codes(text: str) -> Hashes:
    encoded = text[:MAX_LETTERS].encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, np.uint32).astype(np.uint64) + np.uint64(1)


def _hash_some(texts: Sequence[str]) -> Hashes:
    terms, length = _terms(texts)
    total = np.zeros(len(terms) + 1, np.uint64)
    np.cumsum(terms, out=total[1:])
    end = np.cumsum(length)
    return np.asarray(total[end] - total[end - length])


def _terms(texts: Sequence[str]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """What each letter of each text adds to its number, in one run; and the texts' lengths."""
    cut = [text[:MAX_LETTERS] for text in texts]
    length = np.fromiter(map(len, cut), np.int64, len(cut))
    encoded = "".join(cut).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(encoded, np.uint32).astype(np.uint64) + np.uint64(1)
    start = np.cumsum(length) - length
    return codes * _POWER[np.arange(len(codes)) - np.repeat(start, length)], length
