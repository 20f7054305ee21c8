"""Candidates come from the index in the background, and judging them is undone like the rest."""

from __future__ import annotations

from typing import Any

import pytest

from reknit.casework import candidates, edits
from reknit.casework.assignments import assign
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState, Companion
from reknit.casework.review import Standing, judge, standings, undo
from reknit.guard import approvals, searching
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.guard.reasons import Failure, Reason, Success
from reknit.intake import enquiries, imports
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job, JobState
from reknit.queue.worker import work_off, work_once
from reknit.records import accounts
from reknit.records.models import Account, AccountKind, Enquiry, EnquiryStatus, Verdict
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC, Role
from tests.cast import (
    IDRIS_FOUND,
    IDRIS_SOUGHT,
    RAFI,
    SIBLINGS_FOUND,
    SIBLINGS_SOUGHT,
    crowd,
    renamed,
)
from tests.intake.test_imports import take
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
JOB = "candidates of enquiry"
MATCH, NO_MATCH, UNSURE = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNSURE


def an_enquiry(**about: str) -> Enquiry:
    """Amal's enquiry, in Noor's hands."""
    sought = {**IDRIS_SOUGHT, **about}
    enquiry = enquiries.accept(PUBLIC, office(), sought, {"seeker_name": "Amal"}, {}).enquiry
    assign(staff(Role.SUPERVISOR).as_actor(), [enquiry.id], noor())
    return enquiry


def the_candidate(**about: str) -> Candidate:
    take([IDRIS_FOUND, *crowd()])
    an_enquiry(**about)
    work_off(HANDLERS)
    return Candidate.objects.order_by("-probability")[0]


def test_it_finds_the_person_sought_among_the_found_and_says_why() -> None:
    candidate = the_candidate()
    assert sealing.unseal([candidate.account])[0]["person_record_id"] == "idris-found"
    assert candidate.probability > 0.5
    (content,) = sealing.unseal([candidate])
    assert {"field", "weight", "sentence"} == set(content["evidence"][0])
    assert candidate.model_version
    assert Enquiry.objects.get().status == EnquiryStatus.POSSIBLE_MATCH


def test_it_looks_for_people_of_whom_a_list_gave_the_telephone_and_a_place() -> None:
    """Their account also holds the digest of what the vault holds, which no search knows."""
    take([IDRIS_FOUND, *crowd()])
    told = {**IDRIS_SOUGHT, "phones": "+963 944 123 456", "last_known_location": "Tyre"}
    take([told], kind=AccountKind.SOUGHT, source="Families")
    work_off(HANDLERS)
    assert Candidate.objects.filter(probability__gt=0.5).count() == 1


def test_it_looks_again_when_a_list_comes_in_after_the_enquiry() -> None:
    an_enquiry()
    work_off(HANDLERS)
    assert Enquiry.objects.get().status == EnquiryStatus.SEARCHING
    take([IDRIS_FOUND, *crowd()])
    work_off(HANDLERS)
    assert Candidate.objects.filter(state=CandidateState.OPEN, probability__gt=0.5).count() == 1


def test_it_looks_for_several_together_as_for_each_alone() -> None:
    take([IDRIS_FOUND, *SIBLINGS_FOUND, *crowd()])
    cases = [an_enquiry(), *(an_enquiry(**renamed(one, "")) for one in SIBLINGS_SOUGHT)]
    candidates.refresh(cases)
    together = kept(cases)
    assert len({case for case, _account, _probability, _told in together}) == len(cases)
    for model in (Companion, Candidate):
        model.objects.all().delete()
    for case in cases:
        candidates.refresh([case])
    assert kept(cases) == together


def kept(cases: list[Enquiry]) -> set[tuple[object, ...]]:
    """Which candidates there are, how likely, and what they say."""
    rows = list(Candidate.objects.filter(enquiry__in=cases))
    return {
        (row.enquiry_id, row.account_id, row.probability, str(content))
        for row, content in zip(rows, sealing.unseal(rows), strict=True)
    }


def test_it_leaves_a_case_alone_that_somebody_changed_while_it_looked() -> None:
    take([IDRIS_FOUND, *crowd()])
    case = an_enquiry()
    before = Enquiry.objects.select_related("sought").get(pk=case.pk)
    changed = edits.change(
        noor().as_actor(), case.pk, {"home_city": "Hama"}, {}, seen=before.version
    )
    assert isinstance(changed, Enquiry)
    candidates.refresh([before])
    assert not Candidate.objects.exists()
    work_off(HANDLERS)
    assert Candidate.objects.filter(sought=changed.sought_id).exists()


def test_it_looks_again_for_a_case_that_was_changed_while_its_job_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take([IDRIS_FOUND, *crowd()])
    work_off(HANDLERS)
    case, ask_all = an_enquiry(), searching.ask_all

    def change_while_it_is_asked(*asked: Any, **how: Any) -> Any:
        monkeypatch.setattr(searching, "ask_all", ask_all)
        seen = Enquiry.objects.get(pk=case.pk).version
        changed = edits.change(noor().as_actor(), case.pk, {"home_city": "Hama"}, {}, seen=seen)
        assert isinstance(changed, Enquiry)
        return ask_all(*asked, **how)

    monkeypatch.setattr(searching, "ask_all", change_while_it_is_asked)
    assert work_once({JOB: HANDLERS[JOB]}, name="w")
    assert not Candidate.objects.exists()
    work_off({JOB: HANDLERS[JOB]})
    assert set(Candidate.objects.values_list("sought", flat=True)) == {
        Enquiry.objects.get(pk=case.pk).sought_id
    }


