"""Judge candidates, put them off, undo either, and see where each stands and what waits.

Rules: what people judged stands in the judgements alone, and a candidate's standing is read from
them, so undoing one changes back all that it had changed; a match of a minor, a dead person or a
flagged case counts when a second person has confirmed it (trust: I11); each judgement is audited in
its own transaction, its reason sealed. A verdict from a page says what the page showed (`Seen`):
where that is no longer so, nothing is changed and both are told (two tabs, two people, a new list).
Skips are rows, hold for the one who skipped until the candidate changes, and come last meanwhile.

    judged = judge(noor, candidate.id, Verdict.NO_MATCH, "other father's name")
    undo(noor, judged.judgement.id, "misread")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState, Skip
from reknit.casework.queue import ORDER, undecided
from reknit.guard import access, approvals, audit, commits, subjects
from reknit.guard.audit import Resource
from reknit.guard.models.approvals import Approval, Matter
from reknit.guard.permissions import Permission
from reknit.records import judgements
from reknit.records.identities import contradictions, pair_of, standing
from reknit.records.judgements import Shown
from reknit.records.models import Account, Judgement, User, Verdict
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose, Role

_PURPOSE = Purpose.FAMILY_TRACING

HISTORY = 50
"""How many acts of one person are looked back on."""


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


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of a candidate when its buttons were pressed.

    judgement_id: the judgement that stood, None where nobody had judged. probability: None where it
    was hidden.
    """

    version: int
    judgement_id: UUID | None
    probability: float | None


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was changed: this was shown, and that is how it is now. judgement: the one that
    stands now; is_gone: no search brings the candidate any more."""

    seen: Seen
    now: Seen
    judgement: Judgement | None
    is_gone: bool


class ActKind(StrEnum):
    """What a reviewer did."""

    JUDGEMENT = "judgement"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a reviewer did, for the history. verdict: None for a skip."""

    kind: ActKind
    id: UUID
    at: datetime
    candidate: Candidate | None
    verdict: Verdict | None
    undone_at: datetime | None
    together: UUID | None = None


def seen_now(candidate: Candidate, *, blind: bool) -> Seen:
    """What a page shows of a candidate at this moment."""
    judgement = _latest(candidate)
    return Seen(
        candidate.version,
        None if judgement is None else judgement.pk,
        None if blind else round(candidate.probability, 4),
    )


def judge_as_seen(
    actor: Actor, candidate_id: UUID, verdict: Verdict, reason: str, seen: Seen
) -> Judged | Stale:
    """`judge`, if the candidate still is what the page showed. Raises what `judge` raises."""

    def decide() -> Judged | Stale:
        changed = stale(actor, candidate_id, seen)
        if changed is not None:
            return changed
        return judge(actor, candidate_id, verdict, reason, blind=seen.probability is None)

    return commits.commit(decide)


def stale(actor: Actor, candidate_id: UUID, seen: Seen) -> Stale | None:
    """How a candidate is now, where that is not what was seen; it is kept from others until the
    open transaction ends. Raises NotPermittedError."""
    candidate = access.load(
        actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=_PURPOSE, lock=True
    )
    now = seen_now(candidate, blind=seen.probability is None)
    is_gone = candidate.state == CandidateState.GONE
    if is_gone or (now.version, now.judgement_id) != (seen.version, seen.judgement_id):
        return Stale(seen, now, _latest(candidate), is_gone)
    return None


