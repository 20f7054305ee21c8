"""Identities follow the judgements that stand, and undoing splits exactly what was joined (I8)."""

from __future__ import annotations

from random import Random

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reknit.records import accounts
from reknit.records.errors import AlreadyUndoneError, RecordsError, UnknownRecordError
from reknit.records.identities import contradictions
from reknit.records.judgements import confirm, judge, undo
from reknit.records.models import Account, Verdict
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Role
from tests.cast import IDRIS_FOUND, RAFI, crowd, renamed
from tests.records.lists import found, listed
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
MATCH, NO_MATCH, UNSURE = Verdict.MATCH, Verdict.NO_MATCH, Verdict.UNSURE


def together(*members: Account) -> bool:
    """Whether accounts are one identity."""
    ids = Account.objects.filter(id__in=[a.id for a in members]).values_list("identity_id")
    return len(set(ids)) == 1


def test_it_holds_each_account_for_somebody_else_at_first() -> None:
    assert not together(*found([IDRIS_FOUND, RAFI]))


def test_it_joins_matched_accounts_and_splits_them_again() -> None:
    one, other, third = found([IDRIS_FOUND, renamed(IDRIS_FOUND, "again"), RAFI])
    before = state_hash()
    judgement = judge(noor(), one, other, MATCH, "same mark on the hand")
    assert together(one, other)
    assert not together(one, third)
    undo(noor(), judgement.id, timezone.now())
    assert not together(one, other)
    assert state_hash() == before


def test_it_keeps_the_reason_sealed() -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    judgement = judge(noor(), one, other, NO_MATCH, "Rafi is taller")
    assert b"Rafi" not in bytes(judgement.sealed)
    assert sealing.unseal([judgement]) == [{"reason": "Rafi is taller"}]


@pytest.mark.parametrize("verdict", [NO_MATCH, UNSURE])
def test_it_joins_nobody_without_a_match(verdict: Verdict) -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    judge(noor(), one, other, verdict, "")
    assert not together(one, other)


def test_it_goes_by_the_latest_judgement_on_a_pair_and_back_when_that_is_undone() -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    judge(noor(), one, other, MATCH, "")
    second = judge(noor(), other, one, NO_MATCH, "other father")
    assert not together(one, other)
    undo(noor(), second.id, timezone.now())
    assert together(one, other)


def test_it_waits_for_a_second_person_where_two_are_needed() -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    judgement = judge(noor(), one, other, MATCH, "", needs_two=True)
    assert not together(one, other)
    with pytest.raises(RecordsError, match="a second person"):
        confirm(noor(), judgement.id, timezone.now())
    assert not together(one, other)
    confirm(staff(Role.SUPERVISOR), judgement.id, timezone.now())
    assert together(one, other)


def test_it_keeps_versions_of_one_account_together() -> None:
    listed([IDRIS_FOUND])
    listed([renamed(IDRIS_FOUND, "idris-found", age="36")], version=2)
    assert together(*Account.objects.all())


def test_it_splits_an_identity_whose_bridge_is_removed() -> None:
    one, bridge, other = found([IDRIS_FOUND, renamed(IDRIS_FOUND, "bridge"), RAFI])
    judge(noor(), one, bridge, MATCH, "")
    judge(noor(), bridge, other, MATCH, "")
    assert together(one, other)
    accounts.remove(Account.objects.filter(id=bridge.id), timezone.now())
    assert not together(one, other)


def test_it_says_which_judgement_contradicts_an_identity() -> None:
    one, two, three = found([IDRIS_FOUND, renamed(IDRIS_FOUND, "2"), renamed(IDRIS_FOUND, "3")])
    judge(noor(), one, two, MATCH, "")
    judge(noor(), two, three, MATCH, "")
    refused = judge(noor(), one, three, NO_MATCH, "")
    identity = Account.objects.get(id=one.id).identity_id
    assert contradictions(identity) == [refused]


def test_it_refuses_to_judge_an_account_against_itself_or_a_removed_one() -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    with pytest.raises(RecordsError, match="itself"):
        judge(noor(), one, one, MATCH, "")
    accounts.remove(Account.objects.filter(id=other.id), timezone.now())
    other.refresh_from_db()
    with pytest.raises(UnknownRecordError, match="removed"):
        judge(noor(), one, other, MATCH, "")


def test_it_undoes_a_judgement_once() -> None:
    one, other = found([IDRIS_FOUND, RAFI])
    judgement = judge(noor(), one, other, MATCH, "")
    undo(noor(), judgement.id, timezone.now())
    with pytest.raises(AlreadyUndoneError):
        undo(noor(), judgement.id, timezone.now())


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(Verdict)), max_size=9),
    st.randoms(use_true_random=False),
)
def test_it_restores_the_state_in_whatever_order_judgements_are_undone(
    steps: list[tuple[int, int, Verdict]], order: Random
) -> None:
    """The state hash after undoing everything, in any order, is the one before."""
    people = found(crowd(f"c{Account.objects.count()}")[:6])
    before = state_hash()
    made = [
        judge(noor(), people[one], people[other], verdict, "")
        for one, other, verdict in steps
        if one != other
    ]
    order.shuffle(made)
    for judgement in made:
        undo(noor(), judgement.id, timezone.now())
    assert state_hash() == before
