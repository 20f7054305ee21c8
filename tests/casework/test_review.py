"""What waits for a reviewer, in which order; verdicts that are stale; skips and undo; blind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reknit.casework import candidates, returning, review, reviewers
from reknit.casework.errors import KeysError
from reknit.casework.models import Candidate, Skip
from reknit.casework.need_rules import Band
from reknit.casework.review import ActKind, Judged, Seen, Stale
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.records import accounts
from reknit.records.models import AccountKind, Enquiry, Verdict
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Role
from tests.casework.cases import a_candidate, some_candidates
from tests.casework.test_candidates import the_candidate
from tests.cast import IDRIS_FOUND, crowd, renamed
from tests.intake.test_imports import take
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MATCH, NO_MATCH, UNSURE = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNSURE


def test_it_goes_case_by_case_in_the_queues_order_and_in_each_the_likeliest_first() -> None:
    made = some_candidates([[0.3, 0.9], [0.95, 0.1], [0.5]])
    Enquiry.objects.filter(pk=made[1][0].enquiry_id).update(need=Band.NOW)
    order = review.ordered(noor().as_actor())
    first, second, third = made[1], made[0], made[2]
    assert order == [one.pk for one in (*first, second[1], second[0], *third)]


def test_blind_it_shows_them_in_an_order_that_says_nothing_about_the_score() -> None:
    made = some_candidates([[0.1, 0.5, 0.9]])
    order = review.ordered(noor().as_actor(), blind=True)
    assert order == sorted(one.pk for one in made[0])


@pytest.mark.parametrize("verdict", list(Verdict))
def test_what_was_judged_waits_no_more_until_it_is_undone(verdict: Verdict) -> None:
    ((one,),) = some_candidates([[0.9]])
    before = state_hash()
    judged = review.judge(noor().as_actor(), one.pk, verdict, "")
    assert review.ordered(noor().as_actor()) == []
    review.undo(noor().as_actor(), judged.judgement.pk, "")
    assert review.ordered(noor().as_actor()) == [one.pk]
    assert state_hash() == before


def test_a_skipped_one_comes_last_until_it_changes_or_the_skip_is_undone() -> None:
    ((first, second),) = some_candidates([[0.9, 0.4]])
    actor, before = noor().as_actor(), state_hash()
    skipped = review.skip(actor, first.pk)
    assert review.ordered(actor) == [second.pk, first.pk]
    assert state_hash() != before
    review.undo_skip(actor, skipped.pk)
    assert review.ordered(actor) == [first.pk, second.pk]
    assert state_hash() == before
    review.skip(actor, first.pk)
    Candidate.objects.filter(pk=first.pk).update(version=2)
    assert review.ordered(actor) == [first.pk, second.pk]


def test_a_supervisor_reviews_what_waits_in_the_office_and_nothing_of_another() -> None:
    ((one, two),) = some_candidates([[0.9, 0.4]])
    a_candidate(office_name=SUD)
    assert review.ordered(staff(Role.SUPERVISOR).as_actor()) == [one.pk, two.pk]
    colleague = staff(Role.CASEWORKER, SUD).as_actor()
    assert review.ordered(colleague) == [], "a caseworker: what is assigned to them"
    assert review.ordered(staff(Role.COORDINATOR).as_actor()) == []


def test_a_skip_is_its_makers_alone() -> None:
    ((first, second),) = some_candidates([[0.9, 0.4]])
    skipped = review.skip(noor().as_actor(), first.pk)
    supervisor = staff(Role.SUPERVISOR).as_actor()
    assert review.ordered(supervisor, first.enquiry_id) == [first.pk, second.pk]
    with pytest.raises(NotPermittedError):
        review.undo_skip(supervisor, skipped.pk)


def test_the_history_tells_what_was_done_and_undo_takes_the_last_back_each_time() -> None:
    ((first, second),) = some_candidates([[0.9, 0.4]])
    actor = noor().as_actor()
    hashes = [state_hash()]
    review.judge(actor, first.pk, NO_MATCH, "another father")
    hashes.append(state_hash())
    review.skip(actor, second.pk)
    kinds = [(act.kind, act.candidate and act.candidate.pk) for act in review.history(actor)]
    assert kinds == [(ActKind.SKIP, second.pk), (ActKind.JUDGEMENT, first.pk)]
    for _ in range(2):
        assert review.undo_last(actor) is not None
        assert state_hash() == hashes.pop()
    assert review.undo_last(actor) is None
    assert all(act.undone_at for act in review.history(actor))


def test_of_two_verdicts_from_two_tabs_the_second_is_refused_and_both_are_told() -> None:
    ((one,),) = some_candidates([[0.9]])
    actor = noor().as_actor()
    seen = review.seen_now(one, blind=False)
    first = review.judge_as_seen(actor, one.pk, NO_MATCH, "", seen)
    second = review.judge_as_seen(actor, one.pk, MATCH, "", seen)
    assert isinstance(first, Judged)
    assert isinstance(second, Stale)
    assert second.seen.judgement_id is None
    assert second.judgement == first.judgement
    assert second.now.judgement_id == first.judgement.pk


def test_a_verdict_on_what_has_changed_since_is_refused() -> None:
    ((one,),) = some_candidates([[0.9]])
    seen = review.seen_now(one, blind=False)
    Candidate.objects.filter(pk=one.pk).update(version=2, probability=0.2)
    stale = review.judge_as_seen(noor().as_actor(), one.pk, MATCH, "", seen)
    assert isinstance(stale, Stale)
    assert (stale.seen.probability, stale.now.probability) == (0.9, 0.2)
    assert review.ordered(noor().as_actor()) == [one.pk]


def test_looking_again_changes_no_version_where_nothing_changed() -> None:
    one = the_candidate()
    candidates.refresh([one.enquiry])
    one.refresh_from_db()
    assert one.version == 1
    (said,) = sealing.unseal([one])
    assert said["prior_weight"] < 0


@pytest.mark.parametrize(
    "who", [(Role.CASEWORKER, "Sud"), (Role.SUPERVISOR, "Sud"), (Role.DESK, "Nord")]
)
def test_nobody_reviews_who_does_not_work_on_the_case(who: tuple[Role, str]) -> None:
    ((one,),) = some_candidates([[0.9]])
    actor = staff(*who).as_actor()
    assert review.ordered(actor, one.enquiry_id) == []
    with pytest.raises(NotPermittedError):
        review.judge_as_seen(actor, one.pk, MATCH, "", Seen(1, None, 0.9))
    with pytest.raises(NotPermittedError):
        review.skip(actor, one.pk)
    assert not Skip.objects.exists()


def test_a_colleague_of_the_same_office_without_the_case_reviews_nothing() -> None:
    ((one,),) = some_candidates([[0.9]])
    one.enquiry.assigned_to = None
    one.enquiry.save()
    assert review.ordered(noor().as_actor(), one.enquiry_id) == []
    with pytest.raises(NotPermittedError):
        review.skip(noor().as_actor(), one.pk)


def test_a_refused_pair_says_why_it_is_back() -> None:
    one = the_candidate()
    review.judge(noor().as_actor(), one.pk, NO_MATCH, "he has no scar")
    take([renamed(IDRIS_FOUND, "idris-found", description="scar on the chin"), *crowd()])
    work_off(HANDLERS)
    new = Candidate.objects.get(account__in=accounts.current(), returned=one)
    sought, found = (sealing.unseal([side])[0] for side in (new.sought, new.account))
    back = returning.why_back(noor().as_actor(), new, sought, found)
    assert back is not None
    assert (back.reason, back.refusal.by) == ("he has no scar", noor())
    (change,) = back.changes
    assert (change.side, change.column, change.before, change.now) == (
        AccountKind.FOUND, "description", "", "scar on the chin",
    )  # fmt: skip
    review.undo(noor().as_actor(), back.refusal.pk, "")
    assert returning.why_back(noor().as_actor(), new, sought, found) is None


def test_each_skip_is_audited_with_the_person_it_is_about() -> None:
    ((one,),) = some_candidates([[0.9]])
    skipped = review.skip(noor().as_actor(), one.pk)
    review.undo_skip(noor().as_actor(), skipped.pk)
    said = Entry.objects.filter(action__startswith="candidate:").order_by("pk")
    assert [(entry.action, entry.subject_id) for entry in said] == [
        ("candidate:skip", str(one.account_id)),
        ("candidate:unskip", str(one.account_id)),
    ]


def test_what_waits_costs_one_question_for_many_as_for_few() -> None:
    some_candidates([[0.9]])
    with CaptureQueriesContext(connection) as few:
        review.ordered(noor().as_actor())
    some_candidates([[0.8, 0.7], [0.6, 0.5]])
    with CaptureQueriesContext(connection) as many:
        assert len(review.ordered(noor().as_actor())) == 5
    assert len(few) - len(many) == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"match": "n"}, "match and no_match"),
        ({"undo": "b"}, "undo and back"),
        ({"match": "N"}, "match and no_match"),
        ({"match": "/"}, "match: choose one"),
        ({"match": "ab"}, "match: choose one"),
        ({"match": " "}, "match: choose one"),
        ({"dance": "d"}, "dance: no act"),
    ],
)
def test_keys_that_collide_are_refused(wanted: dict[str, str], said: str) -> None:
    actor = noor().as_actor()
    with pytest.raises(KeysError, match=said):
        reviewers.choose(actor, wanted, keys_on=True, blind=False)
    assert reviewers.way_of(actor).keys == reviewers.USUAL


def test_keys_are_kept_for_their_owner_and_can_be_switched_off() -> None:
    actor = noor().as_actor()
    reviewers.choose(actor, {"match": "ي", "no_match": "M"}, keys_on=True, blind=True)
    way = reviewers.way_of(actor)
    assert (way.keys["match"], way.keys["no_match"], way.blind) == ("ي", "m", True)
    assert reviewers.way_of(staff(Role.SUPERVISOR).as_actor()).keys == reviewers.USUAL
    reviewers.choose(actor, {}, keys_on=False, blind=False)
    assert reviewers.way_of(actor).keys == {}


def test_a_supervisor_can_require_it_blind_in_their_office_and_nobody_else_can() -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    reviewers.require_blind(supervisor, required=True)
    assert reviewers.way_of(noor().as_actor()).blind
    assert not reviewers.way_of(staff(Role.CASEWORKER, "Sud").as_actor()).blind
    reviewers.require_blind(supervisor, required=False)
    assert not reviewers.way_of(noor().as_actor()).blind
    assert Entry.objects.filter(action="review:set").count() == 2
    with pytest.raises(NotPermittedError):
        reviewers.require_blind(noor().as_actor(), required=True)
