"""Proof of relationship and risk of a case: decisions by people, with their reasons, never a score.

Rules: nothing is told to a seeker before a person assessed the risk; a flag is raised by one and
lowered by two (`Matter.LOWER_RISK`); each assessment can be undone, and the one before holds again.
A flag has a second person asked about each match that one person made alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, approvals, log, subjects
from reknit.guard.commits import commit
from reknit.guard.log import Resource
from reknit.guard.models.approvals import Assessment, Matter
from reknit.guard.permissions import Permission
from reknit.guard.reasons import SUCCESS, Failure, Reason, Verdict
from reknit.guard.scoping import Belongs, declare
from reknit.queue import enqueue
from reknit.records.models import Enquiry, Proof, Risk
from reknit.sealing import records
from reknit.vocabulary import Actor, Purpose

declare(Assessment, Belongs(office=("enquiry__office",), case="enquiry"))


class Concern(StrEnum):
    """What a person fears for the one who is sought."""

    ABUSE = "abuse"
    TRAFFICKING = "trafficking"
    IMPOSTOR = "impostor"
    OTHER = "other"


def assess_risk(
    actor: Actor, enquiry_id: UUID, risk: Risk, reason: str, concerns: Sequence[Concern] = ()
) -> Verdict:
    """Record what a person found. To lower a flag needs two: propose `Matter.LOWER_RISK` on the
    enquiry, have it confirmed, then assess; without, Failure(NEEDS_SECOND_PERSON).

    Raises NotPermittedError, ValueError without a reason or for a flag without a concern.
    """
    if risk is Risk.FLAGGED and not concerns:
        raise ValueError(_("risk: choose a concern of the list."))
    return _assess(actor, enquiry_id, "risk", risk.value, reason, {"concerns": list(concerns)})


def record_proof(
    actor: Actor, enquiry_id: UUID, proof: Proof, reason: str, documents: Sequence[str] = ()
) -> Verdict:
    """Record how well the relationship is shown, and by which documents (ids)."""
    return _assess(actor, enquiry_id, "proof", proof.value, reason, {"documents": list(documents)})


def undo(actor: Actor, assessment_id: UUID) -> Verdict:
    """Take the latest assessment back; what held before holds again (a flag's lowering by one is
    a raising, and needs nobody else; undoing a flag is a lowering, and needs two)."""

    def work() -> Verdict:
        row = access.load(
            actor,
            Permission.PROOF_ASSESS,
            Assessment,
            assessment_id,
            purpose=Purpose.FAMILY_TRACING,
            lock=True,
        )
        enquiry = _load(actor, row.enquiry_id, row.about)
        if row.undone_at is not None or getattr(enquiry, row.about) != row.value:
            return Failure(Reason.ALREADY_DECIDED)
        if _lowers(row.about, row.value, row.before) and not _two_agreed(enquiry):
            return Failure(Reason.NEEDS_SECOND_PERSON)
        row.undone_by_id, row.undone_at = actor.user_id, timezone.now()
        row.save(update_fields=["undone_by", "undone_at"])
        _set(enquiry, row.about, row.before)
        _audit(actor, "undo", row)
        _ask_second(actor, enquiry, row.about, records.unseal([row])[0]["reason"])
        return SUCCESS

    return commit(work)


def _assess(
    actor: Actor, enquiry_id: UUID, about: str, value: str, reason: str, more: dict[str, list[str]]
) -> Verdict:
    if not reason.strip():
        raise ValueError(_("say on what the assessment rests."))

    def work() -> Verdict:
        enquiry = _load(actor, enquiry_id, about)
        before = str(getattr(enquiry, about))
        if _lowers(about, before, value) and not _two_agreed(enquiry):
            return Failure(Reason.NEEDS_SECOND_PERSON)
        row = Assessment(
            enquiry=enquiry, about=about, value=value, before=before, at=timezone.now(),
            by_id=subjects.staff_id(actor),
        )  # fmt: skip
        records.seal([row], [{"reason": reason, **more}])
        row.save(force_insert=True)
        _set(enquiry, about, value)
        _audit(actor, "record", row)
        _ask_second(actor, enquiry, about, reason)
        return SUCCESS

    return commit(work)


def _load(actor: Actor, enquiry_id: UUID, about: str) -> Enquiry:
    permission = Permission.RISK_ASSESS if about == "risk" else Permission.PROOF_ASSESS
    purpose = Purpose.FAMILY_TRACING
    return access.load(actor, permission, Enquiry, enquiry_id, purpose=purpose, lock=True)


def _lowers(about: str, before: str, after: str) -> bool:
    return about == "risk" and before == Risk.FLAGGED and after != Risk.FLAGGED


def _two_agreed(enquiry: Enquiry) -> bool:
    return agreed_since_flagged(enquiry, Matter.LOWER_RISK)


def agreed_since_flagged(enquiry: Enquiry, matter: Matter) -> bool:
    """True when two people agreed on this since the case was last flagged: what they agreed to
    about an earlier flag says nothing about a new one."""
    flags = Assessment.objects.filter(
        enquiry=enquiry, about="risk", value=Risk.FLAGGED, undone_at=None
    )
    last = flags.order_by("-at").values_list("at", flat=True).first()
    return approvals.approved(matter, Resource("enquiry", str(enquiry.id)), last)


def _set(enquiry: Enquiry, about: str, value: str) -> None:
    enquiry.change(**{about: value})
    if about == "risk":
        # Rules of need read its concerns.
        enqueue("need of enquiry", str(enquiry.id), key=f"need {enquiry.id}")


def _ask_second(actor: Actor, enquiry: Enquiry, about: str, reason: str) -> None:
    """A flag makes one person's word on who somebody is too little; its end makes it enough."""
    if about == "risk":
        approvals.ask_as_needed(actor, enquiry, reason)


def _audit(actor: Actor, action: str, row: Assessment) -> None:
    log.record(
        actor, f"assessment:{action}", Resource("enquiry", str(row.enquiry_id)),
        Purpose.FAMILY_TRACING, about=row.about, value=row.value, assessment=str(row.id),
    )  # fmt: skip
