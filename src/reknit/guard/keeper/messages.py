"""What goes over the keeper's socket besides plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from reknit.exchange import PEOPLE_COLUMNS
from reknit.matching import Evidence
from reknit.sealing.holders import Status

KINDS = ("sought", "found")
COLUMNS = tuple(column for column in PEOPLE_COLUMNS if column != "last_known_location")
"""What the index knows of a person: never whereabouts."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whom somebody looks for: a kind of account, a people table's columns, how many answers."""

    kind: str
    content: Mapping[str, str] = field(repr=False)
    top: int


@dataclass(frozen=True, slots=True)
class Questions:
    """Several people looked for among one kind of account, each with so many answers; who is less
    likely than `least_probability` is none."""

    kind: str
    contents: Sequence[Mapping[str, str]] = field(repr=False)
    top: int
    least_probability: float

    def each(self) -> list[Question]:
        """One by one."""
        return [Question(self.kind, content, self.top) for content in self.contents]


@dataclass(frozen=True, slots=True)
class Hit:
    """One account that may be the person asked for: how likely, how much evidence, and why.

    prior_weight: log2 odds before any evidence. model_version: which model weighed it.
    """

    account_id: UUID
    probability: float
    match_weight: float
    evidence: tuple[Evidence, ...]
    prior_weight: float
    model_version: str


@dataclass(frozen=True, slots=True)
class IndexState:
    """Whether the index can be asked, how much of building it is done (0 to 1), its people, and how
    long building it took (seconds, 0 while it is being built for the first time)."""

    built: bool
    share: float
    people: int
    seconds: float


@dataclass(frozen=True, slots=True)
class KeeperStatus:
    """How the keeper stands. waits_for: the key holders whose passphrases are missing.

    opened_by_jobs: rows opened today for nobody in particular.
    """

    state: Status
    waits_for: list[str]
    index: IndexState
    weaknesses: list[str]
    opened_by_jobs: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """One step of a rotation: data keys rewrapped, those left, and the ring's active version."""

    done: int
    left: int
    active: int
