"""People register themselves: what they agree to counts once staff verified who they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reknit.casework.models import Candidate
from reknit.guard import blocks, consent
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Consent, RequestKind
from reknit.guard.reasons import Failure, Reason
from reknit.intake import enquiries, receipts, registrations
from reknit.intake.models import Registered, Registration
from reknit.intake.registrations import Agreed, Blocked, Person, Taken
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.records.models import Account, Enquiry
from reknit.vocabulary import PUBLIC, Actor, Assurance, How, Purpose, Role, Scope
from tests.cast import AMAL, IDRIS_FOUND, IDRIS_SOUGHT
from tests.guard.scene import HARBOUR, an_enquiry, reason
from tests.guard.scene import PHONE as TELEPHONE
from tests.staff import SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
IDRIS = Person(
    {name: said for name, said in IDRIS_FOUND.items() if name != "person_record_id"},
    {"last_known_location": HARBOUR, "phones": TELEPHONE},
)
EVERY_SCOPE = (Scope.ALIVE, Scope.WHEREABOUTS, Scope.CONTACT)


def registered(agreed: Agreed | None = None, blocked: tuple[Blocked, ...] = ()) -> Taken:
    return registrations.register(PUBLIC, office(), [IDRIS], agreed or Agreed(EVERY_SCOPE), blocked)


def holder(taken: Taken) -> Actor:
    return replace(PUBLIC, holds=taken.registration.id)


def account_of(taken: Taken) -> Account:
    return Account.objects.get(id=registrations.self_of(taken.registration.id))


def test_the_code_leads_back_to_the_registration_and_no_other_does() -> None:
    taken = registered()
    assert receipts.holder_of(taken.receipt_code.lower()) == taken.registration
    assert receipts.holder_of("0000-0000-0000-0000") is None


def test_what_is_agreed_to_online_is_unverified_until_staff_verified_who_it_was() -> None:
    taken = registered()
    before = Consent.objects.filter(account=account_of(taken))
    assert {row.assurance for row in before} == {Assurance.UNVERIFIED}
    desk = staff(Role.DESK).as_actor()
    registrations.verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
    sure = Consent.objects.filter(assurance=Assurance.SEEN_BY_STAFF)
    assert {row.scope for row in sure} == {scope.value for scope in EVERY_SCOPE}
    registrations.verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
    assert sure.count() == len(EVERY_SCOPE), "twice says the same"


def test_verifying_brings_nothing_back_that_was_taken_back_meanwhile() -> None:
    taken = registered()
    account = account_of(taken)
    (where,) = Consent.objects.filter(account=account, scope=Scope.WHEREABOUTS.value)
    consent.withdraw(holder(taken), where.id, how=How.ONLINE, assurance=Assurance.UNVERIFIED)
    desk = staff(Role.DESK).as_actor()
    registrations.verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
    sure = Consent.objects.filter(assurance=Assurance.SEEN_BY_STAFF)
    assert {row.scope for row in sure} == {Scope.ALIVE.value, Scope.CONTACT.value}
    consent.refuse(holder(taken), account.id, how=How.ONLINE, assurance=Assurance.UNVERIFIED)
    count = Consent.objects.count()
    Registration.objects.update(assurance=Assurance.UNVERIFIED)
    Consent.objects.filter(answer="agreed").update(assurance=Assurance.UNVERIFIED)
    registrations.verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
    assert Consent.objects.count() == count


def test_another_office_cannot_verify() -> None:
    taken = registered()
    for actor in (staff(Role.DESK, SUD).as_actor(), staff(Role.ADMINISTRATOR).as_actor(), PUBLIC):
        with pytest.raises(NotPermittedError):
            registrations.verify(
                actor, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON
            )


def test_the_holder_of_one_code_reaches_nothing_of_another() -> None:
    one, other = registered(), registered()
    theirs = account_of(other)
    for reach in (
        lambda: consent.refuse(
            holder(one), theirs.id, how=How.ONLINE, assurance=Assurance.UNVERIFIED
        ),
        lambda: consent.withdraw(
            holder(one), Consent.objects.filter(account=theirs)[0].id, how=How.ONLINE,
            assurance=Assurance.UNVERIFIED,
        ),
        lambda: blocks.block(holder(one), theirs.id, assurance=Assurance.UNVERIFIED, name="Rafi"),
        lambda: consent.refuse(PUBLIC, theirs.id, how=How.ONLINE, assurance=Assurance.UNVERIFIED),
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            reach()  # type: ignore[no-untyped-call]


def test_who_is_blocked_is_blocked_at_once() -> None:
    taken = registered(blocked=(Blocked(AMAL["full_name"]),))
    enquiry = an_enquiry(account_of(taken), noor())
    assert blocks.is_blocked([account_of(taken)], enquiry)


def test_the_adults_of_a_family_decide_for_themselves() -> None:
    people = [IDRIS, Person({"full_name": "Salma Haddad", "relatives": "spouse: Idris Haddad"})]
    taken = registrations.register(PUBLIC, office(), people, Agreed((Scope.ALIVE,)))
    brought = Registered.objects.filter(registration=taken.registration)
    assert brought.count() == 2
    assert len({one.account.group_digest for one in brought.select_related("account")}) == 1
    assert {row.account_id for row in Consent.objects.all()} == {account_of(taken).id}


def test_who_registers_is_found_for_an_enquiry_that_was_there_before() -> None:
    enquiry = enquiries.accept(PUBLIC, office(), IDRIS_SOUGHT, {"seeker_name": "Amal"}, {}).enquiry
    work_off(HANDLERS)
    taken = registered()
    work_off(HANDLERS)
    (candidate,) = Candidate.objects.filter(enquiry=enquiry)
    assert candidate.account == account_of(taken)
    assert Enquiry.objects.get(id=enquiry.id).status == "possible_match"


def test_a_request_has_a_deadline_and_its_file_needs_a_verified_person() -> None:
    from reknit.guard import rights

    taken, stranger = registered(), registered()
    asked = registrations.ask(
        holder(taken), taken.registration, RequestKind.ACCESS, "What is held?", "by my code"
    )
    assert asked.due_at > asked.opened_at
    assert asked.office_id == taken.registration.office_id
    early = rights.own_copy(holder(taken), asked.id)
    assert isinstance(early, Failure)
    assert early.reason is Reason.NOTHING_HELD
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    rights.verify(officer, asked.id, Assurance.UNVERIFIED, [account_of(taken).id])
    unsure = rights.own_copy(holder(taken), asked.id)
    assert isinstance(unsure, Failure)
    assert unsure.reason is Reason.UNVERIFIED
    rights.verify(officer, asked.id, Assurance.SEEN_BY_STAFF, [account_of(taken).id])
    file = rights.own_copy(holder(taken), asked.id)
    assert not isinstance(file, Failure)
    assert HARBOUR in file.html
    with pytest.raises(NotPermittedError):
        rights.own_copy(holder(stranger), asked.id)


def test_unverified_consent_of_a_registration_releases_nothing() -> None:
    """An abuser may register as the person sought, and agree to everything (trust: I14)."""
    from reknit.guard.disclosure import disclose
    from reknit.records import judgements
    from reknit.records.models import AccountKind, Proof, Verdict
    from reknit.vocabulary import Recipient, RecipientKind
    from tests.guard.scene import an_account

    taken = registered()
    sought = an_account(IDRIS_SOUGHT, AccountKind.SOUGHT)
    enquiry = an_enquiry(sought, noor())
    judgements.judge(noor(), sought, account_of(taken), Verdict.MATCH, "same", enquiry=enquiry)
    Enquiry.objects.filter(id=enquiry.id).update(risk="no_concern", proof=Proof.VERIFIED)
    seeker = Recipient(RecipientKind.SEEKER, str(enquiry.id))

    def told() -> str | None:
        return reason(
            disclose(
                noor().as_actor(), account_of(taken), Purpose.FAMILY_TRACING, seeker,
                scope=Scope.WHEREABOUTS,
            )
        )  # fmt: skip

    assert told() == "unverified"
    desk = staff(Role.DESK).as_actor()
    registrations.verify(desk, taken.registration.id, Assurance.SEEN_BY_STAFF, How.IN_PERSON)
    assert told() is None
