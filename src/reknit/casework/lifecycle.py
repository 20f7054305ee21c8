"""The steps of a case, from its first word to its closing: one table.

Rules: a case moves by these steps and no other; each says who may take it and what must hold
first, which is read from what people recorded and never from what a model thinks; minors, deaths
and flagged cases need the two people that disclosure asks for (trust: I11); each move is audited,
can be taken back, and is then as if it had not been. A seeker sees none of it: they see the four
words of guard.answers (trust: I3).

    match move(noor, enquiry.id, EnquiryStatus.VERIFYING):
        case Moved(): …
        case NotYet(needs=needs): …          # words for them: web.words.need

>>> step = step_between(EnquiryStatus.VERIFYING, EnquiryStatus.AWAITING_ANSWER)
>>> [need.value for need in unmet(step, {Need.MATCH})]
['second', 'risk', 'flag']
>>> step_between(EnquiryStatus.CLOSED, EnquiryStatus.SEARCHING).by.value
'office:enquiry:reopen'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import claims
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState, Move
from reknit.casework.versions import Changed
from reknit.guard import access, assessments, audit, commits, disclosure, subjects
from reknit.guard.approvals import Why
from reknit.guard.audit import Resource
from reknit.guard.models.approvals import Matter
from reknit.guard.models.consents import Consent
from reknit.guard.models.disclosures import Disclosure
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Success
from reknit.guard.releasing import Facts, Link, Reviewed
from reknit.intake.enquiries import look_again
from reknit.records.models import Account, AccountKind, Enquiry, EnquiryStatus, Outcome, Proof, Risk
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.vocabulary import SYSTEM, Actor, Purpose, Recipient, RecipientKind, Scope

S = EnquiryStatus
_PURPOSE = Purpose.FAMILY_TRACING


class Need(StrEnum):
    """What must hold before a step; web.words says each in a sentence."""

    NEXT = "next"
    SEEKER = "seeker"
    CANDIDATE = "candidate"
    MATCH = "match"
    SECOND = "second"
    RISK = "risk"
    FLAG = "flag"
    ANSWER = "answer"
    MESSAGE = "message"
    TOLD = "told"
    DEATH = "death"
    OUTCOME = "outcome"
    PROOF = "proof"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table.

    to, since: where it leads, and from where. by: the permission it takes. needs: what must hold.
    outcomes: those that it may set; empty where it sets none. by_itself: the background search
    takes it, and no person.
    """

    to: EnquiryStatus
    since: frozenset[EnquiryStatus]
    by: Permission
    needs: tuple[Need, ...] = ()
    outcomes: frozenset[Outcome] = field(default_factory=frozenset)
    by_itself: bool = False


def _from(*states: EnquiryStatus) -> frozenset[EnquiryStatus]:
    return frozenset(states)


_IDENTIFIED = (Need.MATCH, Need.SECOND)
_SAFE = (Need.RISK, Need.FLAG)

STEPS: tuple[Step, ...] = (
    Step(S.OPEN, _from(S.DRAFT), Permission.ENQUIRY_CHANGE, (Need.SEEKER,)),
    Step(S.SEARCHING, _from(S.OPEN, S.POSSIBLE_MATCH), Permission.CANDIDATE_REFRESH,
         by_itself=True),
    Step(S.POSSIBLE_MATCH, _from(S.OPEN, S.SEARCHING), Permission.CANDIDATE_REFRESH,
         (Need.CANDIDATE,), by_itself=True),
    Step(S.VERIFYING, _from(S.OPEN, S.SEARCHING, S.POSSIBLE_MATCH), Permission.ENQUIRY_MOVE,
         (Need.MATCH,)),
    Step(S.AWAITING_ANSWER, _from(S.VERIFYING), Permission.ENQUIRY_MOVE,
         (*_IDENTIFIED, *_SAFE)),
    Step(S.OUTCOME, _from(S.AWAITING_ANSWER), Permission.ENQUIRY_MOVE, (Need.OUTCOME,),
         frozenset({Outcome.CONTACT_RESTORED, Outcome.MESSAGE_ONLY,
                    Outcome.ALIVE_NO_CONTACT_WISHED, Outcome.DECEASED})),
    # Nobody waits for the answer of somebody who is dead.
    Step(S.OUTCOME, _from(S.VERIFYING), Permission.ENQUIRY_MOVE, (Need.OUTCOME,),
         frozenset({Outcome.DECEASED})),
    Step(S.FOLLOW_UP, _from(S.OUTCOME), Permission.ENQUIRY_MOVE),
    Step(S.SEARCHING, _from(S.VERIFYING, S.AWAITING_ANSWER, S.OUTCOME, S.FOLLOW_UP),
         Permission.ENQUIRY_MOVE, (Need.REASON,)),
    Step(S.CLOSED, _from(S.OUTCOME, S.FOLLOW_UP), Permission.ENQUIRY_CLOSE,
         (Need.PROOF, Need.REASON)),
    Step(S.CLOSED,
         _from(S.DRAFT, S.OPEN, S.SEARCHING, S.POSSIBLE_MATCH, S.VERIFYING, S.AWAITING_ANSWER),
         Permission.ENQUIRY_CLOSE, (Need.OUTCOME, Need.REASON),
         frozenset({Outcome.WITHDRAWN, Outcome.NOT_FOUND})),
    Step(S.SEARCHING, _from(S.CLOSED), Permission.ENQUIRY_REOPEN, (Need.REASON,)),
)  # fmt: skip
"""Every step there is. What the search does by itself stays among the three first states."""

