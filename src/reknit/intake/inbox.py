"""The inbox: which messages wait, the most urgent first; states and counts only, nothing opened.

Rules: near-duplicates stand as one, the oldest, with how many are alike; within an urgency the
oldest comes first; what is not read yet stands by its glance.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake.models import Attachment, Message, MessageState
from reknit.records.models import Enquiry
from reknit.vocabulary import Actor

TO_DO = (MessageState.WAITING, MessageState.OPEN, MessageState.SORTED)
IN_THREAD, ALIKE = 30, 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages to list; empty parts ask for nothing. state: one of MessageState, or `all`;
    without it those that need somebody."""

    state: str = ""
    urgency: int = 0
    category: str = ""
    language: str = ""
    channel: str = ""
    mine: bool = False
    each: bool = field(default=False)


def messages(actor: Actor, wanted: Wanted) -> QuerySet[Message]:
    """Those messages that the actor may list, the most urgent first. Each bears `alike`, how many
    more are nearly the same."""
    rows = _wanted(_own(actor), actor, wanted)
    if not wanted.each:
        earlier = Q(created_at__lt=OuterRef("created_at")) | Q(
            created_at=OuterRef("created_at"), id__lt=OuterRef("id")
        )
        rows = rows.filter(~Exists(rows.filter(earlier, group=OuterRef("group"))))
    others = Message.objects.filter(
        group=OuterRef("group"), office=OuterRef("office"), outgoing=False, removed_at=None
    )
    count = others.order_by().values("group").annotate(n=Count("pk")).values("n")
    return (
        rows.annotate(alike=Coalesce(Subquery(count), 1) - 1)
        .select_related("office", "handed_to", "enquiry")
        .order_by("-urgency", "received_at", "id")
    )


def next_after(actor: Actor, message_id: UUID | None = None) -> Message | None:
    """The most urgent message that nobody has looked at; another than the one in hand."""
    rows = messages(actor, Wanted(state=MessageState.OPEN))
    rows = rows.filter(Q(handed_to=None) | Q(handed_to=actor.user_id))
    return (rows if message_id is None else rows.exclude(id=message_id)).first()


def thread(actor: Actor, message: Message) -> list[Message]:
    """What the same sender wrote, and what they were answered, the latest first, but this one."""
    if message.sender is None:
        answers = Message.objects.filter(answers=message, removed_at=None)
        return list(access.visible(actor, Permission.MESSAGE_LIST, answers).order_by("-created_at"))
    rows = Message.objects.filter(sender=message.sender, removed_at=None).exclude(id=message.id)
    seen = access.visible(actor, Permission.MESSAGE_LIST, rows)
    return list(seen.order_by("-received_at", "-id")[:IN_THREAD])


def alike(actor: Actor, message: Message) -> list[Message]:
    """The near-duplicates of a message, the oldest first."""
    rows = Message.objects.filter(group=message.group, removed_at=None).exclude(id=message.id)
    seen = access.visible(actor, Permission.MESSAGE_LIST, rows)
    return list(seen.order_by("received_at", "id")[:ALIKE])


def attachments(actor: Actor, message: Message) -> list[Attachment]:
    """What came with a message."""
    rows = Attachment.objects.filter(message=message).order_by("added_at")
    return list(access.visible(actor, Permission.MESSAGE_READ, rows))


def case_numbered(actor: Actor, number: str) -> Enquiry | None:
    """The case that people call by the first eight signs of its id; None where the actor may see
    none of that number, or more than one bears it."""
    sign = number.strip().lower().replace("-", "")
    if not 8 <= len(sign) <= 32 or any(letter not in "0123456789abcdef" for letter in sign):
        return None
    first, last = UUID(sign.ljust(32, "0")), UUID(sign.ljust(32, "f"))
    rows = Enquiry.objects.filter(pk__gte=first, pk__lte=last, removed_at=None)
    found = list(access.visible(actor, Permission.ENQUIRY_READ, rows)[:2])
    return found[0] if len(found) == 1 else None


def age(message: Message, now: dt.datetime) -> dt.timedelta:
    """How long it has been waiting."""
    return now - message.received_at


def _own(actor: Actor) -> QuerySet[Message]:
    rows = Message.objects.filter(outgoing=False, removed_at=None)
    return access.visible(actor, Permission.MESSAGE_LIST, rows)


def _wanted(rows: QuerySet[Message], actor: Actor, wanted: Wanted) -> QuerySet[Message]:
    if wanted.state in set(MessageState.values):
        rows = rows.filter(state=wanted.state)
    elif wanted.state != "all":
        rows = rows.filter(state__in=TO_DO)
    if wanted.urgency:
        rows = rows.filter(urgency__gte=wanted.urgency)
    if wanted.category:
        # Codes of a closed set in a list: `"medical"` is in its JSON text, quotes included.
        rows = rows.filter(categories__icontains=f'"{wanted.category}"')
    if wanted.language:
        rows = rows.filter(language=wanted.language)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.mine:
        rows = rows.filter(handed_to=actor.user_id)
    return rows
