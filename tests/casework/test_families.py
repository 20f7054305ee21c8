"""Relatives on one list come as one family candidate, are judged together and undone together."""

from __future__ import annotations

from uuid import UUID

import pytest

from reknit.casework import candidates, companions, families, review
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, Companion
from reknit.casework.review import Stale
from reknit.guard.errors import NotPermittedError
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.records.models import AccountKind, Enquiry, Judgement, Verdict
from reknit.records.state import state_hash
from reknit.vocabulary import Role
from tests.casework.cases import a_candidate, candidate_of
from tests.cast import SIBLINGS_FOUND, SIBLINGS_SOUGHT, crowd, person
from tests.guard.scene import an_account, an_enquiry
from tests.intake.test_imports import take
from tests.staff import noor, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MATCH = Verdict.MATCH
MOTHER = person("siranush", "Սիրանուշ Դեմիրճյան", sex="female", group_id="bus-3")
STRANGER = person("stranger", "Marta Lindqvist", sex="female", group_id="bus-3")


def the_family(found: list[dict[str, str]] | None = None) -> list[Candidate]:
    """Two brothers, each sought in a case of his own, on one bus with their mother and a
    stranger."""
    sought = [an_enquiry(an_account(row, AccountKind.SOUGHT), noor()) for row in SIBLINGS_SOUGHT]
    rows = SIBLINGS_FOUND if found is None else found
    accounts = [an_account(row) for row in rows]
    return [candidate_of(case, one) for case, one in zip(sought, accounts, strict=False)]


def parts_of(family: families.Family) -> list[tuple[UUID, review.Seen]]:
    return [(fit.candidate.pk, fit.seen) for fit in family.fits]


def the_pair() -> tuple[list[Candidate], families.Family]:
    made = the_family()
    family = families.family_of(noor().as_actor(), made[0])
    assert family is not None
    return made, family


def test_it_says_who_fits_whom() -> None:
    _, family = the_pair()
    assert [(fit.sought, fit.found, fit.similarity) for fit in family.fits] == [
        ("Garen Qassabian", "Garen Qassabian", 1.0),
        ("Tigran Qassabian", "Tigran Qassabian", 1.0),
    ]


def test_they_are_judged_together_and_undone_together() -> None:
    made, family = the_pair()
    before = state_hash()
    done = families.judge(noor().as_actor(), parts_of(family), MATCH, "all of them")
    assert isinstance(done, families.Together)
    assert {review.standings(made)[one.pk] for one in made} == {review.Standing.MATCHED}
    assert {j.together for j in Judgement.objects.all()} == {done.together}
    assert review.undo_last(noor().as_actor()) is not None
    assert {review.standings(made)[one.pk] for one in made} == {review.Standing.WAITING}
    assert state_hash() == before


def test_where_one_has_changed_none_is_judged() -> None:
    made, family = the_pair()
    Candidate.objects.filter(pk=made[1].pk).update(version=2)
    done = families.judge(noor().as_actor(), parts_of(family), MATCH, "")
    assert isinstance(done, Stale)
    assert not Judgement.objects.exists()


def test_where_one_is_somebody_elses_case_none_is_judged() -> None:
    made, family = the_pair()
    Enquiry.objects.filter(pk=made[1].enquiry_id).update(assigned_to=None)
    with pytest.raises(NotPermittedError):
        families.judge(noor().as_actor(), parts_of(family), MATCH, "")
    assert not Judgement.objects.exists()
    assert families.family_of(noor().as_actor(), made[0]) is None


def test_a_minor_among_them_still_needs_a_second_person() -> None:
    """Trust: I11. Without a reason none is judged; with one, the minor waits for the second."""
    made = the_family()
    child = {**SIBLINGS_SOUGHT[1], "date_of_birth": "2015-08-25"}
    case = an_enquiry(an_account(child, AccountKind.SOUGHT), noor())
    young = candidate_of(case, an_account({**SIBLINGS_FOUND[1], "date_of_birth": "2015-08-25"}))
    parts = [(one.pk, review.seen_now(one, blind=False)) for one in (made[0], young)]
    with pytest.raises(CaseworkError, match="what convinced you"):
        families.judge(noor().as_actor(), parts, MATCH, " ")
    assert not Judgement.objects.exists()
    done = families.judge(noor().as_actor(), parts, MATCH, "their school card")
    assert isinstance(done, families.Together)
    assert [one.approval is not None for one in done.judged] == [False, True]
    assert review.standings([young])[young.pk] == review.Standing.CONFIRMING


