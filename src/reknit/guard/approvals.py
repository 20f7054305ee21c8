"""What needs two people (trust: I11): a minor or a dead person identified, a flagged case.

Rules: the second is another person who may confirm, and neither account is disabled;
what nobody confirms lapses; either of them, or anybody with the permission, may undo it, and from
then on it does not count. Doubtful age counts as minor (`reknit.guard.ages`). Where one was enough
for a match and no longer is (its case was flagged since), a second person is asked about it.

    found = approvals.propose(noor, Matter.DEATH, Resource("account", id), "the hospital's list")
    approvals.confirm(supervisor, found.id)      # Success(), or Failure(Reason.SAME_PERSON) …

>>> on = dt.date(2026, 11, 26)
>>> sorted(needs_two([{"age": "34"}, {"date_of_birth": "1992-03-01"}], on=on))
[]
>>> sorted(map(str, needs_two([{"full_name": "Idris"}], risk="flagged", death=True, on=on)))
['death', 'minor', 'risk']
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, log, subjects
from reknit.guard.ages import age_group_of_all
from reknit.guard.commits import commit
from reknit.guard.log import Resource
from reknit.guard.models.approvals import Approval, Matter
from reknit.guard.permissions import Permission, granted
from reknit.guard.reasons import SUCCESS, Failure, Reason, Success, Verdict, holds
from reknit.guard.scoping import Belongs, declare
from reknit.records import identities, judgements
from reknit.records.models import Enquiry, Judgement, Risk, User
from reknit.records.models import Verdict as Judged
from reknit.sealing import records
from reknit.vocabulary import Actor, Purpose

declare(Approval, Belongs(office=("proposed_by__office",), own="proposed_by"))

TIME_TO_CONFIRM = dt.timedelta(days=14)
_UNDECIDED = Q(confirmed_at=None, refused_at=None, undone_at=None)


class Why(StrEnum):
    """Why one person is not enough."""

    MINOR = "minor"
    DEATH = "death"
    RISK = "risk"


def needs_two(
    contents: Iterable[Mapping[str, Any]],
    *,
    risk: str = Risk.NOT_ASSESSED,
    death: bool = False,
    on: dt.date,
) -> frozenset[Why]:
    """Why two people must agree that these accounts are one person; empty: one is enough.

    contents: what each account says (`date_of_birth`, `age`, `source_date`). risk: the enquiry's.
    """
    why = set()
    if age_group_of_all(contents, on).counts_as_minor:
        why.add(Why.MINOR)
    if death:
        why.add(Why.DEATH)
    if risk == Risk.FLAGGED:
        why.add(Why.RISK)
    return frozenset(why)


@dataclass(frozen=True, slots=True)
class Second:
    """Who would confirm, as the rules see them."""

    user_id: int
    is_permitted: bool
    is_active: bool
    first_is_active: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """An approval as the rules see it. judge_id: whose judgement it is about, if it is about one;
    they have spoken, whoever asked."""

    first_id: int
    expires_at: dt.datetime
    is_decided: bool
    judge_id: int | None = None


class Rule(Protocol):
    """Something that a second person and what they confirm must keep to."""

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """Success, or a failure with its reason."""


@dataclass(frozen=True, slots=True)
class Another:
    """The second is not the first."""

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """See Rule."""
        spoken = {proposal.first_id, proposal.judge_id}
        return holds(second.user_id not in spoken, Reason.SAME_PERSON)


@dataclass(frozen=True, slots=True)
class SamePermission:
    """The second may what the first may."""

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """See Rule."""
        return holds(second.is_permitted, Reason.NOT_PERMITTED)


@dataclass(frozen=True, slots=True)
class NobodyDisabled:
    """Neither account was disabled since."""

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """See Rule."""
        return holds(second.is_active and second.first_is_active, Reason.ACCOUNT_DISABLED)


@dataclass(frozen=True, slots=True)
class InTime:
    """It has not lapsed at a fixed time."""

    at: dt.datetime

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """See Rule."""
        return holds(self.at < proposal.expires_at, Reason.LAPSED)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody has confirmed, refused or undone it."""

    def verify(self, second: Second, proposal: Proposal) -> Verdict:
        """See Rule."""
        return holds(not proposal.is_decided, Reason.ALREADY_DECIDED)


