"""A case moves by its table of steps and no other way, and each step can be taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from reknit.casework import candidates, lifecycle
from reknit.casework.errors import CaseworkError
from reknit.casework.lifecycle import Moved, Need, NotYet, move, next_steps, step_between, unmet
from reknit.casework.models import Candidate, Move
from reknit.casework.versions import Changed
from reknit.guard import answers, approvals, assessments
from reknit.guard.assessments import Concern
from reknit.guard.audit import Resource
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.approvals import Matter
from reknit.guard.models.audit import Entry
from reknit.guard.reasons import Success
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job
from reknit.queue.worker import work_off
from reknit.records import judgements
from reknit.records.judgements import confirm
from reknit.records.models import Enquiry, EnquiryStatus, Outcome, Proof, Risk
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Role, Scope
from reknit.web import words
from tests.casework.test_candidates import an_enquiry, the_candidate
from tests.cast import IDRIS_FOUND, crowd, renamed
from tests.guard.scene import Scene, a_scene, supervisor
from tests.intake.test_imports import take
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
S, O = EnquiryStatus, Outcome  # noqa: E741 - as the table in this file reads
ALL = set(Need)
EARLY = [S.DRAFT, S.OPEN, S.SEARCHING, S.POSSIBLE_MATCH, S.VERIFYING, S.AWAITING_ANSWER]
CHILD = renamed(IDRIS_FOUND, "child", date_of_birth="2014-02-01")


@pytest.mark.parametrize(
    ("before", "to", "outcome", "lacks"),
    [
        (S.DRAFT, S.OPEN, O.NONE, [Need.SEEKER]),
        (S.SEARCHING, S.VERIFYING, O.NONE, [Need.MATCH]),
        (S.VERIFYING, S.AWAITING_ANSWER, O.NONE,
         [Need.MATCH, Need.SECOND, Need.RISK, Need.FLAG]),
        (S.AWAITING_ANSWER, S.OUTCOME, O.CONTACT_RESTORED,
         [Need.MATCH, Need.SECOND, Need.RISK, Need.FLAG, Need.TOLD]),
        (S.AWAITING_ANSWER, S.OUTCOME, O.MESSAGE_ONLY,
         [Need.MATCH, Need.SECOND, Need.RISK, Need.FLAG, Need.MESSAGE]),
        (S.AWAITING_ANSWER, S.OUTCOME, O.ALIVE_NO_CONTACT_WISHED,
         [Need.MATCH, Need.SECOND, Need.ANSWER]),
        (S.VERIFYING, S.OUTCOME, O.DECEASED, [Need.MATCH, Need.DEATH]),
        (S.OUTCOME, S.FOLLOW_UP, O.NONE, []),
        (S.VERIFYING, S.SEARCHING, O.NONE, [Need.REASON]),
        (S.OUTCOME, S.CLOSED, O.NONE, [Need.PROOF, Need.REASON]),
        (S.SEARCHING, S.CLOSED, O.NOT_FOUND, [Need.REASON]),
        (S.CLOSED, S.SEARCHING, O.NONE, [Need.REASON]),
    ],
)  # fmt: skip
def test_each_step_needs_what_the_table_says(
    before: S, to: S, outcome: O, lacks: list[Need]
) -> None:
    step = step_between(before, to)
    assert list(unmet(step, set(), outcome, "", O.CONTACT_RESTORED)) == lacks
    assert unmet(step, ALL, outcome, "why", O.CONTACT_RESTORED) == ()
    for need in set(lacks) - {Need.REASON}:
        assert unmet(step, ALL - {need}, outcome, "why", O.CONTACT_RESTORED) == (need,)


@pytest.mark.parametrize("before", EARLY)
def test_without_an_outcome_a_case_closes_only_as_withdrawn_or_not_found(before: S) -> None:
    step = step_between(before, S.CLOSED)
    for outcome in O:
        closes = outcome in {O.WITHDRAWN, O.NOT_FOUND}
        assert unmet(step, ALL, outcome, "why") == (() if closes else (Need.OUTCOME,))


def test_closing_asks_for_proof_only_where_two_people_were_brought_together() -> None:
    step = step_between(S.OUTCOME, S.CLOSED)
    needing = {o for o in O if unmet(step, ALL - {Need.PROOF}, reason="why", reached=o)}
    assert needing == {O.CONTACT_RESTORED, O.MESSAGE_ONLY}


@pytest.mark.parametrize(
    ("before", "to"),
    [(S.OPEN, S.OUTCOME), (S.SEARCHING, S.AWAITING_ANSWER), (S.DRAFT, S.VERIFYING),
     (S.CLOSED, S.VERIFYING), (S.VERIFYING, S.FOLLOW_UP), (S.OUTCOME, S.DRAFT)],
)  # fmt: skip
def test_no_step_is_skipped(before: S, to: S) -> None:
    with pytest.raises(CaseworkError, match="does not go"):
        step_between(before, to)


def test_the_page_names_the_steps_as_they_are() -> None:
    text = (Path(__file__).parents[2] / "docs/how-to/work-a-case.md").read_text(encoding="utf-8")
    table = text[text.index("| from | to |") : text.index('"Whoever works on it"')]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:] if line]
    named = {words.of(status).casefold(): status for status in S}
    early = frozenset(EARLY)
    said = [
        (early if row[0].startswith("any") else frozenset(named[w] for w in row[0].split(", ")),
         named[row[1]])
        for row in rows
    ]  # fmt: skip
    assert said == [(step.since, step.to) for step in lifecycle.STEPS]


def test_the_search_moves_cases_among_the_first_states_only() -> None:
    by_itself = [step for step in lifecycle.STEPS if step.by_itself]
    reached = {step.to for step in by_itself} | {s for step in by_itself for s in step.since}
    assert reached == {S.OPEN, S.SEARCHING, S.POSSIBLE_MATCH}


def at(scene: Scene, status: S, outcome: O = O.NONE) -> Enquiry:
    """The scene's case, put there."""
    Enquiry.objects.filter(pk=scene.enquiry.pk).update(status=status, outcome=outcome)
    return Enquiry.objects.get(pk=scene.enquiry.pk)


