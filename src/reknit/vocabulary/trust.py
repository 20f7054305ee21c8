"""Who acts, in which role and for which purpose: the closed sets that trust rests on.

There is no purpose "enforcement", and no setting adds one (docs/trust/refusals.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """Why somebody looks at or changes a record."""

    FAMILY_TRACING = "family_tracing"
    REGISTRATION = "registration"
    ASK_THE_PERSON = "ask_the_person"
    VITAL_INTEREST = "vital_interest"
    SUBJECT_REQUEST = "subject_request"
    QUALITY = "quality"
    DATA_PROTECTION = "data_protection"
    OPERATIONS = "operations"


class LegalBasis(StrEnum):
    """On what law a source's or a purpose's processing rests."""

    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"
    PUBLIC_INTEREST = "public_interest"
    LEGITIMATE_INTEREST = "legitimate_interest"
    LEGAL_OBLIGATION = "legal_obligation"


class Role(StrEnum):
    """What a member of staff does. An administrator runs the installation and sees no person."""

    DESK = "desk"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """Staff, signed in or named by a command; the public; the installation's own jobs."""

    STAFF = "staff"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: staff with role and office, or the public, or a job of the system.

    user_id, office_id: None unless kind is STAFF. holds: of the public, the enquiry or registration
    whose receipt code they showed; that and what belongs to it is their own.
    """

    kind: ActorKind
    user_id: int | None = None
    role: Role | None = None
    office_id: int | None = None
    holds: UUID | None = None


PUBLIC = Actor(ActorKind.PUBLIC)
SYSTEM = Actor(ActorKind.SYSTEM)