NEEDS_OF: Mapping[Outcome, tuple[Need, ...]] = {
    Outcome.CONTACT_RESTORED: (*_IDENTIFIED, *_SAFE, Need.TOLD),
    Outcome.MESSAGE_ONLY: (*_IDENTIFIED, *_SAFE, Need.MESSAGE),
    Outcome.ALIVE_NO_CONTACT_WISHED: (*_IDENTIFIED, Need.ANSWER),
    Outcome.DECEASED: (Need.MATCH, Need.DEATH),
}
"""What an outcome needs besides; those that are not here need only what their step does."""

_TOLD = frozenset({Outcome.CONTACT_RESTORED, Outcome.MESSAGE_ONLY})
"""Outcomes that brought two people together: they close only where the relationship is shown."""
_BROUGHT_TOGETHER = (Scope.CONTACT.value, Scope.WHEREABOUTS.value)


@dataclass(frozen=True, slots=True)
class Moved:
    """The case is there now."""

    move: Move


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was changed: this does not hold yet."""

    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """A step that this reader may take, and what it still needs, but for a reason, which they give.

    outcomes: for a step that sets one, what each still needs.
    """

    to: EnquiryStatus
    needs: tuple[Need, ...]
    asks_reason: bool
    outcomes: Mapping[Outcome, tuple[Need, ...]]

    @property
    def is_ready(self) -> bool:
        """True when it can be taken now."""
        ready = not self.outcomes or any(not needs for needs in self.outcomes.values())
        return ready and not self.needs


def step_between(before: EnquiryStatus, to: EnquiryStatus) -> Step:
    """The table's line. Raises CaseworkError where there is none."""
    found = _find(before, to)
    if found is None:
        raise CaseworkError(_("a case does not go there from where it is now; reload the page."))
    return found


def unmet(
    step: Step,
    holds: Collection[Need],
    outcome: Outcome = Outcome.NONE,
    reason: str | None = None,
    reached: Outcome = Outcome.NONE,
) -> tuple[Need, ...]:
    """What a step still needs, in the table's order.

    holds: what was found to hold (`standing_of`). outcome: the one it would set. reached: the one
    that the case has, which says whether closing needs proof. reason: None leaves it out, for what
    a page shows beforehand.
    """
    needs = list(step.needs)
    if step.outcomes:
        if outcome not in step.outcomes:
            return (Need.OUTCOME,)
        needs += [need for need in NEEDS_OF.get(outcome, ()) if need not in needs]
    met = {*holds, Need.OUTCOME}
    if reached not in _TOLD:
        met.add(Need.PROOF)
    if reason is None or reason.strip():
        met.add(Need.REASON)
    return tuple(need for need in needs if need not in met)


def next_steps(actor: Actor, enquiry: Enquiry) -> list[Next]:
    """The steps that this reader may take from where the case stands, in the table's order."""
    known = [step for step in _steps_from(S(enquiry.status)) if not step.by_itself]
    may = access.held(actor, {step.by for step in known}, enquiry)
    steps = [step for step in known if step.by in may]
    if not steps:
        return []
    holds, reached = standing_of(enquiry, timezone.now()), Outcome(enquiry.outcome)
    return [
        Next(
            step.to,
            () if step.outcomes else unmet(step, holds, reached=reached),
            Need.REASON in step.needs,
            {
                outcome: unmet(step, holds, outcome)
                for outcome in Outcome
                if outcome in step.outcomes
            },
        )
        for step in steps
    ]