def test_people_of_other_families_on_the_same_bus_are_not_of_this_one() -> None:
    made = the_family()
    other = an_enquiry(an_account(STRANGER, AccountKind.SOUGHT), noor())
    candidate_of(other, an_account(STRANGER))
    family = families.family_of(noor().as_actor(), made[0])
    assert family is not None
    assert "Marta Lindqvist" not in [fit.sought for fit in family.fits]


def test_who_has_a_named_relatives_name_stands_beside_and_nobody_else() -> None:
    made = the_family([SIBLINGS_FOUND[0], MOTHER, STRANGER])[0]
    companions.find_companions([(made, SIBLINGS_SOUGHT[0])])
    family = families.family_of(noor().as_actor(), made)
    assert family is not None
    assert [(one.relation.value, one.found) for one in family.beside] == [
        ("mother", MOTHER["full_name"])
    ]


def test_a_father_is_no_woman() -> None:
    father = person("x", "Hovhannes Qassabian", sex="female", group_id="bus-3")
    made = the_family([SIBLINGS_FOUND[0], father])[0]
    companions.find_companions([(made, SIBLINGS_SOUGHT[0])])
    assert not Companion.objects.exists()


def test_a_very_large_registration_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "MOST_TOGETHER", 1)
    made = the_family([SIBLINGS_FOUND[0], MOTHER, STRANGER])[0]
    companions.find_companions([(made, SIBLINGS_SOUGHT[0])])
    assert not Companion.objects.exists()


def test_the_job_finds_who_came_with_a_candidate() -> None:
    take([*SIBLINGS_FOUND, MOTHER, STRANGER, *crowd()])
    case = an_enquiry(an_account(SIBLINGS_SOUGHT[0], AccountKind.SOUGHT), noor())
    candidates.refresh([case])
    best = Candidate.objects.order_by("-probability")[0]
    assert [one.line for one in Companion.objects.filter(candidate=best)] == [1]
    work_off(HANDLERS)
    assert Companion.objects.filter(candidate=best).count() == 1


def test_who_was_registered_alone_has_no_family() -> None:
    assert families.family_of(noor().as_actor(), a_candidate()) is None


def test_the_page_judges_those_who_are_ticked() -> None:
    made, family = the_pair()
    client = signed_in(noor())
    page = client.get(f"/review/?candidate={made[0].pk}").content.decode()
    assert "Registered together" in page
    ticked = [str(fit.candidate.pk) for fit in family.fits]
    sent: dict[str, object] = {"verdict": "match", "of_family": ticked}
    for fit in family.fits:
        sent |= {f"version-{fit.candidate.pk}": "1", f"probability-{fit.candidate.pk}": "0.9"}
        assert f'name="version-{fit.candidate.pk}"' in page
    answer = client.post(f"/candidates/{made[0].pk}/family/", sent)
    assert answer["Location"] == "/review/"
    assert Judgement.objects.filter(verdict=MATCH, undone_at=None).count() == 2
    assert "Nothing waits for you" in client.get("/review/").content.decode()
    client.post("/review/undo/")
    assert not Judgement.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("sent", [{}, {"verdict": "match"}, {"verdict": "skip", "of_family": "1"}])
def test_the_page_judges_nobody_where_nobody_is_ticked(sent: dict[str, str]) -> None:
    made, _ = the_pair()
    client = signed_in(noor())
    assert client.post(f"/candidates/{made[0].pk}/family/", sent).status_code == 302
    assert not Judgement.objects.exists()


def test_another_office_judges_no_family() -> None:
    made, family = the_pair()
    other = staff(Role.CASEWORKER, "Sud")
    with pytest.raises(NotPermittedError):
        families.judge(other.as_actor(), parts_of(family), MATCH, "")
    assert signed_in(other).post(f"/candidates/{made[0].pk}/family/").status_code == 404
