"""Sexes in the words of lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.sexes import standardise_sex
from reknit.vocabulary import Sex


@pytest.mark.parametrize(
    "word",
    ["F", "female", "Woman", "أنثى", "بنت", "زن", "жінка", "Женский", "femme", "mujer", "ሴት", "女",
     "dhedig", "mwanamke", "nữ", "kadın", "fanm", "महिला", "নারী", "נקבה", "γυναίκα", "หญิง", "2"],
)  # fmt: skip
def test_it_reads_female(word: str) -> None:
    assert standardise_sex(word) is Sex.FEMALE


@pytest.mark.parametrize(
    "word",
    ["M", "male", "Man", "ذكر", "مرد", "чоловік", "муж.", "homme", "hombre", "ወንድ", "男", "lab",
     "mwanamume", "nam", "erkek", "gason", "पुरुष", "পুরুষ", "זכר", "άνδρας", "ชาย", "1"],
)  # fmt: skip
def test_it_reads_male(word: str) -> None:
    assert standardise_sex(word) is Sex.MALE


def test_it_tells_kurdish_me_from_swahili_me() -> None:
    assert standardise_sex("mê") is Sex.FEMALE
    assert standardise_sex("me") is Sex.MALE


@pytest.mark.parametrize("word", ["", "?", "unknown", "yes", "9", "M/F"])
def test_what_names_no_sex_is_unknown(word: str) -> None:
    assert standardise_sex(word) is None


def test_other_is_a_value() -> None:
    assert standardise_sex("non-binary") is standardise_sex("x") is Sex.OTHER


@given(st.sampled_from(Sex))
def test_a_standard_value_stays_itself(sex: Sex) -> None:
    assert standardise_sex(sex.value) is sex


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text: str) -> None:
    assert standardise_sex(text) in {None, *Sex}