def rules(at: dt.datetime) -> tuple[Rule, ...]:
    """All of them, in the order in which they are asked."""
    return (Another(), SamePermission(), NobodyDisabled(), Undecided(), InTime(at))


def verify(second: Second, proposal: Proposal, at: dt.datetime) -> Verdict:
    """The first rule that fails, or success."""
    for rule in rules(at):
        verdict = rule.verify(second, proposal)
        if isinstance(verdict, Failure):
            return verdict
    return SUCCESS


def propose(actor: Actor, matter: Matter, resource: Resource, reason: str) -> Approval:
    """The first person says what and why. An open proposal of the same is given back as it is.

    Raises NotPermittedError, ValueError without a reason, LockedError.
    """
    if not reason.strip():
        raise ValueError(_("approval: say why, so that the second person can judge it."))

    def work() -> Approval:
        access.require(actor, Permission.APPROVAL_PROPOSE)
        return _propose(actor, subjects.staff_id(actor), matter, resource, reason)

    return commit(work)


def alone(enquiry: Enquiry, on: dt.date) -> list[Judgement]:
    """The matches of a case that count by one person's word though two are needed on that day."""
    identity = subjects.identity_of(enquiry.sought_id)
    by_one = [
        judgement
        for judgement in identities.standing(account.id for account in identity).values()
        if judgement.verdict == Judged.MATCH
        and judgement.enquiry_id == enquiry.pk
        and judgement.confirmed_by_id is None
    ]
    if not by_one:
        return []
    dead = any(approved(Matter.DEATH, Resource("account", str(one.id))) for one in identity)
    said = subjects.contents_of(identity)
    return by_one if needs_two(said, risk=enquiry.risk, death=dead, on=on) else []


def ask_as_needed(actor: Actor, enquiry: Enquiry, reason: str) -> None:
    """Ask a second person about each match that now needs one, and no more about those that do not,
    in the caller's commit: whoever judged is the first of the two.

    reason: what the second reads where the judge gave none.
    """
    needed = alone(enquiry, timezone.now().date())
    matches = Judgement.objects.filter(
        enquiry=enquiry, verdict=Judged.MATCH, needs_two=False, confirmed_by=None
    ).exclude(pk__in=[judgement.pk for judgement in needed])
    for judgement in matches:
        for row in _of(Matter.IDENTIFICATION, Resource.of(judgement)).filter(_UNDECIDED):
            row.undone_by_id, row.undone_at = subjects.staff_id(actor), timezone.now()
            row.save(update_fields=["undone_by", "undone_at"])
            _audit(actor, "undo", row)
    for judgement in needed:
        (content,) = records.unseal([judgement])
        why = content.get("reason", "").strip() or reason
        _propose(actor, judgement.by_id, Matter.IDENTIFICATION, Resource.of(judgement), why)


def confirm(actor: Actor, approval_id: UUID) -> Verdict:
    """The second person agrees. A judgement of identity counts from then on.

    Gives the rule's failure where one fails; nothing is changed then, and that is audited. Raises
    NotPermittedError for who may not confirm, or not in that office.
    """

    def work() -> Verdict:
        row = _load(actor, Permission.APPROVAL_CONFIRM, approval_id)
        now = timezone.now()
        verdict = verify(_second(actor, row), _proposal(row), now)
        if isinstance(verdict, Failure):
            _audit(actor, "confirm:refused", row, reason=verdict.reason.value)
            return verdict
        row.confirmed_by_id, row.confirmed_at = actor.user_id, now
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        if row.matter == Matter.IDENTIFICATION and row.resource_kind == "judgement":
            judgements.confirm(
                User.objects.get(id=subjects.staff_id(actor)), UUID(row.resource_id), now
            )
        _audit(actor, "confirm", row)
        return verdict

    return commit(work)


def refuse(actor: Actor, approval_id: UUID, reason: str) -> Verdict:
    """The second person, or the first thinking again, says no."""
    return _end(actor, approval_id, "refuse", reason)


