"""Disclosure: the only way in which whereabouts, contacts and anything else about a person leave.

Rules: what is told is decided anew each time (`reknit.guard.releasing`), under the lock that
consents and withdrawals take; the Disclosure and the audit entry commit with it, and nothing is
told before they are; a refusal is audited too. What is withheld has a reason for staff, which no
seeker ever sees. A page shows a seeker news from the next fixed hour on, not before.

    match disclose(noor, account, Purpose.FAMILY_TRACING, Recipient.read(f"seeker:{enquiry.id}"),
                   scope=Scope.WHEREABOUTS):
        case Disclosed(values=places): …
        case Withheld(reason=reason): …
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from reknit.guard import (
    access,
    approvals,
    assessments,
    blocks,
    consent,
    log,
    quota,
    subjects,
    vault,
    vital,
    watch,
)
from reknit.guard.commits import commit
from reknit.guard.errors import NotPermittedError, QuotaExceededError
from reknit.guard.log import Resource
from reknit.guard.models.approvals import Matter
from reknit.guard.models.consents import Consent
from reknit.guard.models.disclosures import Disclosure
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure, Reason
from reknit.guard.releasing import ByDecision, Facts, Link, may_be_told
from reknit.guard.weighing import Granted
from reknit.records import identities
from reknit.records.models import Account, Document, Enquiry, Risk, Verdict
from reknit.sealing import records
from reknit.sealing.asking import asking_as
from reknit.vocabulary import (
    PUBLIC,
    Actor,
    ActorKind,
    LegalBasis,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)

PUBLIC_HOURS = (0, 6, 12, 18)
"""The hours of the day (UTC) at which what seekers see may change, and at no other time."""

CARRIES_LETTERS = (Scope.MESSAGE, Scope.CONTACT)
"""A consent to either lets staff pass letters on between the two."""

_MAKE = Permission.DISCLOSURE_MAKE.action
_OF_ENQUIRIES = {RecipientKind.SEEKER, RecipientKind.ASSIGNED_STAFF}


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be told, and on what ground.

    values: by scope: places (place, at), latest first; one contact (phones, email, how_to_reach);
    {alive, contact_wished}; {message}; {document}; the record's columns; {deceased}.
    """

    scope: Scope
    values: tuple[Mapping[str, Any], ...]
    disclosure_id: UUID
    legal_basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing may be told. The reason is for staff only."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Preview:
    """What `disclose` would answer now. reason: why not, None where it may be told; consent: the
    one it would rest on, None where it rests on something else."""

    reason: Reason | None
    legal_basis: LegalBasis
    consent: Consent | None

    @property
    def is_allowed(self) -> bool:
        """True when it may be told now."""
        return self.reason is None


def preview(
    actor: Actor,
    record: Account,
    purpose: Purpose,
    recipient: Recipient,
    *,
    scope: Scope = Scope.WHEREABOUTS,
) -> Preview:
    """Whether something may be told, before anything is: opens nothing, tells nothing. Audited,
    since the answer says what the person agreed to. Raises what `disclose` raises."""

    def work() -> Preview:
        account = Account.objects.get(id=record.id)
        try:
            _authorise(actor, account, purpose, recipient)
        except NotPermittedError:
            return Preview(Reason.NOT_PERMITTED, consent.BASIS_OF[purpose], None)
        facts = facts_of(account, purpose, recipient, scope, timezone.now())
        verdict = may_be_told(facts)
        log.record(
            actor, "disclosure:preview", Resource("account", str(account.id)), purpose,
            recipient=str(recipient), scope=scope.value,
        )  # fmt: skip
        ground = facts.ground
        rests_on = (
            Consent.objects.get(id=ground.consent_id) if isinstance(ground, Granted) else None
        )
        basis = consent.BASIS_OF[purpose]
        if isinstance(ground, ByDecision):
            basis = LegalBasis.VITAL_INTEREST
        return Preview(verdict.reason if isinstance(verdict, Failure) else None, basis, rests_on)

    return commit(work)


def disclose(
    actor: Actor,
    record: Account,
    purpose: Purpose,
    recipient: Recipient,
    *,
    scope: Scope = Scope.WHEREABOUTS,
) -> Disclosed | Withheld:
    """Tell a recipient one thing about one person, if the rules allow it now.

    record: the account it is about; its versions count as one. Raises AuditUnavailableError,
    LockedError: nothing is told then.
    """
    try:
        with asking_as(actor.user_id):
            return commit(lambda: _disclose(actor, record, purpose, recipient, scope))
    except NotPermittedError:
        return Withheld(Reason.NOT_PERMITTED)
    except QuotaExceededError:
        return Withheld(Reason.QUOTA)


