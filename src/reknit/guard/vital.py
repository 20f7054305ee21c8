"""Decisions in place of people who cannot be asked: unconscious, an infant, dead (trust: I1).

Rules: one person decides with a reason, another confirms (`Matter.VITAL_INTEREST`); it is for one
purpose, recipient and scope; for the living it has an end of its own, and it ends at once when the
person can be asked or says anything. Nothing that the person refused before is decided otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, approvals, consent, log, subjects
from reknit.guard.commits import commit
from reknit.guard.errors import UnusableConsentError
from reknit.guard.log import Resource
from reknit.guard.models.approvals import Matter
from reknit.guard.models.consents import CannotBeAsked, VitalInterest
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.sealing import records
from reknit.vocabulary import Actor, Answer, Purpose, Recipient, RecipientKind, Scope

LONGEST = dt.timedelta(days=14)
"""How long a decision for a living person lasts at most, before it is decided anew."""

_TOLD = {RecipientKind.SEEKER, RecipientKind.OFFICE, RecipientKind.PARTNER}


def decide(
    actor: Actor,
    account_id: UUID,
    *,
    because: CannotBeAsked,
    recipient: Recipient,
    scope: Scope,
    reason: str,
    until: dt.datetime | None = None,
    purpose: Purpose = Purpose.FAMILY_TRACING,
) -> VitalInterest:
    """The first person decides; the second confirms the approval `of(decision)`.

    until: at most LONGEST from now for the living (also where it is not given); none for the dead.
    Raises UnusableConsentError, NotPermittedError, LockedError.
    """
    known = recipient.kind in _TOLD and subjects.is_known(recipient)
    if not known or scope is Scope.EVERYTHING:
        raise UnusableConsentError(
            _("vital interest: name one seeker, office or partner, and one scope.")
        )
    if (scope is Scope.DEATH) != (because is CannotBeAsked.DEAD):
        raise UnusableConsentError(
            _("vital interest: of the dead their death is told, of the living anything else.")
        )
    if not reason.strip():
        raise UnusableConsentError(_("vital interest: say why this cannot wait."))

    def work() -> VitalInterest:
        access.load(
            actor, Permission.APPROVAL_PROPOSE, Account, account_id, purpose=Purpose.VITAL_INTEREST
        )
        now = timezone.now()
        ends = None if because is CannotBeAsked.DEAD else min(until or now + LONGEST, now + LONGEST)
        row = VitalInterest(
            account_id=account_id, because=because, purpose=purpose.value,
            recipient=str(recipient), scope=scope.value, until=ends, at=now,
            decided_by_id=subjects.staff_id(actor),
        )  # fmt: skip
        records.seal([row], [{"reason": reason}])
        row.save(force_insert=True)
        log.record(
            actor, "vital_interest:decide", Resource("account", str(account_id)),
            Purpose.VITAL_INTEREST, decision=str(row.id), because=because.value,
            scope=scope.value, recipient=str(recipient),
        )  # fmt: skip
        approvals.propose(actor, Matter.VITAL_INTEREST, of(row), reason)
        return row

    return commit(work)


def end(actor: Actor, decision_id: UUID) -> None:
    """The person can be asked now: the decision holds no more."""

    def work() -> None:
        row = access.load(
            actor, Permission.APPROVAL_PROPOSE, VitalInterest, decision_id,
            purpose=Purpose.VITAL_INTEREST,
        )  # fmt: skip
        subjects.lock_identity(row.account_id)
        row.refresh_from_db()
        if row.ended_at is None:
            row.ended_at, row.ended_by_id = timezone.now(), actor.user_id
            row.save(update_fields=["ended_at", "ended_by"])
        log.record(
            actor, "vital_interest:end", Resource("account", str(row.account_id)),
            Purpose.VITAL_INTEREST, decision=str(row.id),
        )  # fmt: skip

    commit(work)


def of(decision: VitalInterest) -> Resource:
    """What the approval of a decision is about."""
    return Resource("vital_interest", str(decision.id))


def standing(
    versions: Sequence[UUID], identity: Sequence[Account], purpose: Purpose, recipient: Recipient,
    scope: Scope, at: dt.datetime,
) -> VitalInterest | None:  # fmt: skip
    """The decision that stands in for consent at that time, if there is one.

    None where the person has said anything since, or refused before.
    """
    said = consent.said_of(identity)
    if any(given.answer is Answer.REFUSED for given in said):
        return None
    decisions = VitalInterest.objects.filter(
        account__in=versions, purpose=purpose.value, recipient=str(recipient), scope=scope.value,
        ended_at=None, at__lte=at,
    ).order_by("-at")  # fmt: skip
    for decision in decisions:
        lapsed = decision.until is not None and at >= decision.until
        asked_since = any(given.at >= decision.at for given in said)
        if lapsed or asked_since:
            continue
        if approvals.approved(Matter.VITAL_INTEREST, of(decision)):
            return decision
    return None
