"""Families: several people registered together who fit people sought together, or their relatives.

Rules: one registration (a family at a desk, a bus) is looked at as a whole: who of it fits whom of
those sought, by their names alone, so that it says nothing of any score. Of those registered there
only candidates are shown, and those who have the name of a relative whom the family named
(`Companion`, found in the background): nobody is listed for having been on the same bus. Cases are
of one family where their people sought were brought in together, name each other, or name the same
parent or spouse. Candidates are judged together in one transaction, or none, and undone together.

    family = family_of(noor, candidate)
    judge(noor, [(fit.candidate.id, fit.seen) for fit in family.fits], Verdict.MATCH, "all four")
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from reknit.casework import comparison, queue, review
from reknit.casework.companions import Content, name_of, one_to_one
from reknit.casework.models import Candidate, Companion
from reknit.casework.review import Judged, Seen, Stale
from reknit.guard import access, commits
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Verdict
from reknit.vocabulary import Actor, Purpose, Relation

MOST_FITS = 12
_PURPOSE = Purpose.FAMILY_TRACING
_SHARED = {Relation.FATHER, Relation.MOTHER, Relation.SPOUSE, Relation.GRANDFATHER}
"""Relatives whom people of one family have in common."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One candidate of the family: who is sought, who of the registration fits, how alike."""

    candidate: Candidate
    sought: str
    found: str
    similarity: float
    seen: Seen


@dataclass(frozen=True, slots=True)
class Beside:
    """A relative who is named but not sought, and who of the registration has that name."""

    relation: Relation
    named: str
    found: str
    account: Account
    similarity: float


@dataclass(frozen=True, slots=True)
class Family:
    """The candidates that wait and can be judged together, and who stands beside them."""

    fits: tuple[Fit, ...]
    beside: tuple[Beside, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What judging a family led to. together: the mark of its judgements."""

    together: UUID
    judged: tuple[Judged, ...]


def family_of(actor: Actor, candidate: Candidate, *, blind: bool = False) -> Family | None:
    """The family that a candidate was registered with; None where nobody else of it fits anybody.

    blind: for a reviewer who sees no score. Raises what access.read raises.
    """
    account = candidate.account
    if account.group_digest is None:
        return None
    of_others = queue.undecided(
        Candidate.objects.filter(
            account__group_digest=account.group_digest, account__source=account.source_id
        ).exclude(enquiry=candidate.enquiry_id)
    )
    seen = access.visible(actor, Permission.JUDGEMENT_ADD, of_others)
    others = list(seen.select_related("enquiry", "sought", "account").order_by("pk")[:MOST_FITS])
    companions = list(Companion.objects.filter(candidate=candidate).select_related("account"))
    if not others and not companions:
        return None
    rows = [candidate, *others]
    sought = _read(actor, [one.sought for one in rows])
    found = _read(actor, [*(one.account for one in rows), *(one.account for one in companions)])
    own = sought[candidate.sought_id]
    kin = [one for one in rows if one is candidate or _are_kin(candidate, own, one, sought)]
    fits = _fits(candidate, kin, sought, found, blind=blind)
    beside = _beside(companions, own, found, {fit.candidate.account_id for fit in fits})
    if len(fits) < 2 and not beside:
        return None
    return Family(tuple(fits), tuple(beside))


def judge(
    actor: Actor, parts: Sequence[tuple[UUID, Seen]], verdict: Verdict, reason: str
) -> Together | Stale:
    """Judge the candidates of a family as one decision; where one of them is no longer what the
    page showed, none. Raises what review.judge raises; then none was judged either."""

    def decide() -> Together | Stale:
        mark = uuid.uuid4()
        made: list[Judged] = []
        for candidate_id, seen in parts:
            stale = review.stale(actor, candidate_id, seen)
            if stale is not None:
                return stale
        for candidate_id, seen in parts:
            blind = seen.probability is None
            one = review.judge(actor, candidate_id, verdict, reason, blind=blind, together=mark)
            made.append(one)
        return Together(mark, tuple(made))

    return commits.commit(decide)


def _fits(
    candidate: Candidate,
    rows: Sequence[Candidate],
    sought: Mapping[UUID, Content],
    found: Mapping[UUID, Content],
    *,
    blind: bool,
) -> list[Fit]:
    """Each case with the one of the registration who fits best, nobody twice; the candidate that is
    looked at stands for its case, however alike."""
    alike = [
        (
            comparison.names_alike(name_of(sought[row.sought_id]), name_of(found[row.account_id])),
            row.enquiry_id,
            row,
        )
        for row in rows
        if row is not candidate and row.account_id != candidate.account_id
    ]
    chosen = [(likeness, row) for likeness, _, row in one_to_one(alike, of=_account_of)]
    own = comparison.names_alike(
        name_of(sought[candidate.sought_id]), name_of(found[candidate.account_id])
    )
    return [
        Fit(
            row,
            name_of(sought[row.sought_id]),
            name_of(found[row.account_id]),
            likeness,
            review.seen_now(row, blind=blind),
        )
        for likeness, row in [(own, candidate), *chosen]
    ]


def _beside(
    companions: Sequence[Companion], own: Content, found: Mapping[UUID, Content], taken: set[UUID]
) -> list[Beside]:
    relatives = comparison.relatives_of(own)
    return [
        Beside(
            relatives[one.line].relation,
            relatives[one.line].name,
            name_of(found[one.account_id]),
            one.account,
            one.similarity,
        )
        for one in sorted(companions, key=lambda one: one.line)
        if one.line < len(relatives) and one.account_id not in taken
    ]


def _are_kin(
    candidate: Candidate, own: Content, other: Candidate, sought: Mapping[UUID, Content]
) -> bool:
    """Whether two cases seek people of one family."""
    theirs = sought[other.sought_id]
    group = candidate.sought.group_digest
    if group is not None and group == other.sought.group_digest:
        return candidate.sought.source_id == other.sought.source_id
    mine, its = comparison.relatives_of(own), comparison.relatives_of(theirs)
    name_each_other = any(_same(r.name, name_of(theirs)) for r in mine) or any(
        _same(r.name, name_of(own)) for r in its
    )
    return name_each_other or any(
        a.relation is b.relation and a.relation in _SHARED and _same(a.name, b.name)
        for a in mine
        for b in its
    )


def _account_of(row: Candidate) -> UUID:
    return row.account_id


def _same(one: str, other: str) -> bool:
    return comparison.names_alike(one, other) == 1.0


def _read(actor: Actor, rows: Sequence[Account]) -> dict[UUID, Content]:
    distinct = list({row.pk: row for row in rows}.values())
    contents = access.read(actor, Permission.ACCOUNT_READ, distinct, purpose=_PURPOSE)
    return {row.pk: content for row, content in zip(distinct, contents, strict=True)}
