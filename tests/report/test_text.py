"""Text from the lists, made safe to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.report.text import HIDDEN, language_tag, runs, script_code, visible


def test_it_shows_an_override_that_would_make_one_name_look_like_another() -> None:
    assert visible("Amal \u202eratkcoD") == "Amal ‹U+202E›ratkcoD"


def test_it_keeps_the_joiners_that_persian_spelling_needs() -> None:
    assert visible("علی\u200cرضا") == "علی\u200cرضا"


def test_it_shows_half_a_surrogate_so_that_the_page_can_be_stored() -> None:
    assert visible("No\ud800or").encode() == "No‹U+D800›or".encode()


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_showing_twice_equals_showing_once_and_leaves_nothing_hidden(text: str) -> None:
    assert HIDDEN.search(visible(text)) is None
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("إدريس", "und-Arab"),
        ("Оксана", "und-Cyrl"),
        ("ትርሓስ", "und-Ethi"),
        ("အောင်", "und-Mymr"),
        ("張偉", "und-Hani"),
        ("נועה", "und-Hebr"),
        ("Idris", None),
        ("1987", None),
    ],
)
def test_a_name_says_its_script_but_claims_no_language(name: str, tag: str | None) -> None:
    assert language_tag(name) == tag


def test_a_text_without_letters_has_no_script() -> None:
    assert script_code("+000 555 0142") is None


def test_a_sentence_is_cut_round_each_right_to_left_name() -> None:
    cut = runs("“أمل إدريس” and “Amal” agree; so do נועה and Noa.")
    assert [(run.text, run.language) for run in cut if run.language] == [
        ("أمل إدريس", "und-Arab"),
        ("נועה", "und-Hebr"),
    ]


def test_isolates_round_a_name_are_taken_over_by_the_page() -> None:
    assert [run.text for run in runs("\u2068أمل\u2069 agrees")] == ["أمل", " agrees"]


@given(st.text(st.sampled_from("ab أملن-’ \u200c.“”")))
def test_cutting_a_sentence_loses_nothing(sentence: str) -> None:
    assert "".join(run.text for run in runs(sentence)) == sentence
