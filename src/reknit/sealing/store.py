"""The key store's rows: make data keys, open them, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import QuerySet

from reknit.sealing.bulk import insert
from reknit.sealing.errors import ErasedError
from reknit.sealing.holder import KeyHolder, WrappedKey
from reknit.sealing.holders import current_holder
from reknit.sealing.models import DataKey
from reknit.sealing.prepared import TOGETHER, Prepared, filled
from reknit.sealing.remote import SocketHolder

_MOST_IDS = 5_000
"""Ids in one query: the databases take a limited number of parameters."""


_Ahead = list[tuple[UUID, bytes, WrappedKey]]
_ahead: ContextVar[_Ahead | None] = ContextVar("keys asked for ahead", default=None)


@contextmanager
def keys_ahead(count: int) -> Iterator[None]:
    """Ask for so many new data keys now, for rows that are sealed within the block: one question
    to the keeper, before a transaction in which other writers would wait for each answer. What is
    not used is never stored. Raises LockedError.

        with keys_ahead(3):
            commits.commit(work)
    """
    asked = _ahead.set(_new_keys(current_holder(), count))
    try:
        yield
    finally:
        _ahead.reset(asked)


def take_keys(count: int) -> list[tuple[UUID, bytes]]:
    """New data keys with their ids, committed to the key store, or to be committed with the open
    transaction of the key store. Raises LockedError."""
    holder = current_holder()
    # SQLite has one writer: in a transaction of ours the keeper would wait for us, and we for it.
    if isinstance(holder, SocketHolder) and not connections["keys"].in_atomic_block:
        return holder.take_keys(count)
    return make_keys(holder, count)


def make_keys(holder: KeyHolder, count: int) -> list[tuple[UUID, bytes]]:
    """New data keys with their ids, written to the key store in one commit."""
    if not count:
        return []
    ahead = _ahead.get() or []
    enough = len(ahead) >= count
    made = [ahead.pop() for _ in range(count)] if enough else _new_keys(holder, count)
    rows = [
        DataKey(id=key_id, ring_version=wrapped.ring_version, wrapped=wrapped.wrapped)
        for key_id, _, wrapped in made
    ]
    with transaction.atomic(using="keys"):
        insert(rows)
    return [(key_id, key) for key_id, key, _ in made]


def _new_keys(holder: KeyHolder, count: int) -> _Ahead:
    ids = [uuid4() for _ in range(count)]
    made = holder.new_keys([str(key_id) for key_id in ids])
    return [(key_id, key, wrapped) for key_id, (key, wrapped) in zip(ids, made, strict=True)]


def open_keys(key_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The data keys by id; an erased one is not among them. Raises TamperedError, LockedError."""
    wanted = list(dict.fromkeys(key_ids))
    stored: list[WrappedKey] = []
    ids: list[UUID] = []
    for key_id, version, wrapped in _rows(wanted):
        ids.append(key_id)
        stored.append(WrappedKey(str(key_id), version, bytes(wrapped)))
    keys = current_holder().unwrap(stored) if stored else []
    return dict(zip(ids, keys, strict=True))


def _rows(ids: Sequence[UUID]) -> Iterator[tuple[Any, ...]]:
    if len(ids) <= TOGETHER:
        for some in filled(ids):
            yield from (_ONE if len(some) == 1 else _SEVERAL).all(*some)
        return
    for at in range(0, len(ids), _MOST_IDS):
        yield from _stored(*ids[at : at + _MOST_IDS])


def _stored(*ids: UUID) -> QuerySet[DataKey, tuple[Any, ...]]:
    return DataKey.objects.filter(id__in=ids).values_list("id", "ring_version", "wrapped")


_ONE = Prepared(_stored, UUID)
_SEVERAL = Prepared(_stored, *[UUID] * TOGETHER)


def erased(what: str) -> ErasedError:
    """The error for a row without its key."""
    return ErasedError(f"{what}: erased.")
