"""A Merkle tree over the log's entries, as RFC 6962 section 2.1 defines it, grown leaf by leaf.

Rules: only the frontier (the roots of the perfect subtrees, one for each 1 in the size's binary
digits) is kept, so that appending and the root cost O(log n); a consistency proof shows that the
first m leaves of n are those of an earlier root.

>>> tree = Frontier()
>>> for entry in (b"Amal asked", b"Noor opened", b"Noor judged"):
...     tree.append(leaf_hash(entry))
>>> tree.size, len(tree.hashes), tree.root().hex()[:8]
(3, 2, '703d9984')
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(content: bytes) -> bytes:
    """SHA-256(0x00 ‖ content)."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The tree as far as it has grown: its size, and its perfect subtrees' roots, largest first."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)

    @classmethod
    def from_bytes(cls, size: int, packed: bytes) -> Frontier:
        """The frontier that __bytes__ gave. ValueError where it does not fit the size."""
        if len(packed) != size.bit_count() * HASH_BYTES:
            raise ValueError("the frontier does not fit the size")
        starts = range(0, len(packed), HASH_BYTES)
        return cls(size, (packed[start : start + HASH_BYTES] for start in starts))

    def __bytes__(self) -> bytes:
        return b"".join(self.hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf's hash."""
        merging = self.size
        while merging & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            merging >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """MTH of the leaves so far; of none, SHA-256 of nothing."""
        if not self.hashes:
            return sha256().digest()
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def prove_consistency(older: int, newer: int, leaves: Iterable[bytes]) -> list[bytes]:
    """PROOF(older, D[newer]): from the hashes of the first `newer` leaves, read once in order.

    Needs 0 < older <= newer; ValueError otherwise, and where there are too few leaves.
    """
    if not 0 < older <= newer:
        raise ValueError(f"no proof leads from size {older} to size {newer}")
    ranges = _proof_ranges(older, 0, newer, whole=True)
    subtrees = {start: Frontier() for start, _ in ranges}
    ends = dict(ranges)
    current, end = None, 0
    for place, leaf in enumerate(leaves):
        if place >= newer:
            break
        if place in subtrees:
            current, end = subtrees[place], ends[place]
        if current is not None and place < end:
            current.append(leaf)
    if any(subtrees[start].size != end - start for start, end in ranges):
        raise ValueError(f"fewer than {newer} leaves")
    return [subtrees[start].root() for start, _ in ranges]


def _proof_ranges(older: int, start: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    """SUBPROOF of RFC 6962, 2.1.2, as ranges of leaves whose subtree roots make up the proof."""
    size = end - start
    if older == size:
        return [] if whole else [(start, end)]
    split = 1 << ((size - 1).bit_length() - 1)
    if older <= split:
        left = _proof_ranges(older, start, start + split, whole=whole)
        return [*left, (start + split, end)]
    right = _proof_ranges(older - split, start + split, end, whole=False)
    return [*right, (start, start + split)]


def is_consistent(
    older: int, older_root: bytes, newer: int, newer_root: bytes, proof: Sequence[bytes]
) -> bool:
    """True when the proof shows that the tree of `newer` leaves begins with that of `older`
    (RFC 9162, 2.1.4.2)."""
    if older == newer:
        return not proof and older_root == newer_root
    if not 0 < older < newer:
        return False
    # A perfect older tree is itself the first step, which the proof leaves out.
    path = [older_root, *proof] if older.bit_count() == 1 else list(proof)
    if not path:
        return False
    last_older, last_newer = older - 1, newer - 1
    while last_older & 1:
        last_older >>= 1
        last_newer >>= 1
    one = other = path[0]
    for step in path[1:]:
        if last_newer == 0:
            return False
        if last_older & 1 or last_older == last_newer:
            one, other = node_hash(step, one), node_hash(step, other)
            while last_older and not last_older & 1:
                last_older >>= 1
                last_newer >>= 1
        else:
            other = node_hash(other, step)
        last_older >>= 1
        last_newer >>= 1
    return last_newer == 0 and one == older_root and other == newer_root
