"""Seal and unseal rows, many at once.

Rules: a row's content is bound to its table and id; its data key is committed to the key store
before the row can be, so that no row is ever without its key (a key without a row is harmless);
an erased key makes the row unreadable for good.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reknit.sealing.envelope import Place
from reknit.sealing.envelope import seal as seal_bytes
from reknit.sealing.envelope import unseal as unseal_bytes
from reknit.sealing.errors import ErasedError
from reknit.sealing.holder import WrappedKey
from reknit.sealing.holders import current_holder
from reknit.sealing.models import DataKey, Sealed

Content = Mapping[str, Any]


def seal(rows: Sequence[Sealed], contents: Iterable[Content]) -> None:
    """Seal each row's content (a JSON object) under a new data key of its own; the row is yet to
    be saved by the caller. Raises LockedError when the ring is not open."""
    key_ids = [uuid.uuid4() for _ in rows]
    made = current_holder().new_keys([str(key_id) for key_id in key_ids])
    DataKey.objects.bulk_create(
        [
            DataKey(id=key_id, ring_version=wrapped.ring_version, wrapped=wrapped.wrapped)
            for key_id, (_, wrapped) in zip(key_ids, made, strict=True)
        ]
    )
    for row, key_id, (key, _), content in zip(rows, key_ids, made, contents, strict=True):
        row.key_id = key_id
        row.sealed = seal_bytes(_to_bytes(content), key, _place(row))


def unseal(rows: Sequence[Sealed]) -> list[dict[str, Any]]:
    """Each row's content, in the same order. Raises ErasedError, TamperedError, LockedError."""
    stored = DataKey.objects.in_bulk({row.key_id for row in rows})
    missing = [row for row in rows if row.key_id not in stored]
    if missing:
        raise ErasedError(f"{missing[0]._meta.db_table} {missing[0].pk}: erased.")
    wrapped = [
        WrappedKey(str(key.id), key.ring_version, bytes(key.wrapped))
        for key in (stored[row.key_id] for row in rows)
    ]
    keys = current_holder().unwrap(wrapped)
    return [
        json.loads(unseal_bytes(bytes(row.sealed), key, _place(row)))
        for row, key in zip(rows, keys, strict=True)
    ]


def forget(rows: Sequence[Sealed]) -> None:
    """Drop the keys of rows that never became anybody's record (an interrupted import's)."""
    DataKey.objects.filter(id__in=[row.key_id for row in rows]).delete()


def _to_bytes(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _place(row: Sealed) -> Place:
    return Place(row._meta.db_table, str(row.pk), "sealed")
