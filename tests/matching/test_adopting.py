"""Homes standardised elsewhere are as if they had been standardised here."""

from __future__ import annotations

import pickle

from reknit.matching.adopting import adopt, carry
from reknit.matching.people import Lexicon, complete_columns, standardise_people
from tests.cast import IDRIS_FOUND, RAFI, SIBLINGS_FOUND, crowd, people_table

PLACED = [
    {**RAFI, "last_known_location": "Zahlé", "phones": "+961 3 555 019", "home_state": "Bekaa"}
]
PEOPLE = [*crowd(), *SIBLINGS_FOUND, IDRIS_FOUND, *PLACED]


def test_people_whose_homes_were_read_elsewhere_are_those_read_here() -> None:
    table = complete_columns(people_table(PEOPLE))
    carried = pickle.loads(pickle.dumps(carry(table)))  # noqa: S301 - our own
    alone, helped = Lexicon(), Lexicon()
    one = standardise_people(table, alone)
    other = standardise_people(table, helped, homes=lambda: adopt(carried, helped))
    assert pickle.dumps(one.arrays) == pickle.dumps(other.arrays)
    assert alone.homes.numbered() == helped.homes.numbered()
    numbers = range(len(alone.tokens))
    assert [alone.tokens.token(n) for n in numbers] == [helped.tokens.token(n) for n in numbers]
    assert len(helped.tokens) == len(alone.tokens)


def test_a_lexicon_that_knows_other_places_numbers_the_same_homes() -> None:
    table = complete_columns(people_table(PEOPLE))
    lexicon = Lexicon()
    before = standardise_people(people_table(PEOPLE[::-3]), lexicon)
    adopted = adopt(carry(table), lexicon)
    again = standardise_people(table, lexicon).arrays.home
    assert len(before) > 0
    assert [column.tolist() for column in adopted] == [column.tolist() for column in again]
