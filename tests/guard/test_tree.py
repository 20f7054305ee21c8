"""The log's tree is the one of RFC 6962."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.guard.log.tree import Frontier, is_consistent, leaf_hash, prove_consistency

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70)]


def _tree(leaves: list[bytes]) -> Frontier:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def _as_defined(leaves: list[bytes]) -> bytes:
    """MTH, word by word from RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _as_defined(leaves[:split]), _as_defined(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


# The test vectors of Certificate Transparency's reference implementation.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_its_roots_are_those_of_certificate_transparency(size: int) -> None:
    tree = _tree([leaf_hash(bytes.fromhex(said)) for said in INPUTS[:size]])
    assert tree.root().hex() == ROOTS[size]


def test_it_grows_as_the_definition_says() -> None:
    for size in range(len(LEAVES)):
        assert _tree(LEAVES[:size]).root() == _as_defined(LEAVES[:size])


def test_it_keeps_no_more_than_its_frontier() -> None:
    tree = _tree(LEAVES)
    again = Frontier.from_bytes(tree.size, bytes(tree))
    again.append(LEAVES[0])
    tree.append(LEAVES[0])
    assert again.root() == tree.root()
    assert len(bytes(again)) == 32 * (71).bit_count()


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Frontier.from_bytes(4, bytes(64))


def test_each_state_is_proved_to_continue_each_earlier_one() -> None:
    roots = {size: _tree(LEAVES[:size]).root() for size in range(1, 40)}
    for newer in range(1, 40):
        for older in range(1, newer + 1):
            proof = prove_consistency(older, newer, LEAVES)
            assert is_consistent(older, roots[older], newer, roots[newer], proof)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_no_proof_holds_for_another_tree(one: int, other: int, data: st.DataObject) -> None:
    older, newer = sorted((one, other))
    place = data.draw(st.integers(0, older - 1))
    changed = [*LEAVES]
    changed[place] = leaf_hash(b"rewritten")
    proof = prove_consistency(older, newer, changed)
    before, after = _tree(LEAVES[:older]).root(), _tree(changed[:newer]).root()
    assert not is_consistent(older, before, newer, after, proof)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_no_changed_proof_holds(one: int, other: int, data: st.DataObject) -> None:
    older, newer = sorted((one, other))
    proof = prove_consistency(older, newer, LEAVES)
    before, after = _tree(LEAVES[:older]).root(), _tree(LEAVES[:newer]).root()
    wrong = [*proof, LEAVES[0]]
    assert not is_consistent(older, before, newer, after, wrong)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        assert not is_consistent(older, before, newer, after, proof[:place] + proof[place + 1 :])


@pytest.mark.parametrize(("older", "newer"), [(0, 3), (4, 3), (2, 99)])
def test_it_proves_nothing_that_is_not_there(older: int, newer: int) -> None:
    with pytest.raises(ValueError, match=r"no proof leads|fewer than"):
        prove_consistency(older, newer, LEAVES)
