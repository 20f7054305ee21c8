"""What people do with messages: confirm or correct the reading, link, answer, hand over, close.

Rules: each act is one row, audited in its transaction, and can be undone, the latest first: the
message's columns are put back and what the act made is taken out again (I8); nobody but a person
acts (I10); a reply is kept as outgoing, to be sent by hand.

    act = correct(noor, message.id, ["medical"], 5, "ar")
    undo(noor, act.id)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, audit, commits, searching, vault
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import enquiries
from reknit.intake.errors import DeskError
from reknit.intake.models import Act, ActKind, Attachment, Message, MessageState
from reknit.intake.uploads import place_of
from reknit.language import Category
from reknit.records import accounts
from reknit.records.models import Account, Enquiry, Office, User
from reknit.sealing import files
from reknit.vocabulary import Actor, Purpose

PURPOSE = Purpose.FAMILY_TRACING
LOOKED = (MessageState.WAITING, MessageState.OPEN)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message in hand, with all that was said and read in it."""

    message: Message
    content: Mapping[str, Any] = field(repr=False)

    @property
    def text(self) -> str:
        """The message as it came."""
        return str(self.content["text"])


@dataclass(frozen=True, slots=True)
class File:
    """An attachment's bytes."""

    media_type: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Change:
    """What an act does: the columns it sets, where it points, what it made."""

    columns: dict[str, Any] = field(default_factory=dict)
    enquiry: Enquiry | None = None
    account: Account | None = None
    made: dict[str, Any] = field(default_factory=dict)


def open(actor: Actor, message_id: UUID) -> Opened:
    """A message with its content. Raises NotPermittedError, QuotaExceededError, ErasedError,
    AuditUnavailableError, LockedError."""
    rows = Message.objects.filter(removed_at=None).select_related("office", "handed_to")
    message = access.load(actor, Permission.MESSAGE_READ, rows, message_id, purpose=PURPOSE)
    (content,) = access.read(actor, Permission.MESSAGE_READ, [message], purpose=PURPOSE)
    return Opened(message, content)


def open_all(actor: Actor, rows: Sequence[Message]) -> list[Opened]:
    """Several messages that the actor may list, with their content. Raises as `open`."""
    contents = access.read(actor, Permission.MESSAGE_READ, rows, purpose=PURPOSE)
    return [Opened(row, content) for row, content in zip(rows, contents, strict=True)]


def open_attachment(actor: Actor, attachment_id: UUID) -> File:
    """What came with a message. Raises as `open`."""
    row = access.load(actor, Permission.MESSAGE_READ, Attachment, attachment_id, purpose=PURPOSE)
    access.read(actor, Permission.MESSAGE_READ, [row], purpose=PURPOSE)
    return File(row.media_type, files.unseal(row, place_of(row)))


def confirm(actor: Actor, message_id: UUID) -> Act:
    """What the rules read is right. Raises NotPermittedError, DeskError."""

    def change(message: Message) -> Change:
        if message.state == MessageState.WAITING:
            raise DeskError(
                _("this message is not read yet; confirm it in a moment, or correct it.")
            )
        return Change(_sorted(message))

    return act(actor, message_id, ActKind.CONFIRM, change)


def correct(
    actor: Actor, message_id: UUID, categories: Sequence[str], urgency: int, language: str
) -> Act:
    """What the message is about, how urgent and in which language, by a person's judgement.

    Raises NotPermittedError, DeskError for what is no category or urgency.
    """
    known = {str(one) for one in Category}

    def change(message: Message) -> Change:
        if not categories or not set(categories) <= known:
            raise DeskError(_("choose at least one category of the list."))
        if not 1 <= urgency <= 5:
            raise DeskError(_("choose an urgency from 1 (no hurry) to 5 (now)."))
        said = {"categories": list(categories), "urgency": urgency, "language": language[:8]}
        return Change({**_sorted(message), **said})

    return act(actor, message_id, ActKind.CORRECT, change)


def link(
    actor: Actor,
    message_id: UUID,
    *,
    enquiry_id: UUID | None = None,
    account_id: UUID | None = None,
    from_seeker: bool = False,
) -> Act:
    """Say which case or person a message is about; neither takes the link away.

    from_seeker: the sender is who made that enquiry. Raises NotPermittedError.
    """

    def change(message: Message) -> Change:
        enquiry = account = None
        if enquiry_id is not None:
            enquiry = access.load(
                actor, Permission.ENQUIRY_READ, Enquiry, enquiry_id, purpose=PURPOSE
            )
        if account_id is not None:
            account = access.load(
                actor, Permission.ACCOUNT_SEARCH, Account, account_id, purpose=PURPOSE
            )
        columns = {
            "enquiry_id": None if enquiry is None else enquiry.id,
            "account_id": None if account is None else account.id,
            "from_seeker": from_seeker and enquiry is not None,
        }
        return Change({**_sorted(message), **columns}, enquiry, account)

    return act(actor, message_id, ActKind.LINK, change)


def hand_over(
    actor: Actor, message_id: UUID, *, to: User | None = None, office: Office | None = None
) -> Act:
    """Give a message to a colleague of its office, or to another office.

    Raises NotPermittedError, DeskError.
    """

    def change(message: Message) -> Change:
        if to is not None:
            if to.office_id != message.office_id or not to.is_active:
                raise DeskError(
                    _("this colleague works in another office; hand the message to that office.")
                )
            return Change({"handed_to_id": to.pk})
        if office is None or office.pk == message.office_id:
            raise DeskError(_("choose a colleague, or another office."))
        # A case of this office stays here: its link does not go along.
        return Change(
            {"office_id": office.pk, "handed_to_id": None, "enquiry_id": None, "account_id": None,
             "from_seeker": False}
        )  # fmt: skip

    return act(actor, message_id, ActKind.HAND_OVER, change)


