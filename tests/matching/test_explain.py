"""Evidence in sentences: what was compared, what it weighs, in the words and script of the rows."""

from __future__ import annotations

import pytest

from reknit.matching import Evidence, explain_pair
from reknit.matching.levels import OTHER_QUESTIONS
from tests.cast import AMAL, IDRIS_FOUND, IDRIS_SOUGHT, SIBLINGS_SOUGHT, Row, person

FIELDS = ["name", *(question.name for question in OTHER_QUESTIONS if question.name != "age")]
"""Births are told once: by years where they are known, else by ages."""


def evidence(sought: Row, found: Row) -> dict[str, Evidence]:
    return {one.field: one for one in explain_pair(sought, found).evidence}


def test_every_question_is_answered_once_in_one_order() -> None:
    answered = [one.field for one in explain_pair(IDRIS_SOUGHT, IDRIS_FOUND).evidence]
    assert answered[: len(FIELDS)] == FIELDS
    assert answered[len(FIELDS) :] in ([], ["household"])


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("birth", ["born 1987-04-02", "same date"]),
        ("sex", ["male", "same"]),
        ("home", ["حمص, SY", "Homs, Syria"]),
        ("phone", ["not known", "not known on one side"]),
        ("identifier", ["not known on one side"]),
        ("family", ["father: يوسف حداد", "father: Yusuf Haddad", "agree"]),
    ],
)
def test_a_sentence_quotes_both_sides_as_written(field: str, parts: list[str]) -> None:
    sentence = evidence(IDRIS_SOUGHT, IDRIS_FOUND)[field].sentence
    assert [part for part in parts if part not in sentence] == []


def test_a_common_name_is_said_not_to_decide_alone() -> None:
    common = evidence(person("1", "محمد علي"), person("2", "Mohamed Ali"))["name"].sentence
    rare = evidence(SIBLINGS_SOUGHT[0], SIBLINGS_SOUGHT[0])["name"].sentence
    assert "cannot decide" in common
    assert "cannot decide" not in rare
    assert "1 person in" in rare


def test_different_names_are_said_to_differ() -> None:
    name = evidence(AMAL, person("x", "Олена Петренко"))["name"]
    assert name.sentence == "“أمل حداد الشامي” and “Олена Петренко” are different names."
    assert name.weight < 0


def test_siblings_are_told_that_relatives_share_this_too() -> None:
    garen, tigran = SIBLINGS_SOUGHT
    brothers = evidence(garen, tigran)
    assert brothers["household"].weight < 0
    assert "brother, sister or parent" in brothers["household"].sentence
    assert "other given name" in brothers["name"].sentence


def test_an_age_is_quoted_with_the_day_it_was_said() -> None:
    aged = person("1", "Idris Haddad", age="33", source_date="2020-06-01T08:00:00Z")
    undated = person("1", "Idris Haddad", age="33")
    assert "aged 33 on 2020-06-01" in evidence(aged, IDRIS_FOUND)["birth"].sentence
    vague = evidence(undated, IDRIS_FOUND)["birth"]
    assert "aged 33 on an unknown day" in vague.sentence
    assert vague.weight == 0.0


def test_a_name_split_in_two_is_quoted_as_one() -> None:
    split = {"person_record_id": "1", "given_name": "Idris", "family_name": "Haddad"}
    assert "“Idris Haddad”" in evidence(split, IDRIS_FOUND)["name"].sentence
