"""Which messages are alike: the same text sent to many, or sent again with a word changed.

Rules: texts are compared by letters (rapidfuzz), folded, in this process's memory alone, with those
of the same office that came before; what is kept is that two messages share a group, never a text
or a mark of one. The older message gives the group its name, whichever was read first.
"""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from reknit.intake.models import Message
from reknit.language.folding import fold_text
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError

COMPARED = 2_000
"""So many messages of an office, those that came just before it, are compared with a new one."""
MOST_HELD = 20_000
"""Texts of one office in the memory of one process."""
_LATE = dt.timedelta(seconds=10)
ALIKE = 90.0
"""Of 100, by rapidfuzz's ratio: a number or a word may differ, or the order of two sentences."""
FEWEST_LETTERS = 12
"""Shorter ones ("thank you", "hello?") are alike without being the same message."""


@dataclass(slots=True)
class _Held:
    """What this process knows of an office's messages: when each came, in order, and the folded
    texts of those that were compared."""

    came: list[tuple[dt.datetime, UUID]] = field(default_factory=list)
    texts: dict[UUID, str] = field(default_factory=dict)


_offices: dict[int, _Held] = {}
_LOCK = threading.Lock()


def older_than(message: Message, text: str) -> UUID | None:
    """An older message of the same office that is nearly the same; None where none is."""
    folded = _folded(text)
    if len(folded) < FEWEST_LETTERS:
        return None
    with _LOCK:
        others = _before(message)
    found = process.extract(folded, others, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)
    ids = [key for _, _, key in found]
    rows = Message.objects.filter(id__in=ids).order_by("created_at", "id")
    return rows.values_list("id", flat=True).first()


def join(message: Message, older_id: UUID) -> None:
    """Put a message, and all that are in its group, into the older one's; in the caller's
    transaction."""
    group = Message.objects.values_list("group", flat=True).get(id=older_id)
    if group != message.group:
        Message.objects.filter(group=message.group).update(group=group)
        message.group = group


def _before(message: Message) -> dict[UUID, str]:
    """The folded texts of those that came before it; each is opened once by this process."""
    held = _offices.setdefault(message.office_id, _Held())
    _follow(held, message.office_id)
    place = bisect_left(held.came, (message.created_at, message.id))
    ids = [key for _, key in held.came[max(0, place - COMPARED) : place]]
    missing = [key for key in ids if key not in held.texts]
    if missing:
        if len(held.texts) > MOST_HELD:
            held.texts.clear()
            missing = ids
        for row, text in _opened(Message.objects.filter(id__in=missing)):
            held.texts[row.id] = _folded(text)
    return {key: text for key in ids if len(text := held.texts.get(key, "")) >= FEWEST_LETTERS}


def _follow(held: _Held, office_id: int) -> None:
    """Learn which messages came since the last look; a little earlier than that, since what came
    first may be committed later."""
    rows = Message.objects.filter(office=office_id, outgoing=False)
    known: set[tuple[dt.datetime, UUID]] = set()
    if held.came:
        since = held.came[-1][0] - _LATE
        rows = rows.filter(created_at__gt=since)
        known = set(held.came[bisect_left(held.came, (since, UUID(int=0))) :])
    found = rows.order_by("-created_at", "-id").values_list("created_at", "id")[:MOST_HELD]
    new = [pair for pair in found if pair not in known]
    if new:
        held.came = sorted([*held.came, *new])[-MOST_HELD:]


def _opened(rows: QuerySet[Message]) -> Iterator[tuple[Message, str]]:
    found = list(rows)
    try:
        contents = sealing.unseal(found)
    except ErasedError:
        for row in found:
            with suppress(ErasedError):
                yield row, sealing.unseal([row])[0]["text"]
        return
    yield from ((row, said["text"]) for row, said in zip(found, contents, strict=True))


def _folded(text: str) -> str:
    return fold_text(text[:2_000])
