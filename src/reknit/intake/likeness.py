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
from itertools import takewhile
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
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
"""A message may be committed so much later than it came; then it is looked for again."""
ALIKE = 90.0
"""Of 100, by rapidfuzz's ratio: a number or a word may differ, or the order of two sentences."""
FEWEST_LETTERS = 12
"""Shorter ones ("thank you", "hello?") are alike without being the same message."""


@dataclass(slots=True)
class _One:
    """A message of an office. text: folded, None where it is too short or cannot be opened."""

    at: dt.datetime
    id: UUID
    text: str | None = None
    opened: bool = False

    @property
    def place(self) -> tuple[dt.datetime, UUID]:
        """Its place among the others."""
        return self.at, self.id


@dataclass(slots=True)
class _Held:
    """What this process knows of an office's messages, in the order they came, and when it looked
    for them."""

    came: list[_One] = field(default_factory=list)
    looked: dt.datetime | None = None


_offices: dict[int, _Held] = {}
_LOCK = threading.Lock()


def older_than(message: Message, text: str) -> UUID | None:
    """An older message of the same office that is nearly the same; None where none is."""
    folded = _folded(text)
    if len(folded) < FEWEST_LETTERS:
        return None
    with _LOCK:
        others = _before(message)
    texts = [one.text for one in others]  # where there is None, it is passed over
    found = process.extract(folded, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=5)
    ids = [others[number].id for _, _, number in found]
    rows = Message.objects.filter(id__in=ids).order_by("created_at", "id")
    return rows.values_list("id", flat=True).first()


def join(message: Message, older_id: UUID) -> None:
    """Put a message, and all that are in its group, into the older one's; in the caller's
    transaction."""
    group = Message.objects.values_list("group", flat=True).get(id=older_id)
    if group != message.group:
        Message.objects.filter(group=message.group).update(group=group)
        message.group = group


def _before(message: Message) -> list[_One]:
    """Those that came before it, with their texts; each is opened once by this process."""
    held = _offices.setdefault(message.office_id, _Held())
    if held.looked is None or held.looked <= message.created_at + _LATE:
        _follow(held, message.office_id)
    place = bisect_left(held.came, (message.created_at, message.id), key=lambda one: one.place)
    others = held.came[max(0, place - COMPARED) : place]
    missing = {one.id: one for one in others if not one.opened}
    if missing:
        for row, text in _opened(Message.objects.filter(id__in=missing)):
            folded = _folded(text)
            missing[row.id].text = folded if len(folded) >= FEWEST_LETTERS else None
        for one in missing.values():
            one.opened = True
    return others


def _follow(held: _Held, office_id: int) -> None:
    """Learn which messages came since the last look; a little earlier than that, since what came
    first may be committed later."""
    now = timezone.now()
    rows = Message.objects.filter(office=office_id, outgoing=False)
    known: set[UUID] = set()
    if held.looked is not None:
        since = held.looked - _LATE
        rows = rows.filter(created_at__gt=since)
        known = {one.id for one in takewhile(lambda one: one.at > since, reversed(held.came))}
    found = rows.order_by("-created_at", "-id").values_list("created_at", "id")[:MOST_HELD]
    new = [_One(at, key) for at, key in found if key not in known]
    if new:
        held.came = sorted([*held.came, *new], key=lambda one: one.place)[-MOST_HELD:]
    held.looked = now


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
