"""Which messages are alike: the same text sent to many, or sent again with a word changed.

Rules: texts are compared by letters (rapidfuzz), folded, in this process's memory alone, with those
of the same office that came before; what is kept is that two messages share a group, never a text
or a mark of one. The older message gives the group its name, whichever was read first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz, process

from reknit.intake.models import Message
from reknit.language.folding import fold_text
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError

COMPARED = 2_000
"""So many messages of an office, those that came just before it, are compared with a new one."""
MOST_HELD = 20_000
"""Texts in the memory of one process."""
ALIKE = 90.0
"""Of 100, by rapidfuzz's ratio: a number or a word may differ, or the order of two sentences."""
FEWEST_LETTERS = 12
"""Shorter ones ("thank you", "hello?") are alike without being the same message."""

_texts: OrderedDict[UUID, str] = OrderedDict()
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
    at = message.created_at
    rows = Message.objects.filter(office=message.office_id, outgoing=False, removed_at=None)
    before = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=message.id))
    ids = list(before.order_by("-created_at", "-id").values_list("id", flat=True)[:COMPARED])
    for row, text in _opened(Message.objects.filter(id__in=[i for i in ids if i not in _texts])):
        _texts[row.id] = _folded(text)
    while len(_texts) > MOST_HELD:
        _texts.popitem(last=False)
    return {i: _texts[i] for i in ids if len(_texts.get(i, "")) >= FEWEST_LETTERS}


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
