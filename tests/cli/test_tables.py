"""What was doubtful in a file is said once, the lost before the remarked on."""

from __future__ import annotations

from reknit.cli.tables import finding_lines
from reknit.exchange import Finding


def test_it_counts_the_same_finding_instead_of_saying_it_again() -> None:
    met = [Finding(n, "home_country", "Arakan", "Arakan is no country", "") for n in (3, 5, 9)]
    assert list(finding_lines(met)) == ["line 3, home_country: Arakan is no country (and 2 more)."]


def test_it_says_what_was_lost_before_what_was_kept() -> None:
    kept = Finding(2, "sex", "F.", "read as female", "Write female", kept=True)
    lost = Finding(8, "date_of_birth", "31/02/1990", "no such day", "Check the list")
    assert list(finding_lines([kept, lost])) == [
        "line 8, date_of_birth: '31/02/1990': no such day. Check the list.",
        "line 2, sex: 'F.': read as female. Write female.",
    ]


def test_it_counts_what_is_over_twenty() -> None:
    met = [Finding(n, "age", str(n), "is no age", "") for n in range(1, 31)]
    lines = list(finding_lines(met))
    assert len(lines) == 21
    assert lines[-1] == "… and 10 more of other kinds."


def test_it_speaks_of_a_whole_line_without_a_column() -> None:
    assert list(finding_lines([Finding(4, "", "", "ragged", "")])) == ["line 4: ragged."]