def judge(
    actor: Actor,
    candidate_id: UUID,
    verdict: Verdict,
    reason: str,
    *,
    blind: bool = False,
    together: UUID | None = None,
) -> Judged:
    """Say whether a candidate is the person sought.

    blind: the score was hidden; then none is kept with the judgement. together: equal for a
    family's candidates that are judged, and undone, as one. Raises NotPermittedError,
    CaseworkError when a match has no reason and needs two people, UnknownRecordError.
    """

    def decide() -> Judged:
        candidate = access.load(
            actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=_PURPOSE
        )
        by = User.objects.get(pk=actor.user_id or 0)
        pair = sealing.unseal([candidate.sought, candidate.account])
        needed = verdict is Verdict.MATCH and needs_two(candidate, pair)
        if needed and not reason.strip():
            raise CaseworkError(
                _("a second person has to confirm this match: say what convinced you.")
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
            together=together,
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


def needs_two(candidate: Candidate, contents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a match counts only once a second person has confirmed it: a minor, a flagged case,
    somebody whose death was agreed on. contents: what the two accounts say."""
    versions = subjects.versions_of(candidate.account_id)
    about = [Resource("account", str(version)) for version in versions]
    dead = any(approvals.approved(Matter.DEATH, resource) for resource in about)
    today, risk = timezone.now().date(), candidate.enquiry.risk
    return bool(approvals.needs_two(contents, risk=risk, death=dead, on=today))


def undo(actor: Actor, judgement_id: UUID, reason: str) -> Judgement:
    """Take a judgement back, and those that were made together with it; the one before it on the
    same pair counts again.

    Raises NotPermittedError, AlreadyUndoneError.
    """

    def take_back() -> Judgement:
        judgement = access.load(
            actor, Permission.JUDGEMENT_UNDO, Judgement, judgement_id, purpose=_PURPOSE, lock=True
        )
        undone = take_one_back(judgement.pk)
        if judgement.together is not None:
            others = Judgement.objects.filter(together=judgement.together, undone_at=None)
            for other in list(others.values_list("pk", flat=True)):
                take_one_back(other)
        return undone

    def take_one_back(judgement_id: UUID) -> Judgement:
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


def skip(actor: Actor, candidate_id: UUID) -> Skip:
    """Put a candidate off: it comes last for the actor until it changes. Raises
    NotPermittedError."""

    def put_off() -> Skip:
        candidate = access.load(
            actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=_PURPOSE
        )
        row = Skip.objects.create(
            candidate=candidate, version=candidate.version, by_id=access.staff_id(actor)
        )
        _audit_skip(actor, "skip", row)
        return row

    return commits.commit(put_off)


def undo_skip(actor: Actor, skip_id: UUID) -> Skip:
    """Take one's own skip back: the candidate has its place again. Raises NotPermittedError; a
    skip that was undone before is left as it is."""

    def take_back() -> Skip:
        own = Skip.objects.filter(by=actor.user_id)
        row = access.load(actor, Permission.JUDGEMENT_ADD, own, skip_id, purpose=_PURPOSE)
        if row.undone_at is None:
            row.undone_at = timezone.now()
            row.save(update_fields=["undone_at"])
            _audit_skip(actor, "unskip", row)
        return row

    return commits.commit(take_back)


def waiting(actor: Actor, enquiry_id: UUID | None = None) -> QuerySet[Candidate]:
    """Candidates that nobody has judged: of one enquiry, or of the actor's work: the cases that are
    assigned to them, a supervisor's those of the office.

    In no order. Each has `skipped_at`, when the actor put it off, or None. As `access.visible`:
    for ids, states and counts.
    """
    rows = Candidate.objects.all()
    if enquiry_id is not None:
        rows = rows.filter(enquiry=enquiry_id)
    elif actor.role is not Role.SUPERVISOR:
        rows = rows.filter(enquiry__assigned_to=actor.user_id)
    skips = Skip.objects.filter(
        candidate=OuterRef("pk"), version=OuterRef("version"), by=actor.user_id, undone_at=None
    )
    return access.visible(actor, Permission.JUDGEMENT_ADD, undecided(rows)).annotate(
        skipped_at=Subquery(skips.order_by("-at").values("at")[:1])
    )


def ordered(actor: Actor, enquiry_id: UUID | None = None, *, blind: bool = False) -> list[UUID]:
    """The ids of what waits, `with_cases` without the cases."""
    return [candidate for candidate, _case in with_cases(actor, enquiry_id, blind=blind)]


def with_cases(
    actor: Actor, enquiry_id: UUID | None = None, *, blind: bool = False
) -> list[tuple[UUID, UUID]]:
    """The ids of what waits, each with its enquiry's, in the order in which to look: case by case
    as the queue has them (the most urgent need first, then who has waited longest), in a case the
    likeliest first, what the actor put off last. Blind: in a case in an order that says nothing
    about the score."""
    in_case = ("pk",) if blind else ("-probability", "pk")
    rows = waiting(actor, enquiry_id).order_by(
        F("skipped_at").asc(nulls_first=True), *(f"enquiry__{by}" for by in ORDER), *in_case
    )
    return list(rows.values_list("pk", "enquiry_id"))


def history(actor: Actor, most: int = HISTORY) -> list[Act]:
    """What the actor judged and skipped last, the latest first, undone or not."""
    mine = Judgement.objects.filter(by=actor.user_id).exclude(enquiry=None)
    judged = list(
        access.visible(actor, Permission.JUDGEMENT_READ, mine).order_by("-at", "-pk")[:most]
    )
    pairs = Q(pk__in=[])
    for one in judged:
        pairs |= Q(enquiry=one.enquiry_id, sought=one.one_id, account=one.other_id)
    by_pair = {
        (c.enquiry_id, c.sought_id, c.account_id): c
        for c in Candidate.objects.filter(pairs).select_related("enquiry")
    }
    acts = [
        Act(
            ActKind.JUDGEMENT,
            one.pk,
            one.at,
            by_pair.get((one.enquiry_id, one.one_id, one.other_id)),
            Verdict(one.verdict),
            one.undone_at,
            one.together,
        )
        for one in judged
        if one.enquiry_id is not None
    ]
    skips = Skip.objects.filter(by=actor.user_id).select_related("candidate__enquiry")
    seen = access.visible(actor, Permission.JUDGEMENT_ADD, skips).order_by("-at", "-pk")[:most]
    acts += [Act(ActKind.SKIP, s.pk, s.at, s.candidate, None, s.undone_at) for s in seen]
    return sorted(acts, key=lambda act: act.at, reverse=True)[:most]


def undo_act(actor: Actor, kind: ActKind, id: UUID) -> None:
    """Take one act back. Raises NotPermittedError, AlreadyUndoneError."""
    if kind is ActKind.SKIP:
        undo_skip(actor, id)
    else:
        undo(actor, id, "")


def undo_last(actor: Actor) -> Act | None:
    """Take back the latest act that still holds; None where there is none."""
    last = next((act for act in history(actor) if act.undone_at is None), None)
    if last is not None:
        undo_act(actor, last.kind, last.id)
    return last


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


def _latest(candidate: Candidate) -> Judgement | None:
    """The latest judgement on the pair that was not undone, confirmed or not."""
    one_way = Q(one=candidate.sought_id, other=candidate.account_id)
    other_way = Q(one=candidate.account_id, other=candidate.sought_id)
    live = Judgement.objects.filter(one_way | other_way, undone_at=None)
    return live.select_related("by").order_by("-at", "-pk").first()


def _audit_skip(actor: Actor, action: str, row: Skip) -> None:
    about = Resource.of(row.candidate)
    subject = row.candidate.account_id
    audit.record(actor, f"candidate:{action}", about, _PURPOSE, subject=subject, skip=str(row.pk))


def _pair(candidate: Candidate) -> tuple[UUID, UUID]:
    first, second = sorted((candidate.sought_id, candidate.account_id))
    return first, second


def _shown(candidate: Candidate) -> Shown:
    return Shown(candidate.probability, candidate.match_weight, candidate.model_version)
