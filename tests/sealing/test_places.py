"""A sealed value opens where it was sealed and nowhere else (trust: test 11).

Each part of the associated data is changed by itself, under the right key: what is then opened
would be opened in another table, row or field, or by another version of the ring.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from reknit.records.models import Account, Enquiry
from reknit.sealing import files, records
from reknit.sealing.envelope import Place, new_key, seal, unseal
from reknit.sealing.errors import TamperedError
from reknit.sealing.ring import KeyRing
from tests.cast import IDRIS_FOUND

HERE = Place("records_account", "2f1c", "sealed")


@pytest.mark.parametrize("part", [field.name for field in fields(Place)])
def test_a_value_opens_in_its_own_table_row_and_field_only(part: str) -> None:
    key = new_key()
    sealed = seal(b"Idris", key, HERE)
    assert unseal(sealed, key, HERE) == b"Idris"
    for other in ("", "other", getattr(HERE, part) + "x", getattr(HERE, part)[:-1]):
        with pytest.raises(TamperedError):
            unseal(sealed, key, replace(HERE, **{part: other}))


@pytest.mark.parametrize(
    "moved",
    [
        Place("records_account2", "f1c", "sealed"),
        Place("records_account", "2f1", "csealed"),
        Place("2f1c", "records_account", "sealed"),
        Place("records_account", "sealed", "2f1c"),
    ],
)
def test_no_two_places_are_bound_by_the_same_bytes(moved: Place) -> None:
    key = new_key()
    with pytest.raises(TamperedError):
        unseal(seal(b"Idris", key, HERE), key, moved)


@pytest.mark.parametrize("byte", [0, 1, 12, 13, -16, -1])
def test_a_value_that_was_changed_anywhere_does_not_open(byte: int) -> None:
    """Its format, nonce, body and tag."""
    key = new_key()
    sealed = bytearray(seal(b"Idris", key, HERE))
    sealed[byte] ^= 1
    with pytest.raises(TamperedError):
        unseal(bytes(sealed), key, HERE)


def _ring_with_one_key_twice() -> KeyRing:
    """Two versions that hold the same key, so that nothing but the version tells them apart."""
    ring = KeyRing.new()
    return replace(ring, wrapping={1: ring.wrapping[1], 2: ring.wrapping[1]})


@pytest.mark.parametrize("change", [{"ring_version": 2}, {"key_id": "2f1d"}])
def test_a_data_key_opens_under_its_own_id_and_version_of_the_ring_only(
    change: dict[str, object],
) -> None:
    ring = _ring_with_one_key_twice()
    ((key, wrapped),) = ring.new_keys(["2f1c"])
    assert ring.unwrap([wrapped]) == [key]
    with pytest.raises(TamperedError):
        ring.unwrap([replace(wrapped, **change)])  # type: ignore[arg-type]  # one field at a time


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_rows_content_and_its_file_do_not_open_as_one_another(tmp_path: Path) -> None:
    row = Account(kind="found")
    records.seal([row], [IDRIS_FOUND])
    files.seal(row, b"a scan", tmp_path / "file")
    content, scan = bytes(row.sealed), (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(TamperedError):
        files.unseal(row, tmp_path / "file")
    row.sealed = scan
    with pytest.raises(TamperedError):
        records.unseal([row])


@pytest.mark.django_db(databases=["default", "keys"])
def test_a_value_does_not_open_in_the_same_row_of_another_table() -> None:
    row = Account(kind="found")
    records.seal([row], [IDRIS_FOUND])
    with pytest.raises(TamperedError):
        records.unseal([Enquiry(id=row.id, key_id=row.key_id, sealed=row.sealed)])
