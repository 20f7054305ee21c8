"""Who wrote a message: shown to whoever may answer it, when they ask, and audited.

Rules: a sender's address is a contact (I1): it is in the vault, is shown one at a time, and stands
on no list and no page that was not asked for it. The job that sends an answer gets it unseen.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model

from reknit.guard import access, log, vault
from reknit.guard.commits import commit
from reknit.guard.log import Resource
from reknit.guard.permissions import Permission
from reknit.sealing.asking import asking_as
from reknit.vocabulary import SYSTEM, Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING


def sender_of(actor: Actor, model: type[Model], message_id: UUID) -> dict[str, Any]:
    """{channel, address, name} of who wrote a message; empty where nobody said.

    model: of messages, with a `sender`, who counts as a person shown. Raises NotPermittedError,
    QuotaExceededError, AuditUnavailableError, LockedError.
    """

    def work() -> dict[str, Any]:
        row: Any = access.load(actor, Permission.MESSAGE_REPLY, model, message_id, purpose=_PURPOSE)
        access.count(actor, Permission.MESSAGE_REPLY, row, "contact:read", purpose=_PURPOSE)
        opened = vault.Opened([], []) if row.sender is None else vault._open_sender(row.sender)
        log.record(actor, "contact:read", Resource.of(row), _PURPOSE, rows=opened.rows)
        return opened.values[0] if opened.values else {}

    with asking_as(actor.user_id):
        return commit(work)


def address_for(answer: Model) -> str:
    """Where an answer goes to: for the job that sends it, since a person asked it to; audited. ""
    where nobody said who wrote. Raises AuditUnavailableError, LockedError."""

    def work() -> str:
        row: Any = answer
        opened = vault.Opened([], []) if row.sender is None else vault._open_sender(row.sender)
        log.record(SYSTEM, "contact:read", Resource.of(row), _PURPOSE, rows=opened.rows)
        return str(opened.values[0]["address"]) if opened.values else ""

    return commit(work)
