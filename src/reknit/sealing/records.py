"""Seal and unseal rows, many at once.

Rules: a row's content is bound to its table and id; its data key is committed to the key store
before the row can be, so that no row is ever without its key (a key without a row is harmless);
an erased key makes the row unreadable for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from reknit.sealing import store
from reknit.sealing.envelope import Place
from reknit.sealing.envelope import seal as seal_bytes
from reknit.sealing.envelope import unseal as unseal_bytes
from reknit.sealing.models import DataKey, Sealed

Content = Mapping[str, Any]
SealedValues = tuple[UUID, UUID, bytes]
"""A row's id, its key's, and what is sealed."""


def seal(rows: Sequence[Sealed], contents: Iterable[Content]) -> None:
    """Seal each row's content (a JSON object) under a new data key of its own; the row is yet to
    be saved by the caller. Raises LockedError when the ring is not open."""
    taken = store.take_keys(len(rows))
    for row, (key_id, key), content in zip(rows, taken, contents, strict=True):
        row.key_id = key_id
        row.sealed = seal_bytes(_to_bytes(content), key, place_of(row))


def reseal(rows: Sequence[Sealed], contents: Iterable[Content]) -> None:
    """Seal new content under the key that each row has; the row is yet to be saved by the caller.
    Raises ErasedError, LockedError."""
    for row, key, content in zip(rows, open_keys(rows), contents, strict=True):
        row.sealed = seal_bytes(_to_bytes(content), key, place_of(row))


def unseal(rows: Sequence[Sealed]) -> list[dict[str, Any]]:
    """Each row's content, in the same order. Raises ErasedError, TamperedError, LockedError."""
    return [
        msgspec.json.decode(unseal_bytes(bytes(row.sealed), key, place_of(row)))
        for row, key in zip(rows, open_keys(rows), strict=True)
    ]


def unseal_values(model: type[Sealed], values: Sequence[SealedValues]) -> list[dict[str, Any]]:
    """As `unseal`, of many rows of one model that were read without an object each."""
    table = model._meta.db_table
    keys = store.open_keys([key_id for _, key_id, _ in values])
    for row_id, key_id, _ in values:
        if key_id not in keys:
            raise store.erased(f"{table} {row_id}")
    decode = msgspec.json.Decoder().decode
    return [
        decode(unseal_bytes(bytes(sealed), keys[key_id], Place(table, str(row_id), "sealed")))
        for row_id, key_id, sealed in values
    ]


def forget(rows: Sequence[Sealed]) -> None:
    """Drop the keys of rows that never became anybody's record (an interrupted import's)."""
    DataKey.objects.filter(id__in=[row.key_id for row in rows]).delete()


def open_keys(rows: Sequence[Sealed]) -> list[bytes]:
    """Each row's data key. Raises ErasedError by the row's place, LockedError."""
    keys = store.open_keys([row.key_id for row in rows])
    for row in rows:
        if row.key_id not in keys:
            raise store.erased(f"{row._meta.db_table} {row.pk}")
    return [keys[row.key_id] for row in rows]


def place_of(row: Sealed) -> Place:
    """Where the row's content belongs."""
    return Place(row._meta.db_table, str(row.pk), "sealed")


def _to_bytes(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
