"""A case stays where it is until the other office accepts it; nobody there opens it before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reknit.casework import transfers
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Transfer, TransferState
from reknit.guard import access
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.records.state import state_hash
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose, Role
from tests.casework.test_queue import a_case
from tests.guard.scene import supervisor
from tests.staff import NORD, SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WHY = "the family moved to the south"


def theirs() -> Actor:
    return staff(Role.SUPERVISOR, SUD).as_actor()


def offered(case: Enquiry | None = None) -> Transfer:
    return transfers.ask(supervisor(), (case or a_case(noor())).pk, office(SUD), WHY)


def may_open(actor: Actor, case: Enquiry) -> bool:
    case = Enquiry.objects.select_related("sought").get(pk=case.pk)
    try:
        access.read(actor, Permission.ENQUIRY_READ, [case], purpose=Purpose.FAMILY_TRACING)
        access.read(actor, Permission.ACCOUNT_READ, [case.sought], purpose=Purpose.FAMILY_TRACING)
    except NotPermittedError:
        return False
    return True


def test_until_it_is_accepted_the_case_stays_and_the_other_office_opens_nothing() -> None:
    case = a_case(noor())
    row = offered(case)
    assert [shown.pk for shown in transfers.visible(theirs())] == [row.pk]
    assert not may_open(theirs(), case)
    assert may_open(noor().as_actor(), case)
    transfers.accept(theirs(), row.pk)
    case.refresh_from_db()
    assert (case.office, case.assigned_to) == (office(SUD), None)
    assert may_open(theirs(), case)
    assert not may_open(noor().as_actor(), case)
    assert not may_open(supervisor(), case)


def test_undoing_an_acceptance_gives_the_case_back_as_it_was() -> None:
    case = a_case(noor())
    before = state_hash()
    row = offered(case)
    transfers.accept(theirs(), row.pk)
    transfers.undo(theirs(), row.pk)
    case.refresh_from_db()
    assert (case.office, case.assigned_to) == (office(NORD), noor())
    assert state_hash() == before


def test_it_is_not_undone_while_somebody_works_on_it() -> None:
    case = a_case(noor())
    row = offered(case)
    transfers.accept(theirs(), row.pk)
    Enquiry.objects.filter(pk=case.pk).update(assigned_to=staff(Role.CASEWORKER, SUD))
    with pytest.raises(CaseworkError, match="somebody works on it"):
        transfers.undo(theirs(), row.pk)


def test_declining_says_why_and_leaves_the_case_where_it_is() -> None:
    case = a_case(noor())
    row = offered(case)
    with pytest.raises(CaseworkError, match="why not"):
        transfers.decline(theirs(), row.pk, " ")
    transfers.decline(theirs(), row.pk, "nobody here speaks Tigrinya")
    row.refresh_from_db()
    assert row.state == TransferState.DECLINED
    assert sealing.unseal([row]) == [{"reason": WHY, "answer": "nobody here speaks Tigrinya"}]
    case.refresh_from_db()
    assert (case.office, case.assigned_to) == (office(NORD), noor())


def test_the_offering_office_takes_its_offer_back() -> None:
    row = offered()
    transfers.withdraw(supervisor(), row.pk)
    with pytest.raises(CaseworkError, match="answered or withdrawn already"):
        transfers.accept(theirs(), row.pk)


def test_one_offer_at_a_time_to_another_office_with_a_reason_of_an_open_case() -> None:
    case = a_case(noor())
    offered(case)
    with pytest.raises(CaseworkError, match="offered already"):
        offered(case)
    for to, why, says in ((NORD, WHY, "that office's already"), (SUD, "", "say why")):
        with pytest.raises(CaseworkError, match=says):
            transfers.ask(supervisor(), a_case(noor()).pk, office(to), why)
    closed = a_case(noor(), closed_at=case.created_at)
    with pytest.raises(CaseworkError, match="closed"):
        offered(closed)


def test_it_is_not_accepted_once_the_case_was_closed() -> None:
    case = a_case(noor())
    row = offered(case)
    Enquiry.objects.filter(pk=case.pk).update(closed_at=case.created_at)
    with pytest.raises(CaseworkError, match="decline it"):
        transfers.accept(theirs(), row.pk)


NOT_THE_RECEIVER: list[Callable[[], Actor]] = [
    supervisor,
    lambda: noor().as_actor(),
    lambda: staff(Role.CASEWORKER, SUD).as_actor(),
    lambda: staff(Role.COORDINATOR, SUD).as_actor(),
    lambda: staff(Role.DATA_PROTECTION_OFFICER, SUD).as_actor(),
]


@pytest.mark.parametrize("who", NOT_THE_RECEIVER)
def test_the_receiving_offices_supervisor_alone_answers(who: Callable[[], Actor]) -> None:
    row = offered()
    for answer in (transfers.accept, transfers.undo):
        with pytest.raises(NotPermittedError):
            answer(who(), row.pk)
    with pytest.raises(NotPermittedError):
        transfers.decline(who(), row.pk, "no")
    row.refresh_from_db()
    assert row.state == TransferState.WAITING


def test_nobody_offers_the_case_of_another_office_or_of_a_colleague() -> None:
    case = a_case(staff(Role.SUPERVISOR))
    for who in (theirs(), noor().as_actor(), staff(Role.DESK).as_actor()):
        with pytest.raises(NotPermittedError):
            transfers.ask(who, case.pk, office(SUD), WHY)
    with pytest.raises(NotPermittedError):
        transfers.withdraw(theirs(), offered(case).pk)


def test_it_audits_each_step_on_the_case() -> None:
    case = a_case(noor())
    row = offered(case)
    transfers.accept(theirs(), row.pk)
    said = Entry.objects.filter(resource_id=str(case.pk), action__startswith="transfer:")
    assert [entry.action for entry in said.order_by("seq")] == ["transfer:ask", "transfer:accept"]