def go(scene: Scene, to: S, reason: str = "", **more: O) -> Moved | NotYet | Changed:
    return move(noor().as_actor(), scene.enquiry.pk, to, reason, **more)


def moved(result: Moved | NotYet | Changed) -> Move:
    assert isinstance(result, Moved), result
    return result.move


def test_a_whole_case_goes_from_search_to_closing_and_back_step_by_step() -> None:
    """Each move taken back leaves the state as it was before it (I8)."""
    scene = a_scene()
    at(scene, S.POSSIBLE_MATCH)
    assessments.record_proof(noor().as_actor(), scene.enquiry.pk, Proof.DOCUMENTED, "two cards")
    scene.agree(Scope.CONTACT)
    hashes, moves = [], []

    def step(to: S, reason: str = "", **more: O) -> None:
        hashes.append(state_hash())
        moves.append(moved(go(scene, to, reason, **more)))

    step(S.VERIFYING)
    step(S.AWAITING_ANSWER)
    assert go(scene, S.OUTCOME, outcome=O.CONTACT_RESTORED) == NotYet((Need.TOLD,))
    scene.tell(Scope.CONTACT)
    step(S.OUTCOME, outcome=O.CONTACT_RESTORED)
    step(S.FOLLOW_UP)
    assert go(scene, S.CLOSED, " ") == NotYet((Need.REASON,))
    step(S.CLOSED, "they spoke, and want no more help")
    enquiry = Enquiry.objects.get(pk=scene.enquiry.pk)
    assert (enquiry.status, enquiry.outcome) == (S.CLOSED, O.CONTACT_RESTORED)
    assert enquiry.closed_at is not None
    for before, taken in zip(reversed(hashes), reversed(moves), strict=True):
        lifecycle.undo(supervisor(), taken.pk, "by mistake")
        assert state_hash() == before


def test_a_move_and_its_reason_are_kept_and_audited() -> None:
    scene = a_scene()
    at(scene, S.SEARCHING)
    taken = moved(go(scene, S.CLOSED, "the family found him", outcome=O.WITHDRAWN))
    assert sealing.unseal([taken])[0]["reason"] == "the family found him"
    entry = Entry.objects.get(action="enquiry:close")
    assert (entry.resource_id, entry.subject_id) == (str(scene.enquiry.pk), str(scene.sought.pk))
    assert "family" not in entry.detail


