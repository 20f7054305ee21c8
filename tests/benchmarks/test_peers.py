"""Peers get what ours gets. Their packages come with the group `bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from benchmarks.bench import ROOT
from benchmarks.peers.romanise import romanised, skeleton
from reknit.matching.evaluate import evaluate_matches
from reknit.synth import synthesise


def run_peer(module: str, *arguments: Path) -> None:
    command = [sys.executable, "-m", f"benchmarks.peers.{module}", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_it_romanises_and_keeps_consonants() -> None:
    assert romanised("Олександр Коваленко") == "oleksandr kovalenko"
    assert skeleton("kovalenko") == "kvlnk"
    assert skeleton("aya") == "aya"


def test_token_sort_finds_swapped_and_romanised_names(tmp_path: Path) -> None:
    sought, found, out = (tmp_path / name for name in ("a.csv", "b.csv", "out.csv"))
    columns = ["person_record_id", "full_name", "date_of_birth"]
    rows = [("s1", "Иван Петренко", "1980"), ("s2", "Amal Haddad", "")]
    pl.DataFrame(rows, columns, orient="row").write_csv(sought)
    rows = [("f1", "PETRENKO Ivan", "1980-03-02"), ("f2", "Amal Hadad", "1999")]
    pl.DataFrame(rows, columns, orient="row").write_csv(found)
    run_peer("token_sort", sought, found, out)
    best = pl.read_csv(out).filter(rank=1)
    assert best["found_id"].to_list() == ["f1", "f2"]


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["latin", "crossing"])
def test_splink_is_no_straw_man(tmp_path: Path, scenario: str) -> None:
    pytest.importorskip("splink", reason="comes with the group `bench`")
    made = synthesise(people=1000, seed=4, scenario=scenario)
    sought, found, out = (tmp_path / name for name in ("a.csv", "b.csv", "out.csv"))
    made.sought.write_csv(sought)
    made.found.write_csv(found)
    run_peer("splink_latin" if scenario == "latin" else "splink_romanised", sought, found, out)
    best = evaluate_matches(pl.read_csv(out), made.truth).at_best
    assert best.f1 > {"latin": 0.9, "crossing": 0.55}[scenario]