def close(actor: Actor, message_id: UUID) -> Act:
    """Nothing is left to do. Raises NotPermittedError."""

    def change(message: Message) -> Change:
        return Change({**_sorted(message), "state": MessageState.DONE})

    return act(actor, message_id, ActKind.CLOSE, change)


def close_alike(actor: Actor, message_id: UUID) -> list[Act]:
    """Close a message and those of its office that are nearly the same and not done; all or none,
    each an act of its own. Raises NotPermittedError."""

    def work() -> list[Act]:
        first = close(actor, message_id)
        others = Message.objects.filter(
            group=first.message.group, office=first.message.office_id, outgoing=False,
            removed_at=None,
        ).exclude(id=message_id)  # fmt: skip
        open_ones = access.visible(actor, Permission.MESSAGE_SORT, others)
        ids = open_ones.exclude(state=MessageState.DONE).values_list("id", flat=True)
        return [first, *(close(actor, other) for other in list(ids))]

    return commits.commit(work)


def act(
    actor: Actor,
    message_id: UUID,
    kind: ActKind,
    change: Callable[[Message], Change],
    permission: Permission = Permission.MESSAGE_SORT,
) -> Act:
    """One act: load, change, record, in one transaction. Raises what `change` raises."""

    def work() -> Act:
        rows = Message.objects.filter(removed_at=None, outgoing=False)
        message = access.load(actor, permission, rows, message_id, purpose=PURPOSE, lock=True)
        office_id = message.office_id
        done = change(message)
        before = {name: _plain(getattr(message, name)) for name in done.columns}
        _set(message, done.columns)
        row = Act.objects.create(
            message=message, number=_next_number(message), kind=kind, office_id=office_id,
            enquiry=done.enquiry, account=done.account, before=before, made=done.made,
            by_id=access.staff_id(actor),
        )  # fmt: skip
        audit.record(
            actor, permission.action, Resource.of(message), PURPOSE,
            subject=None if done.account is None else done.account.id, act=str(kind),
        )  # fmt: skip
        return row

    return commits.commit(work)


def undo(actor: Actor, act_id: UUID) -> Act:
    """Take an act back, the latest of its message. Raises NotPermittedError, DeskError."""

    def take_back() -> Act:
        row = access.load(actor, Permission.MESSAGE_SORT, Act, act_id, purpose=PURPOSE, lock=True)
        if row.undone_at is not None:
            raise DeskError(_("this was taken back already."))
        later = Act.objects.filter(message=row.message_id, undone_at=None, number__gt=row.number)
        if later.exists():
            raise DeskError(_("something was done after it; take that back first."))
        message = Message.objects.select_for_update().get(id=row.message_id)
        _take_out(row)
        _set(message, row.before)
        row.undone_at, row.undone_by_id = timezone.now(), access.staff_id(actor)
        row.save(update_fields=["undone_at", "undone_by"])
        audit.record(
            actor, "message:undo", Resource.of(message), PURPOSE, act=row.kind, of=str(row.id)
        )
        return row

    return commits.commit(take_back)


def history(actor: Actor, message: Message) -> list[Act]:
    """What was done with a message, the latest first."""
    rows = Act.objects.filter(message=message).select_related("by", "undone_by", "enquiry")
    return list(access.visible(actor, Permission.MESSAGE_READ, rows).order_by("-number"))


def may_be_undone(acts: Iterable[Act]) -> Act | None:
    """The act that can be taken back next; None where none can."""
    return next((one for one in acts if one.undone_at is None), None)


def _sorted(message: Message) -> dict[str, Any]:
    """The columns of a message that somebody has looked at."""
    columns: dict[str, Any] = {}
    if message.state in LOOKED:
        columns["state"] = MessageState.SORTED
    if message.looked_at is None:
        columns["looked_at"] = timezone.now()
    return columns


def _set(message: Message, columns: Mapping[str, Any]) -> None:
    if not columns:
        return
    for name, value in columns.items():
        setattr(message, name, value)
    message.save(update_fields=[name.removesuffix("_id") for name in columns])
    if {"enquiry_id", "account_id"} & set(columns):
        Attachment.objects.filter(message=message).update(
            enquiry_id=message.enquiry_id, account_id=message.account_id
        )


def _take_out(row: Act) -> None:
    """What an act made goes again."""
    made = row.made
    if "account" in made:
        accounts.remove(Account.objects.filter(id=made["account"]), timezone.now())
        if row.enquiry_id is not None:
            enquiries.look_again(row.enquiry_id)
        transaction.on_commit(searching.changed)
    if "sighting" in made:
        vault.take_sighting_back(UUID(made["sighting"]))
    if "reply" in made:
        reply = Message.objects.select_for_update().get(id=made["reply"])
        if reply.state in (MessageState.SENDING, MessageState.SENT):
            raise DeskError(_("the answer was sent; it cannot be taken back. Write another."))
        Message.objects.filter(id=reply.id).update(removed_at=timezone.now())


def _next_number(message: Message) -> int:
    latest = Act.objects.filter(message=message).aggregate(latest=Max("number"))["latest"]
    return (latest or 0) + 1


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


__all__ = [
    "Change", "Opened", "act", "close", "close_alike", "confirm", "correct", "hand_over", "history",
    "link", "may_be_undone", "open", "open_all", "undo",
]  # fmt: skip
