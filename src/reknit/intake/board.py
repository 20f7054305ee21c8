"""The message desk in numbers: how many came, how long they waited, in which languages.

Rules: counts and times only, nothing opened; of the actor's own office as they are; whoever counts
for other offices too (a coordinator) sees them rounded to fives, and nothing under five, so that a
single message cannot be told from the difference of two looks (trust: the map's rule).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reknit.guard import access
from reknit.guard.permissions import Permission, Scope, granted
from reknit.intake.models import Message, MessageState
from reknit.vocabulary import Actor

DAYS = 14
LEVELS = (5, 4, 3, 2, 1)
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one urgency: how many nobody has looked at, the oldest of them, and how long those that
    came in the last days waited: half of them, nine of ten (None where too few tell)."""

    urgency: int
    waiting: int
    oldest: dt.timedelta | None
    half: dt.timedelta | None
    nine_of_ten: dt.timedelta | None


@dataclass(frozen=True, slots=True)
class Day:
    """How many came on one day, and how many of them were urgent (4 or 5)."""

    day: dt.date
    came: int
    urgent: int


@dataclass(frozen=True, slots=True)
class Board:
    """The numbers of the last days. rounded: to fives, since they are not only the reader's."""

    days: tuple[Day, ...]
    waits: tuple[Waiting, ...]
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    rounded: bool


def board(actor: Actor, now: dt.datetime) -> Board:
    """The numbers that the actor may count. Raises NotPermittedError."""
    access.require(actor, Permission.MESSAGE_COUNT)
    rounded = granted(Permission.MESSAGE_COUNT, actor) is Scope.ALL
    since = (now - dt.timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = access.visible(
        actor, Permission.MESSAGE_COUNT, Message.objects.filter(outgoing=False, removed_at=None)
    )
    came = list(
        rows.filter(received_at__gte=since, received_at__lte=now).values_list(
            "received_at", "looked_at", "urgency", "language", "channel"
        )
    )
    untouched = list(
        rows.filter(state__in=[MessageState.WAITING, MessageState.OPEN]).values_list(
            "received_at", "urgency"
        )
    )
    number = _to_fives if rounded else int
    by_day = Counter(at.date() for at, *_ in came)
    urgent = Counter(at.date() for at, _, level, *_ in came if level >= 4)
    first = since.date()
    all_days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    return Board(
        tuple(Day(day, number(by_day[day]), number(urgent[day])) for day in all_days),
        tuple(
            _waiting(
                level,
                [at for at, its in untouched if its == level],
                [seen - at for at, seen, its, *_ in came if its == level and seen is not None],
                now,
                rounded=rounded,
            )
            for level in LEVELS
        ),
        _counted([language for *_, language, _ in came if language], rounded=rounded),
        _counted([channel for *_, channel in came], rounded=rounded),
        rounded,
    )


def _waiting(
    level: int,
    waiting: Sequence[dt.datetime],
    waited: Sequence[dt.timedelta],
    now: dt.datetime,
    *,
    rounded: bool,
) -> Waiting:
    told = len(waited) >= (FEWEST if rounded else 1)
    times = sorted(waited)
    return Waiting(
        level,
        _to_fives(len(waiting)) if rounded else len(waiting),
        None if rounded or not waiting else max(dt.timedelta(), now - min(waiting)),
        times[(len(times) - 1) // 2] if told else None,
        times[(9 * (len(times) - 1)) // 10] if told else None,
    )


def _counted(values: Sequence[str], *, rounded: bool) -> dict[str, int]:
    counts = Counter(values).most_common()
    shown = {value: _to_fives(count) if rounded else count for value, count in counts}
    return {value: count for value, count in shown.items() if count}


def _to_fives(count: int) -> int:
    """To the nearest five; under five is none.

    >>> [_to_fives(n) for n in (0, 4, 5, 7, 8)]
    [0, 0, 5, 5, 10]
    """
    return 0 if count < FEWEST else FEWEST * ((count + 2) // FEWEST)
