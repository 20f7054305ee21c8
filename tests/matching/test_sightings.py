"""Where people were last seen: it may change an order, it decides nothing and finds nobody."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from reknit.matching import PeopleIndex, explain_pair, match
from reknit.matching.homes import HomeLexicon
from reknit.matching.levels import LAST_SEEN, SEEN_ELSEWHERE, SEEN_NEAR, SEEN_SAME
from reknit.matching.people import Lexicon, standardise_people, take_people
from reknit.matching.sightings import join_sightings, standardise_sightings
from reknit.places import Gazetteer
from tests.cast import crowd, people_table, person

NAME = "Zaynab al-Tikriti Qaddura"
CAMP = {
    "name": "Tent City Nine", "alternate_names": "مخيم الخيام التسعة", "latitude": "36.21",
    "longitude": "37.15", "country": "SY",
}  # fmt: skip


def level(sought: str, found: str, gazetteer: Gazetteer | None = None) -> int:
    tables = [
        people_table([person(key, NAME, last_known_location=place)])
        for key, place in (("s", sought), ("f", found))
    ]
    return int(match(*tables, gazetteer=gazetteer).compared.levels[0, LAST_SEEN])


@pytest.mark.parametrize(
    ("sought", "found", "expected"),
    [
        ("Aleppo", "حلب", SEEN_SAME),
        ("transit centre, Tripoli", "Tripoli", SEEN_SAME),
        ("Block C of the new camp", "block c of the new camp", SEEN_SAME),
        ("Aleppo", "Damascus", SEEN_ELSEWHERE),
        ("Mariupol", "Block C of the new camp", 0),
        ("Block C of the new camp", "Block D of the new camp", 0),
        ("Aleppo", "", 0),
        ("", "", 0),
    ],
)
def test_places_are_compared_by_what_the_gazetteer_knows(
    sought: str, found: str, expected: int
) -> None:
    assert level(sought, found) == expected
    assert level(found, sought) == expected


def test_an_operators_camp_is_known_by_all_its_names_and_by_where_it_lies() -> None:
    gazetteer = Gazetteer.open().with_operator_places([CAMP])
    assert level("Tent City Nine", "مخيم الخيام التسعة") == 0
    assert level("Tent City Nine", "مخيم الخيام التسعة", gazetteer) == SEEN_SAME
    assert level("gate 2, Tent City Nine", "Aleppo", gazetteer) == SEEN_NEAR


def weight(sought: str, found: str) -> float:
    one = person("s", NAME, last_known_location=sought)
    evidence = explain_pair(one, person("f", NAME, last_known_location=found)).evidence
    (said,) = (part for part in evidence if part.field == "last seen")
    assert "Last seen" in said.sentence
    return said.weight


def test_a_place_weighs_little_and_another_place_less() -> None:
    assert 0 < weight("Aleppo", "حلب") <= 1.01
    assert -0.5 < weight("Aleppo", "Damascus") < 0
    assert weight("Aleppo", "") == 0.0


def test_a_file_in_which_everybody_is_seen_in_one_place_learns_nothing_of_it() -> None:
    # Weak questions are no part of the estimate: a rare place would else become a hunting tool.
    people = [{**row, "last_known_location": "Aleppo"} for row in crowd()]
    found = [{**row, "person_record_id": f"f-{row['person_record_id']}"} for row in people]
    learned = match(people_table(people), people_table(found)).model.questions["last seen"]
    assert np.log2(learned.m_probability / learned.u_probability).max() <= 1.01


def test_nobody_is_found_by_a_place() -> None:
    rows = [person("1", "Idris Haddad", last_known_location="Aleppo")]
    index = PeopleIndex.build(people_table(rows))
    assert index.search(person("q", "Oksana Kovalenko", last_known_location="Aleppo")) == []


def test_sightings_stay_with_their_people_joined_and_taken_apart() -> None:
    homes = HomeLexicon()
    seen = standardise_sightings(pl.Series(["Aleppo", "", "Tent 4"]), homes)
    both = join_sightings(seen, seen)
    assert both.text.tolist() == [*seen.text, *seen.text]
    assert both.place.tolist() == [*seen.place, *seen.place]
    assert seen.text[1] == 0
    assert seen.place.tolist()[1:] == [-1, -1]
    rows = [person(str(n), NAME, last_known_location=p) for n, p in enumerate(["Aleppo", "Homs"])]
    people = standardise_people(people_table(rows), Lexicon())
    taken = take_people(people, np.array([1, 0]))
    assert taken.arrays.seen.place.tolist() == people.arrays.seen.place.tolist()[::-1]
    assert taken.arrays.age_low.tolist() == [-1, -1]
