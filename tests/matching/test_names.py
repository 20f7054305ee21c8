"""How names compare: likeness, grades and reasons, over real names of many scripts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.matching.names import (
    NameGrade,
    NamePairs,
    align_name_pair,
    compare_name_pair,
    compare_names,
    probability_of,
)
from reknit.matching.pairing import make_room
from reknit.matching.tokens import TokenTable
from reknit.standardise.names import standardise_name
from reknit.vocabulary.names import NameToken, PersonName, Script, TokenRole

LEXICON = [
    "Ahmad",
    "Muhammad",
    "Yusuf",
    "Fatima",
    "Zahra",
    "Ivan",
    "Petrov",
    "Olga",
    "Kowalski",
    "Maria",
    "Garcia",
    "Nguyen",
    "Tesfaye",
    "محمد",
    "حسين",
    "Сергей",
    "Иванов",
    "ዓቢይ",
    "王芳",
    "홍길동",
]
NAMES = st.lists(st.sampled_from(LEXICON), min_size=1, max_size=5, unique=True).map(" ".join)
PAIRS = NamePairs()


def similarity(one: str, other: str) -> float:
    return PAIRS.compare(standardise_name(one), standardise_name(other)).similarity


def grade(one: str, other: str) -> NameGrade:
    return compare_names(one, other).grade


@settings(max_examples=150, deadline=None)
@given(NAMES, NAMES)
def test_it_is_the_same_both_ways_round(one: str, other: str) -> None:
    there, back = compare_names(one, other), compare_names(other, one)
    assert there.similarity == back.similarity
    assert there.grade == back.grade
    assert sorted(there.reasons) == sorted(back.reasons)


@settings(max_examples=100, deadline=None)
@given(NAMES)
def test_a_name_is_the_same_as_itself(name: str) -> None:
    compared = compare_names(name, name)
    assert compared.similarity == 1.0
    assert compared.grade is NameGrade.SAME


@settings(max_examples=100, deadline=None)
@given(NAMES, NAMES)
def test_it_stays_between_zero_and_one(one: str, other: str) -> None:
    compared = compare_names(one, other)
    assert 0.0 <= compared.similarity <= 1.0
    assert 0.0 <= compared.probability < 1.0
    assert compared.agreed_bits >= 0.0


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_pair_has_a_higher_probability(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert probability_of(low) <= probability_of(high)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Salah", "Salah Mohamed"),
        ("محمد صلاح", "Mohamed Salah"),
        ("Сергей Викторович Лавров", "Sergey Lavrov"),
        ("Владимир Зеленский", "Volodymyr Zelenskyy"),
        ("Abdul Rahman Khan", "Abdulrahman Khan"),
        ("Kim Jong-un", "Kim Jongun"),
        ("김정은", "Kim Jong Un"),
        ("习近平", "Xi Jinping"),
        ("יוסף כהן", "Yosef Cohen"),
        ("María del Carmen López", "Maria Carmen Lopez"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("გიორგი მარგველაშვილი", "Giorgi Margvelashvili"),
        ("ウラジーミル・プーチン", "Vladimir Putin"),
        ("Jonh Smith", "John Smith"),
    ],
)
def test_it_finds_forms_of_one_name_alike(one: str, other: str) -> None:
    assert similarity(one, other) > 0.75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Salah", "Mohamed Hassan"),
        ("Ahmad Hassan", "Ahmad Hussein"),
        ("Ivan Petrov", "Maria Lopez"),
        ("محمد صلاح", "Ahmed Nasser"),
        ("Kim Jong Un", "Lee Min Ho"),
        ("Иван Петров", "Olga Sokolova"),
    ],
)
def test_it_keeps_different_names_apart(one: str, other: str) -> None:
    assert similarity(one, other) < 0.6


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Yusuf Tesfaye", "Yusuf Tesfaye", NameGrade.SAME),
        ("Mohammed Salah", "محمد صلاح", NameGrade.EQUIVALENT),
        ("Yusuf Ahmad Tesfaye", "Yusuf Tesfaye", NameGrade.SUBSET),
        ("Tesfaye", "Yusuf Tesfaye", NameGrade.SUBSET_FUZZY),
        ("Amina Khalid Barzani", "Omar Khalid Barzani", NameGrade.FAMILY_ONLY),
        ("Fatima Noor", "Fatima Kowalska", NameGrade.GIVEN_ONLY),
        ("Ivan Sergeevich Petrov", "Ivan Sergeevich Kowalski", NameGrade.PARTIAL),
        ("Ivan Petrov", "Maria Lopez", NameGrade.DIFFERENT),
    ],
)
def test_it_grades_the_agreement(one: str, other: str, expected: NameGrade) -> None:
    assert grade(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ahmad Khalid Hasan", "Omar Khalid Hasan"),
        ("Ahmad Khalid Hasan", "Layla Khalid Hasan"),
        ("أحمد خالد حسن", "ليلى خالد حسن"),
        ("أحمد خالد حسن", "Layla Khalid Hasan"),
        ("Hassan Ali Barzani", "Hussein Ali Barzani"),
        ("Иван Петрович Соколов", "Олег Петрович Соколов"),
        ("Hana Tesfaye Bekele", "Dawit Tesfaye Bekele"),
        ("王小明", "王大卫"),
    ],
)
def test_siblings_agree_in_family_only(one: str, other: str) -> None:
    """Brothers and sisters are the hard negatives: father and family agree, given name does not."""
    assert grade(one, other) is NameGrade.FAMILY_ONLY


def test_father_and_son_with_names_exchanged_are_not_the_same() -> None:
    assert grade("Abdullah Omar Muhammad", "Omar Abdullah Muhammad") < NameGrade.FUZZY
    assert similarity("Abdullah Omar Muhammad", "Omar Abdullah Muhammad") < 0.95


def test_known_roles_outweigh_the_order() -> None:
    one = standardise_name("", given="Amina", family="Barzani")
    other = standardise_name("", given="Omar", family="Barzani")
    assert compare_names(one, other).grade is NameGrade.FAMILY_ONLY
    reversed_name = standardise_name("Barzani Amina", given="Amina", family="Barzani")
    assert compare_names(reversed_name, other).grade is NameGrade.FAMILY_ONLY
    assert (
        compare_names(
            reversed_name, standardise_name("Amina Haddad", given="Amina", family="Haddad")
        ).grade
        is NameGrade.GIVEN_ONLY
    )


def test_sharing_a_common_name_says_less_than_sharing_a_rare_one() -> None:
    common = compare_names("Mohamed Haddad", "Mohamed Barzani")
    rare = compare_names("Zoltan Haddad", "Zoltan Barzani")
    assert common.similarity < rare.similarity
    assert common.agreed_bits < rare.agreed_bits


def test_an_initial_agrees_weakly() -> None:
    full = compare_names("José Ferreira", "José Ferreira")
    initial = compare_names("J. Ferreira", "José Ferreira")
    other = compare_names("M. Ferreira", "José Ferreira")
    assert other.similarity < initial.similarity < full.similarity
    assert initial.agreed_bits < full.agreed_bits


def test_a_missing_part_costs_less_than_a_conflict() -> None:
    missing = similarity("Yusuf Ahmad Tesfaye", "Yusuf Tesfaye")
    conflict = similarity("Yusuf Ahmad Tesfaye", "Yusuf Omar Tesfaye")
    assert conflict < missing < 1.0


def test_empty_and_junk_names_match_nothing() -> None:
    for name in ("", "Unknown", "???"):
        compared = compare_names(name, name)
        assert compared.similarity == 0.0
        assert compared.grade is NameGrade.DIFFERENT
        assert "nothing can be compared" in compared.reasons[0]


def test_it_says_why_in_sentences() -> None:
    reasons = compare_names("محمد حسن علي", "Mohamed Ali").reasons
    assert any("محمد" in reason and "mohamed" in reason for reason in reasons)
    assert "‘حسن’ has no counterpart." in reasons
    assert "jong un" in " ".join(compare_names("Lee Jongun", "Lee Jong Un").reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lily Webb", "Lxily Webxb"),
        ("Lily Webb", "Lily Webxb"),
        ("Λίλη Παππάς", "Λξίλη Παψππάς"),
        ("ლილი ბაბუა", "ლხილი ბაკბუა"),
        ("ليلى حداد", "ليشلى حدكاد"),
        ("लीला राणा", "लीकला राणा"),
    ],
)
def test_a_slip_in_a_short_word_is_no_other_name(one: str, other: str) -> None:
    assert similarity(one, other) > 0.5
    assert grade(one, other) in {NameGrade.WEAK, NameGrade.FUZZY}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sara Haddad", "Sana Haddad"),
        ("Ali Haddad", "Adi Haddad"),
        ("Rami Haddad", "Sami Haddad"),
        ("Isla Webb", "Isra Webb"),
        ("Сара Петрова", "Сана Петрова"),
        ("سارة حداد", "سانة حداد"),
    ],
)
def test_names_that_differ_by_a_letter_stay_two_names(one: str, other: str) -> None:
    assert similarity(one, other) < 0.4
    assert grade(one, other) is NameGrade.FAMILY_ONLY


def test_a_vowel_of_difference_makes_no_one_name() -> None:
    assert grade("Omar Haddad", "Amar Haddad") is NameGrade.WEAK


def test_it_says_that_a_slip_is_one_of_letters() -> None:
    assert compare_names("Lily Webb", "Lily Webxb").reasons == (
        "lily is in both.",
        "webb and webxb are one letter apart (70%).",
    )


def test_it_aligns_words_written_apart_with_one_written_together() -> None:
    table = TokenTable()
    apart = table.intern_many([_latin("jong"), _latin("un"), _latin("kim")])
    together = table.intern_many([_latin("kim"), _latin("jongun")])
    met = align_name_pair(table.arrays(), apart, together)
    assert [(pair.a, pair.b) for pair in met] == [((0, 1), (1,)), ((2,), (0,))]


def test_it_joins_words_also_when_both_names_have_as_many() -> None:
    """Jong Un and Kim Jongun have two words each, so nothing was joined and all conflicted."""
    compared = compare_names("Jong Un", "Kim Jongun")
    assert compared.similarity > 0.75
    assert compared.grade in (NameGrade.SUBSET, NameGrade.SUBSET_FUZZY)


def test_it_reads_very_long_names_and_none_at_all() -> None:
    table = TokenTable()
    words = ["".join(chr(97 + (at * 7 + k * 3) % 26) for k in range(6)) for at in range(25)]
    ids = table.intern_many([_latin(word) for word in words])
    roles = np.zeros(25, np.int8)
    rarity = np.full(len(table), 14, np.float32)
    graded = compare_name_pair(table.arrays(), rarity, ids, roles, ids, roles, make_room())
    assert graded[0] == NameGrade.SAME
    none = compare_name_pair(table.arrays(), rarity, ids[:0], roles[:0], ids, roles, make_room())
    assert none == (0, 0.0, 0.0)


def test_a_word_without_readings_meets_only_itself() -> None:
    mute = NameToken("ⵣⵣ", (), Script.OTHER)
    one = PersonName("ⵣⵣ", (mute,))
    other = PersonName("Ali", (_latin("ali"),))
    assert compare_names(one, one).grade is NameGrade.SAME
    assert compare_names(one, other).grade is NameGrade.DIFFERENT


def _latin(word: str) -> NameToken:
    role = TokenRole.INITIAL if len(word) == 1 else TokenRole.UNKNOWN
    return NameToken(word, (word,), Script.LATIN, role)


@pytest.mark.parametrize(
    ("one", "other", "grade"),
    [
        ("Mohamed Omar Mohamed", "Omar Mohamed, Mohamed", NameGrade.SAME),
        ("Salem Qoren Salem al-Qadri", "Qoren Salem al-Qadri, Salem", NameGrade.SAME),
        ("Jaber Abdallah Jaber Ahmad", "Jaaber Abdallah Jaber Ahmad", NameGrade.EQUIVALENT),
        ("Ali Hassan Omar", "Omar Hassan Ali", NameGrade.PARTIAL),
    ],
)
def test_a_word_that_a_name_repeats_stands_in_either_place(
    one: str, other: str, grade: NameGrade
) -> None:
    # Once the grandson's name met the grandfather's, and the order of all words seemed wrong.
    assert compare_names(one, other).grade is grade
    assert compare_names(other, one).grade is grade
