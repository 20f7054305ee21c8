"""What is erased stays erased: in the rows, in the files, and after a restore."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reknit.records.models import Account
from reknit.sealing import erasure, files, records, rotation
from reknit.sealing.errors import ErasedError, SealingError, TamperedError
from reknit.sealing.holders import current_holder
from reknit.sealing.models import DataKey, Erasure
from reknit.sealing.ring import KeyRing
from tests.cast import IDRIS_FOUND, RAFI

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger file of the test's own."""
    file = tmp_path / "erased"
    monkeypatch.setattr(erasure, "ledger_file", lambda: file)
    return file


def _sealed(*contents: dict[str, str]) -> list[Account]:
    rows = [Account(kind="found") for _ in contents]
    records.seal(rows, contents)
    return rows


def test_an_erased_row_opens_no_more_and_the_others_do(ledger: Path) -> None:
    idris, rafi = _sealed(IDRIS_FOUND, RAFI)
    erasure.erase([idris])
    with pytest.raises(ErasedError):
        records.unseal([idris])
    assert records.unseal([rafi]) == [RAFI]
    assert str(idris.key_id) in ledger.read_text()


def test_a_restored_key_store_is_erased_again(ledger: Path) -> None:
    (row,) = _sealed(IDRIS_FOUND)
    backup = list(DataKey.objects.all())
    erasure.erase([row])
    DataKey.objects.bulk_create(backup, ignore_conflicts=True)
    Erasure.objects.all().delete()  # a backup from before the erasure has no ledger either
    assert records.unseal([row]) == [IDRIS_FOUND]
    assert erasure.replay() == 1
    with pytest.raises(ErasedError):
        records.unseal([row])
    assert erasure.replay() == 0


def test_an_erasure_cut_off_after_its_first_step_is_finished(ledger: Path) -> None:
    (row,) = _sealed(IDRIS_FOUND)
    key = DataKey.objects.get(pk=row.key_id)
    erasure.erase([row])
    Erasure.objects.all().delete()
    key.save(force_insert=True)
    with ledger.open("a") as half:
        half.write("\n0b1f cut off in the mid")
    erasure.replay()
    with pytest.raises(ErasedError):
        records.unseal([row])
    assert Erasure.objects.count() == 1


def test_a_lost_ledger_file_is_written_again_out_of_the_key_store(ledger: Path) -> None:
    (row,) = _sealed(IDRIS_FOUND)
    erasure.erase([row])
    ledger.unlink()
    erasure.replay()
    assert str(row.key_id) in ledger.read_text()


def test_the_ledger_names_nobody(ledger: Path) -> None:
    rows = _sealed(IDRIS_FOUND, RAFI)
    erasure.erase(rows)
    for word in ("Idris", "Haddad", "Rafi", "Mardirosian"):
        assert word not in ledger.read_text()


def test_a_row_is_sealed_anew_under_the_key_it_has() -> None:
    (row,) = _sealed(IDRIS_FOUND)
    key, before = row.key_id, bytes(row.sealed)
    records.reseal([row], [RAFI])
    assert records.unseal([row]) == [RAFI]
    assert row.key_id == key
    assert bytes(row.sealed) != before


def test_a_file_is_sealed_under_its_rows_key_and_erased_with_it(
    ledger: Path, tmp_path: Path
) -> None:
    row, other = _sealed(IDRIS_FOUND, RAFI)
    path, photo = tmp_path / "document", "\u202eصورة إدريس".encode() * 1000
    files.seal(row, photo, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert photo[:20] not in path.read_bytes()
    assert files.unseal(row, path) == photo
    with pytest.raises(TamperedError):
        files.unseal(other, path)
    erasure.erase([row])
    with pytest.raises(ErasedError):
        files.unseal(row, path)


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (row,) = _sealed(IDRIS_FOUND)
    with pytest.raises(SealingError, match="at most"):
        files.seal(row, bytes(files.MOST_BYTES + 1), tmp_path / "large")
    assert list(tmp_path.iterdir()) == []


def test_rewrapping_goes_on_where_it_stopped_and_brings_no_erased_key_back(ledger: Path) -> None:
    rows = _sealed(*[RAFI] * 5)
    ring = current_holder()
    assert isinstance(ring, KeyRing)
    turned = ring.rotated(date(2026, 11, 26))
    assert rotation.rewrap(turned, most=2) == 2
    erasure.erase(rows[:1])
    while rotation.rewrap(turned, most=2):
        continue
    assert rotation.versions_in_use() == {2}
    assert not DataKey.objects.filter(pk=rows[0].key_id).exists()
    assert rotation.left(2) == 0
