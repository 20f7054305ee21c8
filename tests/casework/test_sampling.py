"""Judgements looked at again: drawn by chance, blind, about nobody's work."""

from __future__ import annotations

import inspect
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.casework import sampling
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Look, Sample
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.records import judgements
from reknit.records.models import Judgement, User, Verdict
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Role
from tests.casework.test_queue import a_case
from tests.cast import IDRIS_FOUND, renamed
from tests.guard.scene import an_account, supervisor
from tests.staff import SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MATCH, NO_MATCH = Verdict.MATCH, Verdict.NO_MATCH


def a_judgement(verdict: Verdict = NO_MATCH, by: User | None = None) -> Judgement:
    case = a_case(noor())
    found = an_account(renamed(IDRIS_FOUND, "f"))
    return judgements.judge(by or noor(), case.sought, found, verdict, "why", enquiry=case)


def one_look(verdict: Verdict = NO_MATCH) -> Look:
    a_judgement(verdict)
    sample = sampling.draw(supervisor(), size=1, days=30)
    return Look.objects.get(sample=sample)


def test_the_drawing_is_recorded_so_that_it_can_be_done_again() -> None:
    for _ in range(6):
        a_judgement()
    ids = list(Judgement.objects.order_by("pk").values_list("pk", flat=True))
    sample = sampling.draw(supervisor(), size=3, days=30)
    assert (sample.population, sample.size) == (6, 3)
    looks = Look.objects.filter(sample=sample).order_by("number")
    assert [row.judgement_id for row in looks] == sampling.drawn(ids, 3, sample.seed)
    assert Entry.objects.filter(action="sample:draw").count() == 1


@given(st.integers(0, 2**62), st.integers(1, 20))
def test_chance_chooses_each_at_most_once_and_nobody_outside(seed: int, size: int) -> None:
    ids = [UUID(int=number) for number in range(20)]
    chosen = sampling.drawn(ids, size, seed)
    assert len(set(chosen)) == size
    assert set(chosen) <= set(ids)


def test_it_leaves_out_ones_own_those_that_were_undone_and_other_offices() -> None:
    a_judgement(by=staff(Role.SUPERVISOR))
    undone = a_judgement()
    judgements.undo(noor(), undone.pk, undone.at)
    with pytest.raises(CaseworkError, match="nobody else judged"):
        sampling.draw(supervisor(), size=5, days=30)
    kept = a_judgement()
    assert sampling.draw(supervisor(), size=5, days=30).population == 1
    assert Look.objects.get().judgement_id == kept.pk
    with pytest.raises(CaseworkError, match="nobody else judged"):
        sampling.draw(staff(Role.SUPERVISOR, SUD).as_actor(), size=5, days=30)


def test_who_agrees_need_say_nothing_and_who_disagrees_says_why() -> None:
    row = one_look(NO_MATCH)
    with pytest.raises(CaseworkError, match="say what you see"):
        sampling.look(supervisor(), row.pk, MATCH, " ")
    sampling.look(supervisor(), row.pk, MATCH, "the same scar")
    row.refresh_from_db()
    assert sealing.unseal([row]) == [{"reason": "the same scar"}]
    assert Judgement.objects.get().verdict == NO_MATCH
    assert sampling.agreement(row.sample).agreed == 0
    with pytest.raises(CaseworkError, match="already"):
        sampling.look(supervisor(), row.pk, NO_MATCH, "")


def test_taking_a_look_back_restores_the_state() -> None:
    row = one_look()
    before = state_hash()
    sampling.look(supervisor(), row.pk, NO_MATCH, "")
    assert sampling.agreement(row.sample).agreed == 1
    other = User.objects.create_user("s2@nord.example", Role.SUPERVISOR, office())
    with pytest.raises(CaseworkError, match="somebody else"):
        sampling.undo(other.as_actor(), row.pk)
    sampling.undo(supervisor(), row.pk)
    assert state_hash() == before


def test_nobody_looks_at_their_own_judgement_again() -> None:
    row = one_look()
    Judgement.objects.update(by=staff(Role.SUPERVISOR))
    with pytest.raises(CaseworkError, match="judged it yourself"):
        sampling.look(supervisor(), row.pk, NO_MATCH, "")
    with pytest.raises(CaseworkError, match="judged it yourself"):
        sampling.shown(supervisor(), row.pk)


def test_what_is_shown_is_two_people_audited_for_the_purpose_of_quality() -> None:
    row = one_look()
    _row, left, right = sampling.shown(supervisor(), row.pk)
    assert left["full_name"] != right["full_name"]
    read = Entry.objects.filter(action="account:read", user_id=staff(Role.SUPERVISOR).pk)
    assert {entry.purpose for entry in read} == {"quality"}
    assert read.count() == 2


@pytest.mark.parametrize(
    "who", [(Role.CASEWORKER, "Nord"), (Role.COORDINATOR, "Nord"), (Role.SUPERVISOR, SUD),
            (Role.DATA_PROTECTION_OFFICER, "Nord")],
)  # fmt: skip
def test_nobody_else_looks(who: tuple[Role, str]) -> None:
    row = one_look()
    with pytest.raises(NotPermittedError):
        sampling.look(staff(*who).as_actor(), row.pk, NO_MATCH, "")
    with pytest.raises(NotPermittedError):
        sampling.shown(staff(*who).as_actor(), row.pk)


def test_there_is_no_figure_about_a_colleague() -> None:
    """The refusal (trust): agreement is of a sample, and no function takes a member of staff whose
    work it would measure."""
    assert list(inspect.signature(sampling.agreement).parameters) == ["sample"]
    assert not {field.name for field in Sample._meta.fields} & {"user", "judged_by", "about"}


def test_the_interval_is_wilsons() -> None:
    """Against values of R's binom.confint(method="wilson")."""
    assert sampling.interval(0, 10) == (0.0, 0.278)
    assert sampling.interval(10, 10) == (0.722, 1.0)
    assert sampling.interval(45, 50) == (0.786, 0.957)


def test_there_is_nothing_to_look_at_where_nothing_was_drawn() -> None:
    with pytest.raises(NotPermittedError):
        sampling.shown(supervisor(), uuid4())
    with pytest.raises(CaseworkError, match="draw 1 to"):
        sampling.draw(supervisor(), size=0, days=30)
