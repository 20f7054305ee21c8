"""Enquiries come in: from a seeker, a desk, or a list of people sought.

Rules: an enquiry is accepted in one transaction, with its audit entry, before anything is matched;
the seeker gets a receipt code, of which only a keyed digest is kept; what is matched happens later,
in the background, so that accepting takes as long for everybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from reknit.guard import access, audit, commits, searching, vault
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.queue import enqueue
from reknit.records import accounts, sources
from reknit.records.models import Account, AccountKind, Batch, Enquiry, EnquiryStatus, Office
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.sealing.holders import current_holder
from reknit.vocabulary import Actor, LegalBasis, Purpose

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to misread
_GROUPS, _GROUP = 4, 4


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
) -> Accepted:
    """Take one enquiry; as a draft, for which nobody searches until it is opened.

    sought: a people table's columns about the person sought. seeker: `seeker_name`,
    `relationship`, `relationship_words`. contact: `phones`, `email`, `how_to_reach`.
    Raises NotPermittedError, LockedError, AuditUnavailableError; then nothing was stored.
    """
    access.require(actor, Permission.ENQUIRY_ADD, purpose=Purpose.FAMILY_TRACING)
    code = receipt_code()
    (receipt,) = current_holder().digest("receipt", [code.replace("-", "").encode()])

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
        enquiry.save(force_insert=True)
        vault.put_seeker_contact(enquiry.id, contact)
        audit.record(
            actor,
            Permission.ENQUIRY_ADD.action,
            Resource.of(enquiry),
            Purpose.FAMILY_TRACING,
            subject=account.id,
        )
        enqueue("need of enquiry", str(enquiry.id), key=f"need {enquiry.id}")
        enqueue("candidates of enquiry", str(enquiry.id), key=f"candidates {enquiry.id}")
        transaction.on_commit(searching.changed)
        return enquiry

    return Accepted(commits.commit(take), code)


def by_receipt(code: str) -> Enquiry | None:
    """The enquiry that a receipt code belongs to, whatever its case, dashes and look-alikes."""
    plain = code.upper().translate(str.maketrans("OIL", "011"))
    plain = "".join(sign for sign in plain if sign in _ALPHABET)
    (receipt,) = current_holder().digest("receipt", [plain.encode()])
    return Enquiry.objects.filter(receipt_digest=receipt, removed_at=None).first()


def receipt_code() -> str:
    """Sixteen signs in four groups: 80 bits, nothing that can be guessed."""
    signs = [secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP)]
    return "-".join("".join(signs[at : at + _GROUP]) for at in range(0, len(signs), _GROUP))


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
