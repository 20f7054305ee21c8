"""Answers leave, one by one, when a person says so and the settings name a way.

Rules: where none is named nothing leaves (I12), and answers are sent by hand; an answer goes to
whoever wrote the message that it answers, by the channel that it came by; whether it may say what
it says is decided anew at that moment, so that a consent that was withdrawn stops it (I2); the
address goes from the vault onto the wire, audited, and is shown to nobody; nothing is sent twice:
what was refused or interrupted goes back to the person, with the reason.

    send(noor, answer.id)
"""

from __future__ import annotations

import os
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reknit.guard import access, audit, commits, senders
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import desk, replies
from reknit.intake.errors import DeskError, UnsentError
from reknit.intake.models import Channel, Message, MessageState
from reknit.intake.outgoing import Ways
from reknit.queue import enqueue
from reknit.queue.worker import Run
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import SYSTEM, Actor, Purpose

JOB = "send answer"
PURPOSE = Purpose.FAMILY_TRACING
WAITS = (MessageState.TO_SEND, MessageState.SENDING)
_SOON = 2


def waiting(actor: Actor) -> QuerySet[Message]:
    """The answers that are not sent yet, the most urgent first."""
    rows = Message.objects.filter(outgoing=True, removed_at=None, state__in=WAITS)
    seen = access.visible(actor, Permission.MESSAGE_REPLY, rows)
    return seen.select_related("office", "enquiry").order_by("-urgency", "received_at", "id")


def ways() -> frozenset[Channel]:
    """The channels on which an answer may be sent from here; none unless the settings say so."""
    return Ways.read(os.environ).channels


def is_sendable(answer: Message, by: frozenset[Channel]) -> bool:
    """Whether an answer may be sent from here, by one of these channels."""
    return answer.sender is not None and answer.channel in by


def send(actor: Actor, reply_id: UUID) -> Message:
    """Have an answer sent. Raises NotPermittedError, DeskError."""

    def work() -> Message:
        row = replies.unsent(actor, reply_id)
        if not is_sendable(row, ways()):
            raise DeskError(_("nothing is sent from here by this channel; send it by hand."))
        row.state = MessageState.SENDING
        row.save(update_fields=["state"])
        enqueue(JOB, str(row.id), key=f"send {row.id}", priority=_SOON)
        audit.record(actor, "message:send", Resource.of(row), PURPOSE, channel=row.channel)
        return row

    return commits.commit(work)


def run(attempt: Run) -> None:
    """The job. A second attempt sends nothing: the first may have."""
    row = Message.objects.filter(id=attempt.subject_id, state=MessageState.SENDING).first()
    if row is None or row.removed_at is not None:
        return
    try:
        if attempt.attempt > 1:
            raise UnsentError(gettext_noop("the machine stopped while it was being sent"))
        _send(row)
    except (UnsentError, DeskError) as refused:
        _give_back(row, str(refused))
    else:
        _note_as_sent(row)


def why_unsent(answer: desk.Opened) -> str:
    """Why an answer came back unsent, in the reader's language where it is a known reason; ""
    where it did not."""
    why = str(answer.content.get("unsent", ""))
    return _(why) if why else ""


def _send(row: Message) -> None:
    answered = row.answers
    if answered is None or answered.removed_at is not None:
        raise UnsentError(gettext_noop("the message that it answers was erased"))
    try:
        content, said = sealing.unseal([answered, row])
    except ErasedError:
        raise UnsentError(gettext_noop("the message that it answers was erased")) from None
    replies.refuse_disclosures(desk.Opened(answered, content), said["text"])
    to = senders.address_for(row)
    if not to:
        raise UnsentError(gettext_noop("nobody said who wrote the message"))
    Ways.read(os.environ).send(str(row.id), Channel(row.channel), to, said["text"])


def _note_as_sent(row: Message) -> None:
    def work() -> None:
        Message.objects.filter(id=row.id).update(state=MessageState.SENT)
        audit.record(SYSTEM, "message:sent", Resource.of(row), PURPOSE, channel=row.channel)

    commits.commit(work)


def _give_back(row: Message, why: str) -> None:
    def work() -> None:
        now = Message.objects.select_for_update().get(id=row.id)
        try:
            (content,) = sealing.unseal([now])
        except ErasedError:
            return
        sealing.reseal([now], [content | {"unsent": why}])
        now.state = MessageState.TO_SEND
        now.save()
        audit.record(SYSTEM, "message:unsent", Resource.of(row), PURPOSE, channel=row.channel)

    commits.commit(work)
