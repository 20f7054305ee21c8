"""A segment: who is in it and how rare their names are, whoever asks."""

from __future__ import annotations

import numpy as np
import pytest

from reknit.matching.candidates import Effort
from reknit.matching.levels import BITS
from reknit.matching.people import Lexicon, standardise_people, standardise_person
from reknit.matching.segments import LEAST_BITS, MOST_BITS, Segment
from reknit.standardise import analyse_word
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, Row, crowd, people_table, person

ZERO = np.zeros(1, np.int32)


def rarity(word: str, name: str, held: list[Row] | list[dict[str, str]]) -> float:
    """The bits of one word of the name of a person who is asked for among the people held."""
    lexicon = Lexicon()
    segment = Segment(standardise_people(people_table(held), lexicon))
    question = segment.ask(standardise_person({"full_name": name}, lexicon))
    return float(question.rarity[lexicon.tokens.intern(analyse_word(word))])


def test_a_name_is_as_common_as_in_the_background_or_in_the_file_whichever_is_more() -> None:
    others = crowd()
    rare_here = rarity("qassabian", "Hovhannes Qassabian", others)
    many = [person(f"q{n}", "Garen Qassabian") for n in range(20)]
    assert rarity("qassabian", "Hovhannes Qassabian", [*others, *many]) < 3 < rare_here
    assert rarity("mohammed", "Mohammed Qassabian", others) < 5


def test_the_one_person_sought_does_not_make_her_name_common() -> None:
    alone = rarity("qassabian", "Hovhannes Qassabian", crowd())
    there = [*crowd(), person("found", "Hovhannes Qassabian")]
    assert rarity("qassabian", "Hovhannes Qassabian", there) == alone


def test_every_spelling_counts_for_how_common_a_name_is() -> None:
    spelt = ["Yusupov", "Youssoupov", "Юсупов", "Jusupov", "Yussupov"]
    held = [person(f"y{n}", f"Timur {name}") for n, name in enumerate(spelt)]
    one_spelling = [person("y0", "Timur Yusupov"), *crowd()]
    assert rarity("yusupov", "Ruslan Yusupov", [*held, *crowd()]) < rarity(
        "yusupov", "Ruslan Yusupov", one_spelling
    )


@pytest.mark.parametrize("name", ["Ali", "Zzyzx", "Hovhannes", "王", "Nguyen"])
def test_rarity_stays_within_bounds(name: str) -> None:
    word = name.lower()
    for held in ([], [person("1", name)], [person(str(n), name) for n in range(40)]):
        assert LEAST_BITS <= rarity(word, name, held) <= MOST_BITS


def test_levels_do_not_depend_on_who_else_is_asked_for() -> None:
    lexicon = Lexicon()
    held = [person("f", "شبنم یوسفی"), person("g", "Shabnam Yousefi"), *crowd()]
    segment = Segment(standardise_people(people_table(held), lexicon))
    sought = [person("s", "شبمن یوسفی"), person("t", "شبنم یوسفی"), person("u", "Shabnem Yusufi")]
    alone = segment.ask(standardise_person(sought[0], lexicon))
    together = segment.ask(standardise_people(people_table(sought), lexicon))
    one = segment.compare(ZERO, ZERO, alone)
    assert one.tolist() == segment.compare(ZERO, ZERO, together).tolist()
    assert one[0, BITS] > 0


def test_it_finds_and_counts_its_people() -> None:
    lexicon = Lexicon()
    segment = Segment(standardise_people(people_table([IDRIS_FOUND, *crowd()]), lexicon))
    i, j = segment.find(segment.ask(standardise_person(IDRIS_SOUGHT, lexicon)), Effort())
    assert len(segment) == 51
    assert 0 in j.tolist()
    assert set(i.tolist()) == {0}
    assert segment.nbytes > 0
