"""`reknit dedupe`, `train`, `search`, `name` and `explain`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from reknit.cli import run
from reknit.cli.waterfall import BAR_WIDTH, bars

Lists = tuple[Path, Path]


def test_dedupe_gives_every_row_a_cluster(
    write_csv: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = write_csv(
        "people.csv",
        "person_record_id,full_name,date_of_birth",
        "1,Zaynab Qaddura,1987-04-02",
        "2,زينب قدورة,1987-04-02",
        "3,Ivan Petrenko,1990",
    )
    assert run(["dedupe", str(people), "--out", str(tmp_path / "c.csv")]) == 0
    table = pl.read_csv(tmp_path / "c.csv", schema_overrides={"person_record_id": pl.String})
    assert table.columns == ["person_record_id", "cluster_id", "probability"]
    cluster = dict(table.select("person_record_id", "cluster_id").iter_rows())
    assert cluster["1"] == cluster["2"] != cluster["3"]
    assert table.filter(person_record_id="3")["probability"].to_list() == [1.0]
    assert capsys.readouterr().out.startswith("3 rows are 2 people")


def test_train_counts_judgements(
    two_lists: Lists, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    labels = write_csv("labels.csv", "sought_id,found_id,match", "s1,f1,1", "s3,f3,0")
    out = tmp_path / "model.json"
    line = ["train", *map(str, two_lists), "--labels", str(labels), "--out", str(out)]
    assert run(line) == 0
    assert "2 judgements" in out.read_text(encoding="utf-8")


def test_train_refuses_a_label_that_is_no_judgement(
    two_lists: Lists,
    write_csv: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    labels = write_csv("labels.csv", "sought_id,found_id,match", "s1,f1,perhaps")
    out = tmp_path / "model.json"
    line = ["train", *map(str, two_lists), "--labels", str(labels), "--out", str(out)]
    assert run(line) == 1
    assert "labels.csv" in capsys.readouterr().err
    assert not out.exists()


def test_search_answers_each_query(
    two_lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sought, found = two_lists
    out = tmp_path / "a.jsonl"
    line = ["search", str(found), "--queries", str(sought), "--out", str(out), "--json"]
    assert run(line) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["records"], figures["queries"]) == (3, 3)
    assert figures["records_per_second"] > 0
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    rows = [json.loads(row) for row in out.read_text("utf-8").splitlines()]
    best = {row["sought_id"]: row["found_id"] for row in rows if row["rank"] == 1}
    assert best["s1"] == "f1"
    assert best["s2"] == "f2"
    assert rows[0]["evidence"][0]["sentence"]


def test_search_writes_the_columns_of_matches_also_without_an_answer(
    two_lists: Lists, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    queries = write_csv("q.csv", "person_record_id,full_name", "q1,Unknown")
    out = tmp_path / "a.csv"
    assert run(["search", str(two_lists[1]), "--queries", str(queries), "--out", str(out)]) == 0
    assert out.read_text("utf-8") == "sought_id,found_id,rank,probability,match_weight\n"


def test_name_says_how_two_names_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["name", "محمد عبد الرحمن", "Mohamed Abdurahman", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"similarity", "probability", "reasons"}
    assert said["probability"] > 0.9
    assert said["reasons"]
    assert run(["name", "Amal", "Idris"]) == 0
    assert capsys.readouterr().out.startswith("similarity 0.")


def test_name_adds_a_similarity_to_each_row(write_csv: Callable[..., Path], tmp_path: Path) -> None:
    pairs = write_csv("p.csv", "id,name1,name2", "7,Олександр,Oleksandr", "8,Amal,Tesfay")
    out = tmp_path / "o.csv"
    assert run(["name", "--pairs", str(pairs), "--out", str(out)]) == 0
    table = pl.read_csv(out)
    assert set(table.columns) == {"id", "name1", "name2", "similarity"}
    alike, unlike = table["similarity"].to_list()
    assert alike > 0.8 > unlike


def test_explain_draws_the_evidence(two_lists: Lists, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *map(str, two_lists), "s1", "f1"]) == 0
    drawn = capsys.readouterr().out
    assert drawn.startswith("s1 and f1")
    assert "إدريس قاسم الطيب" in drawn
    assert "█" in drawn
    assert "match weight +" in drawn


def test_explain_says_which_id_is_not_there(
    two_lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", *map(str, two_lists), "s1", "nobody"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "found.csv: no usable row has the person_record_id 'nobody'" in said


def test_the_bars_of_a_waterfall_meet_where_the_sum_stands() -> None:
    drawn = bars([8.0, -2.0, 0.0, 6.0])
    assert [len(bar) for bar in drawn] == [16, 16, 13, BAR_WIDTH]
    assert [bar.count("█") for bar in drawn] == [16, 4, 0, 12]
    assert drawn[2].endswith("│")


def test_no_bar_is_wider_than_its_column() -> None:
    # A small weight at the far end was drawn one column too far and showed as an ellipsis.
    drawn = bars([-2.0, 25.0, 8.0, 0.05, 0.0, 0.1])
    assert max(map(len, drawn)) == BAR_WIDTH
    assert all("█" in drawn[step] for step in (3, 5))


def test_a_waterfall_without_evidence_is_a_line() -> None:
    assert bars([0.0]) == ["│"]
