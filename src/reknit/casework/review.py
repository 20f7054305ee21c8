"""Judge candidates, undo, and see where each stands.

Rules: what people judged stands in the judgements alone, and a candidate's standing is read from
them, so undoing one changes back all that it had changed; a match of a minor, a dead person or a
flagged case counts when a second person has confirmed it (trust: I11); each judgement is audited in
its own transaction, its reason sealed.

    judged = judge(noor, candidate.id, Verdict.NO_MATCH, "other father's name")
    undo(noor, judged.judgement.id, "misread")
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState
from reknit.guard import access, approvals, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.models.approvals import Approval, Matter
from reknit.guard.permissions import Permission
from reknit.records import judgements
from reknit.records.identities import contradictions, pair_of, standing
from reknit.records.judgements import Shown
from reknit.records.models import Account, Judgement, User, Verdict
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING


class Standing(StrEnum):
    """What people have said of a candidate."""

    WAITING = "waiting"
    MATCHED = "matched"
    CONFIRMING = "confirming"
    REFUSED = "refused"
    UNSURE = "unsure"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judgement led to. approval: what a second person has to confirm, None where one is
    enough. contradictions: judgements "no match" inside the identity that it made."""

    judgement: Judgement
    approval: Approval | None
    contradictions: tuple[Judgement, ...]


def judge(
    actor: Actor, candidate_id: UUID, verdict: Verdict, reason: str, *, blind: bool = False
) -> Judged:
    """Say whether a candidate is the person sought.

    blind: the score was hidden; then none is kept with the judgement. Raises NotPermittedError,
    CaseworkError when a match has no reason and needs two people, UnknownRecordError.
    """

    def decide() -> Judged:
        candidate = access.load(
            actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=_PURPOSE
        )
        by = User.objects.get(pk=actor.user_id or 0)
        needed = verdict is Verdict.MATCH and _needs_two(candidate)
        if needed and not reason.strip():
            raise CaseworkError(
                "a second person has to confirm this match: say what convinced you."
            )
        judgement = judgements.judge(
            by,
            candidate.sought,
            candidate.account,
            verdict,
            reason,
            enquiry=candidate.enquiry,
            shown=None if blind else _shown(candidate),
            needs_two=needed,
        )
        audit.record(
            actor,
            Permission.JUDGEMENT_ADD.action,
            Resource.of(judgement),
            _PURPOSE,
            subject=candidate.account_id,
            verdict=verdict.value,
            needs_two=needed,
        )
        approval = None
        if needed:
            resource = Resource.of(judgement)
            approval = approvals.propose(actor, Matter.IDENTIFICATION, resource, reason)
        identity = Account.objects.values_list("identity_id", flat=True).get(
            pk=candidate.account_id
        )
        return Judged(judgement, approval, tuple(contradictions(identity)))

    return commits.commit(decide)


def undo(actor: Actor, judgement_id: UUID, reason: str) -> Judgement:
    """Take a judgement back; the one before it on the same pair counts again.

    Raises NotPermittedError, AlreadyUndoneError.
    """

    def take_back() -> Judgement:
        judgement = access.load(
            actor, Permission.JUDGEMENT_UNDO, Judgement, judgement_id, purpose=_PURPOSE, lock=True
        )
        by = User.objects.get(pk=actor.user_id or 0)
        undone = judgements.undo(by, judgement.pk, timezone.now())
        (content,) = sealing.unseal([undone])
        sealing.reseal([undone], [content | {"undo_reason": reason}])
        undone.save(update_fields=["sealed"])
        audit.record(actor, Permission.JUDGEMENT_UNDO.action, Resource.of(undone), _PURPOSE)
        return undone

    return commits.commit(take_back)


def standings(candidates: Iterable[Candidate]) -> dict[UUID, Standing]:
    """Where each candidate stands, by its id."""
    rows = list(candidates)
    judged = standing({c.sought_id for c in rows} | {c.account_id for c in rows})
    waiting = _waiting_for_second(rows)
    return {row.id: _standing_of(row, judged.get(_pair(row)), waiting) for row in rows}


def _standing_of(
    candidate: Candidate, judgement: Judgement | None, waiting: set[tuple[UUID, UUID]]
) -> Standing:
    if _pair(candidate) in waiting:
        return Standing.CONFIRMING
    if judgement is None:
        gone = candidate.state == CandidateState.GONE
        return Standing.GONE if gone else Standing.WAITING
    return {
        Verdict.MATCH: Standing.MATCHED,
        Verdict.NO_MATCH: Standing.REFUSED,
        Verdict.UNSURE: Standing.UNSURE,
    }[Verdict(judgement.verdict)]


def _waiting_for_second(rows: list[Candidate]) -> set[tuple[UUID, UUID]]:
    unconfirmed = Judgement.objects.filter(
        one__in=[c.sought_id for c in rows],
        other__in=[c.account_id for c in rows],
        needs_two=True,
        confirmed_by=None,
        undone_at=None,
    )
    return {pair_of(judgement) for judgement in unconfirmed}


def _pair(candidate: Candidate) -> tuple[UUID, UUID]:
    first, second = sorted((candidate.sought_id, candidate.account_id))
    return first, second


def _needs_two(candidate: Candidate) -> bool:
    contents = sealing.unseal([candidate.sought, candidate.account])
    today = timezone.now().date()
    return bool(approvals.needs_two(contents, risk=candidate.enquiry.risk, on=today))


def _shown(candidate: Candidate) -> Shown:
    return Shown(candidate.probability, candidate.match_weight, candidate.model_version)
