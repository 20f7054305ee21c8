"""What goes over the keeper's socket besides plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reknit.sealing.holders import Status


@dataclass(frozen=True, slots=True)
class Question:
    """Whom somebody looks for: a kind of account, a people table's columns, how many answers."""

    kind: str
    content: Mapping[str, str] = field(repr=False)
    top: int


@dataclass(frozen=True, slots=True)
class IndexState:
    """Whether the index can be asked, how much of building it is done (0 to 1), its people."""

    built: bool
    share: float
    people: int


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