def move(
    actor: Actor,
    enquiry_id: UUID,
    to: EnquiryStatus,
    reason: str = "",
    *,
    outcome: Outcome = Outcome.NONE,
    seen: int | None = None,
) -> Moved | NotYet | Changed:
    """Take a step. NotYet, and nothing changed, where something that it needs does not hold;
    Changed where a person changed the case since the version that was `seen`.

    Raises NotPermittedError, LockedError, AuditUnavailableError.
    """

    def work() -> Moved | NotYet | Changed:
        enquiry = access.load(
            actor, Permission.ENQUIRY_READ, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True
        )
        if seen is not None and enquiry.version != seen:
            return Changed(enquiry.version)
        step = _find(S(enquiry.status), to)
        if step is None or step.by_itself:
            return NotYet((Need.NEXT,))
        access.load(actor, step.by, Enquiry, enquiry_id, purpose=_PURPOSE)
        holds = standing_of(enquiry, timezone.now())
        needs = unmet(step, holds, outcome, reason, Outcome(enquiry.outcome))
        if needs:
            return NotYet(needs)
        if step.by is Permission.ENQUIRY_MOVE:
            claims.claim(actor, enquiry_id)
        return Moved(_take(actor, enquiry, step, outcome, reason))

    return commits.commit(work)


def withdraw(actor: Actor, enquiry_id: UUID) -> Move | None:
    """The seeker takes the enquiry back by their receipt code: it closes at once, from wherever it
    stands. None where it was closed already. Staff may take it back as any closing.

    Raises NotPermittedError, LockedError.
    """

    def work() -> Move | None:
        enquiry = access.load(
            actor, Permission.ENQUIRY_WITHDRAW, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True
        )
        if enquiry.status == S.CLOSED:
            return None
        step = Step(S.CLOSED, _from(S(enquiry.status)), Permission.ENQUIRY_WITHDRAW)
        return _take(actor, enquiry, step, Outcome.WITHDRAWN, "", keeps=False)

    return commits.commit(work)


def undo(actor: Actor, move_id: UUID, reason: str = "") -> Move:
    """Take the latest move back: the case stands as before it. What the search moved since goes
    back with it. Taking a closing back is a supervisor's, as reopening is.

    Raises NotPermittedError, CaseworkError where it is not the latest.
    """

    def work() -> Move:
        found = access.load(actor, Permission.ENQUIRY_MOVE, Move, move_id, purpose=_PURPOSE)
        leaves = Permission.ENQUIRY_REOPEN if found.after == S.CLOSED else Permission.ENQUIRY_MOVE
        enquiry = access.load(actor, leaves, Enquiry, found.enquiry_id, purpose=_PURPOSE, lock=True)
        since = list(Move.objects.filter(enquiry=enquiry, undone_at=None).order_by("-at", "-id"))
        later = since[: next((n for n, one in enumerate(since) if one.pk == move_id), 0)]
        if found.pk not in {one.pk for one in since} or any(
            one.by_id or one.after == S.CLOSED for one in later
        ):
            raise CaseworkError(
                _(
                    "the case has moved on since, or it was taken back already: take the latest "
                    "step "
                    "back first."
                )
            )
        now = timezone.now()
        for one in (*later, found):
            one.undone_by_id, one.undone_at = actor.user_id, now
        (content,) = sealing.unseal([found])
        sealing.reseal([found], [content | {"undo_reason": reason}])
        for one in (*later, found):
            one.save(update_fields=["undone_by", "undone_at", "sealed"])
        enquiry.change(
            status=found.before, outcome=found.outcome_before, closed_at=found.closed_before
        )
        audit.record(
            actor, "enquiry:move:undo", Resource.of(enquiry), _PURPOSE,
            subject=enquiry.sought_id, move=found.pk, before=found.after, after=found.before,
        )  # fmt: skip
        return found

    return commits.commit(work)


def searched(found: Sequence[tuple[Enquiry, int]]) -> None:
    """What the background search makes of cases, by how many candidates it left of each: a possible
    match, or none any more; others stay. To be called by it, in its commit, on rows that it has
    locked."""
    taken: list[tuple[Step, Move]] = []
    for enquiry, count in found:
        step = _find(S(enquiry.status), S.POSSIBLE_MATCH if count else S.SEARCHING)
        if step is None or not step.by_itself:
            continue
        if not unmet(step, {Need.CANDIDATE} if count else set()):
            taken.append((step, _new_move(SYSTEM, enquiry, step, Outcome.NONE)))
    moves = [move for _step, move in taken]
    sealing.seal(moves, [{"reason": ""} for _move in moves])
    insert(moves)
    for step, move in taken:
        # The search changes nothing that a person has before them: no version.
        move.enquiry.status = move.after
        _record(SYSTEM, step, move)
    for status in {move.after for move in moves}:
        there = [move.enquiry_id for move in moves if move.after == status]
        Enquiry.objects.filter(pk__in=there).update(
            status=status, outcome=Outcome.NONE, closed_at=None
        )


