"""All that the engine can say of a pair has words in the pages' languages."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reknit.matching import explain
from reknit.matching.levels import NAME_GRADES, OTHER_QUESTIONS
from reknit.web.evidence import ANSWERS, in_words
from reknit.web.templatetags.reknit import evidence_sentence

WEIGHS = "That is about 7.6 times likelier if they are two people."


def test_every_answer_has_its_words() -> None:
    levels = {level for question in OTHER_QUESTIONS for level in question.levels}
    assert set(ANSWERS) == levels | set(NAME_GRADES)


@pytest.mark.parametrize("question", OTHER_QUESTIONS, ids=lambda question: question.name)
def test_a_reader_of_another_language_reads_no_english(question: object) -> None:
    row = dict.fromkeys(
        ("home_street", "home_neighborhood", "home_city", "home_state", "home_country",
         "relatives", "group_id", "sex", "phones", "identifiers", "last_known_location",
         "date_of_birth", "age", "source_date"), "إدريس: 12, and: x",
    )  # fmt: skip
    for level in question.levels:  # type: ignore[attr-defined]
        sentence = explain._SAY[question.name](level, row, row)  # type: ignore[attr-defined]
        with translation.override("ar"):
            said, language = in_words(
                f"{sentence} That is about 7.6 times likelier if they are two people."
            )
        assert language == "ar"
        assert "إدريس" not in said, "the values stand side by side above it"


@given(st.text(), st.text())
def test_names_of_any_kind_are_quoted_whole(one: str, two: str) -> None:
    sentence = f"“{one}” and “{two}”: alike; about 1 person in 520,000 would share this by chance."
    with translation.override("fr"):
        said, language = in_words(sentence)
    assert language == "fr"
    assert one in said
    assert two in said


def test_what_it_does_not_know_stays_as_it_was_said() -> None:
    with translation.override("uk"):
        assert in_words("Something new.") == ("Something new.", "en")


def test_a_sentence_reads_in_its_own_direction_whatever_name_it_begins_with() -> None:
    said = "“أمل <b>” and “Amal”: the same; about 1 person in 90 would share this by chance."
    with translation.override("en"):
        shown = evidence_sentence(said)
    assert shown.startswith('<span dir="ltr" lang="en">“<bdi>أمل &lt;b&gt;</bdi>” and “<bdi>')
    with translation.override("ar"):
        assert evidence_sentence("Nothing known.").startswith('<span dir="ltr" lang="en">')
