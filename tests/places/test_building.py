"""The table is complete or absent, also when several build it at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reknit.places import Gazetteer, GazetteerUnavailableError
from reknit.places.building import build_table
from reknit.places.sources import Row
from reknit.places.table import Table
from reknit.vocabulary import PlaceLevel


def few() -> list[Row]:
    return [
        Row(1, "Aleppo", PlaceLevel.CITY, 36.2, 37.2, "SY", "SY.09", None, 2_000_000, ["حلب"]),
        Row(2, "Manbij", PlaceLevel.CITY, 36.5, 37.9, "SY", "SY.09", None, 99_000, ["منبج"]),
    ]


def test_it_builds_what_the_settlements_lie_in(tmp_path: Path) -> None:
    seen: list[tuple[float, str]] = []
    build_table(tmp_path / "table", lambda part, what: seen.append((part, what)), few)
    known = Gazetteer(Table(tmp_path / "table"))
    assert {p.level for p in known.resolve("حلب")} == {PlaceLevel.CITY, PlaceLevel.REGION}
    assert known.resolve("سوريا")[0].level is PlaceLevel.COUNTRY
    assert len(known) == 4
    parts = [part for part, _ in seen]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)


def test_several_may_build_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "table"
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(build_table, folder, None, few) for _ in range(4)]:
            done.result()
    assert [path.name for path in folder.parent.iterdir()] == ["table"]
    assert len(Gazetteer(Table(folder))) == 4


def test_a_broken_build_leaves_nothing(tmp_path: Path) -> None:
    def stopped() -> list[Row]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_table(tmp_path / "cache" / "table", None, stopped)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="folders' permissions are POSIX")
def test_a_cache_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GazetteerUnavailableError, match="REKNIT_CACHE"):
        Gazetteer.open(cache_dir=tmp_path / "file")


@pytest.mark.long
def test_a_damaged_table_is_built_again(tmp_path: Path) -> None:
    Gazetteer.open(cache_dir=tmp_path)
    (table,) = tmp_path.iterdir()
    (table / "key_hash.npy").write_bytes(b"")
    assert Gazetteer.open(cache_dir=tmp_path).resolve("Aleppo")
