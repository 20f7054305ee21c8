"""People register themselves and their family: "we are safe".

Rules: a registration is accepted in one transaction with what was agreed to and who is blocked;
until staff verified who registered, its consents are unverified and release nothing (trust: I14):
an abuser may register as the person sought. A block protects at once. The adults of a family decide
for themselves: whoever registers them agrees to nothing in their name.

    taken = register(PUBLIC, office, [Person({"full_name": "…"}, {"phones": "…"})], agreed, blocked)
    verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from reknit.guard import access, audit, blocks, commits, consent, rights, searching, vault
from reknit.guard.audit import Resource
from reknit.guard.models import Consent, RequestKind, SubjectRequest
from reknit.guard.permissions import Permission
from reknit.intake import receipts
from reknit.intake.models import Registered, Registration
from reknit.queue import enqueue
from reknit.records import accounts, sources
from reknit.records.models import Account, AccountKind, Office
from reknit.vocabulary import (
    Actor,
    Assurance,
    GivenBy,
    How,
    LegalBasis,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)

PURPOSE = Purpose.REGISTRATION
_FAMILY = Recipient(RecipientKind.FAMILY)


@dataclass(frozen=True, slots=True)
class Person:
    """One person who is registered: a people table's columns, and what goes into the vault
    (`last_known_location`, `phones`, `how_to_reach`)."""

    content: Mapping[str, str]
    reached: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the family may know, each scope by itself, and until when. message: with the scope
    "message". given_by, representative, child_view: who says so, for a minor."""

    scopes: tuple[Scope, ...] = ()
    until: dt.datetime | None = None
    message: str = ""
    given_by: GivenBy = GivenBy.SELF
    representative: str = ""
    child_view: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Somebody who is told nothing, whoever they say they are."""

    name: str
    phones: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The registration, and the code by which the person comes back, said once."""

    registration: Registration
    receipt_code: str


def register(
    actor: Actor,
    office: Office,
    people: Sequence[Person],
    agreed: Agreed,
    blocked: Sequence[Blocked] = (),
    *,
    code: str | None = None,
) -> Taken:
    """Take one registration; the first of the people is who registers, and decides for themselves.
    code: the receipt code, a new one unless it is given.

    Raises NotPermittedError, UnusableConsentError, LockedError, AuditUnavailableError; then nothing
    was stored.
    """
    access.require(actor, Permission.REGISTRATION_ADD, purpose=PURPOSE)
    code = code or receipts.new()

    def take() -> Registration:
        row = Registration.objects.create(office=office, receipt_digest=receipts.digest(code))
        source = sources.find_or_add(
            f"Registered themselves at {office.name}", office, legal_basis=LegalBasis.CONSENT
        )
        now = timezone.now()
        together = {"group_id": str(row.id)} if len(people) > 1 else {}
        made = accounts.add(
            [{**person.content, **together, "source_date": f"{now:%Y-%m-%d}"} for person in people],
            kind=AccountKind.FOUND, source=source, office=office, at=now,
        )  # fmt: skip
        vault.put([one.id for one in made], [{**p.reached, "at": now} for p in people])
        Registered.objects.bulk_create(
            Registered(registration=row, account=one, is_self=number == 0)
            for number, one in enumerate(made)
        )
        for one in made:
            audit.record(
                actor, Permission.REGISTRATION_ADD.action, Resource.of(row), PURPOSE,
                subject=one.id,
            )  # fmt: skip
        holder = replace(actor, holds=row.id)
        agree(holder, made[0].id, agreed, Assurance.UNVERIFIED)
        for who in blocked:
            blocks.block(
                holder, made[0].id, assurance=Assurance.UNVERIFIED, name=who.name, phones=who.phones
            )
        enqueue("candidates of registration", str(row.id), key=f"registration {row.id}")
        transaction.on_commit(searching.changed)
        return row

    return Taken(commits.commit(take), code)


def agree(holder: Actor, account_id: UUID, agreed: Agreed, assurance: Assurance) -> None:
    """Record what the family may know. Raises as `guard.consent.give`."""
    for scope in agreed.scopes:
        consent.give(
            holder, account_id, purpose=Purpose.FAMILY_TRACING, recipient=_FAMILY, scope=scope,
            given_by=agreed.given_by, how=How.ONLINE, assurance=assurance, until=agreed.until,
            representative=agreed.representative, child_view=agreed.child_view,
            message=agreed.message if scope is Scope.MESSAGE else "",
        )  # fmt: skip


def held_by(holder: Actor) -> Registration:
    """The registration whose code somebody showed. Raises Registration.DoesNotExist."""
    return Registration.objects.get(id=holder.holds or UUID(int=0))


def agreements(holder: Actor) -> list[Consent]:
    """What stands of what the holder agreed to, about themselves."""
    return consent.standing(holder, self_of(held_by(holder).id))


def self_of(registration_id: UUID) -> UUID:
    """The account of whoever registered."""
    rows = Registered.objects.filter(registration_id=registration_id, is_self=True)
    return rows.values_list("account_id", flat=True).get()


def of_account(account_ids: Sequence[UUID]) -> Registered | None:
    """The registration that brought one of these accounts, if one did."""
    rows = Registered.objects.filter(account_id__in=account_ids).select_related("registration")
    return rows.order_by("id").first()


def people_of(rows: Sequence[Registration]) -> dict[UUID, list[Registered]]:
    """Whom each of these registrations brought, who registered first."""
    found: dict[UUID, list[Registered]] = {row.id: [] for row in rows}
    for one in Registered.objects.filter(registration__in=rows).order_by("-is_self", "id"):
        found[one.registration_id].append(one)
    return found


def brought(accounts: Sequence[Account]) -> set[UUID]:
    """Which of these accounts a registration brought."""
    rows = Registered.objects.filter(account__in=accounts)
    return set(rows.values_list("account_id", flat=True))


def assurance_of(registration: Registration) -> Assurance:
    """How sure it is that what comes with the code comes from the person: as staff verified, but
    nobody saw them press the button."""
    return min(Assurance(registration.assurance), Assurance.CONTACT_VERIFIED)


def verify(actor: Actor, registration_id: UUID, assurance: Assurance, how: How) -> None:
    """Staff reached the person, and they are who registered: what they agreed to counts from now
    on. Raises NotPermittedError, LockedError."""

    def work() -> None:
        row = access.load(
            actor, Permission.REGISTRATION_VERIFY, Registration, registration_id,
            purpose=PURPOSE, lock=True,
        )  # fmt: skip
        row.assurance, row.verified_by_id = assurance, actor.user_id
        row.verified_at = timezone.now()
        row.save(update_fields=["assurance", "verified_by", "verified_at"])
        held = Registered.objects.filter(registration=row).values_list("account_id", flat=True)
        confirmed = sum(consent.confirm(actor, one, assurance, how) for one in held)
        audit.record(
            actor, Permission.REGISTRATION_VERIFY.action, Resource.of(row), PURPOSE,
            assurance=assurance.name.lower(), consents=confirmed,
        )  # fmt: skip

    commits.commit(work)


def ask(
    holder: Actor, registration: Registration, kind: RequestKind, words: str, contact: str
) -> SubjectRequest:
    """What the person asks about their own data; the officer verifies and answers in time."""

    def work() -> SubjectRequest:
        about = f"{words}\n\n(the account of who registered: {self_of(registration.id)})"
        asked = rights.open_request(
            holder, kind, assurance=assurance_of(registration), words=about, contact=contact,
            office_id=registration.office_id,
        )  # fmt: skip
        registration.requests.add(asked)
        return asked

    return commits.commit(work)
