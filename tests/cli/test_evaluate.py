"""`reknit evaluate`: the figures as a person and as a program read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reknit.cli import run

WriteCsv = Callable[..., Path]


@pytest.fixture
def a_run(write_csv: WriteCsv) -> list[str]:
    """Five rows listed, four true pairs; counted by hand in tests/matching/test_evaluate.py."""
    matches = write_csv(
        "matches.csv",
        "sought_id,found_id,rank,probability,match_weight",
        "amal,f1,1,0.9,3.2",
        "amal,f2,2,0.7,1.2",
        "idris,f3,1,0.6,0.6",
        "idris,f4,2,0.4,-0.6",
        "noor,f5,1,0.3,-1.2",
    )
    truth = write_csv(
        "truth.csv", "sought_id,found_id", "amal,f2", "idris,f4", "noor,f5", "rafi,f6"
    )
    return [str(matches), str(truth)]


def figures_of(line: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert run(["evaluate", *line, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert isinstance(figures, dict)
    return figures


def test_it_prints_json_for_a_program(a_run: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert figures_of(a_run, capsys) == {
        "rows": 5,
        "true_pairs": 4,
        "sought": 4,
        "at_half": {
            "threshold": 0.5,
            "precision": pytest.approx(1 / 3),
            "recall": 0.25,
            "f1": pytest.approx(2 / 7),
            "predicted": 3,
            "correct": 1,
        },
        "at_best": {
            "threshold": 0.3,
            "precision": 0.6,
            "recall": 0.75,
            "f1": pytest.approx(2 / 3),
            "predicted": 5,
            "correct": 3,
        },
        "top_1": 0.25,
        "top_5": 0.75,
        "ece": None,
        "ece_rows": None,
        "reliability": [],
    }


def test_it_prints_a_few_lines_for_a_person(
    a_run: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", *a_run]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "5 pairs listed; 4 true pairs of 4 people sought",
        "",
        "                at 0.5    best, at 0.300",
        "precision       0.3333            0.6000",
        "recall          0.2500            0.7500",
        "F1              0.2857            0.6667",
        "",
        "top-1 0.2500, top-5 0.7500",
        "expected calibration error: not said, fewer than 200 rows to tell from",
    ]


def test_it_tells_the_scripts_of_the_sought_names_apart(
    a_run: list[str], write_csv: WriteCsv, capsys: pytest.CaptureFixture[str]
) -> None:
    sought = write_csv(
        "sought.csv",
        "person_record_id,full_name,given_name,family_name",
        "amal,أمل حداد,,",
        "idris,,Idris,Qasem",
        "noor,نور,,",
        "rafi,Rafi,,",
    )
    figures = figures_of([*a_run, "--sought", str(sought)], capsys)
    parts = figures["by_script"]
    assert isinstance(parts, dict)
    assert {script: part["sought"] for script, part in parts.items()} == {"arabic": 2, "latin": 2}
    assert parts["arabic"]["top_5"] == 1.0
    assert run(["evaluate", *a_run, "--sought", str(sought)]) == 0
    table = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split()[0] for line in table] == ["script", "arabic", "latin"]


def test_it_tells_pairs_of_scripts_apart(
    a_run: list[str], write_csv: WriteCsv, capsys: pytest.CaptureFixture[str]
) -> None:
    sought = write_csv("s.csv", "person_record_id,full_name", "amal,أمل حداد", "idris,Idris")
    found = write_csv("f.csv", "person_record_id,full_name", "f2,Amal Haddad", "f4,Идрис")
    figures = figures_of([*a_run, "--sought", str(sought), "--found", str(found)], capsys)
    parts = figures["by_script"]
    assert isinstance(parts, dict)
    assert set(parts) == {"arabic - latin", "latin - cyrillic", "unknown - unknown"}


def test_it_says_how_well_calibrated_a_long_list_is(
    write_csv: WriteCsv, capsys: pytest.CaptureFixture[str]
) -> None:
    # 400 people whose first candidate has 0.75 and is right three times in four.
    matches = write_csv(
        "m.csv",
        "sought_id,found_id,rank,probability",
        *(f"s{n},f{n},1,0.75" for n in range(400)),
    )
    truth = write_csv("t.csv", "sought_id,found_id", *(f"s{n},f{n}" for n in range(400) if n % 4))
    figures = figures_of([str(matches), str(truth)], capsys)
    assert figures["ece"] == pytest.approx(0.0)
    assert figures["ece_rows"] == 400
    assert run(["evaluate", str(matches), str(truth)]) == 0
    assert "expected calibration error 0.0000 over 400 rows" in capsys.readouterr().out


def test_it_reads_json_lines_with_evidence(
    tmp_path: Path, write_csv: WriteCsv, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"sought_id": "s", "found_id": "f", "rank": 1, "probability": 0.9, "match_weight": 3.2}
    row |= {"evidence": [{"field": "name", "weight": 3.2, "sentence": "The names agree."}]}
    matches = tmp_path / "m.jsonl"
    matches.write_text(json.dumps(row) + "\n", encoding="utf-8")
    truth = write_csv("t.csv", "sought_id,found_id", "s,f")
    assert figures_of([str(matches), str(truth)], capsys)["top_1"] == 1.0


def test_it_takes_clusters(write_csv: WriteCsv, capsys: pytest.CaptureFixture[str]) -> None:
    clusters = write_csv(
        "c.csv", "person_record_id,cluster_id,probability", "a,1,0.9", "b,1,0.9", "c,1,0.7", "d,2,1"
    )
    truth = write_csv("t.csv", "person_record_id,cluster_id", "a,x", "b,x", "c,y", "d,y")
    figures = figures_of([str(clusters), str(truth)], capsys)
    assert (figures["records"], figures["clusters"]) == (4, 2)
    pairs = figures["pairs"]
    assert isinstance(pairs, dict)
    assert pairs["precision"] == pytest.approx(1 / 3)
    assert pairs["recall"] == 0.5
    assert run(["evaluate", str(clusters), str(truth)]) == 0
    assert "precision 0.3333, recall 0.5000, F1 0.4000" in capsys.readouterr().out


def test_it_says_which_column_a_truth_lacks(
    write_csv: WriteCsv, a_run: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    truth = write_csv("t.csv", "sought_id,name", "amal,Amal")
    assert run(["evaluate", a_run[0], str(truth)]) == 1
    assert "found_id" in capsys.readouterr().err
