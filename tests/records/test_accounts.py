"""Accounts are never overwritten; new versions follow; what is undone leaves no trace in state."""

from __future__ import annotations

import pytest
from django.utils import timezone

from reknit.records import accounts
from reknit.records.models import Account, Listing
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.sealing.models import DataKey
from tests.cast import IDRIS_FOUND, RAFI, renamed
from tests.records.lists import a_batch, listed

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
OLDER = renamed(IDRIS_FOUND, "idris-found", age="36")
OLDEST = renamed(IDRIS_FOUND, "idris-found", age="37")


def test_it_shows_nothing_of_a_list_that_is_still_being_stored() -> None:
    batch = a_batch()
    accounts.stage([IDRIS_FOUND, RAFI], batch, timezone.now())
    assert not accounts.current().exists()
    assert accounts.show(batch) == 2
    assert accounts.current().count() == 2


def test_it_forgets_what_an_interrupted_import_had_stored_and_its_keys() -> None:
    before = state_hash()
    batch = a_batch()
    keys = DataKey.objects.count()
    accounts.stage([IDRIS_FOUND, RAFI], batch, timezone.now())
    accounts.drop_staged(batch)
    assert not Account.objects.exists()
    assert DataKey.objects.count() == keys
    assert state_hash() == before


def test_it_makes_no_second_account_of_what_a_list_repeats() -> None:
    listed([IDRIS_FOUND, RAFI])
    again = listed([IDRIS_FOUND, RAFI], version=2)
    assert Account.objects.count() == 2
    assert Listing.objects.filter(batch=again).count() == 2


def test_it_lets_a_new_version_follow_the_old() -> None:
    listed([IDRIS_FOUND])
    listed([OLDER], version=2)
    (account,) = accounts.current()
    assert account.version == 2
    assert account.follows is not None
    assert sealing.unseal([account.follows, account]) == [IDRIS_FOUND, OLDER]


def test_it_keeps_apart_what_two_sources_say_of_one_id() -> None:
    listed([IDRIS_FOUND], "Port of Zuwara")
    listed([OLDER], "Camp North")
    assert [account.version for account in accounts.current()] == [1, 1]


def test_it_says_who_left_the_list() -> None:
    listed([IDRIS_FOUND, RAFI])
    second = listed([OLDER], version=2)
    gone = accounts.left_the_list(second)
    assert [said["person_record_id"] for said in sealing.unseal(list(gone))] == ["rafi"]


def test_it_says_that_nobody_left_a_first_list() -> None:
    assert not accounts.left_the_list(listed([IDRIS_FOUND])).exists()


@pytest.mark.parametrize("undone", [0, 1, 2])
def test_it_takes_out_any_version_and_the_chain_closes(undone: int) -> None:
    batches = [listed([row], version=n) for n, row in enumerate([IDRIS_FOUND, OLDER, OLDEST], 1)]
    accounts.remove(Account.objects.filter(batch=batches[undone]), timezone.now())
    (account,) = accounts.current()
    left = [row for n, row in enumerate([IDRIS_FOUND, OLDER, OLDEST]) if n != undone]
    assert account.follows is not None
    assert sealing.unseal([account.follows, account]) == left
    assert account.follows.superseded_by == account
    assert account.follows.follows is None


def test_it_takes_out_two_versions_at_once() -> None:
    listed([IDRIS_FOUND])
    before = state_hash()
    later = [listed([row], version=n) for n, row in enumerate([OLDER, OLDEST], 2)]
    accounts.remove(Account.objects.filter(batch__in=later), timezone.now())
    assert state_hash() == before


def test_it_restores_the_state_hash_when_an_import_is_undone() -> None:
    listed([IDRIS_FOUND, RAFI])
    before = state_hash()
    second = listed([OLDER, renamed(RAFI, "rafi-2")], version=2)
    assert state_hash() != before
    accounts.remove(Account.objects.filter(batch=second), timezone.now())
    assert state_hash() == before


def test_it_numbers_each_change_higher_than_all_before() -> None:
    listed([IDRIS_FOUND])
    (first,) = accounts.current()
    listed([OLDER], version=2)
    (second,) = accounts.current()
    old = Account.objects.get(id=first.id)
    assert first.change < second.change == old.change