def test_only_the_latest_move_is_taken_back() -> None:
    scene = a_scene()
    at(scene, S.POSSIBLE_MATCH)
    first = moved(go(scene, S.VERIFYING))
    moved(go(scene, S.AWAITING_ANSWER))
    with pytest.raises(CaseworkError, match="latest"):
        lifecycle.undo(noor().as_actor(), first.pk)
    assert at(scene, S.AWAITING_ANSWER).status == S.AWAITING_ANSWER


def test_nothing_is_verified_without_a_judgement_that_counts() -> None:
    scene = a_scene(judged=False)
    at(scene, S.POSSIBLE_MATCH)
    assert go(scene, S.VERIFYING) == NotYet((Need.MATCH,))


def test_a_minor_is_identified_by_two_before_anybody_is_asked() -> None:
    scene = a_scene(CHILD)
    at(scene, S.VERIFYING)
    assert go(scene, S.AWAITING_ANSWER) == NotYet((Need.SECOND,))
    assert scene.judgement is not None
    confirm(staff(Role.SUPERVISOR), scene.judgement.pk, dt.datetime.now(dt.UTC))
    moved(go(scene, S.AWAITING_ANSWER))


def test_a_flag_raised_after_the_judgement_asks_for_two_again() -> None:
    scene = a_scene()
    at(scene, S.VERIFYING)
    assessments.assess_risk(
        noor().as_actor(), scene.enquiry.pk, Risk.FLAGGED, "he fled", [Concern.ABUSE]
    )
    assert go(scene, S.AWAITING_ANSWER) == NotYet((Need.SECOND, Need.FLAG))


def test_a_death_is_an_outcome_when_two_agreed_on_both_death_and_identity() -> None:
    scene = a_scene()
    at(scene, S.VERIFYING)
    dead = {"outcome": O.DECEASED}
    assert go(scene, S.OUTCOME, **dead) == NotYet((Need.DEATH,))
    known = approvals.propose(
        noor().as_actor(), Matter.DEATH, Resource("account", str(scene.idris.pk)), "the hospital"
    )
    assert approvals.confirm(supervisor(), known.pk) == Success()
    assert go(scene, S.OUTCOME, **dead) == NotYet((Need.DEATH,))
    assert scene.judgement is not None
    confirm(staff(Role.SUPERVISOR), scene.judgement.pk, dt.datetime.now(dt.UTC))
    moved(go(scene, S.OUTCOME, **dead))


def test_no_contact_wished_is_an_outcome_once_the_person_answered() -> None:
    scene = a_scene()
    at(scene, S.AWAITING_ANSWER)
    wish = {"outcome": O.ALIVE_NO_CONTACT_WISHED}
    assert go(scene, S.OUTCOME, **wish) == NotYet((Need.ANSWER,))
    scene.agree(Scope.NO_CONTACT)
    moved(go(scene, S.OUTCOME, **wish))


@pytest.mark.parametrize(
    ("role", "office", "moves"),
    [
        (Role.CASEWORKER, "Nord", True),
        (Role.SUPERVISOR, "Nord", True),
        (Role.DESK, "Nord", False),
        (Role.COORDINATOR, "Nord", False),
        (Role.DATA_PROTECTION_OFFICER, "Nord", False),
        (Role.CASEWORKER, "Sud", False),
        (Role.SUPERVISOR, "Sud", False),
    ],
)
def test_who_moves_a_case(role: Role, office: str, moves: bool) -> None:
    scene = a_scene()
    enquiry = at(scene, S.POSSIBLE_MATCH)
    actor = staff(role, office).as_actor()
    assert bool(next_steps(actor, enquiry)) is moves
    if moves:
        moved(move(actor, enquiry.pk, S.VERIFYING))
    else:
        with pytest.raises(NotPermittedError):
            move(actor, enquiry.pk, S.VERIFYING)


