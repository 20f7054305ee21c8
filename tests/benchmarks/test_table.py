"""The table of figures and what it says of targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench import OURS, Figure
from benchmarks.table import END, START, as_table, write_between_markers, write_rows
from benchmarks.targets import F1, MISSED, TARGETS, TOP_1, Rule, Target


def row_of(table: str, measure: str) -> list[str]:
    (row,) = (line for line in table.splitlines() if f"| {measure} |" in line)
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_it_says_what_was_reached_and_what_was_missed() -> None:
    figures = [
        Figure("eu_records", OURS, TOP_1, 0.95),
        Figure("un_pairs", OURS, F1, 0.96),
    ]
    table = as_table(figures)
    assert row_of(table, TOP_1)[2:] == ["0.9500", "–", "≥ 0.94", "reached"]
    assert row_of(table, F1)[2:] == ["0.9600", "–", "≥ 0.97", "missed"]


def test_it_shows_the_mean_of_the_seeds_and_their_range() -> None:
    figures = [Figure("crossing", OURS, MISSED, value) for value in (0.1, 0.2, 0.3)]
    assert row_of(as_table(figures), MISSED)[2] == "0.2000 (0.1000–0.3000)"


def test_it_holds_ours_against_the_best_of_several_peers() -> None:
    figures = [
        Figure("febrl", OURS, F1, 0.99),
        Figure("febrl", "weak peer", F1, 0.90),
        Figure("febrl", "strong peer", F1, 0.995),
    ]
    cells = row_of(as_table(figures), F1)
    assert cells[3] == "weak peer: 0.9000<br>strong peer: 0.9950"
    assert cells[5] == "missed"


def test_it_takes_the_least_where_less_is_better() -> None:
    target = Target("crossing", MISSED, Rule.OF_PEER, 0.5)
    assert target.reached(0.1, [0.2, 0.4]) is True
    assert target.reached(0.11, [0.2, 0.4]) is False


def test_it_claims_nothing_about_a_peer_that_did_not_run() -> None:
    assert row_of(as_table([Figure("febrl", OURS, F1, 0.999)]), F1)[5] == "no peer run"


def test_it_leaves_out_what_has_no_target_when_asked() -> None:
    figures = [Figure("febrl", OURS, F1, 0.99), Figure("febrl", OURS, TOP_1, 0.98)]
    assert TOP_1 in as_table(figures)
    assert TOP_1 not in as_table(figures, targets_only=True)


def test_every_target_stands_once() -> None:
    named = [(target.benchmark, target.measure) for target in TARGETS]
    assert len(named) == len(set(named))


def test_it_replaces_only_what_stands_between_the_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    write_between_markers(page, "new")
    write_between_markers(page, "newer")
    assert page.read_text(encoding="utf-8") == f"before\n{START}\n\nnewer\n\n{END}\nafter\n"


def test_it_refuses_a_page_without_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the lines"):
        write_between_markers(page, "new")


def test_a_run_of_some_benchmarks_replaces_their_rows_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before {START} {END} after", encoding="utf-8")
    old = [
        Figure(name, OURS, measure, 0.5) for name in ("febrl", "million") for measure in (F1, TOP_1)
    ]
    write_between_markers(page, as_table(old))
    write_rows(
        page, as_table([Figure("febrl", OURS, F1, 0.75), Figure("search", OURS, TOP_1, 0.9)])
    )
    rows = [
        line.split(" | ")[:3] for line in page.read_text().splitlines() if line.startswith("| ")
    ]
    assert rows[2:] == [
        ["| febrl", F1, "0.7500"],
        ["| million", F1, "0.5000"],
        ["| million", TOP_1, "0.5000"],
        ["| search", TOP_1, "0.9000"],
    ]
    assert page.read_text().startswith("before")
