"""Two records side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.report import RecordField
from reknit.report.compare import Line, Row, State, side_by_side


def row(sought: str, found: str) -> Row:
    return side_by_side((RecordField("Field", sought),), (RecordField("Field", found),))[0]


def marked(lines: tuple[Line, ...]) -> list[str]:
    return [part.text for line in lines for part in line.parts if part.is_different]


@pytest.mark.parametrize(
    ("sought", "found", "state"),
    [
        ("Amal Hassan", "AMAL  hassan", State.SAME),
        ("Amal Hassan", "Hassan, Amal", State.ORDER),
        ("Amal Hassan", "Amal Hussein", State.DIFFERS),
        ("أمل حسن", "Amal Hassan", State.SCRIPT),
        ("father: سالم", "father: Salim", State.SCRIPT),
        ("أمل", " ", State.SOUGHT_ONLY),
        ("", "أمل", State.FOUND_ONLY),
        ("", "", State.UNKNOWN),
    ],
)
def test_it_says_how_two_fields_stand(sought: str, found: str, state: State) -> None:
    assert row(sought, found).state is state


def test_it_marks_only_the_words_the_other_side_lacks() -> None:
    names = row("زينب سالم", "رقية سالم")
    assert (marked(names.sought), marked(names.found)) == (["زينب"], ["رقية"])


def test_it_marks_the_part_of_a_date_that_differs() -> None:
    dates = row("1991-03-02", "1991-03-23")
    assert (marked(dates.sought), marked(dates.found)) == (["02"], ["23"])


def test_it_marks_nothing_across_scripts() -> None:
    names = row("إدريس", "Idris")
    assert marked(names.sought) == marked(names.found) == []


def test_fields_stand_side_by_side_by_label_in_the_order_of_the_sought() -> None:
    rows = side_by_side(
        (RecordField("Name", "Amal"), RecordField("Home", "Deir")),
        (RecordField("Phones", "1"), RecordField("Name", "Amal")),
    )
    assert [(each.label, each.state) for each in rows] == [
        ("Name", State.SAME),
        ("Home", State.SOUGHT_ONLY),
        ("Phones", State.FOUND_ONLY),
    ]


def test_values_one_a_line_stay_one_a_line() -> None:
    lines = row("father: سالم\nmother: هاجر", "").sought
    assert ["".join(part.text for part in line.parts) for line in lines] == [
        "father: سالم",
        "mother: هاجر",
    ]


@given(st.text(st.sampled_from("abAB ء،,-\n")), st.text(st.sampled_from("abAB ء،,-\n")))
def test_it_is_the_same_from_both_sides_and_loses_no_letter(sought: str, found: str) -> None:
    there, back = row(sought, found), row(found, sought)
    assert (there.sought, there.found) == (back.found, back.sought)
    shown = "".join(part.text for line in there.sought for part in line.parts)
    assert "".join(shown.split()) == "".join(sought.split())
