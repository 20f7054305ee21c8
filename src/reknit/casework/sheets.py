"""A case on paper: what leaves the application when somebody prints it or saves it as a file.

Rules: making a sheet is an export, with a permission of its own, and an audit entry that says in
which form and on which legal basis; it says what the seeker said and where the case stands. Of
whoever was found it says only what they agreed to, never who or where they are; no whereabouts, no
contact, no number of theirs, and nothing that anybody wrote freely (notes, tasks, reasons,
descriptions) is on it, since a place may stand there.

    sheet = make(noor, enquiry.id, Form.PRINT)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from reknit.casework import timeline
from reknit.casework.timeline import Happening
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING
PRINTED = (
    "full_name", "given_name", "family_name", "alternate_names", "sex", "date_of_birth", "age",
    "relatives", "home_city", "home_country", "source_date",
)  # fmt: skip
"""The columns of the person sought that a sheet has."""


class Form(StrEnum):
    """In which form it leaves."""

    PRINT = "print"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the paper. sought: columns of PRINTED. happened: without anybody's words.
    legal_basis: on which the source of the enquiry rests."""

    enquiry: Enquiry
    sought: Mapping[str, Any]
    seeker_name: str
    relationship: str
    legal_basis: str
    happened: Sequence[Happening]
    made_at: dt.datetime


def make(actor: Actor, enquiry_id: UUID, form: Form) -> Sheet:
    """Export a case. Raises NotPermittedError, QuotaExceededError, AuditUnavailableError,
    LockedError: nothing leaves then."""
    rows = Enquiry.objects.filter(removed_at=None).select_related(
        "sought", "sought__source", "office", "assigned_to"
    )
    enquiry = access.load(actor, Permission.ENQUIRY_EXPORT, rows, enquiry_id, purpose=_PURPOSE)
    basis = enquiry.sought.source.legal_basis

    def keep() -> None:
        audit.record(
            actor, Permission.ENQUIRY_EXPORT.action, Resource.of(enquiry), _PURPOSE,
            subject=enquiry.sought_id, form=form.value, legal_basis=basis,
        )  # fmt: skip

    commits.commit(keep)
    (said,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=_PURPOSE)
    (sought,) = access.read(actor, Permission.ACCOUNT_READ, [enquiry.sought], purpose=_PURPOSE)
    return Sheet(
        enquiry,
        {column: sought[column] for column in PRINTED if sought.get(column)},
        str(said.get("seeker_name") or ""),
        str(said.get("relationship") or ""),
        basis,
        timeline.of(actor, enquiry),
        timezone.now(),
    )
