"""Word lists: folding, tables without contradictions that would go unnoticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.scripts import clean_text
from reknit.standardise.tables import rows
from reknit.standardise.wordlists import fold_phrase, is_unknown, look_up
from reknit.vocabulary import Calendar, Relation, Sex

TABLES = ["sexes", "relations", "unknown", "identifier_types", "countries", "age_words",
          "date_words"]  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_no_word_of_a_table_has_two_values_as_written(name: str) -> None:
    values: dict[str, str] = {}
    for value, words in rows(f"{name}.tsv"):
        for word in words.split("|"):
            assert word.strip() == word != ""
            assert values.setdefault(clean_text(word).casefold(), value) == value, word


def test_the_tables_speak_the_vocabulary() -> None:
    assert {value for value, _ in rows("sexes.tsv")} == set(Sex)
    assert {value for value, _ in rows("relations.tsv")} == set(Relation)
    said = {value.split()[1] for value, _ in rows("date_words.tsv") if value.startswith("calendar")}
    assert said == set(Calendar)


@given(st.text(max_size=40))
def test_folding_any_text_gives_text(text: str) -> None:
    assert fold_phrase(text).split(" ") == fold_phrase(text).split() or fold_phrase(text) == ""


@pytest.mark.parametrize("name", TABLES)
def test_folding_a_word_twice_equals_once(name: str) -> None:
    for _, words in rows(f"{name}.tsv"):
        for word in words.split("|"):
            assert fold_phrase(fold_phrase(word)) == fold_phrase(word)


def test_it_knows_the_words_for_unknown_but_no_name() -> None:
    assert all(
        map(is_unknown, ["", "--", "n/a", "Unknown", "نامعلوم", "неизвестно", "desconocido"])
    )
    assert not any(map(is_unknown, ["Amal", "1987", "غير", "Nina"]))


def test_a_word_that_two_values_share_when_folded_is_read_as_written_only() -> None:
    assert look_up("relations.tsv", "bà") == "grandmother"
    assert look_up("relations.tsv", "ba") == "father"
    assert look_up("relations.tsv", "bá") is None
