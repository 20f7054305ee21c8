"""The levels of a pair: one ordered answer to each question, the same both ways round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.matching import explain_pair
from reknit.matching.levels import (
    BIRTH,
    BIRTH_AGE_FITS,
    BIRTH_AGE_NEAR,
    BIRTH_CLOSE_YEARS,
    BIRTH_EXACT,
    BIRTH_FAR,
    BIRTH_MONTH,
    BIRTH_NEAR_DATE,
    BIRTH_NEXT_YEAR,
    BIRTH_SAME_YEAR,
    BIRTH_SAME_YEAR_OTHER_DAY,
    BITS,
    FAMILY,
    FAMILY_BITS,
    FAMILY_CONFLICT,
    FAMILY_NO_NEWS,
    FAMILY_NONE,
    GRADE,
    IDENTIFIER,
    NAME_GRADES,
    OTHER_QUESTIONS,
    PHONE,
    QUESTIONS,
    SEX,
)
from reknit.matching.people import Lexicon, standardise_people, standardise_person
from reknit.matching.segments import Segment
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, Row, people_table

NAME = {"full_name": "إدريس حداد"}
ZERO = np.zeros(1, np.int32)


def levels_of(sought: Row, *found: Row) -> list[int]:
    """The levels of one sought row against the first of some found rows."""
    lexicon = Lexicon()
    segment = Segment(standardise_people(people_table(found), lexicon))
    question = segment.ask(standardise_person(sought, lexicon))
    return [int(level) for level in segment.compare(ZERO, ZERO, question)[0]]


def birth_level(a: dict[str, str], b: dict[str, str]) -> int:
    there = levels_of({**NAME, **a}, {**NAME, **b})[BIRTH]
    assert there == levels_of({**NAME, **b}, {**NAME, **a})[BIRTH], "not the same both ways round"
    return there


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("1987-04-02", "1987-04-02", BIRTH_EXACT),
        ("1366-01-13", "1987-04-02", BIRTH_EXACT),  # Jalali
        ("1987-04-02", "1987-02-04", BIRTH_NEAR_DATE),  # day and month swapped
        ("1987-04-12", "1987-04-13", BIRTH_NEAR_DATE),
        ("1987-04-30", "1987-04-29", BIRTH_NEAR_DATE),
        ("1987-04-02", "1937-04-02", BIRTH_NEAR_DATE),
        ("1987-04-02", "1988-04-02", BIRTH_NEAR_DATE),
        ("1987-04-02", "1987-09-20", BIRTH_SAME_YEAR_OTHER_DAY),
        ("1987-04", "1987-05", BIRTH_SAME_YEAR_OTHER_DAY),
        ("1987-04", "1987-04-19", BIRTH_MONTH),
        ("1987", "1987-04-02", BIRTH_SAME_YEAR),
        ("1987-01-01", "1987-06-15", BIRTH_SAME_YEAR),  # a desk's stand-in for "1987"
        ("1987-01-01", "1987-01-01", BIRTH_SAME_YEAR),
        ("1987-01-01", "1988-01-01", BIRTH_NEXT_YEAR),
        ("1987", "1988", BIRTH_NEXT_YEAR),
        ("1987-04-02", "1991-11-30", BIRTH_CLOSE_YEARS),
        ("1987-04-02", "2001-11-30", BIRTH_FAR),
        ("1987-04-02", "", 0),
        ("1987-04-02", "1987-02-31", 0),  # no such day
    ],
)
def test_it_grades_dates_of_birth(a: str, b: str, level: int) -> None:
    assert birth_level({"date_of_birth": a}, {"date_of_birth": b}) == level


@pytest.mark.parametrize(
    ("age", "born", "level"),
    [
        ("31", "1989", BIRTH_AGE_FITS),
        ("31", "1988-12-30", BIRTH_AGE_FITS),
        ("31", "1990", BIRTH_AGE_NEAR),
        ("31", "1986", BIRTH_CLOSE_YEARS),
        ("30", "1987", BIRTH_AGE_NEAR),  # ages ending in 0 and 5 are often rounded
        ("33", "1984", BIRTH_CLOSE_YEARS),
        ("31", "1970", BIRTH_FAR),
        ("30-35", "1985", BIRTH_AGE_FITS),
    ],
)
def test_it_grades_ages_as_of_the_day_they_were_said(age: str, born: str, level: int) -> None:
    said = {"age": age, "source_date": "2020-06-01"}
    assert birth_level(said, {"date_of_birth": born}) == level


def test_an_age_said_on_no_known_day_tells_no_year() -> None:
    assert birth_level({"age": "33"}, {"date_of_birth": "1987"}) == 0


DATES = st.one_of(
    st.just(""),
    st.dates().map(str),
    st.builds(lambda y, m: f"{y}-{m:02}", st.integers(1930, 2020), st.integers(1, 12)),
    st.integers(1930, 2020).map(str),
)


@settings(max_examples=40)
@given(a=DATES, b=DATES)
def test_birth_is_symmetric_and_nothing_fits_a_date_better_than_itself(a: str, b: str) -> None:
    level = birth_level({"date_of_birth": a}, {"date_of_birth": b})
    assert 0 <= level <= birth_level({"date_of_birth": a}, {"date_of_birth": a})
    if "" in (a, b):
        assert level == 0


@pytest.mark.parametrize(
    ("column", "cell", "a", "b", "level"),
    [
        (SEX, "sex", "female", "F", 2),
        (SEX, "sex", "female", "male", 1),
        (SEX, "sex", "female", "", 0),
        (PHONE, "phones", "+963 944 123 456", "0944 123 456", 2),
        (PHONE, "phones", "+963 944 123 456\n+961 3 123 456", "+961 3 123456", 2),
        (PHONE, "phones", "+963 944 123 456", "+963 944 123 457", 1),
        (PHONE, "phones", "+963 944 123 456", "", 0),
        (IDENTIFIER, "identifiers", "passport: N01234567", "passport: n-0123 4567", 3),
        (IDENTIFIER, "identifiers", "passport: N01234567", "passport: N01234568", 2),
        (IDENTIFIER, "identifiers", "passport: N01234567", "passport: N01243567", 2),
        (IDENTIFIER, "identifiers", "passport: N01234567", "passport: N07654321", 1),
        (IDENTIFIER, "identifiers", "passport: N01234567", "national: 99887766", 0),
        (
            IDENTIFIER,
            "identifiers",
            "case: 10442",
            "case: 10443",
            1,
        ),  # too short to tell
    ],
)
def test_it_grades_sex_phones_and_identifiers(
    column: int, cell: str, a: str, b: str, level: int
) -> None:
    assert levels_of({**NAME, cell: a}, {**NAME, cell: b})[column] == level
    assert levels_of({**NAME, cell: b}, {**NAME, cell: a})[column] == level


def test_it_grades_names_across_scripts_by_their_best_form() -> None:
    same = levels_of({"full_name": "Idris Haddad"}, {"full_name": "إدريس حداد"})
    by_alias = levels_of(
        {"full_name": "Abu Yusuf", "alternate_names": "Idris Haddad"}, {"full_name": "إدريس حداد"}
    )
    other = levels_of({"full_name": "Idris Haddad"}, {"full_name": "Олена Петренко"})
    assert NAME_GRADES[same[GRADE]] in ("spellings of one name", "written the same")
    assert by_alias[GRADE] == same[GRADE]
    assert other[GRADE] == 0 == other[BITS]


def test_a_form_written_the_same_counts_as_a_spelling_where_the_scripts_differ() -> None:
    # Once it counted as impossible: no name in Arabic is written as one in Latin letters.
    both = {"full_name": "هوفهانس قصابيان", "alternate_names": "Hovhannes Qassabian"}
    latin = {"full_name": "Hovhannes Qassabian"}
    assert NAME_GRADES[levels_of(both, latin)[GRADE]] == "spellings of one name"
    assert NAME_GRADES[levels_of(latin, both)[GRADE]] == "spellings of one name"
    assert NAME_GRADES[levels_of(latin, latin)[GRADE]] == "written the same"
    assert explain_pair(both, latin).match_weight > 10


def test_a_rarer_name_agrees_in_more_bits() -> None:
    def bits(name: str) -> int:
        return levels_of({"full_name": name}, {"full_name": name})[BITS]

    assert bits("Mohammed Ali") < bits("Mohammed Qassabian") < bits("Mohammed Gharib Qassabian")


def family_level(sought: dict[str, str], *found: dict[str, str]) -> int:
    name = {"full_name": "Sami Qassabian"}
    rows = [{"full_name": "Sami Qassabian", **found[0]}, *found[1:]]
    return levels_of({**name, **sought}, *rows)[FAMILY]


HIGHEST = FAMILY_NO_NEWS + len(FAMILY_BITS)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("", "father: Hovhannes Qassabian", 0),
        ("father: Bassam Khoury", "mother: Layla Nasser", FAMILY_NONE),
        ("father: Hovhannes Qassabian", "father: Bassam Khoury", FAMILY_CONFLICT),
        ("father: Sami Qassabian", "father: Sami Qassabian", FAMILY_NO_NEWS),
        (
            "father: Hovhannes Demirjian\nmother: Siranush Tertzakian",
            "mother: Siranush Tertzakian\nfather: Հովհաննես Դեմիրճյան",
            HIGHEST,
        ),
    ],
)
def test_it_grades_the_names_of_relatives(a: str, b: str, level: int) -> None:
    assert family_level({"relatives": a}, {"relatives": b}) == level
    assert family_level({"relatives": b}, {"relatives": a}) == level


def test_people_registered_with_the_found_stand_for_their_relatives() -> None:
    sought = {"relatives": "father: Hovhannes Demirjian"}
    mate = {"full_name": "Հովհաննես Դեմիրճյան", "group_id": "bus-3"}
    stranger = {"full_name": "Bassam Khoury", "group_id": "bus-3"}
    grouped = {"group_id": "bus-3"}
    assert family_level(sought, grouped, mate) > FAMILY_NO_NEWS
    assert family_level(sought, grouped, stranger) == FAMILY_NONE
    assert family_level(sought, {}, mate) == 0


def test_every_level_has_a_name_and_stays_within_its_question() -> None:
    levels = levels_of(IDRIS_SOUGHT, IDRIS_FOUND)
    assert len(levels) == QUESTIONS
    for question in OTHER_QUESTIONS:
        assert 0 <= levels[question.column] < len(question.levels)


def test_what_nobody_knows_is_level_zero() -> None:
    levels = levels_of(NAME, NAME)
    assert [levels[question.column] for question in OTHER_QUESTIONS] == [0] * len(OTHER_QUESTIONS)
