"""Header rows: matched leniently, never guessed."""

from __future__ import annotations

import pytest

from reknit.exchange.columns import PEOPLE, locate_header
from reknit.vocabulary.columns import PEOPLE_COLUMNS


def test_it_has_the_contracts_columns_in_order() -> None:
    assert PEOPLE_COLUMNS[0] == "person_record_id"
    assert len(PEOPLE_COLUMNS) == len(set(PEOPLE_COLUMNS)) == 22


@pytest.mark.parametrize(
    "cell",
    [
        "Full Name",
        "FULL_NAME",
        "full-name",
        "\ufefffull_name",
        "full\u00a0name",
        "fullName",
        " full name ",
    ],
)
def test_it_matches_a_column_whatever_its_case_and_spaces(cell: str) -> None:
    assert PEOPLE.match([cell]) == {"full_name": [0]}


@pytest.mark.parametrize("cell", ["name", "fullnames", "full_name_2", "id", ""])
def test_it_never_takes_a_synonym_for_a_column(cell: str) -> None:
    assert PEOPLE.match([cell]) == {}


@pytest.mark.parametrize(
    ("cells", "column", "likely"),
    [
        (["ID", "full_name"], "person_record_id", "ID"),
        (["Case number", "full_name"], "person_record_id", "Case number"),
        (["person_record_id", "Person name", "village"], "full_name", "Person name"),
        (["person_record_id", "الاسم"], "full_name", "الاسم"),
        (["person_record_id", "ФИО"], "full_name", "ФИО"),
        (["person_record_ids", "full_name"], "person_record_id", "person_record_ids"),
        (["zzzz", "qqqq"], "person_record_id", None),
        (["cluster", "name"], "person_record_id", None),
    ],
)
def test_it_suggests_the_likeliest_column(
    cells: list[str], column: str, likely: str | None
) -> None:
    complaint = PEOPLE.complaint(cells)
    assert complaint == (column, likely)


def test_it_finds_the_header_under_a_title() -> None:
    rows = [["Camp list, May", ""], ["", ""], ["person_record_id", "full_name"], ["1", "Amal"]]
    header = locate_header(rows, PEOPLE)
    assert (header.labels, header.rows) == (("person_record_id", "full_name"), 3)


def test_it_stacks_a_header_of_merged_cells() -> None:
    rows = [
        ["person_record_id", "Name", "", "sex"],
        ["", "given_name", "family_name", ""],
        ["1", "Amal", "Haddad", "female"],
    ]
    header = locate_header(rows, PEOPLE)
    assert header.labels == ("person_record_id", "given_name", "family_name", "sex")
    assert header.rows == 2


def test_it_does_not_take_the_first_person_for_a_header() -> None:
    rows = [["person_record_id", "full_name"], ["sex", "Age"], ["1", "Amal"]]
    assert locate_header([rows[0], rows[2]], PEOPLE).rows == 1
