"""`reknit synth`: four files, the same for the same options."""

from __future__ import annotations

from pathlib import Path

import pytest

from reknit.cli import run
from reknit.cli.synth import SCENARIOS
from reknit.synth.scenario import SCENARIOS as KNOWN


def test_its_scenarios_are_those_of_the_room() -> None:
    assert set(SCENARIOS) == set(KNOWN)


def test_it_writes_the_same_files_for_the_same_seed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "again"):
        line = ["synth", str(tmp_path / "new" / name), "--people", "30", "--seed", "5"]
        assert run(line) == 0
    assert "30 people sought" in capsys.readouterr().out
    files = sorted(path.name for path in (tmp_path / "new" / "one").iterdir())
    assert files == ["found.csv", "messages.csv", "sought.csv", "truth.csv"]
    for name in files:
        one, again = (tmp_path / "new" / folder / name for folder in ("one", "again"))
        assert one.read_bytes() == again.read_bytes()


def test_another_seed_invents_other_people(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        assert run(["synth", str(tmp_path / seed), "--people", "30", "--seed", seed]) == 0
    one, other = (tmp_path / seed / "sought.csv" for seed in ("1", "2"))
    assert one.read_bytes() != other.read_bytes()
