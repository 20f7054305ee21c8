"""Look for the people sought among the found, in the background, and keep what was found.

Rules: a candidate carries probability, evidence and the model's version; looking again changes no
judgement; a refused pair stays away until one of the two changes, and then says which refusal it
comes back from (casework.review says what was judged); accounts that were removed or superseded
are gone as candidates, and back when they are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from reknit.casework import companions, lifecycle
from reknit.casework.models import Candidate, CandidateState
from reknit.exchange import PEOPLE_COLUMNS
from reknit.guard import commits, searching
from reknit.guard.searching import Hit
from reknit.intake.models import Act, ActKind, Registered
from reknit.queue.worker import Run
from reknit.records import accounts
from reknit.records.identities import standing
from reknit.records.models import Account, AccountKind, Batch, Enquiry, EnquiryStatus, Verdict
from reknit.sealing import records as sealing

TOP = 10
LEAST_PROBABILITY = 0.02
RESTING = (
    EnquiryStatus.DRAFT, EnquiryStatus.OUTCOME, EnquiryStatus.FOLLOW_UP, EnquiryStatus.CLOSED,
)  # fmt: skip
"""Where a case is when nobody is looked for."""
OPEN_ENQUIRIES = ~Q(status__in=RESTING)


def refresh(enquiry: Enquiry) -> int:
    """Ask the index for the person sought and keep the answer; how many candidates are open.

    Raises RebuildingError, LockedError: the job is then tried again.
    """
    sought = enquiry.sought
    (content,) = sealing.unseal([sought])
    asked = {column: content[column] for column in PEOPLE_COLUMNS if content.get(column)}
    hits = {
        hit.account_id: hit
        for hit in searching.ask(AccountKind.FOUND, asked, top=TOP)
        if hit.probability >= LEAST_PROBABILITY
    }
    hits |= _placed(enquiry, but=hits)

    def keep() -> int:
        locked = Enquiry.objects.select_for_update().get(id=enquiry.id)
        found = {account.id: account for account in accounts.current().filter(id__in=hits)}
        known = {c.account_id: c for c in Candidate.objects.filter(enquiry=enquiry, sought=sought)}
        fresh, kept = [], []
        before = dict(zip(known, sealing.unseal(list(known.values())), strict=True))
        for account_id, account in found.items():
            candidate = known.get(account_id) or _new(enquiry, sought, account)
            hit = hits[account_id]
            said = {
                "evidence": [asdict(line) for line in hit.evidence],
                "prior_weight": hit.prior_weight,
            }
            if account_id in known and _looks_else(candidate, hit, before[account_id], said):
                candidate.version += 1
            candidate.identity_id = account.identity_id
            candidate.probability, candidate.match_weight = hit.probability, hit.match_weight
            candidate.model_version = hit.model_version
            candidate.state = CandidateState.OPEN
            if account_id in known:
                sealing.reseal([candidate], [said])
                candidate.save()
                kept.append(candidate)
            else:
                fresh.append((candidate, said))
        sealing.seal([candidate for candidate, _ in fresh], [said for _, said in fresh])
        Candidate.objects.bulk_create([candidate for candidate, _ in fresh])
        _let_go(enquiry, sought, found)
        companions.find_companions([*kept, *(candidate for candidate, _ in fresh)], content)
        lifecycle.searched(locked, len(found))
        return len(found)

    return commits.commit(keep)


def _placed(enquiry: Enquiry, but: Container[UUID]) -> dict[UUID, Hit]:
    """Accounts that somebody put on the case out of a message, and no search brings: as likely as
    the person sought is when they are asked for, else as little as a candidate may be."""
    acts = Act.objects.filter(enquiry=enquiry, kind=ActKind.PLACE, undone_at=None)
    placed = list(acts.values_list("account", flat=True))  # most cases have none
    made = Account.objects.filter(id__in=placed, kind=AccountKind.FOUND)
    rows = [row for row in made.filter(removed_at=None) if row.id not in but]
    found = {}
    for row, content in zip(rows, sealing.unseal(rows), strict=True):
        asked = {column: content[column] for column in PEOPLE_COLUMNS if content.get(column)}
        hits = searching.ask(AccountKind.SOUGHT, asked, top=TOP)
        known = next((hit for hit in hits if hit.account_id == enquiry.sought_id), None)
        found[row.id] = (
            Hit(row.id, LEAST_PROBABILITY, 0.0, (), 0.0, "")
            if known is None
            else replace(known, account_id=row.id)
        )
    return found


def of_enquiry(attempt: Run) -> None:
    """The job after an enquiry came in or changed."""
    enquiry = _enquiries().filter(id=attempt.subject_id).first()
    if enquiry is not None:
        refresh(enquiry)


def of_batch(attempt: Run) -> None:
    """The job after a list came in or was undone: its own enquiries, or all that are open."""
    batch = Batch.objects.get(id=attempt.subject_id)
    enquiries = _enquiries()
    if batch.kind == AccountKind.SOUGHT:
        enquiries = enquiries.filter(sought__batch=batch)
    _refresh_each(attempt, enquiries)


def anew(attempt: Run) -> None:
    """The job after another model was accepted, or taken back: all that are open, by the model that
    weighs now."""
    _refresh_each(attempt, _enquiries())


def _refresh_each(attempt: Run, enquiries: QuerySet[Enquiry]) -> None:
    ids = list(enquiries.order_by("created_at", "id").values_list("id", flat=True))
    for done, enquiry_id in enumerate(ids):
        attempt.progress("looking for people sought", done / len(ids))
        enquiry = _enquiries().filter(id=enquiry_id).first()
        if enquiry is not None:
            refresh(enquiry)


def of_registration(attempt: Run) -> None:
    """The job after people registered themselves: the enquiries that may be about one of them."""
    brought = Registered.objects.filter(registration_id=UUID(attempt.subject_id)).values("account")
    people = list(accounts.current().filter(id__in=brought))
    sought: set[UUID] = set()
    for content in sealing.unseal(people):
        asked = {column: content[column] for column in PEOPLE_COLUMNS if content.get(column)}
        hits = searching.ask(AccountKind.SOUGHT, asked, top=TOP)
        sought |= {hit.account_id for hit in hits if hit.probability >= LEAST_PROBABILITY}
    for enquiry in _enquiries().filter(sought__in=sought).order_by("created_at", "id"):
        refresh(enquiry)


def _enquiries() -> QuerySet[Enquiry]:
    open_ones = Enquiry.objects.filter(OPEN_ENQUIRIES, removed_at=None)
    return open_ones.filter(sought__removed_at=None).select_related("sought")


def _new(enquiry: Enquiry, sought: Account, account: Account) -> Candidate:
    """A candidate that was not known; a pair refused in earlier versions comes back as such."""
    both = [*_versions(sought), *_versions(account)]
    refused = {
        pair for pair, judgement in standing(both).items() if judgement.verdict == Verdict.NO_MATCH
    }
    earlier = Candidate.objects.filter(
        enquiry=enquiry, sought__in=_versions(sought), account__in=_versions(account)
    )
    returned = [
        candidate
        for candidate in earlier.order_by("-updated_at")
        if tuple(sorted((candidate.sought_id, candidate.account_id))) in refused
    ]
    return Candidate(
        enquiry=enquiry,
        sought=sought,
        account=account,
        returned=returned[0] if returned else None,
    )


def _looks_else(
    candidate: Candidate, hit: searching.Hit, before: dict[str, Any], now: dict[str, Any]
) -> bool:
    """Whether a reviewer who looked before would see something else now. Another prior alone, since
    the list grew, is nothing that anybody would judge differently."""
    told = [line["sentence"] for line in before.get("evidence", [])]
    return (
        candidate.state != CandidateState.OPEN
        or candidate.model_version != hit.model_version
        or round(candidate.probability, 2) != round(hit.probability, 2)
        or told != [line["sentence"] for line in now["evidence"]]
    )


def _versions(account: Account) -> list[UUID]:
    """The account and the versions before it."""
    ids = [account.id]
    older = account.follows_id
    while older is not None and older not in ids:
        ids.append(older)
        older = Account.objects.values_list("follows_id", flat=True).get(id=older)
    return ids


def _let_go(enquiry: Enquiry, sought: Account, found: Iterable[UUID]) -> None:
    """Open candidates that no search brings any more."""
    waiting = Candidate.objects.filter(enquiry=enquiry, state=CandidateState.OPEN)
    waiting.exclude(sought=sought, account_id__in=list(found)).update(state=CandidateState.GONE)
