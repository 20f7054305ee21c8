"""Two people beside each other: what agrees is told from what differs, in any script."""

from __future__ import annotations

import re

import pytest

from reknit.casework.comparison import Sign, compare, kin, names_alike, reading
from reknit.matching import explain_pair
from reknit.vocabulary import Relation
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT


@pytest.mark.parametrize(
    ("column", "one", "other", "sign"),
    [
        ("full_name", "إدريس حداد الشامي", "Idris Haddad Al-Shami", Sign.AGREE),
        ("full_name", "Олександр Коваленко", "Oleksandr Kovalenko", Sign.AGREE),
        ("full_name", "Haddad Idris", "Idris Haddad", Sign.AGREE),
        ("full_name", "Yusuf Haddad", "Idris Haddad", Sign.PARTLY),
        ("full_name", "ትዕግስት ወርቁ", "Garen Qassabian", Sign.DIFFER),
        ("sex", "m", "male", Sign.AGREE),
        ("sex", "female", "male", Sign.DIFFER),
        ("date_of_birth", "1987-04-02", "2 April 1987", Sign.AGREE),
        ("date_of_birth", "1987", "1987-04-02", Sign.PARTLY),
        ("date_of_birth", "1987-05-02", "1987-04-02", Sign.PARTLY),
        ("date_of_birth", "1986-04-02", "1987-04-02", Sign.DIFFER),
        ("age", "30", "30", Sign.AGREE),
        ("age", "30", "32", Sign.PARTLY),
        ("age", "30", "50", Sign.DIFFER),
        ("home_city", "حمص", "Homs", Sign.AGREE),
        ("home_city", "Homs", "Aleppo", Sign.DIFFER),
        ("home_city", "Kharkiv", "Харків", Sign.AGREE),
        ("home_city", "Lviv", "Lwów", Sign.AGREE),
        ("home_city", "Homs", "Rastan", Sign.PARTLY),
        ("home_state", "حمص", "Homs", Sign.PARTLY),
        ("home_state", "চট্টগ্রাম", "Chattogram", Sign.PARTLY),
        ("home_state", "চট্টগ্রাম", "Rakhine", Sign.READ_BOTH),
        ("home_state", "Rakhine", "Chattogram", Sign.DIFFER),
        ("home_country", "SY", "Syria", Sign.AGREE),
        ("home_country", "SY", "Lebanon", Sign.DIFFER),
        ("identifiers", "passport: A1234567", "passport: A1234567", Sign.AGREE),
        ("identifiers", "passport: A1234567", "passport: B7654321", Sign.DIFFER),
        ("description", "a scar on the chin", "limps", Sign.READ_BOTH),
        ("sex", "male", "", Sign.ONLY_SOUGHT),
        ("sex", "", "male", Sign.ONLY_FOUND),
    ],
)
def test_it_says_what_two_fields_are_to_each_other(
    column: str, one: str, other: str, sign: Sign
) -> None:
    (row,) = compare({column: one}, {column: other})
    assert row.sign is sign


@pytest.mark.parametrize(
    ("one", "other"),
    [("حمص", "Homs"), ("Halab", "Alep"), ("Kyjiw", "Київ"), ("Lviv", "Lwów"), ("Homs", "Hims"),
     ("Homs", "Aleppo"), ("Homs", "Rastan"), ("Nowhere Upon Sea", "Homs"), ("Zuwara", "زوارة")],
)  # fmt: skip
def test_of_two_towns_the_table_says_what_the_evidence_says(one: str, other: str) -> None:
    """It said "differs" where the evidence beside it said "same town"."""
    sought, found = ({"full_name": "Idris Haddad", "home_city": town} for town in (one, other))
    said = next(e.sentence for e in explain_pair(sought, found).evidence if e.field == "home")
    is_same = re.search(r": same (?:big |small )?town\.", said) is not None
    (row,) = (row for row in compare(sought, found) if row.column == "home_city")
    assert (row.sign is Sign.AGREE) == is_same, said


def test_what_neither_says_is_left_out() -> None:
    assert compare({"sex": ""}, {"age": None}) == []


def test_it_shows_what_was_written_its_reading_and_the_gazetteers_place() -> None:
    rows = {row.column: row for row in compare(IDRIS_SOUGHT, IDRIS_FOUND)}
    name, town = rows["name"].sought[0], rows["home_city"].sought[0]
    assert "".join(part.text for part in name.parts) == "إدريس حداد الشامي"
    assert name.reading.startswith("Idris Haddad")
    assert (town.place, rows["home_city"].found[0].place) == ("Homs, SY", "Homs, SY")
    assert rows["name"].found[0].reading == ""


def test_it_marks_the_words_that_differ() -> None:
    (row,) = compare({"full_name": "Yusuf Haddad"}, {"full_name": "Idris Haddad"})
    assert [p.text for p in row.found[0].parts if p.is_different] == ["Idris"]


def test_relatives_stand_on_one_line_where_both_name_them() -> None:
    lines = kin(IDRIS_SOUGHT, IDRIS_FOUND)
    assert [(line.relation, line.sign) for line in lines] == [
        (Relation.FATHER, Sign.AGREE),
        (Relation.SISTER, Sign.ONLY_SOUGHT),
    ]
    assert lines[0].sought is not None
    assert lines[0].found is not None
    assert lines[0].sought.reading == "Yusuf Haddad"


def test_one_relative_never_stands_on_two_lines() -> None:
    ours = {"relatives": "brother: Garen Haddad\nbrother: Tigran Haddad"}
    theirs = {"relatives": "brother: Tigran Haddad"}
    lines = kin(ours, theirs)
    assert [line.sign for line in lines] == [Sign.AGREE, Sign.ONLY_SOUGHT]


def test_a_relative_named_with_another_relation_is_said_to_agree_only_partly() -> None:
    (line,) = kin({"relatives": "father: Yusuf Haddad"}, {"relatives": "uncle: Yusuf Haddad"})
    assert (line.sign, line.relation, line.found_relation) == (
        Sign.PARTLY, Relation.FATHER, Relation.UNCLE,
    )  # fmt: skip


def test_nothing_is_alike_to_what_is_no_name() -> None:
    assert names_alike("unknown", "Idris Haddad") == 0.0
    assert names_alike("Idris", "Idris Haddad") < 1.0
    assert reading("Homs") == ""
