"""More people for one user on one day: by another, with a reason, and not without end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from reknit.guard import access, grants, quota
from reknit.guard.errors import GrantError, NotPermittedError, QuotaExceededError
from reknit.guard.models import Entry, QuotaGrant
from reknit.guard.permissions import Permission
from reknit.sealing import records
from reknit.vocabulary import Purpose, Role
from tests.guard.people import accounts
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WHY = "three lists of one camp came in"


@pytest.fixture(autouse=True)
def _five_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "limit", lambda role: 5)


def read(count: int) -> None:
    access.read(
        noor().as_actor(), Permission.ACCOUNT_READ, accounts(count), purpose=Purpose.FAMILY_TRACING
    )


def test_it_lets_them_see_so_many_more_and_says_who_granted_it_and_why() -> None:
    read(5)
    with pytest.raises(QuotaExceededError):
        read(1)
    supervisor = staff(Role.SUPERVISOR)
    row = grants.grant(supervisor.as_actor(), noor().pk, 2, WHY)
    read(2)
    with pytest.raises(QuotaExceededError, match="7 people a day"):
        read(1)
    entry = Entry.objects.get(action="quota:grant")
    assert (entry.user_id, entry.resource_id) == (supervisor.pk, str(noor().pk))
    assert records.unseal([row]) == [{"reason": WHY}]


def test_it_is_gone_the_next_day() -> None:
    row = grants.grant(staff(Role.DATA_PROTECTION_OFFICER).as_actor(), noor().pk, 5, WHY)
    QuotaGrant.objects.filter(pk=row.pk).update(day=timezone.now().date() - timedelta(days=1))
    with pytest.raises(QuotaExceededError):
        read(6)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER}]
)
def test_others_grant_nothing(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        grants.grant(staff(role).as_actor(), noor().pk, 1, WHY)


def test_nobody_grants_themselves_more_nor_somebody_of_another_office() -> None:
    for by in (staff(Role.SUPERVISOR), staff(Role.SUPERVISOR, SUD)):
        whom = by if by.office == noor().office else noor()
        with pytest.raises(NotPermittedError):
            grants.grant(by.as_actor(), whom.pk, 1, WHY)
    assert Entry.objects.filter(action="quota:grant:refused").count() == 2


@pytest.mark.parametrize(
    ("more", "why", "said"), [(3, WHY, "between 1 and 2"), (0, WHY, "between 1"), (1, " ", "why")]
)
def test_it_needs_a_reason_and_at_most_doubles_the_day(more: int, why: str, said: str) -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    grants.grant(supervisor, noor().pk, 3, WHY)
    with pytest.raises(GrantError, match=said):
        grants.grant(supervisor, noor().pk, more, why)
