"""What was doubtful in a file is said once, the lost before the remarked on."""

from __future__ import annotations

from reknit.cli.tables import finding_lines
from reknit.exchange import Finding


def unknown_country(line: int, name: str) -> Finding:
    return Finding(line, "home_country", name, f"{name} is no country", "Write its code")


def test_it_counts_the_same_finding_instead_of_saying_it_again() -> None:
    met = [unknown_country(line, "Arakan") for line in (3, 5, 9)]
    assert list(finding_lines(met)) == [
        "line 3, home_country: Arakan is no country. Write its code. (2 more)"
    ]


def test_it_names_some_of_the_other_values_of_a_kind() -> None:
    names = ["Arakan", "香港", "香港", "Soedan", "Kurdistan", "کوردستان"]
    met = [unknown_country(line, name) for line, name in enumerate(names, 2)]
    assert list(finding_lines(met)) == [
        "line 2, home_country: Arakan is no country. Write its code. "
        "(5 more: also '香港', 'Soedan', 'Kurdistan', …)"
    ]


def test_dates_read_from_another_calendar_are_one_kind() -> None:
    met = [
        Finding(
            7, "date_of_birth", "1386-06-03", "1386-06-03 read as Jalali: 2007-08-25", "", True
        ),
        Finding(
            9, "date_of_birth", "1391-06-24", "1391-06-24 read as Jalali: 2012-09-14", "", True
        ),
    ]
    (line,) = finding_lines(met)
    assert line.endswith("read as Jalali: 2007-08-25. (1 more: also '1391-06-24')")


def test_it_says_what_was_lost_before_what_was_kept() -> None:
    kept = Finding(2, "sex", "F.", "read as female", "Write female", kept=True)
    lost = Finding(8, "date_of_birth", "31/02/1990", "no such day", "Check the list")
    assert list(finding_lines([kept, lost])) == [
        "line 8, date_of_birth: '31/02/1990': no such day. Check the list.",
        "line 2, sex: 'F.': read as female. Write female.",
    ]


def test_it_counts_what_is_over_twenty() -> None:
    met = [Finding(2, f"column {chr(97 + n)}", "?", "unreadable", "") for n in range(30)]
    lines = list(finding_lines(met))
    assert len(lines) == 21
    assert lines[-1] == "… and 10 more kinds."


def test_it_speaks_of_a_whole_line_without_a_column() -> None:
    assert list(finding_lines([Finding(4, "", "", "ragged", "")])) == ["line 4: ragged."]
