"""`--places FILE`: an operator's own camps and shelters, on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reknit.cli import run

HEADER = "name,alternate_names,latitude,longitude,country,level"
CAMP = '"Tent City Nine","مخيم الخيام التسعة",36.21,37.15,SY,site'
PEOPLE = "person_record_id,full_name,last_known_location"
Write = Callable[..., Path]


@pytest.fixture
def lists(write_csv: Write) -> tuple[str, str]:
    sought = write_csv("sought.csv", PEOPLE, "s,Zaynab Tikriti Qaddura,Tent City Nine")
    found = write_csv("found.csv", PEOPLE, 'f,زينب تكريتي قدورة,"مخيم الخيام التسعة"')
    return str(sought), str(found)


def last_seen(out: Path) -> dict[str, float]:
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {said["field"]: said["weight"] for row in rows for said in row["evidence"]}


@pytest.mark.parametrize("command", ["match", "search"])
def test_a_camp_in_two_scripts_is_one_place(
    command: str, lists: tuple[str, str], write_csv: Write, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    places = write_csv("places.csv", HEADER, CAMP)
    sought, found = lists
    files = [sought, found] if command == "match" else [found, "--queries", sought]
    line = [command, *files, "--out", str(out)]
    assert run(line) == 0
    assert last_seen(out)["last seen"] == 0.0
    assert run([*line, "--places", str(places)]) == 0
    assert last_seen(out)["last seen"] > 0


@pytest.mark.parametrize("command", ["dedupe", "train", "explain"])
def test_every_command_that_compares_takes_places(
    command: str, lists: tuple[str, str], write_csv: Write, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    places = write_csv("places.csv", HEADER, CAMP)
    sought, found = lists
    line = {
        "dedupe": [found, "--out", str(tmp_path / "out.csv")],
        "train": [sought, found, "--out", str(tmp_path / "out.json")],
        "explain": [sought, found, "s", "f"],
    }[command]
    assert run([command, *line, "--places", str(places)]) == 0
    if command == "explain":
        assert "the same place" in " ".join(capsys.readouterr().out.split())


def test_bad_rows_are_left_out_and_said(
    lists: tuple[str, str], write_csv: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = write_csv("places.csv", HEADER, CAMP, "Nowhere,,95,10,SY,", "Elsewhere,,1,1,XX,")
    out = tmp_path / "out.jsonl"
    assert run(["match", *lists, "--out", str(out), "--places", str(places)]) == 0
    said = capsys.readouterr().err
    assert "places.csv: line 3: latitude '95'" in said
    assert "places.csv: line 4: country 'XX'" in said
    assert last_seen(out)["last seen"] > 0


def test_a_file_without_the_columns_is_refused_in_one_line(
    lists: tuple[str, str], write_csv: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = write_csv("places.csv", "name,where", "Tent City Nine,36")
    out = tmp_path / "out.csv"
    assert run(["match", *lists, "--out", str(out), "--places", str(places)]) == 1
    (said,) = [line for line in capsys.readouterr().err.splitlines() if "places.csv" in line]
    assert "lacks the column latitude" in said
    assert not out.exists()