def pass_on(
    actor: Actor, record: Account, enquiry_id: UUID, letter_id: UUID
) -> Disclosed | Withheld:
    """Let one seeker read one letter of the person's, from the next fixed hour on, while a consent
    to messages or contact holds. Raises what `disclose` raises."""
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry_id))
    purpose = Purpose.FAMILY_TRACING

    def work() -> Disclosed | Withheld:
        subjects.lock_identity(record.id)
        account = Account.objects.get(id=record.id)
        _authorise(actor, account, purpose, seeker)
        at = timezone.now()
        facts = facts_of(account, purpose, seeker, Scope.LETTER, at)
        verdict = may_be_told(facts)
        if isinstance(verdict, Failure):
            return _withhold(actor, account, purpose, seeker, Scope.LETTER, verdict.reason)
        row = _keep(actor, account, facts, [str(letter_id)], at)
        log.record(
            actor, _MAKE, Resource("account", str(account.id)), purpose,
            recipient=str(seeker), scope=Scope.LETTER.value, disclosure=str(row.id),
        )  # fmt: skip
        return Disclosed(
            Scope.LETTER, ({"letter": str(letter_id)},), row.id, LegalBasis(row.legal_basis)
        )

    return commit(work)


def take_letter_back(actor: Actor, enquiry_id: UUID, letter_id: UUID) -> None:
    """Show a letter that was passed on no more. Raises NotPermittedError."""
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry_id))

    def work() -> None:
        _load_enquiry(actor, Permission.DISCLOSURE_MAKE, seeker, Purpose.FAMILY_TRACING)
        rows = Disclosure.objects.filter(recipient=str(seeker), scope=Scope.LETTER.value)
        for row in rows:
            if row.rows == [str(letter_id)] and row.published_at is not None:
                row.published_at = None
                row.save(update_fields=["published_at"])
                log.record(
                    actor, "disclosure:take_back", Resource("account", str(row.account_id)),
                    Purpose.FAMILY_TRACING, disclosure=str(row.id),
                )  # fmt: skip

    commit(work)


def seeker_contact(actor: Actor, enquiry_id: UUID, purpose: Purpose) -> dict[str, Any]:
    """How to reach who made an enquiry, for whoever may change the case: its caseworker, and the
    desk and supervisors of its office. Whom the case is about counts as shown. Empty: nobody said.

    Raises NotPermittedError, QuotaExceededError, AuditUnavailableError, LockedError.
    """

    def work() -> dict[str, Any]:
        enquiry = access.load(
            actor, Permission.ENQUIRY_CHANGE, Enquiry, enquiry_id, purpose=purpose
        )
        access.count(actor, Permission.ENQUIRY_CHANGE, enquiry, "contact:read", purpose=purpose)
        opened = vault._open_seeker_contact(enquiry.id)
        log.record(actor, "contact:read", Resource.of(enquiry), purpose, rows=opened.rows)
        return opened.values[0] if opened.values else {}

    with asking_as(actor.user_id):
        return commit(work)


def next_publication(at: dt.datetime) -> dt.datetime:
    """The first fixed hour after a time.

    >>> next_publication(dt.datetime(2026, 11, 26, 18, 0, tzinfo=dt.UTC)).isoformat()
    '2026-11-27T00:00:00+00:00'
    """
    day = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    hour = next((hour for hour in PUBLIC_HOURS if hour > day.hour), None)
    return day.replace(hour=0) + dt.timedelta(hours=24 if hour is None else hour)


def facts_of(
    account: Account, purpose: Purpose, recipient: Recipient, scope: Scope, at: dt.datetime
) -> Facts:
    """What the rules need to know, read in the caller's transaction."""
    identity = subjects.identity_of(account.id)
    versions = subjects.versions_of(account.id)
    enquiry = _enquiry(recipient)
    link = Link.NONE if enquiry is None else _link(enquiry.sought, account, versions)
    risk = Risk.NOT_ASSESSED if enquiry is None else Risk(enquiry.risk)
    return Facts(
        purpose=purpose,
        recipient=recipient,
        scope=scope,
        is_present=account.removed_at is None,
        is_open=enquiry is not None and enquiry.closed_at is None,
        link=link,
        why_two=approvals.needs_two(
            subjects.contents_of(identity), risk=risk, death=scope is Scope.DEATH, on=at.date()
        ),
        risk=risk,
        flag_released=enquiry is not None
        and assessments.agreed_since_flagged(enquiry, Matter.FLAGGED_CASE),
        death_agreed=any(
            approvals.approved(Matter.DEATH, Resource("account", str(version)))
            for version in versions
        ),
        is_blocked=enquiry is not None and blocks.is_blocked(identity, enquiry),
        ground=_ground(account, versions, identity, purpose, recipient, scope, at),
    )


