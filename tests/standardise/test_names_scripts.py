"""Scripts: which one a text is in, and how its letters are cleaned and folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.scripts import (
    clean_text,
    clean_text_fully,
    fold_word,
    repair_homoglyphs,
    script_of,
)
from reknit.vocabulary.names import Script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Idris", Script.LATIN),
        ("أمل", Script.ARABIC),
        ("Ґалаґан", Script.CYRILLIC),
        ("ተስፋዬ", Script.ETHIOPIC),
        ("נועה", Script.HEBREW),
        ("Ελένη", Script.GREEK),
        ("ნინო", Script.GEORGIAN),
        ("Անահիտ", Script.ARMENIAN),
        ("王", Script.HAN),
        ("佐々木", Script.HAN),
        ("정은", Script.HANGUL),
        ("ヒロシ", Script.KANA),
        ("အောင်", Script.MYANMAR),
        ("สมชาย", Script.THAI),
        ("ដារា", Script.KHMER),
        ("सीता", Script.DEVANAGARI),
        ("রহিমা", Script.BENGALI),
        ("தமிழ்", Script.OTHER),
        ("123 - ?", Script.NONE),
        ("", Script.NONE),
    ],
)
def test_it_names_the_script(text: str, script: Script) -> None:
    assert script_of(text) is script


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("\u202eAmal\u202c", "Amal"),
        ("محـــمّد", "محمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("علی\u200cرضا", "علیرضا"),
        ("Ａｍａｌ", "Amal"),
        ("O’Brien", "O'Brien"),
        ("Jean–Paul", "Jean-Paul"),
        ("a\u0000b", "ab"),
        ("  two   words ", "two words"),
    ],
)
def test_it_cleans_without_losing_letters(written: str, clean: str) -> None:
    assert clean_text(written) == clean


@pytest.mark.parametrize(
    ("word", "repaired"),
    [("пeтрo", "петро"), ("іvаnov", "ivanov"), ("amal", "amal"), ("петро", "петро")],
)
def test_it_repairs_homoglyphs(word: str, repaired: str) -> None:
    assert repair_homoglyphs(word) == repaired


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("علی", "علي"),
        ("ک", "ك"),
        ("أحمد", "احمد"),
        ("فاطمة", "فاطمه"),
        ("ሐይሉ", "ሃይሉ"),
        ("ጸጋይ", "ፀጋይ"),
        ("陳", "陈"),
        ("すずき", "スズキ"),
        ("josé", "jose"),
        ("øystein", "oystein"),
        ("אברהם", "אברהמ"),
    ],
)
def test_it_folds_what_spellings_exchange(left: str, right: str) -> None:
    assert fold_word(left, script_of(left)) == fold_word(right, script_of(right))


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=12))
def test_folding_twice_is_folding_once(word: str) -> None:
    clean = clean_text(word).lower()
    script = script_of(clean)
    once = fold_word(clean, script)
    assert fold_word(once, script) == once


@given(
    st.text(st.one_of(st.sampled_from(" \t\n·•`ʼ\u200b\u0640\u0301\xa0\u3000é’—"), st.characters()))
)
def test_a_text_that_needs_no_cleaning_is_seen_to_need_none(text: str) -> None:
    cleaned = clean_text_fully(text)
    assert clean_text(text) == cleaned
    assert clean_text(cleaned) == clean_text_fully(cleaned)
