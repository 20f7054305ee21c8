"""The search index over the stored accounts: people sought and people found, apart.

Rules: it lives in this process's memory only; it is built from the encrypted rows and follows each
change of them; what an answer names is looked up in the database before it is given, so that a
removed, superseded or erased account is never named, however late its change was heard of; evidence
quotes no telephone number, and whereabouts never come in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db.models import Max, Q, QuerySet

from reknit.exchange import PEOPLE_COLUMNS
from reknit.guard.keeper.errors import RebuildingError
from reknit.guard.keeper.messages import Question
from reknit.matching import Evidence, Model, PeopleIndex
from reknit.records.models import Account, AccountKind
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
from reknit.sealing.models import DataKey

KINDS = (AccountKind.SOUGHT.value, AccountKind.FOUND.value)
COLUMNS = tuple(column for column in PEOPLE_COLUMNS if column != "last_known_location")
BATCH = 5_000
REBUILD_FROM = 5_000
"""More changes than this at once, and more than a tenth of the index: it is built anew."""
_SPARE = 5
"""Answers looked up beyond those asked for, in case some are of accounts just removed."""
_LIVE = Q(removed_at=None, superseded_by=None)


@dataclass(frozen=True, slots=True)
class Hit:
    """One account that may be the person asked for: how likely, how much evidence, and why."""

    account_id: UUID
    probability: float
    match_weight: float
    evidence: tuple[Evidence, ...]


class SearchIndex:
    """People who can be searched, kind by kind; safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: dict[str, PeopleIndex] | None = None
        self._seen = 0
        self._share = 0.0
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
        self._share = 0.0
        seen = _last_change()
        expected = Account.objects.filter(_LIVE).count()
        rows: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in KINDS}
        done = 0
        for batch in _batches(Account.objects.filter(_LIVE)):
            for account, content in _open(batch):
                rows[account.kind].append(_cells(account, content))
            done += len(batch)
            self._share = 0.5 * min(1.0, done / max(expected, 1))
        model = Model.default()
        parts = {}
        for place, kind in enumerate(KINDS):
            begun = 0.5 + 0.25 * place
            parts[kind] = PeopleIndex.build(_table(rows.pop(kind)), model)
            self._share = begun + 0.25
        with self._lock:
            self._parts, self._seen = parts, seen

    def _apply(self, changed: QuerySet[Account]) -> None:
        assert self._parts is not None  # noqa: S101 - follow() builds it first
        accounts = list(changed)
        gone = [a for a in accounts if a.removed_at is not None or a.superseded_by_id is not None]
        live = [a for a in accounts if a.removed_at is None and a.superseded_by_id is None]
        with self._lock:
            for account in gone:
                self._parts[account.kind].remove(str(account.pk))
        for account, content in _open(live):
            with self._lock:
                self._parts[account.kind].add(
                    dict(zip(COLUMNS, _cells(account, content), strict=True))
                )
        self._seen = accounts[-1].change


def _last_change() -> int:
    return Account.objects.aggregate(last=Max("change"))["last"] or 0


def _batches(accounts: QuerySet[Account]) -> Iterator[list[Account]]:
    last: UUID | None = None
    while True:
        later = accounts if last is None else accounts.filter(pk__gt=last)
        batch = list(later.only("id", "kind", "key_id", "sealed").order_by("pk")[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def _open(accounts: Sequence[Account]) -> Iterator[tuple[Account, Mapping[str, object]]]:
    """Each account with its content; an erased one is passed over."""
    try:
        yield from zip(accounts, records.unseal(accounts), strict=True)
    except ErasedError:
        there = _with_keys([a.key_id for a in accounts])
        left = [a for a in accounts if a.key_id in there]
        yield from zip(left, records.unseal(left), strict=True)


def _cells(account: Account, content: Mapping[str, object]) -> tuple[str, ...]:
    """An account's row of the index, whose id is the account's."""
    values = (content.get(column) for column in COLUMNS[1:])
    return (str(account.pk), *("" if value is None else str(value) for value in values))


def _table(rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _alive(account_ids: Sequence[UUID]) -> set[UUID]:
    """Those that are still there, current and not erased."""
    rows = Account.objects.filter(_LIVE, pk__in=account_ids).values_list("pk", "key_id")
    keys = dict(rows)
    there = _with_keys(keys.values())
    return {account for account, key in keys.items() if key in there}


def _with_keys(key_ids: Iterable[UUID]) -> set[UUID]:
    return set(DataKey.objects.filter(pk__in=list(key_ids)).values_list("pk", flat=True))


def _told(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence without telephone numbers, which are the vault's."""
    return tuple(
        Evidence(one.field, one.weight, f"Phone: {one.sentence.rpartition(': ')[2]}")
        if one.field == "phone"
        else one
        for one in evidence
    )