def _disclose(
    actor: Actor, record: Account, purpose: Purpose, recipient: Recipient, scope: Scope
) -> Disclosed | Withheld:
    subjects.lock_identity(record.id)
    account = Account.objects.get(id=record.id)
    _authorise(actor, account, purpose, recipient)
    at = timezone.now()
    facts = facts_of(account, purpose, recipient, scope, at)
    # One letter is passed on at a time, by itself: `pass_on`.
    by_itself = scope is Scope.LETTER
    verdict = Failure(Reason.NOT_THE_SCOPE) if by_itself else may_be_told(facts)
    if isinstance(verdict, Failure):
        return _withhold(actor, account, purpose, recipient, scope, verdict.reason)
    opened = _open(account, subjects.versions_of(account.id), scope, facts.ground)
    if not opened.values:
        return _withhold(actor, account, purpose, recipient, scope, Reason.NOTHING_HELD)
    quota.reveal(actor, {account.identity_id: False}, _MAKE, purpose, at)
    if actor.kind is ActorKind.STAFF:
        watch.notice_canaries(actor, {account.id}, at)
    row = _keep(actor, account, facts, opened.rows, at)
    log.record(
        actor, _MAKE, Resource("account", str(account.id)), purpose,
        recipient=str(recipient), scope=scope.value, disclosure=str(row.id),
    )  # fmt: skip
    return Disclosed(scope, tuple(opened.values), row.id, LegalBasis(row.legal_basis))


def _authorise(actor: Actor, account: Account, purpose: Purpose, recipient: Recipient) -> None:
    """Whether the actor may tell such a recipient at all. Raises NotPermittedError."""
    if recipient.kind is RecipientKind.ASSIGNED_STAFF:
        _load_enquiry(actor, Permission.WHEREABOUTS_READ, recipient, purpose)
    elif recipient.kind is RecipientKind.SEEKER:
        _load_enquiry(actor, Permission.DISCLOSURE_MAKE, recipient, purpose)
    else:
        access.load(actor, Permission.DISCLOSURE_MAKE, Account, account.id, purpose=purpose)


def _load_enquiry(
    actor: Actor, permission: Permission, recipient: Recipient, purpose: Purpose
) -> None:
    access.load(actor, permission, Enquiry, recipient.id, purpose=purpose)


def _enquiry(recipient: Recipient) -> Enquiry | None:
    if recipient.kind not in _OF_ENQUIRIES:
        return None
    return Enquiry.objects.filter(id=recipient.id).first()


def _ground(
    account: Account,
    versions: Sequence[UUID],
    identity: Sequence[Account],
    purpose: Purpose,
    recipient: Recipient,
    scope: Scope,
    at: dt.datetime,
) -> Granted | ByDecision | Failure:
    scopes = CARRIES_LETTERS if scope is Scope.LETTER else (scope,)
    for one in scopes:
        granted = consent.weigh_now(account, purpose, recipient, one, at)
        if isinstance(granted, Granted):
            return granted
    decision = vital.standing(versions, identity, purpose, recipient, scope, at)
    return granted if decision is None else ByDecision(str(decision.id))


def _link(sought: Account, account: Account, versions: Sequence[UUID]) -> Link:
    """How well judgements that count hold the two together, whatever is stored about it."""
    if sought.identity_id != account.identity_id:
        return Link.NONE
    for link in (Link.TWO, Link.ONE):
        if _reaches(sought.id, set(versions), link):
            return link
    return Link.NONE


def _reaches(start: UUID, targets: set[UUID], link: Link) -> bool:
    """True when matches lead from the start to a target; for TWO by two people each."""
    seen: set[UUID] = set()
    frontier = set(subjects.versions_of(start))
    while frontier:
        if frontier & targets:
            return True
        seen |= frontier
        reached: set[UUID] = set()
        for (one, other), judgement in identities.standing(frontier).items():
            by_two = judgement.confirmed_by_id not in {None, judgement.by_id}
            if judgement.verdict == Verdict.MATCH and (by_two or link is Link.ONE):
                reached |= {one, other}
        frontier = {v for found in reached - seen for v in subjects.versions_of(found)} - seen
    return False


