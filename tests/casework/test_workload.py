"""What waits for whom and at which step; a few queries, names in order, nobody measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reknit.casework import tasks, workload
from reknit.casework.need_rules import Band
from reknit.casework.workload import Load
from reknit.records.models import EnquiryStatus
from reknit.vocabulary import Role
from tests.casework.test_queue import a_candidate, a_case
from tests.guard.scene import supervisor
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def by_name() -> dict[str, Load]:
    loads = workload.of_people(supervisor(), timezone.now())
    return {load.user.email if load.user else "nobody": load for load in loads}


def test_it_counts_what_waits_for_each_and_for_nobody() -> None:
    case = a_case(noor(), need=Band.NOW)
    a_candidate(case)
    a_case(noor())
    a_case(noor(), closed_at=timezone.now())
    a_case(None)
    a_case(None, SUD)
    late = timezone.now() - dt.timedelta(hours=1)
    tasks.add(noor().as_actor(), case.pk, "Call", late, noor())
    tasks.add(noor().as_actor(), case.pk, "Later", timezone.now() + dt.timedelta(days=2), noor())
    loads = by_name()
    assert loads[noor().email] == Load(noor(), cases=2, urgent=1, candidates=1, due=1)
    assert loads["nobody"] == Load(None, cases=1, urgent=0, candidates=0, due=0)
    assert loads[staff(Role.SUPERVISOR).email].cases == 0


def test_colleagues_stand_in_the_order_of_their_names_not_of_their_numbers() -> None:
    busy = staff(Role.SUPERVISOR)
    for user, name in ((noor(), "Anna"), (busy, "Zoe")):
        user.name = name
        user.save()
    for _ in range(3):
        a_case(busy)
    names = [load.user.name for load in workload.of_people(supervisor(), timezone.now())
             if load.user]  # fmt: skip
    assert names == ["Anna", "Zoe"]


def test_it_says_nothing_of_how_fast_or_how_well_anybody_works() -> None:
    assert {field.name for field in fields(Load)} == {
        "user", "cases", "urgent", "candidates", "due"
    }  # fmt: skip


def test_it_counts_open_cases_by_step_in_the_steps_order() -> None:
    a_case(noor(), status=EnquiryStatus.VERIFYING)
    a_case(None, status=EnquiryStatus.OPEN)
    a_case(None, status=EnquiryStatus.OPEN)
    a_case(None, SUD, status=EnquiryStatus.OPEN)
    assert list(workload.of_steps(supervisor()).items()) == [
        (EnquiryStatus.OPEN, 2), (EnquiryStatus.VERIFYING, 1)
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.DESK, Role.ADMINISTRATOR])
def test_whoever_may_not_read_figures_is_shown_none(role: Role) -> None:
    a_case(noor())
    assert workload.of_steps(staff(role).as_actor()) == {}


def test_it_asks_as_many_queries_for_twenty_cases_as_for_one() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as said:
            workload.of_people(supervisor(), timezone.now())
        return len(said)

    a_candidate(a_case(noor()))
    one = asked()
    for _ in range(19):
        a_candidate(a_case(noor()))
    assert asked() <= one
