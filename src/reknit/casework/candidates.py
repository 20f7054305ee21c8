"""Look for the people sought among the found, in the background, and keep what was found.

Rules: a candidate carries probability, evidence and the model's version; looking again changes no
judgement; a refused pair stays away until one of the two changes, and then says which refusal it
comes back from (casework.review says what was judged); accounts that were removed or superseded
are gone as candidates, and back when they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from reknit.sealing.bulk import insert, update
from reknit.sealing.store import keys_ahead

TOP = 10
TOGETHER = 25
"""Enquiries that one transaction looks at: others wait for it."""
LEAST_PROBABILITY = 0.02
RESTING = (
    EnquiryStatus.DRAFT, EnquiryStatus.OUTCOME, EnquiryStatus.FOLLOW_UP, EnquiryStatus.CLOSED,
)  # fmt: skip
"""Where a case is when nobody is looked for."""
OPEN_ENQUIRIES = ~Q(status__in=RESTING)
_CHANGING = (
    "probability", "match_weight", "model_version", "state", "version", "sealed", "updated_at",
)  # fmt: skip


def refresh(enquiries: Sequence[Enquiry]) -> None:
    """Ask the index for whom some enquiries seek, TOGETHER at most, and keep the answers in one
    transaction. One that somebody edited or closed meanwhile is left as it is: another search of
    it is due, or none.

    Raises RebuildingError, LockedError: the job is then tried again.
    """
    contents = sealing.unseal([enquiry.sought for enquiry in enquiries])
    answers = searching.ask_all(
        AccountKind.FOUND, list(map(_asked, contents)), TOP, least_probability=LEAST_PROBABILITY
    )
    placed = _placed(enquiries)
    sought = {
        enquiry.id: Sought(
            enquiry.sought, content, placed[enquiry.id] | {hit.account_id: hit for hit in answer}
        )
        for enquiry, content, answer in zip(enquiries, contents, answers, strict=True)
    }
    most = sum(len(one.hits) + 1 for one in sought.values())
    with keys_ahead(most):
        commits.commit(lambda: _keep(sought))


@dataclass(frozen=True, slots=True)
class Sought:
    """A person sought, and the accounts that may be theirs, by id."""

    account: Account
    content: Mapping[str, Any] = field(repr=False)
    hits: Mapping[UUID, Hit]


def _keep(sought: Mapping[UUID, Sought]) -> None:
    """What was found, by enquiry, in the caller's commit."""
    locked = Enquiry.objects.select_for_update().filter(id__in=list(sought)).order_by("id")
    cases = [
        case
        for case in locked
        if case.sought_id == sought[case.id].account.id and case.status not in RESTING
    ]
    before: dict[UUID, list[Candidate]] = {case.id: [] for case in cases}
    for candidate in Candidate.objects.filter(enquiry__in=cases):
        before[candidate.enquiry_id].append(candidate)
    wanted = {account_id for case in cases for account_id in sought[case.id].hits}
    found = {account.id: account for account in accounts.current().filter(id__in=wanted)}
    fresh, known = [], []
    for case in cases:
        person = sought[case.id]
        hits = {id_: hit for id_, hit in person.hits.items() if id_ in found}
        mine = {
            one.account_id: one for one in before[case.id] if one.sought_id == person.account.id
        }
        known += [(mine[id_], hit) for id_, hit in hits.items() if id_ in mine]
        fresh += [
            (Candidate(enquiry=case, sought=person.account, account=found[id_]), hit)
            for id_, hit in hits.items()
            if id_ not in mine
        ]
    _note_refused([candidate for candidate, _ in fresh if before[candidate.enquiry_id]], before)
    _write(fresh, known, found)
    brought = {candidate.id for candidate, _ in known}
    gone = [
        candidate.id
        for of_case in before.values()
        for candidate in of_case
        if candidate.state == CandidateState.OPEN and candidate.id not in brought
    ]
    Candidate.objects.filter(id__in=gone).update(state=CandidateState.GONE)
    written = [candidate for candidate, _ in (*known, *fresh)]
    companions.find_companions((one, sought[one.enquiry_id].content) for one in written)
    counts = Counter(candidate.enquiry_id for candidate in written)
    lifecycle.searched([(case, counts[case.id]) for case in cases])


def _write(
    fresh: Sequence[tuple[Candidate, Hit]],
    known: Sequence[tuple[Candidate, Hit]],
    found: Mapping[UUID, Account],
) -> None:
    """Keep what the index says of pairs that are new and of pairs that were known."""
    told = sealing.unseal([candidate for candidate, _ in known])
    for (candidate, hit), earlier in zip(known, told, strict=True):
        if _looks_else(candidate, hit, earlier):
            candidate.version += 1
    for candidate, hit in (*fresh, *known):
        candidate.account = found[candidate.account_id]
        candidate.probability, candidate.match_weight = hit.probability, hit.match_weight
        candidate.model_version, candidate.state = hit.model_version, CandidateState.OPEN
    sealing.seal([candidate for candidate, _ in fresh], [_said(hit) for _, hit in fresh])
    insert([candidate for candidate, _ in fresh])
    sealing.reseal([candidate for candidate, _ in known], [_said(hit) for _, hit in known])
    update([candidate for candidate, _ in known], _CHANGING)


def _said(hit: Hit) -> dict[str, Any]:
    return {"evidence": [asdict(line) for line in hit.evidence], "prior_weight": hit.prior_weight}