def undo(actor: Actor, approval_id: UUID, reason: str) -> Verdict:
    """Take a confirmed approval back; from then on it does not count."""
    return _end(actor, approval_id, "undo", reason)


def approved(matter: Matter, resource: Resource, since: dt.datetime | None = None) -> bool:
    """True when two people agreed and neither took it back.

    since: what they agreed to must have been proposed after that.
    """
    agreed = _of(matter, resource).filter(confirmed_at__isnull=False, undone_at=None)
    return (agreed if since is None else agreed.filter(proposed_at__gt=since)).exists()


def waiting(at: dt.datetime) -> list[Approval]:
    """What waits for a second person, the oldest first."""
    rows = Approval.objects.filter(_UNDECIDED, expires_at__gt=at)
    return list(rows.order_by("proposed_at"))


def _end(actor: Actor, approval_id: UUID, action: str, reason: str) -> Verdict:
    def work() -> Verdict:
        row = _load(actor, Permission.APPROVAL_PROPOSE, approval_id)
        is_confirmed = row.confirmed_at is not None and row.undone_at is None
        is_open = row.confirmed_at is None and row.refused_at is None
        if not (is_confirmed if action == "undo" else is_open):
            return Failure(Reason.ALREADY_DECIDED)
        now = timezone.now()
        if action == "undo":
            row.undone_by_id, row.undone_at = actor.user_id, now
            if row.matter == Matter.IDENTIFICATION and row.resource_kind == "judgement":
                judgements.undo(
                    User.objects.get(id=subjects.staff_id(actor)), UUID(row.resource_id), now
                )
        else:
            row.refused_by_id, row.refused_at = actor.user_id, now
        content = records.unseal([row])[0]
        records.reseal([row], [{**content, "answer": reason}])
        row.save()
        _audit(actor, action, row)
        return Success()

    return commit(work)


def _propose(
    actor: Actor, first_id: int, matter: Matter, resource: Resource, reason: str
) -> Approval:
    """The open proposal of this; a new one by the first person where there is none."""
    now = timezone.now()
    known = _of(matter, resource).filter(_UNDECIDED, expires_at__gt=now).first()
    if known is not None:
        return known
    row = Approval(
        matter=matter,
        resource_kind=resource.kind,
        resource_id=resource.id,
        proposed_by_id=first_id,
        proposed_at=now,
        expires_at=now + TIME_TO_CONFIRM,
    )
    records.seal([row], [{"reason": reason, "answer": ""}])
    row.save(force_insert=True)
    _audit(actor, "propose", row)
    return row


def _load(actor: Actor, permission: Permission, approval_id: UUID) -> Approval:
    return access.load(
        actor, permission, Approval, approval_id, purpose=Purpose.FAMILY_TRACING, lock=True
    )


def _of(matter: Matter, resource: Resource) -> QuerySet[Approval]:
    return Approval.objects.filter(
        matter=matter, resource_kind=resource.kind, resource_id=resource.id
    )


def _second(actor: Actor, row: Approval) -> Second:
    active = set(
        User.objects.filter(id__in=[actor.user_id, row.proposed_by_id], is_active=True).values_list(
            "id", flat=True
        )
    )
    return Second(
        user_id=actor.user_id or 0,
        is_permitted=granted(Permission.APPROVAL_CONFIRM, actor) is not None,
        is_active=actor.user_id in active,
        first_is_active=row.proposed_by_id in active,
    )


def _proposal(row: Approval) -> Proposal:
    decided = (row.confirmed_at, row.refused_at, row.undone_at)
    judge = None
    if row.resource_kind == "judgement":
        by = Judgement.objects.filter(pk=row.resource_id).values_list("by", flat=True)
        judge = by.first()
    is_decided = any(at is not None for at in decided)
    return Proposal(row.proposed_by_id, row.expires_at, is_decided, judge)


def _audit(actor: Actor, action: str, row: Approval, **detail: str) -> None:
    log.record(
        actor, f"approval:{action}", Resource(row.resource_kind, row.resource_id),
        Purpose.FAMILY_TRACING, approval=str(row.id), matter=row.matter, **detail,
    )  # fmt: skip
