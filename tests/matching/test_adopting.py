"""People standardised elsewhere are found as if they had been standardised here."""

from __future__ import annotations

import pickle

from reknit.matching import PeopleIndex
from reknit.matching.adopting import adopt, carry
from reknit.matching.people import Lexicon, standardise_people
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, RAFI, SIBLINGS_FOUND, crowd, people_table

PLACED = [
    {**RAFI, "last_known_location": "Zahlé", "phones": "+961 3 555 019", "home_state": "Bekaa"}
]
PEOPLE = [*crowd(), *SIBLINGS_FOUND, IDRIS_FOUND, *PLACED]


def test_an_index_of_two_parts_answers_as_one_built_at_once() -> None:
    table = people_table(PEOPLE)
    here = standardise_people(table[:30], Lexicon())
    there = standardise_people(table[30:], Lexicon())
    carried = pickle.loads(pickle.dumps(carry(there)))  # noqa: S301 - our own
    parts = PeopleIndex.of([here, adopt(carried, here.lexicon, here.groups)])
    whole = PeopleIndex.build(table)
    for asked in [IDRIS_SOUGHT, RAFI, *SIBLINGS_FOUND, *crowd()[::7], *PLACED]:
        one, other = whole.search(asked), parts.search(asked)
        assert [(c.found_id, c.match_weight) for c in one] == [
            (c.found_id, c.match_weight) for c in other
        ]


def test_groups_that_both_parts_have_are_one() -> None:
    family = [{**row, "group_id": "family"} for row in SIBLINGS_FOUND]
    one, other = (standardise_people(people_table([row]), Lexicon()) for row in family)
    adopted = adopt(carry(other), one.lexicon, one.groups)
    assert adopted.arrays.group.tolist() == one.arrays.group.tolist() == [0]
