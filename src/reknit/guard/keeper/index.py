"""The search index over the stored accounts: people sought and people found, apart.

Rules: it lives in this process's memory only; it is built from the encrypted rows and follows each
change of them; what an answer names is looked up in the database before it is given, so that a
removed, superseded or erased account is never named, however late its change was heard of; evidence
quotes no telephone number, and whereabouts never come in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

import polars as pl
from django.db.models import Max, QuerySet

from reknit.guard import vault
from reknit.guard.keeper.errors import RebuildingError
from reknit.guard.keeper.messages import COLUMNS, KINDS, Hit, Question
from reknit.matching import Evidence, Model, PeopleIndex
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import DataKey

BATCH = 5_000
REBUILD_FROM = 5_000
"""More changes than this at once, and more than a tenth of the index: it is built anew."""
_VAULTED = {"phone": "Phone", "last seen": "Last seen"}
"""Questions whose values are the vault's."""
_SPARE = 5
"""Answers looked up beyond those asked for, in case some are of accounts just removed."""


class SearchIndex:
    """People who can be searched, kind by kind; safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: dict[str, PeopleIndex] | None = None
        self._seen = 0
        self._witness: UUID | None = None
        self._share = 0.0
        self.seconds = 0.0
        self._lock = threading.RLock()
        self._following = threading.Lock()

    def __len__(self) -> int:
        return sum(map(len, (self._parts or {}).values()))

    @property
    def share(self) -> float:
        """How much of building it is done: 1 when it can be asked."""
        return 1.0 if self._parts is not None else self._share

    def build(self) -> None:
        """Build it anew out of the rows; one that is there answers meanwhile."""
        with self._following:
            self._build()

    def follow(self) -> int:
        """Take in what has changed since; how many accounts that were. Removals go first."""
        with self._following:
            changed = Account.objects.filter(change__gt=self._seen)
            count = changed.count()
            if self._parts is None or count > max(REBUILD_FROM, len(self) // 10):
                self._build()
                return count
            if count:
                self._apply(changed.order_by("change"))
            return count

    def belongs(self) -> bool:
        """Is it of the accounts that are there now? A test's database may have been rolled back."""
        if self._witness is None:
            return _last_change() == 0
        return Account.objects.filter(pk=self._witness).exists()

    def waiting(self) -> int:
        """How many accounts have changed since it last looked."""
        return Account.objects.filter(change__gt=self._seen).count()

    def search(self, question: Question) -> list[Hit]:
        """The likeliest accounts of a kind. Raises RebuildingError until it is built."""
        with self._lock:
            if self._parts is None:
                raise RebuildingError(
                    f"search is being rebuilt ({self._share:.0%} done); try again in a moment."
                )
            asked = {column: question.content.get(column, "") for column in COLUMNS}
            part = self._parts[question.kind]
            found = part.search(asked, question.top + _SPARE) if len(part) else []
        alive = _alive([UUID(one.found_id) for one in found])
        hits = [
            Hit(UUID(one.found_id), one.probability, one.match_weight, _told(one.evidence))
            for one in found
            if UUID(one.found_id) in alive
        ]
        return hits[: question.top]

    def _build(self) -> None:
        self._share, started = 0.0, time.monotonic()
        seen = _last_change()
        expected = Account.objects.count()
        rows: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in KINDS}
        done = 0
        for batch in _batches():
            for account, cells in _open(batch):
                rows[account.kind].append(cells)
            done += len(batch)
            self._share = 0.5 * min(1.0, done / max(expected, 1))
        model = Model.default()
        parts = {}
        for place, kind in enumerate(KINDS):
            begun = 0.5 + 0.25 * place
            parts[kind] = PeopleIndex.build(_table(rows.pop(kind)), model)
            self._share = begun + 0.25
        with self._lock:
            self._parts = parts
        self._see(seen)
        self.seconds = time.monotonic() - started

    def _apply(self, changed: QuerySet[Account]) -> None:
        assert self._parts is not None  # noqa: S101 - follow() builds it first
        accounts = list(changed)
        gone = [account for account in accounts if not _counts(account)]
        live = [account for account in accounts if _counts(account)]
        with self._lock:
            for account in gone:
                self._parts[account.kind].remove(str(account.pk))
        for account, cells in _open(live):
            with self._lock:
                self._parts[account.kind].add(dict(zip(COLUMNS, cells, strict=True)))
        self._see(accounts[-1].change)

    def _see(self, change: int) -> None:
        seen = Account.objects.filter(change=change).values_list("pk", flat=True).first()
        self._seen, self._witness = change, seen if change else None


def _last_change() -> int:
    return Account.objects.aggregate(last=Max("change"))["last"] or 0


def _batches() -> Iterator[list[Account]]:
    """All accounts that count, by id. What counts is sorted out here: the databases would walk
    along an index on that instead of the ids, and look at every account each time."""
    last = UUID(int=0)
    columns = ("id", "kind", "key_id", "sealed", "removed_at", "superseded_by_id")
    while True:
        batch = list(Account.objects.filter(pk__gt=last).only(*columns).order_by("pk")[:BATCH])
        if not batch:
            return
        yield [account for account in batch if _counts(account)]
        last = batch[-1].pk


def _counts(account: Account) -> bool:
    return account.removed_at is None and account.superseded_by_id is None


def _open(accounts: Sequence[Account]) -> Iterator[tuple[Account, tuple[str, ...]]]:
    """Each account with its row of the index; an erased one is passed over."""
    try:
        contents = records.unseal(accounts)
    except ErasedError:
        there = _with_keys([account.key_id for account in accounts])
        accounts = [account for account in accounts if account.key_id in there]
        contents = records.unseal(accounts)
    phones = vault.phones_for_index([account.pk for account in accounts])
    for account, content in zip(accounts, contents, strict=True):
        yield account, _cells(account.pk, content, phones.get(account.pk, ""))


def _cells(account_id: UUID, content: Mapping[str, object], phones: str) -> tuple[str, ...]:
    """An account's row of the index, whose id is the account's."""
    said = {**content, "person_record_id": account_id, "phones": phones}
    values = (said.get(column) for column in COLUMNS)
    return tuple("" if value is None else str(value) for value in values)


def _table(rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _alive(account_ids: Sequence[UUID]) -> set[UUID]:
    """Those that are still there, current and not erased."""
    columns = ("id", "key_id", "removed_at", "superseded_by_id")
    accounts = Account.objects.filter(pk__in=account_ids).only(*columns)
    keys = {account.pk: account.key_id for account in accounts if _counts(account)}
    there = _with_keys(keys.values())
    return {account for account, key in keys.items() if key in there}


def _with_keys(key_ids: Iterable[UUID]) -> set[UUID]:
    return set(DataKey.objects.filter(pk__in=list(key_ids)).values_list("pk", flat=True))


def _told(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence without what is the vault's: the answer to such a question, not the values."""
    return tuple(
        Evidence(one.field, one.weight, f"{_VAULTED[one.field]}: {_answer(one.sentence)}")
        if one.field in _VAULTED
        else one
        for one in evidence
    )


def _answer(sentence: str) -> str:
    return sentence.rpartition(": ")[2]
