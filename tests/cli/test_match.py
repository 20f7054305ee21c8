"""`reknit match`: the files it writes, the same each time, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from reknit.cli import run

COLUMNS = ["sought_id", "found_id", "rank", "probability", "match_weight"]
Lists = tuple[Path, Path]


def match_lists(lists: Lists, out: Path, *more: str) -> int:
    return run(["match", *map(str, lists), "--out", str(out), *more])


def test_it_finds_people_across_scripts(
    two_lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match_lists(two_lists, tmp_path / "m.csv") == 0
    table = pl.read_csv(tmp_path / "m.csv")
    assert table.columns == COLUMNS
    likely = table.filter(pl.col("probability") >= 0.5)
    assert set(likely.select("sought_id", "found_id").iter_rows()) == {("s1", "f1"), ("s2", "f2")}
    assert "2 have a likely candidate" in capsys.readouterr().out


def test_it_gives_the_evidence_in_json_lines(two_lists: Lists, tmp_path: Path) -> None:
    assert match_lists(two_lists, tmp_path / "m.jsonl") == 0
    rows = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text("utf-8").splitlines()]
    best = next(row for row in rows if (row["sought_id"], row["rank"]) == ("s1", 1))
    assert list(best) == [*COLUMNS, "evidence"]
    assert all(set(one) == {"field", "weight", "sentence"} for one in best["evidence"])
    said = sum(one["weight"] for one in best["evidence"])
    assert said == pytest.approx(best["match_weight"], abs=0.01)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_it_writes_the_same_bytes_each_time(two_lists: Lists, tmp_path: Path, ending: str) -> None:
    one, again = tmp_path / f"one.{ending}", tmp_path / f"again.{ending}"
    assert match_lists(two_lists, one) == match_lists(two_lists, again) == 0
    assert one.read_bytes() == again.read_bytes()


def test_it_keeps_to_top_and_to_the_least_probability(two_lists: Lists, tmp_path: Path) -> None:
    assert match_lists(two_lists, tmp_path / "m.csv", "--top", "1") == 0
    assert pl.read_csv(tmp_path / "m.csv")["rank"].max() == 1
    assert match_lists(two_lists, tmp_path / "m.csv", "--min-probability", "0.5") == 0
    least = pl.read_csv(tmp_path / "m.csv")["probability"].min()
    assert isinstance(least, float)
    assert least >= 0.5


def test_it_is_silent_about_progress_in_a_pipe(
    two_lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert match_lists(two_lists, tmp_path / "m.csv") == 0
    heard = capsys.readouterr()
    assert heard.err.splitlines() == [
        "sought.csv: 3 rows read, encoding utf-8",
        "found.csv: 3 rows read, encoding utf-8",
    ]
    assert len(heard.out.splitlines()) == 1


def test_it_sets_unusable_rows_aside_beside_the_matches(
    write_csv: Callable[..., Path], two_lists: Lists, tmp_path: Path
) -> None:
    sought = write_csv("bad.csv", "person_record_id,full_name", "s1,Amal", "s1,Noor", "s2,")
    assert match_lists((sought, two_lists[1]), tmp_path / "m.csv") == 0
    aside = pl.read_csv(tmp_path / "m.csv.sought.rejected.csv")
    assert aside["line"].to_list() == [3, 4]
    assert not (tmp_path / "m.csv.found.rejected.csv").exists()


def test_it_removes_what_an_earlier_run_set_aside(
    write_csv: Callable[..., Path], two_lists: Lists, tmp_path: Path
) -> None:
    # A corrected list was run again into the same file, and the old rejected rows still lay there.
    bad = write_csv("bad.csv", "person_record_id,full_name", "s1,Amal", "s1,Noor")
    assert match_lists((bad, two_lists[1]), tmp_path / "m.csv") == 0
    assert match_lists(two_lists, tmp_path / "m.csv") == 0
    assert not (tmp_path / "m.csv.sought.rejected.csv").exists()


def test_a_trained_model_gives_the_same_weights_again(two_lists: Lists, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    assert run(["train", *map(str, two_lists), "--out", str(model)]) == 0
    weights = []
    for top in ("10", "1"):
        out = tmp_path / "m.csv"
        assert match_lists(two_lists, out, "--model", str(model), "--top", top) == 0
        weights.append(pl.read_csv(out).filter(rank=1)["match_weight"].to_list())
    assert weights[0] == weights[1]


def test_it_writes_a_page_that_shows_the_run(
    two_lists: Lists, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    truth = write_csv("truth.csv", "sought_id,found_id", "s1,f1", "s2,f2")
    more = ["--report", str(tmp_path / "r.html"), "--truth", str(truth)]
    assert match_lists(two_lists, tmp_path / "m.csv", *more) == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "إدريس قاسم الطيب" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_it_is_told_to_bring_a_model_that_is_one(
    two_lists: Lists, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model.json"
    model.write_text('{"format": "something else"}', encoding="utf-8")
    assert match_lists(two_lists, tmp_path / "m.csv", "--model", str(model)) == 1
    heard = capsys.readouterr().err.splitlines()[-1]
    assert "model.json" in heard
    assert "unexpected" not in heard
