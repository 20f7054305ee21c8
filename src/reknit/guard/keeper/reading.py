"""Accounts out of the database, opened and standardised: what the index is built of.

Rules: accounts are read by their ids, which are random, so that two processes can each take a part;
an erased account is passed over; whereabouts are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import polars as pl

from reknit.guard import vault
from reknit.guard.keeper.messages import COLUMNS, KINDS
from reknit.matching.people import Lexicon, StandardisedPeople, standardise_people
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import DataKey

BATCH = 5_000
FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)
SPLIT = UUID(int=(2**128 // 100) * 58)
"""Where the ids are parted: the process that has to start first takes the smaller part."""
Cells = tuple[str, ...]


def standardise_accounts(
    after: UUID, upto: UUID, tell: Callable[[int], object] = lambda _count: None
) -> dict[str, StandardisedPeople]:
    """The accounts that count with ids in (after, upto], by kind, each kind with a lexicon of its
    own. tell: called with how many have been opened."""
    rows: dict[str, list[Cells]] = {kind: [] for kind in KINDS}
    for batch in _batches(after, upto):
        for account, cells in opened(batch):
            rows[account.kind].append(cells)
        tell(sum(map(len, rows.values())))
    return {kind: standardise_people(_table(rows.pop(kind)), Lexicon()) for kind in KINDS}


def opened(accounts: Sequence[Account]) -> Iterator[tuple[Account, Cells]]:
    """Each account with its row of the index; an erased one is passed over."""
    try:
        contents = records.unseal(accounts)
    except ErasedError:
        there = with_keys([account.key_id for account in accounts])
        accounts = [account for account in accounts if account.key_id in there]
        contents = records.unseal(accounts)
    phones = vault.phones_for_index([account.pk for account in accounts])
    for account, content in zip(accounts, contents, strict=True):
        yield account, _cells(account.pk, content, phones.get(account.pk, ""))


def counts(account: Account) -> bool:
    """Is it neither removed nor followed by a later version?"""
    return account.removed_at is None and account.superseded_by_id is None


def with_keys(key_ids: Iterable[UUID]) -> set[UUID]:
    """Those data keys that have not been erased."""
    return set(DataKey.objects.filter(pk__in=list(key_ids)).values_list("pk", flat=True))


def _batches(after: UUID, upto: UUID) -> Iterator[list[Account]]:
    """What counts is sorted out here: the databases would walk along an index on that instead of
    the ids, and look at every account each time."""
    columns = ("id", "kind", "key_id", "sealed", "removed_at", "superseded_by_id")
    last = after
    while True:
        some = Account.objects.filter(pk__gt=last, pk__lte=upto).only(*columns).order_by("pk")
        batch = list(some[:BATCH])
        if not batch:
            return
        yield [account for account in batch if counts(account)]
        last = batch[-1].pk


def _cells(account_id: UUID, content: Mapping[str, object], phones: str) -> Cells:
    """An account's row of the index, whose id is the account's."""
    said = {**content, "person_record_id": str(account_id), "phones": phones}
    return tuple([_text(said.get(column)) for column in COLUMNS])


def _text(value: object) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)


def _table(rows: Sequence[Cells]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
