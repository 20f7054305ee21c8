"""Rows are sealed to their place, each under a key of its own."""

from __future__ import annotations

import pytest

from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError, TamperedError
from reknit.sealing.models import DataKey
from tests.cast import IDRIS_FOUND, RAFI

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def _sealed(*contents: dict[str, str]) -> list[Account]:
    rows = [Account(kind="found") for _ in contents]
    records.seal(rows, contents)
    return rows


def test_it_gives_back_what_was_sealed() -> None:
    rows = _sealed(IDRIS_FOUND, RAFI)
    assert records.unseal(rows) == [IDRIS_FOUND, RAFI]


def test_it_shows_nothing_of_the_content() -> None:
    (row,) = _sealed(IDRIS_FOUND)
    assert b"Haddad" not in bytes(row.sealed)


def test_it_refuses_a_value_moved_to_another_row() -> None:
    one, other = _sealed(IDRIS_FOUND, RAFI)
    one.sealed, one.key_id = other.sealed, other.key_id
    with pytest.raises(TamperedError):
        records.unseal([one])


def test_it_cannot_read_a_row_whose_key_was_erased() -> None:
    (row,) = _sealed(IDRIS_FOUND)
    DataKey.objects.filter(id=row.key_id).delete()
    with pytest.raises(ErasedError):
        records.unseal([row])