def _asked(content: Mapping[str, Any]) -> dict[str, str]:
    return {column: content[column] for column in PEOPLE_COLUMNS if content.get(column)}


def _placed(enquiries: Sequence[Enquiry]) -> dict[UUID, dict[UUID, Hit]]:
    """By enquiry, accounts that somebody put on the case out of a message: as likely as the person
    sought is when they are asked for, else as little as a candidate may be."""
    acts = Act.objects.filter(enquiry__in=enquiries, kind=ActKind.PLACE, undone_at=None)
    placed = list(acts.values_list("enquiry", "account"))  # most cases have none
    made = Account.objects.filter(
        id__in=[account for _, account in placed], kind=AccountKind.FOUND, removed_at=None
    )
    rows = list(made)
    known: dict[UUID, list[Hit]] = {}
    for at in range(0, len(rows), searching.MOST_TOGETHER):
        some = rows[at : at + searching.MOST_TOGETHER]
        asked = list(map(_asked, sealing.unseal(some)))
        answers = searching.ask_all(AccountKind.SOUGHT, asked, TOP)
        known |= dict(zip((row.id for row in some), answers, strict=True))
    sought = {enquiry.id: enquiry.sought_id for enquiry in enquiries}
    found: dict[UUID, dict[UUID, Hit]] = defaultdict(dict)
    for enquiry_id, account_id in placed:
        if account_id not in known:
            continue
        hit = next((h for h in known[account_id] if h.account_id == sought[enquiry_id]), None)
        found[enquiry_id][account_id] = (
            Hit(account_id, LEAST_PROBABILITY, 0.0, (), 0.0, "")
            if hit is None
            else replace(hit, account_id=account_id)
        )
    return found


def of_enquiries(attempts: Sequence[Run]) -> None:
    """The jobs after enquiries came in or changed, TOGETHER at most."""
    enquiries = _enquiries().filter(id__in=[attempt.subject_id for attempt in attempts])
    refresh(list(enquiries.order_by("created_at", "id")))


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
    for done in range(0, len(ids), TOGETHER):
        attempt.progress("looking for people sought", done / len(ids))
        refresh(list(_enquiries().filter(id__in=ids[done : done + TOGETHER])))


def of_registration(attempt: Run) -> None:
    """The job after people registered themselves: the enquiries that may be about one of them."""
    brought = Registered.objects.filter(registration_id=UUID(attempt.subject_id)).values("account")
    people = list(accounts.current().filter(id__in=brought))
    sought: set[UUID] = set()
    for at in range(0, len(people), TOGETHER):
        asked = list(map(_asked, sealing.unseal(people[at : at + TOGETHER])))
        answers = searching.ask_all(
            AccountKind.SOUGHT, asked, TOP, least_probability=LEAST_PROBABILITY
        )
        sought |= {hit.account_id for hits in answers for hit in hits}
    _refresh_each(attempt, _enquiries().filter(sought__in=sought))


def _enquiries() -> QuerySet[Enquiry]:
    open_ones = Enquiry.objects.filter(OPEN_ENQUIRIES, removed_at=None)
    return open_ones.filter(sought__removed_at=None).select_related("sought")


def _note_refused(fresh: Sequence[Candidate], before: Mapping[UUID, Sequence[Candidate]]) -> None:
    """Pairs that were not known, of cases that had candidates: one that was refused in earlier
    versions comes back as such."""
    versions = _versions({id_ for one in fresh for id_ in (one.sought_id, one.account_id)})
    returning = {
        candidate: [
            earlier
            for earlier in before[candidate.enquiry_id]
            if earlier.sought_id in versions[candidate.sought_id]
            and earlier.account_id in versions[candidate.account_id]
        ]
        for candidate in fresh
    }
    pairs = [earlier for some in returning.values() for earlier in some]
    refused = {
        pair
        for pair, judgement in standing(
            {id_ for one in pairs for id_ in (one.sought_id, one.account_id)}
        ).items()
        if judgement.verdict == Verdict.NO_MATCH
    }
    for candidate, some in returning.items():
        again = [
            earlier
            for earlier in some
            if tuple(sorted((earlier.sought_id, earlier.account_id))) in refused
        ]
        candidate.returned = max(again, key=lambda one: one.updated_at, default=None)


def _looks_else(candidate: Candidate, hit: searching.Hit, before: dict[str, Any]) -> bool:
    """Whether a reviewer who looked before would see something else now. Another prior alone, since
    the list grew, is nothing that anybody would judge differently."""
    told = [line["sentence"] for line in before.get("evidence", [])]
    return (
        candidate.state != CandidateState.OPEN
        or candidate.model_version != hit.model_version
        or round(candidate.probability, 2) != round(hit.probability, 2)
        or told != [line.sentence for line in hit.evidence]
    )


def _versions(account_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Each account and the versions before it."""
    versions = {account_id: {account_id} for account_id in account_ids}
    later: dict[UUID, set[UUID]] = {account_id: {account_id} for account_id in versions}
    while later:
        links = Account.objects.filter(id__in=later).exclude(follows=None)
        older: dict[UUID, set[UUID]] = defaultdict(set)
        for new, old in links.values_list("id", "follows_id"):
            for start in later[new]:
                if old is not None and old not in versions[start]:
                    versions[start].add(old)
                    older[old].add(start)
        later = older
    return versions