def test_a_job_of_cases_that_were_all_closed_does_nothing() -> None:
    an_enquiry()
    Enquiry.objects.update(status=EnquiryStatus.CLOSED)
    work_off({JOB: HANDLERS[JOB]})
    assert Job.objects.get(name=JOB).state == JobState.DONE


def test_it_lets_a_candidate_go_with_its_list_and_back_with_it() -> None:
    candidate = the_candidate()
    batch = candidate.account.batch
    assert batch is not None
    imports.undo(noor().as_actor(), batch.id, "the wrong list")
    work_off(HANDLERS)
    candidate.refresh_from_db()
    assert standings([candidate])[candidate.id] == Standing.GONE
    assert Enquiry.objects.get().status == EnquiryStatus.SEARCHING


def test_it_restores_the_state_when_a_judgement_is_undone() -> None:
    candidate = the_candidate()
    before = state_hash()
    judged = judge(noor().as_actor(), candidate.id, MATCH, "same father")
    assert standings([candidate])[candidate.id] == Standing.MATCHED
    candidate.account.refresh_from_db()
    sought = Account.objects.get(id=candidate.sought_id)
    assert candidate.account.identity_id == sought.identity_id
    undo(noor().as_actor(), judged.judgement.id, "another Idris")
    assert standings([candidate])[candidate.id] == Standing.WAITING
    assert state_hash() == before


@pytest.mark.parametrize(
    ("verdict", "standing"), [(NO_MATCH, Standing.REFUSED), (UNSURE, Standing.UNSURE)]
)
def test_it_says_what_was_judged(verdict: Verdict, standing: Standing) -> None:
    candidate = the_candidate()
    judge(noor().as_actor(), candidate.id, verdict, "")
    assert standings([candidate])[candidate.id] == standing


def test_it_keeps_a_refused_pair_away_until_one_side_changes_and_says_so_then() -> None:
    candidate = the_candidate()
    judge(noor().as_actor(), candidate.id, NO_MATCH, "he has a scar")
    candidates.refresh([candidate.enquiry])
    assert standings([candidate])[candidate.id] == Standing.REFUSED
    take([renamed(IDRIS_FOUND, "idris-found", description="scar on the chin"), *crowd()])
    work_off(HANDLERS)
    new = Candidate.objects.get(account__in=accounts.current(), returned=candidate)
    assert standings([new])[new.id] == Standing.WAITING


def test_it_waits_for_a_second_person_where_the_person_may_be_a_minor() -> None:
    candidate = the_candidate(date_of_birth="2012-04-02")
    judged = judge(noor().as_actor(), candidate.id, MATCH, "his school card")
    assert judged.approval is not None
    assert standings([candidate])[candidate.id] == Standing.CONFIRMING
    alone = approvals.confirm(noor().as_actor(), judged.approval.id)
    assert alone == Failure(Reason.SAME_PERSON)
    assert standings([candidate])[candidate.id] == Standing.CONFIRMING
    supervisor = staff(Role.SUPERVISOR).as_actor()
    assert approvals.confirm(supervisor, judged.approval.id) == Success()
    assert standings([candidate])[candidate.id] == Standing.MATCHED


def test_it_asks_for_a_reason_that_a_second_person_can_judge() -> None:
    candidate = the_candidate(date_of_birth="2012-04-02")
    with pytest.raises(CaseworkError, match="what convinced you"):
        judge(noor().as_actor(), candidate.id, MATCH, " ")


def test_it_keeps_no_score_with_a_judgement_made_blind() -> None:
    candidate = the_candidate()
    judged = judge(noor().as_actor(), candidate.id, MATCH, "", blind=True)
    assert judged.judgement.probability is None


def test_it_audits_the_judgement_with_the_person_it_is_about() -> None:
    candidate = the_candidate()
    judged = judge(noor().as_actor(), candidate.id, NO_MATCH, "")
    entry = Entry.objects.get(action="judgement:add")
    assert (entry.resource_id, entry.subject_id) == (
        str(judged.judgement.id),
        str(candidate.account_id),
    )


@pytest.mark.parametrize("who", [(Role.CASEWORKER, "Sud"), (Role.DESK, "Nord")])
def test_it_lets_nobody_judge_who_does_not_work_on_the_case(who: tuple[Role, str]) -> None:
    candidate = the_candidate()
    with pytest.raises(NotPermittedError):
        judge(staff(*who).as_actor(), candidate.id, MATCH, "")


def test_it_gives_no_enquiry_to_another_office() -> None:
    enquiry = an_enquiry()
    other = staff(Role.CASEWORKER, "Sud")
    with pytest.raises(CaseworkError, match="another office"):
        assign(staff(Role.SUPERVISOR).as_actor(), [enquiry.id], other)


def test_it_makes_nobody_a_candidate_of_whom_nothing_speaks() -> None:
    take([RAFI, *crowd()])
    an_enquiry()
    work_off(HANDLERS)
    assert not Candidate.objects.filter(probability__gt=0.5).exists()