def test_a_case_is_reopened_by_a_supervisor_with_a_reason_and_searched_again() -> None:
    scene = a_scene()
    Enquiry.objects.filter(pk=scene.enquiry.pk).update(
        status=S.CLOSED, outcome=O.NOT_FOUND, closed_at=dt.datetime.now(dt.UTC)
    )
    with pytest.raises(NotPermittedError):
        go(scene, S.SEARCHING, "a new list")
    assert move(supervisor(), scene.enquiry.pk, S.SEARCHING) == NotYet((Need.REASON,))
    moved(move(supervisor(), scene.enquiry.pk, S.SEARCHING, "a new list"))
    enquiry = Enquiry.objects.get(pk=scene.enquiry.pk)
    assert (enquiry.status, enquiry.outcome, enquiry.closed_at) == (S.SEARCHING, O.NONE, None)
    assert Job.objects.filter(name="candidates of enquiry", subject_id=str(enquiry.pk)).exists()
    assert Entry.objects.filter(action="enquiry:reopen").count() == 1


def test_a_caseworker_does_not_reopen_by_taking_the_closing_back() -> None:
    scene = a_scene()
    at(scene, S.SEARCHING)
    closing = moved(go(scene, S.CLOSED, "gave up", outcome=O.NOT_FOUND))
    with pytest.raises(NotPermittedError):
        lifecycle.undo(noor().as_actor(), closing.pk)
    lifecycle.undo(supervisor(), closing.pk)
    assert Enquiry.objects.get(pk=scene.enquiry.pk).closed_at is None


def test_the_search_moves_by_the_table_and_leaves_what_people_decided() -> None:
    candidate = the_candidate()
    (taken,) = Move.objects.filter(enquiry=candidate.enquiry)
    assert (taken.before, taken.after, taken.by) == (S.OPEN, S.POSSIBLE_MATCH, None)
    assert Entry.objects.filter(action="candidate:refresh").count() == 1
    candidates.refresh([candidate.enquiry])
    assert Move.objects.count() == 1
    Enquiry.objects.filter(pk=candidate.enquiry_id).update(status=S.VERIFYING)
    Candidate.objects.all().delete()
    candidates.refresh([Enquiry.objects.get(pk=candidate.enquiry_id)])
    assert Enquiry.objects.get().status == S.VERIFYING


def test_going_back_to_search_takes_what_the_search_moved_since_with_it() -> None:
    candidate = the_candidate()
    enquiry_id = candidate.enquiry_id
    Enquiry.objects.filter(pk=enquiry_id).update(status=S.VERIFYING)
    before = state_hash()
    back = moved(move(noor().as_actor(), enquiry_id, S.SEARCHING, "his brother, not he"))
    work_off(HANDLERS)
    assert Enquiry.objects.get().status == S.POSSIBLE_MATCH
    lifecycle.undo(noor().as_actor(), back.pk)
    assert state_hash() == before


def test_a_draft_or_a_closed_case_is_not_searched_for() -> None:
    take([IDRIS_FOUND, *crowd()])
    enquiry = an_enquiry()
    for status in (S.DRAFT, S.OUTCOME, S.FOLLOW_UP, S.CLOSED):
        Enquiry.objects.filter(pk=enquiry.pk).update(status=status)
        work_off(HANDLERS)
        assert not Candidate.objects.exists()
        assert Enquiry.objects.get().status == status


def test_the_seekers_page_says_the_same_wherever_the_case_is() -> None:
    scene = a_scene()
    seen = set()
    for status in S:
        at(scene, status)
        seen.add(bytes(answers.show(scene.enquiry.pk)))
    assert len(seen) == 1


def test_a_judgement_taken_back_takes_the_next_step_away() -> None:
    scene = a_scene()
    enquiry = at(scene, S.POSSIBLE_MATCH)
    verifying = next(n for n in next_steps(noor().as_actor(), enquiry) if n.to == S.VERIFYING)
    assert verifying.is_ready
    assert scene.judgement is not None
    judgements.undo(noor(), scene.judgement.pk, dt.datetime.now(dt.UTC))
    verifying = next(n for n in next_steps(noor().as_actor(), enquiry) if n.to == S.VERIFYING)
    assert verifying.needs == (Need.MATCH,)


def test_the_page_is_told_what_each_outcome_still_needs() -> None:
    scene = a_scene()
    enquiry = at(scene, S.AWAITING_ANSWER)
    outcome = next(n for n in next_steps(noor().as_actor(), enquiry) if n.to == S.OUTCOME)
    assert outcome.outcomes[O.CONTACT_RESTORED] == (Need.TOLD,)
    assert not outcome.is_ready
