"""Transfers of cases between offices, with acceptance.

Rules: an office asks, the other accepts or declines, each with words that are sealed; until it is
accepted nothing of the case is the other's: it sees that a case is offered, its number, its band
and why, and opens nobody. Accepting moves the case and the account of the person sought; nobody
works on it then, until the new office says who. The found stay with the office that met them: their
consent speaks of recipients, and a transfer adds none. All of it is audited; an acceptance can be
undone while the case is where it went, and then the one who had it has it again.

    asked = ask(supervisor, enquiry.id, sud, "the family moved there")
    accept(their_supervisor, asked.id)           # or: decline(their_supervisor, asked.id, "…")
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Transfer, TransferState
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Enquiry, Office
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING


def ask(actor: Actor, enquiry_id: UUID, to: Office, reason: str) -> Transfer:
    """Offer a case to another office.

    Raises NotPermittedError, CaseworkError without a reason, to the same office, or where it is
    offered already.
    """
    if not reason.strip():
        raise CaseworkError(_("transfer: say why; the other office decides by it."))

    def offer() -> Transfer:
        enquiry = access.load(
            actor, Permission.TRANSFER_ASK, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True
        )
        if to.pk == enquiry.office_id:
            raise CaseworkError(_("transfer: the case is that office's already; choose another."))
        if enquiry.closed_at is not None:
            raise CaseworkError(_("transfer: the case is closed; reopen it first."))
        if Transfer.objects.filter(enquiry=enquiry, state=TransferState.WAITING).exists():
            raise CaseworkError(_("transfer: the case is offered already; withdraw that first."))
        row = Transfer(
            enquiry=enquiry, from_office_id=enquiry.office_id, to_office=to,
            asked_by_id=access.staff_id(actor), asked_at=timezone.now(),
        )  # fmt: skip
        sealing.seal([row], [{"reason": reason.strip(), "answer": ""}])
        row.save(force_insert=True)
        _audit(actor, "ask", row, to=to.pk)
        return row

    return commits.commit(offer)


def accept(actor: Actor, transfer_id: UUID) -> Transfer:
    """Take the case over. Raises NotPermittedError for whoever is not of the receiving office,
    CaseworkError where it waits no more or the case has moved."""

    def take() -> Transfer:
        row = _answerable(actor, transfer_id)
        enquiry = Enquiry.objects.select_for_update().get(pk=row.enquiry_id)
        if enquiry.office_id != row.from_office_id or enquiry.closed_at is not None:
            raise CaseworkError(_("transfer: the case was closed or moved since; decline it."))
        row.had_id = enquiry.assigned_to_id
        _move(enquiry, row.to_office_id, None)
        return _answered(actor, row, TransferState.ACCEPTED, "accept")

    return commits.commit(take)


def decline(actor: Actor, transfer_id: UUID, answer: str) -> Transfer:
    """Leave the case where it is. Raises NotPermittedError, CaseworkError without words or where it
    waits no more."""
    if not answer.strip():
        raise CaseworkError(_("transfer: say why not; the other office will read it."))

    def leave() -> Transfer:
        row = _answerable(actor, transfer_id)
        (content,) = sealing.unseal([row])
        sealing.reseal([row], [{**content, "answer": answer.strip()}])
        return _answered(actor, row, TransferState.DECLINED, "decline")

    return commits.commit(leave)


def withdraw(actor: Actor, transfer_id: UUID) -> Transfer:
    """Take the offer back. Raises NotPermittedError for whoever is not of the offering office."""

    def back() -> Transfer:
        row = _of_office(actor, Permission.TRANSFER_ASK, transfer_id, "from_office")
        _must_wait(row)
        return _answered(actor, row, TransferState.WITHDRAWN, "withdraw")

    return commits.commit(back)


def undo(actor: Actor, transfer_id: UUID) -> Transfer:
    """Give an accepted case back as it was. Raises NotPermittedError for whoever is not of the
    receiving office, CaseworkError where it was not accepted or somebody works on it."""

    def give_back() -> Transfer:
        row = _of_office(actor, Permission.TRANSFER_ANSWER, transfer_id, "to_office")
        enquiry = Enquiry.objects.select_for_update().get(pk=row.enquiry_id)
        if row.state != TransferState.ACCEPTED or enquiry.office_id != row.to_office_id:
            raise CaseworkError(_("transfer: it was not accepted, or the case has gone on since."))
        if enquiry.assigned_to_id is not None:
            raise CaseworkError(
                _("transfer: somebody works on it; offer it to the office instead.")
            )
        _move(enquiry, row.from_office_id, row.had_id)
        row.state = TransferState.UNDONE
        row.undone_by_id, row.undone_at = access.staff_id(actor), timezone.now()
        row.save(update_fields=["state", "undone_by", "undone_at"])
        _audit(actor, "undo", row)
        return row

    return commits.commit(give_back)


def visible(actor: Actor) -> QuerySet[Transfer]:
    """Those that the actor's office offers or is offered, the latest first."""
    rows = Transfer.objects.select_related(
        "enquiry", "from_office", "to_office", "asked_by", "answered_by"
    )
    return access.visible(actor, Permission.TRANSFER_READ, rows).order_by("-asked_at")


def _move(enquiry: Enquiry, office_id: int, assigned_to_id: int | None) -> None:
    enquiry.change(office_id=office_id, assigned_to_id=assigned_to_id)
    Account.objects.filter(pk=enquiry.sought_id).update(office_id=office_id)


def _answerable(actor: Actor, transfer_id: UUID) -> Transfer:
    row = _of_office(actor, Permission.TRANSFER_ANSWER, transfer_id, "to_office")
    _must_wait(row)
    return row


def _of_office(actor: Actor, permission: Permission, transfer_id: UUID, side: str) -> Transfer:
    """Both offices may see a transfer; one of them may do this with it."""
    rows = Transfer.objects.filter(**{side: actor.office_id})
    return access.load(actor, permission, rows, transfer_id, purpose=_PURPOSE, lock=True)


def _must_wait(row: Transfer) -> None:
    if row.state != TransferState.WAITING:
        raise CaseworkError(_("transfer: it was answered or withdrawn already; reload the page."))


def _answered(actor: Actor, row: Transfer, state: TransferState, action: str) -> Transfer:
    row.state = state
    row.answered_by_id, row.answered_at = access.staff_id(actor), timezone.now()
    row.save(update_fields=["state", "answered_by", "answered_at", "had", "sealed"])
    _audit(actor, action, row)
    return row


def _audit(actor: Actor, action: str, row: Transfer, **detail: int) -> None:
    audit.record(
        actor, f"transfer:{action}", Resource("enquiry", str(row.enquiry_id)), _PURPOSE,
        transfer=str(row.pk), **detail,
    )  # fmt: skip