def standing_of(enquiry: Enquiry, at: dt.datetime) -> frozenset[Need]:
    """Which of the needs hold for a case at a time, read from what was recorded."""
    return frozenset(need for need, holds in _read(enquiry, at).items() if holds)


def _read(enquiry: Enquiry, at: dt.datetime) -> dict[Need, bool]:
    people = [
        account
        for account in subjects.identity_of(enquiry.sought_id)
        if account.kind == AccountKind.FOUND and account.removed_at is None
    ]
    told = set(_told(enquiry))
    known = [_facts(enquiry, account, at) for account in people]
    dead = [replace(facts, why_two=facts.why_two | {Why.DEATH}) for facts in known]
    candidates = Candidate.objects.filter(enquiry=enquiry, state=CandidateState.OPEN)
    flagged = enquiry.risk == Risk.FLAGGED
    return {
        Need.SEEKER: enquiry.status != S.DRAFT or _says_who_seeks(enquiry),
        Need.CANDIDATE: candidates.exists(),
        Need.MATCH: any(facts.link is not Link.NONE for facts in known),
        Need.SECOND: any(_is_reviewed(facts) for facts in known),
        Need.RISK: enquiry.risk != Risk.NOT_ASSESSED,
        Need.FLAG: not flagged or assessments.agreed_since_flagged(enquiry, Matter.FLAGGED_CASE),
        Need.ANSWER: _answered(people),
        Need.MESSAGE: bool(told & {Scope.MESSAGE.value, Scope.LETTER.value}),
        Need.TOLD: bool(told),
        Need.DEATH: any(facts.death_agreed and _is_reviewed(facts) for facts in dead),
        Need.PROOF: enquiry.proof != Proof.NONE,
    }


def _facts(enquiry: Enquiry, account: Account, at: dt.datetime) -> Facts:
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry.pk))
    return disclosure.facts_of(account, _PURPOSE, seeker, Scope.ALIVE, at)


def _is_reviewed(facts: Facts) -> bool:
    return isinstance(Reviewed().verify(facts), Success)


def _told(enquiry: Enquiry) -> list[str]:
    """In what ways seeker and found person were brought together."""
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry.pk))
    rows = Disclosure.objects.filter(
        recipient=str(seeker),
        published_at__isnull=False,
        scope__in=[*_BROUGHT_TOGETHER, Scope.MESSAGE.value, Scope.LETTER.value],
    )
    return list(rows.values_list("scope", flat=True))


def _answered(people: list[Account]) -> bool:
    return Consent.objects.filter(account__in=people, withdrawn_at=None).exists()


def _says_who_seeks(enquiry: Enquiry) -> bool:
    (content,) = sealing.unseal([enquiry])
    return bool(content.get("seeker_name") and content.get("relationship"))


def _find(before: EnquiryStatus, to: EnquiryStatus) -> Step | None:
    return next((step for step in _steps_from(before) if step.to == to), None)


def _steps_from(before: EnquiryStatus) -> list[Step]:
    return [step for step in STEPS if before in step.since]


def _take(
    actor: Actor,
    enquiry: Enquiry,
    step: Step,
    outcome: Outcome,
    reason: str,
    keeps: bool | None = None,
) -> Move:
    """Keep the move and change the case, in the caller's commit. keeps: it leaves the outcome."""
    if keeps is None:
        keeps = step.to in {S.FOLLOW_UP, S.CLOSED} and not step.outcomes
    taken = _new_move(actor, enquiry, step, Outcome(enquiry.outcome) if keeps else outcome)
    sealing.seal([taken], [{"reason": reason.strip()}])
    taken.save(force_insert=True)
    enquiry.change(
        status=taken.after,
        outcome=taken.outcome,
        closed_at=taken.at if step.to == S.CLOSED else None,
    )
    _record(actor, step, taken)
    if step.to in {S.OPEN, S.SEARCHING}:
        look_again(enquiry.pk)
    return taken


def _new_move(actor: Actor, enquiry: Enquiry, step: Step, outcome: Outcome) -> Move:
    return Move(
        enquiry=enquiry, before=enquiry.status, after=step.to, outcome_before=enquiry.outcome,
        outcome=outcome, closed_before=enquiry.closed_at, by_id=actor.user_id, at=timezone.now(),
    )  # fmt: skip


def _record(actor: Actor, step: Step, taken: Move) -> None:
    audit.record(
        actor, step.by.action, Resource.of(taken.enquiry), _PURPOSE,
        subject=taken.enquiry.sought_id, move=taken.pk, before=taken.before, after=taken.after,
        outcome=taken.outcome,
    )  # fmt: skip
