"""Relatives: relations in many languages; no line is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.standardise.relatives import standardise_relation, standardise_relatives
from reknit.vocabulary import Relation, Relative


@pytest.mark.parametrize(
    ("word", "relation"),
    [
        ("أب", Relation.FATHER),
        ("والده", Relation.FATHER),
        ("батько", Relation.FATHER),
        ("አባት", Relation.FATHER),
        ("aabe", Relation.FATHER),
        ("پدر", Relation.FATHER),
        ("أم", Relation.MOTHER),
        ("والدة", Relation.MOTHER),
        ("мати", Relation.MOTHER),
        ("mère", Relation.MOTHER),
        ("እናት", Relation.MOTHER),
        ("ኣደ", Relation.MOTHER),
        ("အမေ", Relation.MOTHER),
        ("hooyo", Relation.MOTHER),
        ("брат", Relation.BROTHER),
        ("hermano", Relation.BROTHER),
        ("أخ", Relation.BROTHER),
        ("أخت", Relation.SISTER),
        ("хоҳар", None),
        ("شوهر", Relation.SPOUSE),
        ("дружина", Relation.SPOUSE),
        ("син", Relation.SON),
        ("دختر", Relation.DAUGHTER),
        ("бабушка", Relation.GRANDMOTHER),
        ("جد", Relation.GRANDFATHER),
        ("جدة", Relation.GRANDMOTHER),
        ("عم", Relation.UNCLE),
        ("عمة", Relation.AUNT),
        ("ابن عم", Relation.COUSIN),
        ("опікун", Relation.GUARDIAN),
        ("walaal", Relation.BROTHER),
        ("父亲", Relation.FATHER),
        ("mẹ", Relation.MOTHER),
        ("ba", Relation.FATHER),
        ("bà", Relation.GRANDMOTHER),
        ("Father", Relation.FATHER),
        ("Father's name", Relation.FATHER),
        ("اسم الأب", Relation.FATHER),
        ("S/O", Relation.FATHER),
        ("nephew", Relation.OTHER),
        ("dentist", None),
    ],
)
def test_it_knows_relations_in_many_languages(word: str, relation: Relation | None) -> None:
    assert standardise_relation(word) is relation


def test_it_reads_one_relative_a_line() -> None:
    cell = "father: Idris Haddad\nأم: أمل حداد\n\nбрат — Рафі"
    assert standardise_relatives(cell) == (
        (
            Relative(Relation.FATHER, "Idris Haddad"),
            Relative(Relation.MOTHER, "أمل حداد"),
            Relative(Relation.BROTHER, "Рафі"),
        ),
        (),
    )


@pytest.mark.parametrize("line", ["Noor: sister", "Noor (sister)", "sister : Noor", "姐姐：Noor"])
def test_the_relation_may_stand_on_either_side(line: str) -> None:
    assert standardise_relatives(line) == ((Relative(Relation.SISTER, "Noor"),), ())


def test_a_bare_name_is_kept_as_other_without_a_finding() -> None:
    assert standardise_relatives("Noor Haddad") == ((Relative(Relation.OTHER, "Noor Haddad"),), ())


def test_an_unknown_relation_is_kept_as_other_and_reported() -> None:
    relatives, findings = standardise_relatives("dentist: Noor")
    assert relatives == (Relative(Relation.OTHER, "Noor"),)
    assert findings == ("'dentist' is no known relation; kept as other",)


def test_a_relation_without_a_name_is_reported() -> None:
    relatives, findings = standardise_relatives("father: unknown\nmother: Amal")
    assert relatives == (Relative(Relation.MOTHER, "Amal"),)
    assert findings == ("relative 'father: unknown' has no name; left out",)


def test_a_hyphen_inside_a_name_divides_nothing() -> None:
    assert standardise_relatives("Anne-Marie Dupont")[0] == (
        Relative(Relation.OTHER, "Anne-Marie Dupont"),
    )


@given(st.sampled_from(Relation), st.sampled_from(["Idris", "أمل", "Ольга", "ሰናይት", "陈伟"]))
def test_what_is_read_and_written_again_reads_the_same(relation: Relation, name: str) -> None:
    assert standardise_relatives(f"{relation.value}: {name}") == ((Relative(relation, name),), ())


@given(st.text(max_size=60) | st.text(alphabet="ab :\n;=()-أمل：", max_size=30))
def test_any_cell_has_a_reading_with_names(cell: str) -> None:
    relatives, _ = standardise_relatives(cell)
    assert all(relative.name.strip() for relative in relatives)
