"""How hands spell: by the habits of a language or a script, with slips."""

from __future__ import annotations

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.synth.entries import load_pool
from reknit.synth.spelling import (
    capitals,
    latin_forms,
    misscan,
    mistype,
    orthography,
    respell,
    spellings,
    strip_marks,
)

POOLS = ("arabic", "afghan", "slavic", "ethiopic", "somali", "turkish", "spanish", "caucasus")
ANOTHER = {
    "greek": "GREEK",
    "cyrillic": "CYRILLIC",
    "arabic": "ARABIC",
    "georgian": "GEORGIAN",
    "hebrew": "HEBREW",
    "armenian": "ARMENIAN",
    "bengali": "BENGALI",
    "ethiopic": "ETHIOPIC",
}


@pytest.mark.parametrize("script", ANOTHER)
@pytest.mark.parametrize("pool", POOLS)
def test_a_name_is_written_wholly_in_the_desks_script(script: str, pool: str) -> None:
    for entries in load_pool(pool).values():
        for entry in entries:
            for form in spellings(latin_forms(entry), script, "")[0]:
                letters = {unicodedata.name(c).split()[0] for c in form if c.isalpha()}
                assert letters == {ANOTHER[script]}, (entry.latin, form)


@pytest.mark.parametrize(
    ("latin", "table", "written"),
    [
        ("Khaled", "de", "Chaled"),
        ("Shevchenko", "pl", "Szewczenko"),
        ("Mohammed", "gr", "Mochamment"),
        ("Yusuf", "fr", "Yousouf"),
        ("Khalid", "cyrillic", "Халид"),
        ("Alemu", "ethiopic", "ኣለሙ"),
        ("Hailemariam", "greek", "Χαϊλεμαριαμ"),
    ],
)
def test_desks_respell_by_their_language(latin: str, table: str, written: str) -> None:
    assert respell(latin, table) == written


def test_a_clerk_who_writes_arabic_knows_common_muslim_names() -> None:
    assert "محمد" in spellings(("Mohamed", "Maxamed"), "arabic", "ar")[0]


def test_a_patronymic_is_read_as_passports_do() -> None:
    serhii = next(e for e in load_pool("slavic")["m"] if e.native[0] == "Сергій")
    assert serhii.patronymic
    assert latin_forms(serhii.patronymic[0]) == ("Serhiiovych", "Sergeevich")
    assert latin_forms(serhii.patronymic[1]) == ("Serhiivna", "Sergeevna")


def test_greek_capitals_bear_no_accents() -> None:
    assert capitals("Γιώργος", "greek") == "ΓΙΩΡΓΟΣ"
    assert capitals("Zoé", "latin") == "ZOÉ"


@given(st.text(min_size=1, max_size=20), st.integers())
def test_a_slip_moves_few_letters(text: str, seed: int) -> None:
    assert abs(len(mistype(text, Random(seed))) - len(text)) <= 1
    assert mistype(text, Random(seed)) == mistype(text, Random(seed))


@given(st.text(max_size=20))
def test_marks_are_stripped_once(text: str) -> None:
    assert strip_marks(strip_marks(text)) == strip_marks(text)


@pytest.mark.parametrize(
    ("script", "text"),
    [("arabic", "أحمد"), ("ethiopic", "ኃይለ"), ("cyrillic", "Артём"), ("hebrew", "דויד")],
)
def test_each_script_has_its_own_liberties_and_its_own_scanners_errors(
    script: str, text: str
) -> None:
    rng = Random(1)
    assert orthography(text, script, rng) != text
    assert any(misscan(text, script, rng) != text for _ in range(20)) or script == "ethiopic"
