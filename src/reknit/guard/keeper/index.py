"""The search index over the stored accounts: people sought and people found, apart.

Rules: it lives in this process's memory only; it is built from the encrypted rows and follows each
change of them; what an answer names is looked up in the database before it is given, so that a
removed, superseded or erased account is never named, however late its change was heard of; evidence
quotes no telephone number, and whereabouts never come in; it weighs by the model that a supervisor
accepted, from the next answer on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Container, Sequence
from dataclasses import replace
from uuid import UUID

import polars as pl
from django.db.models import Max, QuerySet

from reknit.guard.keeper.errors import RebuildingError
from reknit.guard.keeper.messages import COLUMNS, KINDS, Hit, Question, Questions
from reknit.guard.keeper.reading import Stored, opened, read_accounts, with_keys
from reknit.guard.keeper.second import Second
from reknit.matching import Evidence, PeopleIndex
from reknit.matching.adopting import adopt
from reknit.matching.homes import HomeArrays, standardise_homes
from reknit.matching.index import Candidate
from reknit.matching.people import Lexicon, StandardisedPeople, standardise_people
from reknit.records import weighing
from reknit.records.models import Account

WORTH_A_SECOND = 20_000
"""From so many accounts on, a second process helps to build the index."""
REBUILD_FROM = 5_000
"""More changes than this at once, and more than a tenth of the index: it is built anew."""
_VAULTED = {"phone": "Phone", "last seen": "Last seen"}
"""Questions whose values are the vault's."""
_SPARE = 5
"""Answers looked up beyond those asked for, in case some are of accounts just removed."""
_TOGETHER = 25
"""People looked for before somebody else gets a turn: a tenth of a second."""


class SearchIndex:
    """People who can be searched, kind by kind; safe to use from several threads."""

    def __init__(self) -> None:
        self._parts: dict[str, PeopleIndex] | None = None
        self._seen = 0
        self._witness: UUID | None = None
        self._share = 0.0
        self._version = ""
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
            self._take_model()
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
        return self.search_all(Questions(question.kind, [question.content], question.top, 0.0))[0]

    def search_all(self, questions: Questions) -> list[list[Hit]]:
        """The likeliest accounts of a kind for each of several people, in their order; others get
        their turn between some. Raises RebuildingError until it is built."""
        answers: list[list[Hit]] = []
        for at in range(0, len(questions.contents), _TOGETHER):
            some = questions.contents[at : at + _TOGETHER]
            answers += self._search(replace(questions, contents=some))
        return answers

    def _search(self, questions: Questions) -> list[list[Hit]]:
        with self._lock:
            if self._parts is None:
                raise RebuildingError(
                    f"search is being rebuilt ({self._share:.0%} done); try again in a moment."
                )
            asked = [
                {column: content.get(column, "") for column in COLUMNS}
                for content in questions.contents
            ]
            part = self._parts[questions.kind]
            most, least = questions.top + _SPARE, questions.least_probability
            found = part.search_all(asked, most, least_probability=least) if len(part) else []
            version = self._version
        alive = _alive({UUID(one.found_id) for answer in found for one in answer})
        return [
            _hits(answer, alive, version)[: questions.top]
            for answer in found or [[] for _ in questions.contents]
        ]

    def _build(self) -> None:
        self._share, started = 0.0, time.monotonic()
        seen, expected = _last_change(), Account.objects.count()
        parts = self._standardise(expected)
        version, model = weighing.current()
        self._share = 0.9
        built = {kind: PeopleIndex.of([parts[kind]], model) for kind in KINDS}
        with self._lock:
            self._parts, self._version = built, version
        self._see(seen)
        self.seconds = time.monotonic() - started

    def _take_model(self) -> None:
        """Weigh by another model where another was accepted or taken back; nothing is rebuilt."""
        if weighing.current_version() == self._version:
            return
        version, model = weighing.current()
        with self._lock:
            for part in (self._parts or {}).values():
                part.model = model
            self._version = version

    def _standardise(self, expected: int) -> dict[str, StandardisedPeople]:
        """All accounts by kind, with one lexicon a kind; with the help of a second process where
        there are many."""

        def tell(count: int) -> None:
            self._share = 0.5 * min(1.0, count / max(expected, 1))

        if expected < WORTH_A_SECOND:
            return {
                kind: standardise_people(rows, Lexicon())
                for kind, rows in read_accounts(tell).items()
            }
        with Second() as other:
            tables = read_accounts(tell)
            other.give(list(tables.values()))
            return {kind: _with_homes_of(other, rows) for kind, rows in tables.items()}

    def _apply(self, changed: QuerySet[Account]) -> None:
        assert self._parts is not None  # noqa: S101 - follow() builds it first
        accounts = list(changed)
        gone = [account for account in accounts if not account.is_current]
        live = [account for account in accounts if account.is_current]
        with self._lock:
            for account in gone:
                self._parts[account.kind].remove(str(account.pk))
        rows: dict[str, list[dict[str, str]]] = {kind: [] for kind in KINDS}
        stored = [Stored(one.pk, one.kind, one.key_id, bytes(one.sealed)) for one in live]
        for one, cells in opened(stored):
            rows[one.kind].append(dict(zip(COLUMNS, cells, strict=True)))
        for kind, some in rows.items():
            with self._lock:
                self._parts[kind].add_all(some)
        self._see(accounts[-1].change)

    def _see(self, change: int) -> None:
        # Without an order: PostgreSQL would walk along the one of the ids to find a single row.
        seen = list(Account.objects.filter(change=change).values_list("pk", flat=True)[:1])
        self._seen, self._witness = change, seen[0] if change and seen else None


def _with_homes_of(other: Second, rows: pl.DataFrame) -> StandardisedPeople:
    """A table that the other process was given too; it reads the homes, this one the rest."""
    lexicon = Lexicon()

    def homes() -> HomeArrays:
        said = other.result()
        if said is None:
            return standardise_homes(rows, lexicon.homes, lexicon.tokens)
        return adopt(said, lexicon)

    return standardise_people(rows, lexicon, homes=homes)


def _hits(found: Sequence[Candidate], alive: Container[UUID], version: str) -> list[Hit]:
    return [
        Hit(
            UUID(one.found_id),
            one.probability,
            one.match_weight,
            _told(one.evidence),
            one.prior_weight,
            version,
        )
        for one in found
        if UUID(one.found_id) in alive
    ]


def _last_change() -> int:
    return Account.objects.aggregate(last=Max("change"))["last"] or 0


def _alive(account_ids: Collection[UUID]) -> set[UUID]:
    """Those that are still there, current and not erased."""
    columns = ("id", "key_id", "removed_at", "superseded_by_id")
    accounts = Account.objects.filter(pk__in=account_ids).only(*columns)
    keys = {account.pk: account.key_id for account in accounts if account.is_current}
    there = with_keys(keys.values())
    return {account for account, key in keys.items() if key in there}


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