def _open(
    account: Account, versions: Sequence[UUID], scope: Scope, ground: Granted | ByDecision | Failure
) -> vault.Opened:
    """What is told, and which rows say it."""
    match scope:
        case Scope.WHEREABOUTS:
            return vault._open_places(versions)
        case Scope.CONTACT:
            return vault._open_contact(versions)
        case Scope.ALIVE:
            return vault.Opened([{"alive": True}], [])
        case Scope.NO_CONTACT:
            return vault.Opened([{"alive": True, "contact_wished": False}], [])
        case Scope.DEATH:
            return vault.Opened([{"deceased": True}], [])
        case Scope.MESSAGE:
            return _message(ground)
        case Scope.DOCUMENTS:
            documents = Document.objects.filter(account__in=versions, removed_at=None)
            ids = [str(document_id) for document_id in documents.values_list("id", flat=True)]
            return vault.Opened([{"document": document_id} for document_id in ids], ids)
        case Scope.RECORD:
            return vault.Opened(subjects.contents_of([account]), [str(account.id)])
    return vault.Opened([], [])


def _message(ground: Granted | ByDecision | Failure) -> vault.Opened:
    if not isinstance(ground, Granted):
        return vault.Opened([], [])
    row = Consent.objects.get(id=ground.consent_id)
    return vault.Opened([{"message": records.unseal([row])[0]["message"]}], [str(row.id)])


def _keep(
    actor: Actor, account: Account, facts: Facts, rows: Sequence[str], at: dt.datetime
) -> Disclosure:
    consent_id = facts.ground.consent_id if isinstance(facts.ground, Granted) else None
    decision_id = facts.ground.decision_id if isinstance(facts.ground, ByDecision) else None
    basis = consent.BASIS_OF[facts.purpose]
    if decision_id is not None:
        basis = LegalBasis.VITAL_INTEREST
    to_seeker = facts.recipient.kind is RecipientKind.SEEKER
    return Disclosure.objects.create(
        account=account,
        enquiry_id=facts.recipient.id if facts.recipient.kind in _OF_ENQUIRIES else None,
        purpose=facts.purpose.value,
        recipient=str(facts.recipient),
        scope=facts.scope.value,
        legal_basis=basis.value,
        consent_id=consent_id,
        decision_id=decision_id,
        rows=list(rows),
        by_id=actor.user_id,
        at=at,
        published_at=next_publication(at) if to_seeker else None,
    )


def _withhold(
    actor: Actor,
    account: Account,
    purpose: Purpose,
    recipient: Recipient,
    scope: Scope,
    reason: Reason,
) -> Withheld:
    log.record(
        actor, "disclosure:withhold", Resource("account", str(account.id)), purpose,
        recipient=str(recipient), scope=scope.value, reason=reason.value,
    )  # fmt: skip
    return Withheld(reason)


def still_holds(told: Disclosure, at: dt.datetime) -> bool:
    """True when what was told could be told again now."""
    recipient, scope = Recipient.read(told.recipient), Scope(told.scope)
    facts = facts_of(told.account, Purpose(told.purpose), recipient, scope, at)
    return not isinstance(may_be_told(facts), Failure)


def tell_again(enquiry_id: UUID, at: dt.datetime) -> list[Disclosed]:
    """What a seeker was told and may still be told, once the fixed hour has come; for their page.

    Decided anew, and audited, each time. Raises AuditUnavailableError, LockedError.
    """
    return commit(lambda: _tell_again(enquiry_id, at))


def _tell_again(enquiry_id: UUID, at: dt.datetime) -> list[Disclosed]:
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry_id))
    rows = Disclosure.objects.filter(recipient=str(seeker), published_at__lte=at)
    told: dict[tuple[UUID, str, str], Disclosed] = {}
    for row in rows.order_by("-at"):
        # Of each scope the latest; of letters every one.
        letter = row.rows[0] if row.scope == Scope.LETTER else ""
        key = (row.account_id, row.scope, letter)
        if key in told:
            continue
        subjects.lock_identity(row.account_id)
        account = Account.objects.get(id=row.account_id)
        recipient, scope = Recipient.read(row.recipient), Scope(row.scope)
        facts = facts_of(account, Purpose(row.purpose), recipient, scope, at)
        if isinstance(may_be_told(facts), Failure):
            continue
        opened = (
            vault.Opened([{"letter": letter}], row.rows)
            if letter
            else _open(account, subjects.versions_of(account.id), scope, facts.ground)
        )
        if opened.values:
            log.record(
                PUBLIC, "disclosure:show", log.Resource("account", str(account.id)), facts.purpose,
                recipient=str(recipient), scope=scope.value, disclosure=str(row.id),
            )  # fmt: skip
            told[key] = Disclosed(scope, tuple(opened.values), row.id, LegalBasis(row.legal_basis))
    return list(told.values())
