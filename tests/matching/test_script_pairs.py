"""Pairs are told apart by the two scripts their names are in, whichever side they stand on."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from reknit.matching.people import SCRIPTS, Lexicon, standardise_people
from reknit.matching.script_pairs import (
    GROUP_OF_PAIR,
    SCRIPT_GROUPS,
    SCRIPT_PAIRS,
    count_script_pairs,
    script_pair,
    script_pairs,
)
from reknit.vocabulary import Script
from tests.cast import people_table, person

ROWS = [person("1", "Idris"), person("2", "إدريس"), person("3", "Идрис")]
PEOPLE = standardise_people(people_table(ROWS), Lexicon()).arrays


def test_every_two_scripts_have_a_code_of_their_own_and_a_group() -> None:
    codes = {
        script_pair(first, second): (first, second)
        for first, second in combinations_with_replacement(SCRIPTS, 2)
    }
    assert len(codes) == len(SCRIPTS) * (len(SCRIPTS) + 1) // 2
    # The two groups that stand for many pairs are no pair themselves.
    assert set(range(len(SCRIPT_PAIRS))) - set(codes) == {1, 2}
    for code, (first, second) in codes.items():
        latin = first == second == Script.LATIN
        group = "latin" if latin else "same script" if first == second else "across scripts"
        assert SCRIPT_GROUPS[GROUP_OF_PAIR[code]] == group
        assert first.value in SCRIPT_PAIRS[code]
        assert second.value in SCRIPT_PAIRS[code]


def test_pairs_are_told_apart_by_their_scripts_either_way_round() -> None:
    i, j = np.array([0, 1, 0, 1, 2], np.int32), np.array([0, 1, 1, 0, 1], np.int32)
    codes = script_pairs(PEOPLE, i, PEOPLE, j).tolist()
    said = [SCRIPT_PAIRS[code] for code in codes]
    assert said[:2] == ["latin", "arabic"]
    assert said[2] == said[3] == "latin and arabic"
    assert said[4] == "arabic and cyrillic"


def test_all_pairs_are_counted_each_once() -> None:
    both = people_table([*ROWS, person("4", "Noor")])
    counts = count_script_pairs(PEOPLE, standardise_people(both, Lexicon()).arrays)
    assert counts.sum() == 3 * 4
    assert counts[script_pair(Script.LATIN, Script.LATIN)] == 2
    assert counts[script_pair(Script.LATIN, Script.ARABIC)] == 1 + 2
    assert counts[script_pair(Script.THAI, Script.ARABIC)] == 0
