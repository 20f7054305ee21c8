"""Accounts out of the database, opened: what the index is built of.

Rules: accounts are read in the order of their ids; an erased account is passed over; whereabouts
are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import polars as pl

from reknit.guard import vault
from reknit.guard.keeper.messages import COLUMNS, KINDS
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import DataKey

BATCH = 5_000
Cells = tuple[str, ...]


class Stored(NamedTuple):
    """What is read of an account to index it, without an object of Django's."""

    pk: UUID
    kind: str
    key_id: UUID
    sealed: bytes


def read_accounts(tell: Callable[[int], object]) -> dict[str, pl.DataFrame]:
    """The accounts that count, opened, by kind: a row of the index each. tell: called with how many
    have been opened."""
    rows: dict[str, list[Cells]] = {kind: [] for kind in KINDS}
    for batch in _batches():
        for account, cells in opened(batch):
            rows[account.kind].append(cells)
        tell(sum(map(len, rows.values())))
    return {kind: _table(rows.pop(kind)) for kind in KINDS}


def opened(accounts: Sequence[Stored]) -> Iterator[tuple[Stored, Cells]]:
    """Each account with its row of the index; an erased one is passed over."""
    try:
        contents = _unseal(accounts)
    except ErasedError:
        there = with_keys([account.key_id for account in accounts])
        accounts = [account for account in accounts if account.key_id in there]
        contents = _unseal(accounts)
    phones = vault.phones_for_index([account.pk for account in accounts])
    for account, content in zip(accounts, contents, strict=True):
        yield account, _cells(account.pk, content, phones.get(account.pk, ""))


def _unseal(accounts: Sequence[Stored]) -> list[dict[str, Any]]:
    return records.unseal_values(Account, [(one.pk, one.key_id, one.sealed) for one in accounts])


def with_keys(key_ids: Iterable[UUID]) -> set[UUID]:
    """Those data keys that have not been erased."""
    return set(DataKey.objects.filter(pk__in=list(key_ids)).values_list("pk", flat=True))


def _batches() -> Iterator[list[Stored]]:
    """What counts is sorted out here: the databases would walk along an index on that instead of
    the ids, and look at every account each time."""
    columns = (*Stored._fields, "removed_at", "superseded_by_id")
    rows = Account.objects.order_by("pk").values_list(*columns)
    last = UUID(int=0)
    while True:
        batch = list(rows.filter(pk__gt=last)[:BATCH])
        if not batch:
            return
        yield [Stored(*row[:-2]) for row in batch if row[-2] is None and row[-1] is None]
        last = batch[-1][0]


def _cells(account_id: UUID, content: Mapping[str, object], phones: str) -> Cells:
    """An account's row of the index, whose id is the account's."""
    said = {**content, "person_record_id": str(account_id), "phones": phones}
    return tuple([_text(said.get(column, "")) for column in COLUMNS])


def _text(value: object) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)


def _table(rows: Sequence[Cells]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
