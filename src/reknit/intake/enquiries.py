"""Enquiries come in: from a seeker, a desk, or a list of people sought.

Rules: an enquiry is accepted in one transaction, with its audit entry, before anything is matched;
the seeker gets a receipt code, of which only a keyed digest is kept; what is matched happens later,
in the background, so that accepting takes as long for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from reknit.guard import access, audit, commits, searching, vault
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import receipts
from reknit.queue.jobs import Wanted, enqueue, enqueue_all
from reknit.records import accounts, sources
from reknit.records.models import (
    Account,
    AccountKind,
    Batch,
    Enquiry,
    EnquiryStatus,
    Office,
    Outcome,
)
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.sealing.errors import ErasedError
from reknit.sealing.store import keys_ahead
from reknit.vocabulary import Actor, LegalBasis, Purpose


@dataclass(frozen=True, slots=True)
class Accepted:
    """The enquiry, and the code by which its seeker comes back (20 bits a group, said once)."""

    enquiry: Enquiry
    receipt_code: str


def accept(
    actor: Actor,
    office: Office,
    sought: Mapping[str, str],
    seeker: Mapping[str, str],
    contact: Mapping[str, str],
    *,
    draft: bool = False,
    code: str | None = None,
) -> Accepted:
    """Take one enquiry; as a draft, for which nobody searches until it is opened.

    sought: a people table's columns about the person sought. seeker: `seeker_name`,
    `relationship`, `relationship_words`. contact: `phones`, `email`, `how_to_reach`.
    code: the receipt code, a new one unless it is given.
    Raises NotPermittedError, LockedError, AuditUnavailableError; then nothing was stored.
    """
    access.require(actor, Permission.ENQUIRY_ADD, purpose=Purpose.FAMILY_TRACING)
    code = code or receipts.new()
    receipt = receipts.digest(code)

    def take() -> Enquiry:
        source = sources.find_or_add(
            f"Enquiries of {office.name}", office, legal_basis=LegalBasis.CONSENT
        )
        (account,) = accounts.add(
            [dict(sought)], kind=AccountKind.SOUGHT, source=source, office=office, at=timezone.now()
        )
        status = EnquiryStatus.DRAFT if draft else EnquiryStatus.OPEN
        enquiry = Enquiry(office=office, sought=account, receipt_digest=receipt, status=status)
        sealing.seal([enquiry], [dict(seeker)])
        insert([enquiry])
        vault.put_seeker_contact(enquiry.id, contact)
        audit.record(
            actor,
            Permission.ENQUIRY_ADD.action,
            Resource.of(enquiry),
            Purpose.FAMILY_TRACING,
            subject=account.id,
        )
        of = str(enquiry.id)
        jobs = ("need", "candidates")
        enqueue_all([Wanted(f"{job} of enquiry", of, f"{job} {of}") for job in jobs])
        transaction.on_commit(searching.changed)
        return enquiry

    with keys_ahead(3):  # of the account, the enquiry and how the seeker is reached
        return Accepted(commits.commit(take), code)


def correct(actor: Actor, enquiry_id: UUID, changes: Mapping[str, str]) -> None:
    """What the seeker says anew of the person sought, as a new version of the account.

    changes: columns of a people table. Where the account was taken out or erased nothing is
    changed, and the seeker is told the same: they learn nothing of it (trust: I3). Raises
    NotPermittedError, LockedError.
    """

    def work() -> None:
        enquiry = access.load(
            actor, Permission.ENQUIRY_CORRECT, Enquiry, enquiry_id,
            purpose=Purpose.FAMILY_TRACING, lock=True,
        )  # fmt: skip
        audit.record(
            actor, Permission.ENQUIRY_CORRECT.action, Resource.of(enquiry), Purpose.FAMILY_TRACING,
            columns=sorted(changes),
        )  # fmt: skip
        old = enquiry.sought
        try:
            (content,) = sealing.unseal([old])
        except ErasedError:
            return
        if not old.is_current:
            return
        new = accounts.revise(old, {**content, **changes}, timezone.now())
        enquiry.change(sought=new)
        look_again(enquiry.id)
        transaction.on_commit(searching.changed)

    commits.commit(work)


def look_again(enquiry_id: UUID) -> None:
    """Look soon for who is sought: to be called in the transaction that changes what is asked."""
    enqueue("candidates of enquiry", str(enquiry_id), key=f"candidates {enquiry_id}")


def is_withdrawn(holder: Actor) -> bool:
    """Whether the seeker who holds the code took the enquiry back: of all that is known of a case
    besides guard's answer, the one thing that they did themselves."""
    rows = Enquiry.objects.filter(id=holder.holds or UUID(int=0))
    return bool(rows.filter(outcome=Outcome.WITHDRAWN).exists())


def open_for(batch: Batch, shown: Sequence[Account]) -> int:
    """One enquiry for each new person on a list of people sought; a new version of somebody who is
    sought already goes to the enquiry that there is. How many were opened.

    To be called in the transaction that shows the list."""
    for account in shown:
        if account.follows_id is not None:
            Enquiry.objects.filter(sought=account.follows_id).update(
                sought=account, version=F("version") + 1
            )
    fresh = [account for account in shown if account.follows_id is None]
    made = [
        Enquiry(office=batch.office, sought=account, status=EnquiryStatus.SEARCHING)
        for account in fresh
    ]
    sealing.seal(made, [{"listed": True}] * len(made))
    insert(made)
    return len(made)


def take_back(batch: Batch) -> None:
    """Undo `open_for`: enquiries of people on the list go; the others follow the version before."""
    now = timezone.now()
    opened = Enquiry.objects.filter(sought__batch=batch, removed_at=None)
    for enquiry in opened.exclude(sought__follows=None).select_related("sought"):
        Enquiry.objects.filter(id=enquiry.id).update(sought=enquiry.sought.follows)
    opened.filter(sought__follows=None).update(removed_at=now)
