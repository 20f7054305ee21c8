"""The forms of a name word in an index: found across spellings and scripts, best first."""

from __future__ import annotations

import numpy as np
import pytest

from reknit.matching.neighbours import (
    LEAST_ONE_SLIP_APART,
    MOST_NEIGHBOURS,
    NeighbourIndex,
)
from reknit.matching.tokens import TokenTable
from reknit.standardise import analyse_word

WORDS = [
    "muhammad", "mohamed", "محمد", "мухаммад", "kovalenko", "коваленко", "kowalenko", "shevchuk",
    "шевчук", "ወርቁ", "worku", "qaddura", "قدورة", "haddad", "حداد", "petrenko",
]  # fmt: skip


def neighbours(word: str, held: list[str]) -> dict[str, float]:
    """The words held that are near `word`, with their similarity, in the order given."""
    table = TokenTable()
    ids = table.intern_many([analyse_word(one) for one in held])
    (asked,) = table.intern_many([analyse_word(word)])
    index = NeighbourIndex(table, np.unique(ids).astype(np.int32))
    near = index.neighbours(np.array([asked], np.int32))
    part = slice(near.start[asked], near.start[asked] + near.length[asked])
    name_of = {int(token): one for token, one in zip(ids, held, strict=True)}
    found = zip(near.token[part].tolist(), near.similarity[part].tolist(), strict=True)
    return {name_of[token]: similarity for token, similarity in found}


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("mohammed", {"muhammad", "mohamed", "محمد", "мухаммад"}, {"haddad", "petrenko"}),
        ("коваленка", {"kovalenko", "коваленко", "kowalenko"}, {"petrenko"}),
        ("shevchyk", {"shevchuk", "шевчук"}, {"kovalenko"}),
        ("workuu", {"ወርቁ", "worku"}, {"محمد"}),
        ("kaddoura", {"qaddura", "قدورة"}, {"حداد"}),
    ],
)
def test_it_finds_the_forms_of_a_word(word: str, near: set[str], far: set[str]) -> None:
    found = neighbours(word, WORDS)
    assert near <= set(found)
    assert not far & set(found)


def test_a_word_held_is_its_own_best_neighbour() -> None:
    for word in WORDS:
        found = neighbours(word, WORDS)
        assert found[word] == max(found.values()) == 1.0


def test_neighbours_come_best_first_and_none_is_too_far() -> None:
    near = list(neighbours("mohammed", WORDS).values())
    assert near == sorted(near, reverse=True)
    assert min(near) >= LEAST_ONE_SLIP_APART


def test_neighbours_do_not_depend_on_the_order_words_were_met_in() -> None:
    assert neighbours("mohammed", WORDS) == neighbours("mohammed", WORDS[::-1])


def test_a_word_like_nothing_held_has_no_neighbours() -> None:
    assert neighbours("xyzzq", WORDS) == {}
    assert neighbours("mohammed", []) == {}


@pytest.mark.parametrize(
    ("slip", "word"),
    [("ricahrd", "richard"), ("ennis", "dennis"), ("smimh", "smith"), ("хданок", "жданок")],
)
def test_a_slip_that_changes_the_sound_is_found_by_its_letters(slip: str, word: str) -> None:
    assert word in neighbours(slip, [*WORDS, word])


def test_a_word_with_very_many_forms_keeps_the_nearest() -> None:
    held = ["marina", *(f"marin{a}{b}" for a in "aeiou" for b in "abdefgklmnoprstvz")]
    found = neighbours("marina", held)
    assert len(found) <= MOST_NEIGHBOURS
    assert next(iter(found)) == "marina"
