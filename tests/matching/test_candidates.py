"""Which records are compared at all: typos, swapped words and other scripts are no hiding place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.matching.candidates import Effort
from reknit.matching.people import Lexicon, standardise_people
from reknit.matching.segments import Segment
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, Row, crowd, people_table, person

EFFORT = Effort()


def candidates(
    sought: list[Row] | list[dict[str, str]],
    found: list[Row] | list[dict[str, str]],
    effort: Effort = EFFORT,
    *,
    skip_self: bool = False,
) -> list[tuple[str, str]]:
    """The pairs of ids that would be compared."""
    lexicon = Lexicon()
    segment = Segment(standardise_people(people_table(found), lexicon))
    asked = segment.ask(standardise_people(people_table(sought), lexicon))
    i, j = segment.find(asked, effort, skip_self=skip_self)
    assert (np.lexsort((j, i)) == np.arange(len(i))).all(), "not sorted by i, then j"
    a, b = asked.people.ids.gather(i), segment.people.ids.gather(j)
    return list(zip(a.to_list(), b.to_list(), strict=True))


MISSPELT = [
    ("Oleksandr Kovalenko", "Oleksander Kovalenco"),
    ("Oleksandr Kovalenko", "Олександр Коваленко"),
    ("Oleksandr Kovalenko", "KOVALENKO OLEKSANDR"),
    ("محمد عبد الرحمن السوداني", "Muhammad Abdulrahman Alsudani"),
    ("Cabdiraxmaan Faarax", "Abdirahman Farah"),
    ("ትዕግስት ወርቁ", "Tigist Worku"),
    ("Guadalupe Ordóñez Ibarra", "Guadalupe Ordonez"),
    ("王建国", "Wang Jianguo"),
    ("陳美玲", "Chen Mei-ling"),
    ("김서연", "Kim Seo-yeon"),
    ("Hovhannes Qassabian", "Հովհաննես Ղասաբյան"),
    ("Zaynab Qaddura", "Zaynb Qadura"),
    ("Sashko Petrenko", "Олександр Петренко"),
    ("Мария Иванова", "Marija Ivanova"),
    ("დავით ბერიძე", "Davit Beridze"),
    ("Ελένη Παπαδοπούλου", "Eleni Papadopoulou"),
]


@pytest.mark.parametrize(("a", "b"), MISSPELT)
def test_a_name_misspelt_or_in_another_script_is_compared(a: str, b: str) -> None:
    found = [person("right", b), *crowd()]
    assert ("s", "right") in candidates([person("s", a)], found)
    sought = [person("s", b), *crowd("s")]
    assert ("s", "right") in candidates(sought, [person("right", a), *crowd()])


def test_everyone_of_a_crowd_finds_their_own_record() -> None:
    found = set(candidates(crowd("s"), crowd("f")))
    assert {(f"s-{n}", f"f-{n}") for n in range(50)} <= found


LETTERS = "abcdefghijklmnoprstuvz"


@settings(max_examples=60)
@given(
    word=st.integers(0, 1),
    at=st.integers(1, 6),
    edit=st.sampled_from(["drop", "double", "swap", "replace"]),
    letter=st.sampled_from(LETTERS),
)
def test_one_slip_in_a_name_hides_nobody(word: int, at: int, edit: str, letter: str) -> None:
    words = ["shevchuk", "nadezhda"]
    text = words[word]
    words[word] = {
        "drop": text[:at] + text[at + 1 :],
        "double": text[:at] + text[at] + text[at:],
        "swap": text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        "replace": text[:at] + letter + text[at + 1 :],
    }[edit]
    found = [person("right", "Shevchuk Nadezhda"), *crowd()]
    assert ("s", "right") in candidates([person("s", " ".join(words))], found)


@pytest.mark.parametrize(
    "shared",
    [
        {"date_of_birth": "1987-04-02"},
        {"phones": "+963 944 123 456"},
        {"identifiers": "passport: N01234567"},
        {"home_postal_code": "SW1A 1AA"},
    ],
    ids=lambda cells: next(iter(cells)),
)
def test_another_name_is_found_by_what_else_is_the_same(shared: dict[str, str]) -> None:
    sought, found = person("s", "Amal Haddad", **shared), person("f", "Олена Петренко", **shared)
    bare = person("f", "Олена Петренко")
    assert candidates([sought], [found, *crowd()]) == [("s", "f")]
    assert ("s", "f") not in candidates([sought], [bare, *crowd()])


def test_swapped_days_and_months_find_each_other() -> None:
    sought = person("s", "Amal Haddad", date_of_birth="1987-04-02")
    found = person("f", "Олена Петренко", date_of_birth="1987-02-04")
    assert candidates([sought], [found]) == [("s", "f")]


def test_a_record_does_not_find_itself_where_a_table_is_deduped() -> None:
    rows = [IDRIS_SOUGHT, IDRIS_FOUND, *crowd()]
    pairs = candidates(rows, rows, skip_self=True)
    assert all(a != b for a, b in pairs)
    assert ("idris-sought", "idris-found") in pairs


def test_the_number_of_candidates_is_bounded_and_the_best_of_them_stay() -> None:
    namesakes = [
        person(f"f{n}", "Nadezhda Shevchuk", date_of_birth=str(1930 + n), home_city="Lviv")
        for n in range(90)
    ]
    sought = person("s", "Nadezhda Shevchuk", date_of_birth="1987", home_city="Lviv")
    pairs = candidates([sought], namesakes, Effort(candidates=10))
    assert 1 <= len(pairs) <= 10
    assert ("s", "f57") in pairs


def test_slips_in_both_words_hide_nobody_of_whom_a_year_is_known() -> None:
    # Once a year and two misspelt words of common names found only who misspelt them alike.
    named = [("Richard", "Edby"), ("Susan", "Colstead"), ("Emily", "Lee"), ("Thomas", "Russell")]
    common = [
        person(f"f{n}", " ".join(named[n % 4]), date_of_birth=f"{1930 + n % 80}-05-0{n % 9 + 1}")
        for n in range(6_000)
    ]
    sought = person("s", "Ricahrd Edcby", date_of_birth="1970")
    mine = {found for _, found in candidates([sought], common)}
    expected = {
        row["person_record_id"]
        for row in common
        if row["full_name"] == "Richard Edby" and row["date_of_birth"].startswith("1970")
    }
    assert expected
    assert expected & mine


def test_five_thousand_of_one_name_do_not_blow_up_and_a_year_still_finds() -> None:
    crowded = [
        person(f"f{n}", "Mohamed Ali", date_of_birth=f"{1930 + n % 80}") for n in range(5_000)
    ]
    asked = [person("bare", "Mohamed Ali"), person("dated", "محمد علي", date_of_birth="1987")]
    pairs = candidates(asked, crowded)
    assert len(pairs) <= 2 * EFFORT.candidates
    mine = {found for sought, found in pairs if sought == "dated"}
    assert mine
    assert mine <= {f"f{n}" for n in range(5_000) if abs(1930 + n % 80 - 1987) <= 1}


def test_no_order_of_rows_changes_who_is_compared() -> None:
    sought, found = crowd("s"), [*crowd("f"), IDRIS_FOUND]
    expected = set(candidates(sought, found))
    assert set(candidates(sought[::-1], found[::-1])) == expected
