"""Outputs appear together at the end, or not at all."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from reknit.cli.outputs import outputs


def test_it_moves_everything_when_all_is_written(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("old", encoding="utf-8")
    with outputs() as files:
        files.place(tmp_path / "m.csv").write_text("new", encoding="utf-8")
        files.place(tmp_path / "m.csv").with_name("m.csv.sought.rejected.csv").write_text("beside")
        assert (tmp_path / "m.csv").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "m.csv",
        "m.csv.sought.rejected.csv",
    ]
    assert (tmp_path / "m.csv").read_text(encoding="utf-8") == "new"


def test_it_serves_several_folders(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    with outputs() as files:
        files.place(tmp_path / "m.csv").write_text("m", encoding="utf-8")
        files.place(tmp_path / "web" / "r.html").write_text("r", encoding="utf-8")
    assert (tmp_path / "web" / "r.html").read_text(encoding="utf-8") == "r"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.csv", "web"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, MemoryError])
def test_it_leaves_what_was_there_when_stopped(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    (tmp_path / "m.csv").write_text("old", encoding="utf-8")

    def stop_half_way() -> None:
        with outputs() as files:
            files.place(tmp_path / "m.csv").write_text("half", encoding="utf-8")
            raise failure

    with pytest.raises(failure):
        stop_half_way()
    assert [path.name for path in tmp_path.iterdir()] == ["m.csv"]
    assert (tmp_path / "m.csv").read_text(encoding="utf-8") == "old"


def test_it_gives_ctrl_c_back_afterwards(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    with outputs() as files:
        files.place(tmp_path / "m.csv").write_text("m", encoding="utf-8")
    assert signal.getsignal(signal.SIGINT) is before


def test_it_removes_what_is_outdated_only_when_all_goes_well(tmp_path: Path) -> None:
    old = tmp_path / "m.csv.sought.rejected.csv"
    old.write_text("old", encoding="utf-8")

    def stop_half_way() -> None:
        with outputs() as files:
            files.remove(old)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert old.exists()
    with outputs() as files:
        files.remove(old)
    assert not old.exists()
