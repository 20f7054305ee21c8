"""An enquiry has one holder or none, however many come at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.utils import timezone

from reknit.casework import claims
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Claim, Takeover
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.records.models import AccountKind, Enquiry, User
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC, Actor, Role
from tests.cast import IDRIS_SOUGHT
from tests.guard.scene import an_account, an_enquiry, supervisor
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def a_case(assigned_to: User | None = None) -> Enquiry:
    return an_enquiry(an_account(IDRIS_SOUGHT, AccountKind.SOUGHT), assigned_to or noor())


def later(case: Enquiry, by: dt.timedelta) -> None:
    """The holder has done nothing for so long."""
    held = Claim.objects.get(enquiry=case)
    held.taken_at, held.acted_at, held.until = (
        at - by for at in (held.taken_at, held.acted_at, held.until)
    )
    held.save()


def test_it_tells_who_works_on_a_case_and_lets_nobody_else_begin() -> None:
    case = a_case()
    assert claims.holder(case.id) is None
    held = claims.claim(noor().as_actor(), case.id)
    assert held is not None
    assert held.until - held.acted_at == claims.LASTS
    assert claims.holder(case.id) == noor()
    assert claims.claim(supervisor(), case.id) is None
    assert claims.holder(case.id) == noor()


def test_it_ends_by_itself_and_each_act_puts_the_end_off() -> None:
    case = a_case()
    claims.claim(noor().as_actor(), case.id)
    later(case, dt.timedelta(minutes=14))
    claims.claim(noor().as_actor(), case.id)
    later(case, dt.timedelta(minutes=14))
    assert claims.holder(case.id) == noor()
    later(case, dt.timedelta(minutes=2))
    assert claims.holder(case.id) is None
    assert claims.claim(supervisor(), case.id) is not None


def test_it_keeps_when_the_work_began_and_writes_at_most_once_a_minute() -> None:
    case = a_case()
    first = claims.claim(noor().as_actor(), case.id)
    again = claims.claim(noor().as_actor(), case.id)
    assert first is not None
    assert again is not None
    assert (again.taken_at, again.acted_at) == (first.taken_at, first.acted_at)
    later(case, dt.timedelta(minutes=5))
    third = claims.claim(noor().as_actor(), case.id)
    assert third is not None
    assert third.acted_at - third.taken_at >= dt.timedelta(minutes=5)
    assert Entry.objects.filter(action="claim:take").count() == 1


def test_it_is_given_back_by_its_holder_alone() -> None:
    case = a_case()
    claims.claim(noor().as_actor(), case.id)
    assert not claims.release(supervisor(), case.id)
    assert claims.release(noor().as_actor(), case.id)
    assert claims.holder(case.id) is None
    assert not claims.release(noor().as_actor(), case.id)
    assert claims.claim(supervisor(), case.id) is not None


def test_a_supervisor_takes_it_over_with_a_reason_that_is_sealed_and_audited() -> None:
    case = a_case()
    claims.claim(noor().as_actor(), case.id)
    with pytest.raises(CaseworkError, match="say why"):
        claims.take_over(supervisor(), case.id, " ")
    claims.take_over(supervisor(), case.id, "Noor went home ill")
    assert claims.holder(case.id) == staff(Role.SUPERVISOR)
    takeover = Takeover.objects.get()
    assert (takeover.held_by, takeover.taken_by) == (noor(), staff(Role.SUPERVISOR))
    assert sealing.unseal([takeover]) == [{"reason": "Noor went home ill"}]
    entry = Entry.objects.get(action="claim:take_over")
    assert entry.resource_id == str(case.id)
    assert claims.claim(noor().as_actor(), case.id) is None


def test_taking_over_what_nobody_holds_relieves_nobody() -> None:
    case = a_case()
    claims.take_over(supervisor(), case.id, "to look at it")
    assert not Takeover.objects.exists()


NOT_THEIRS: list[Callable[[], Actor]] = [
    lambda: staff(Role.CASEWORKER, "Sud").as_actor(),
    lambda: staff(Role.SUPERVISOR, "Sud").as_actor(),
    lambda: staff(Role.COORDINATOR).as_actor(),
    lambda: staff(Role.DATA_PROTECTION_OFFICER).as_actor(),
    lambda: staff(Role.ADMINISTRATOR).as_actor(),
    lambda: PUBLIC,
]


@pytest.mark.parametrize("who", NOT_THEIRS)
def test_whoever_does_not_work_on_the_case_holds_nothing(who: Callable[[], Actor]) -> None:
    case = a_case()
    with pytest.raises(NotPermittedError):
        claims.claim(who(), case.id)
    with pytest.raises(NotPermittedError):
        claims.take_over(who(), case.id, "because")
    assert not Claim.objects.exists()


def test_a_caseworker_takes_nothing_over() -> None:
    with pytest.raises(NotPermittedError):
        claims.take_over(noor().as_actor(), a_case().id, "I want it")


def test_it_ends_with_the_holders_account_and_with_the_case_going_to_another_office() -> None:
    first, second = a_case(), a_case()
    for case in (first, second):
        claims.claim(noor().as_actor(), case.id)
    Enquiry.objects.filter(id=second.id).update(office=office("Sud"))
    assert set(claims.holders([first.id, second.id])) == {first.id}
    User.objects.filter(pk=noor().pk).update(is_active=False)
    assert claims.holders([first.id, second.id]) == {}


def test_a_case_that_was_given_to_somebody_else_is_no_longer_held_by_asking_again() -> None:
    case = a_case()
    claims.claim(noor().as_actor(), case.id)
    Enquiry.objects.filter(id=case.id).update(assigned_to=staff(Role.SUPERVISOR))
    with pytest.raises(NotPermittedError):
        claims.claim(noor().as_actor(), case.id)


COMERS = 50


def come_at_once(actors: list[Actor], case_id: UUID, *, shared: bool) -> list[UUID | None]:
    """Each in a thread and on a connection of its own. shared: through the process's one writer, as
    pages do; else each in a transaction of its own, as other processes would."""
    began = threading.Barrier(len(actors))
    got: list[UUID | None] = []
    failures: list[BaseException] = []

    def come(actor: Actor) -> None:
        try:
            began.wait()
            if shared:
                held = claims.claim(actor, case_id)
            else:
                with transaction.atomic():
                    held = claims.claim(actor, case_id)
            got.append(None if held is None else held.pk)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return got


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
@pytest.mark.parametrize("shared", [True, False])
def test_fifty_who_come_at_once_make_one_holder(shared: bool) -> None:
    case = a_case()
    actors = [
        User.objects.create_user(f"s{n}@nord.example", Role.SUPERVISOR, office()).as_actor()
        for n in range(COMERS)
    ]
    got = come_at_once(actors, case.id, shared=shared)
    assert len(got) == COMERS
    assert [held for held in got if held is not None] == [case.id]
    held = Claim.objects.get()
    assert held.until > timezone.now()
    assert Entry.objects.filter(action="claim:take").count() == 1
    (entry,) = Entry.objects.filter(action="claim:take")
    assert entry.user_id == held.held_by_id
