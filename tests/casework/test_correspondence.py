"""Letters and asks: who reads what and when; nothing passes between family without consent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from django.utils import timezone

from reknit.casework import asks, correspondence, lifecycle
from reknit.casework.asks import Answered
from reknit.casework.errors import CaseworkError, NotYetError
from reknit.casework.models import Ask, AskAnswer, Letter, Side
from reknit.guard import answers, assessments, blocks, holdings
from reknit.guard.answers import Word
from reknit.guard.disclosure import Withheld, disclose, next_publication
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Disclosure, SeekerAnswer
from reknit.guard.models.audit import Entry
from reknit.guard.reasons import Reason
from reknit.intake import enquiries, registrations
from reknit.intake.registrations import Agreed, Taken
from reknit.records import judgements
from reknit.records.models import Account, Enquiry, EnquiryStatus, Outcome, Risk, Verdict
from reknit.records.state import state_hash
from reknit.vocabulary import (
    PUBLIC,
    Actor,
    Assurance,
    How,
    Purpose,
    Recipient,
    RecipientKind,
    Role,
    Scope,
)
from tests.cast import AMAL, IDRIS_SOUGHT
from tests.intake.test_registrations import IDRIS
from tests.staff import SUD, noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@dataclass
class Case:
    """Amal's enquiry in Noor's hands, Idris registered; each with their code."""

    enquiry: Enquiry
    taken: Taken

    @property
    def amal(self) -> Actor:
        return replace(PUBLIC, holds=self.enquiry.id)

    @property
    def idris(self) -> Actor:
        return replace(PUBLIC, holds=self.taken.registration.id)

    @property
    def account(self) -> Account:
        return Account.objects.get(id=registrations.self_of(self.taken.registration.id))

    def ask(self) -> Ask:
        return asks.make(
            noor().as_actor(), self.enquiry.id, self.account.id, "Your sister is looking for you."
        )

    def answer(self, said: AskAnswer, message: str = "") -> Ask:
        ask = Ask.objects.filter(enquiry=self.enquiry).first() or self.ask()
        return asks.answer(self.idris, ask.id, Answered(said, message=message))

    def verify(self) -> None:
        registrations.verify(
            staff(Role.DESK).as_actor(), self.taken.registration.id, Assurance.SEEN_BY_STAFF,
            How.IN_PERSON,
        )  # fmt: skip

    def tell(self, scope: Scope) -> str | None:
        seeker = Recipient(RecipientKind.SEEKER, str(self.enquiry.id))
        told = disclose(
            noor().as_actor(), self.account, Purpose.FAMILY_TRACING, seeker, scope=scope
        )
        return told.reason.value if isinstance(told, Withheld) else None


def case(*, judged: bool = True, verified: bool = True) -> Case:
    enquiry = enquiries.accept(
        PUBLIC, office(), IDRIS_SOUGHT,
        {"seeker_name": AMAL["full_name"], "relationship": "brother"}, {"phones": AMAL["phones"]},
    ).enquiry  # fmt: skip
    Enquiry.objects.update(assigned_to=noor())
    made = Case(enquiry, registrations.register(PUBLIC, office(), [IDRIS], Agreed()))
    if judged:
        judgements.judge(
            noor(), enquiry.sought, made.account, Verdict.MATCH, "same mark", enquiry=enquiry
        )
        assessments.assess_risk(noor().as_actor(), enquiry.id, Risk.NO_CONCERN, "asked both", [])
    if verified:
        made.verify()
    made.enquiry.refresh_from_db()
    return made


def seeker_reads(of: Case, at: dt.datetime) -> list[str]:
    answers.publish(at)
    shown = correspondence.shown_to_seeker(of.amal, answers.show(of.enquiry.id, at), at)
    return [one.text for one in shown]


def found_reads(of: Case) -> list[str]:
    return [one.text for one in correspondence.shown_to_found(of.idris)]


def next_hour() -> dt.datetime:
    return next_publication(timezone.now())


def test_a_seekers_letter_waits_for_the_staff_of_the_case_until_they_read_it() -> None:
    made = case()
    correspondence.write(made.amal, "I have his school card.")
    assert correspondence.unread([made.enquiry.id]) == {made.enquiry.id: 1}
    (read,) = correspondence.read(noor().as_actor(), made.enquiry)
    assert read.text == "I have his school card."
    assert correspondence.unread([made.enquiry.id]) == {}
    assert Entry.objects.filter(action="letter:add", resource_id=str(read.letter.id)).exists()
    assert Entry.objects.filter(action="letter:read", resource_id=str(read.letter.id)).exists()


def test_what_was_needed_is_needed_no_more_once_staff_read_the_answer() -> None:
    made = case()
    answers.ask_seeker(noor().as_actor(), made.enquiry.id, True)
    correspondence.read(noor().as_actor(), made.enquiry)
    assert SeekerAnswer.objects.get().needs_something
    correspondence.write(made.amal, "Here it is.")
    correspondence.read(noor().as_actor(), made.enquiry)
    assert not SeekerAnswer.objects.get().needs_something


def test_the_persons_own_copy_holds_their_letters_as_they_were_shown() -> None:
    made = case()
    made.answer(AskAnswer.MESSAGE_ONLY, "I am well.")
    message = correspondence.write(made.amal, "I live at Mill Lane 3. Write!", to=Side.FOUND)
    hidden = correspondence.write(made.amal, "You will pay.", to=Side.FOUND)
    correspondence.relay(noor().as_actor(), message.id, made.account.id, redacted="Write!")
    correspondence.withhold(noor().as_actor(), hidden.id, "a threat")
    correspondence.write(made.idris, "I have moved.")
    page = holdings.gather([made.account.id], timezone.now()).html
    for text in ("Write!", "I have moved.", "Your sister is looking for you. [message_only]"):
        assert text in page
    for text in ("Mill Lane", "You will pay.", "a threat"):
        assert text not in page


def test_nobody_else_reads_or_answers_it() -> None:
    made = case()
    letter = correspondence.write(made.amal, "For Noor alone.")
    for actor in (staff(Role.CASEWORKER, SUD).as_actor(), staff(Role.DESK).as_actor(), made.idris):
        with pytest.raises(NotPermittedError):
            correspondence.read(actor, made.enquiry)
        with pytest.raises(NotPermittedError):
            correspondence.withhold(actor, letter.id, "mine")
        with pytest.raises(NotPermittedError):
            correspondence.tell(actor, made.enquiry.id, Side.SEEKER, "Hello")


def test_what_staff_write_is_shown_at_the_fixed_hour_and_can_be_taken_back_until_then() -> None:
    made = case()
    before = state_hash()
    letter = correspondence.tell(noor().as_actor(), made.enquiry.id, Side.SEEKER, "Which school?")
    assert seeker_reads(made, timezone.now()) == []
    correspondence.take_back(noor().as_actor(), letter.id)
    assert state_hash() == before
    assert seeker_reads(made, next_hour()) == []
    again = correspondence.tell(noor().as_actor(), made.enquiry.id, Side.SEEKER, "Which class?")
    assert seeker_reads(made, next_hour()) == ["Which class?"]
    with pytest.raises(CaseworkError, match="has seen it"):
        correspondence.take_back(noor().as_actor(), again.id)


def test_a_seekers_message_reaches_nobody_who_did_not_agree_to_messages() -> None:
    made = case()
    message = correspondence.write(made.amal, "Call me, brother.", to=Side.FOUND)
    refused = correspondence.relay(noor().as_actor(), message.id, made.account.id)
    assert isinstance(refused, Withheld)
    assert refused.reason is Reason.NO_CONSENT
    made.answer(AskAnswer.MESSAGE_ONLY, "I am well.")
    correspondence.relay(noor().as_actor(), message.id, made.account.id)
    assert found_reads(made) == ["Call me, brother."]


def test_a_blocked_seekers_message_is_never_passed_on() -> None:
    made = case()
    made.answer(AskAnswer.YES)
    blocks.block(
        made.idris, made.account.id, assurance=Assurance.UNVERIFIED, name=AMAL["full_name"]
    )
    message = correspondence.write(made.amal, "Where are you?", to=Side.FOUND)
    refused = correspondence.relay(noor().as_actor(), message.id, made.account.id)
    assert isinstance(refused, Withheld)
    assert refused.reason is Reason.BLOCKED


def test_a_message_is_redacted_with_the_original_kept_and_the_trace_says_by_whom() -> None:
    made = case()
    made.answer(AskAnswer.MESSAGE_ONLY, "I am well.")
    message = correspondence.write(made.amal, "I live at Mill Lane 3. Write!", to=Side.FOUND)
    correspondence.relay(noor().as_actor(), message.id, made.account.id, redacted="Write!")
    assert found_reads(made) == ["Write!"]
    (read,) = correspondence.read(noor().as_actor(), made.enquiry)
    assert (read.text, read.original) == ("Write!", "I live at Mill Lane 3. Write!")
    assert read.letter.decided_by == noor()


def test_the_found_persons_message_is_news_and_vanishes_when_they_change_their_mind() -> None:
    made = case()
    made.answer(AskAnswer.MESSAGE_ONLY, "I am well.")
    ask = Ask.objects.get()
    message = correspondence.write(made.idris, "Greet mother.", to=Side.SEEKER, ask_id=ask.id)
    assert seeker_reads(made, next_hour()) == [], "it waits for staff"
    correspondence.relay(noor().as_actor(), message.id)
    assert seeker_reads(made, timezone.now()) == [], "and for the fixed hour"
    assert seeker_reads(made, next_hour()) == ["Greet mother."]
    assert answers.show(made.enquiry.id, next_hour()).word is Word.NEWS
    assert Disclosure.objects.get(scope=Scope.LETTER.value).consent is not None
    made.answer(AskAnswer.NOT_NOW)
    shown = answers.show(made.enquiry.id, next_hour())
    assert shown.word is Word.SEARCHING
    assert correspondence.shown_to_seeker(made.amal, shown, next_hour()) == []


def test_a_relay_that_nobody_saw_is_taken_back_and_the_message_waits_again() -> None:
    made = case()
    made.answer(AskAnswer.YES)
    message = correspondence.write(
        made.idris, "Greet mother.", to=Side.SEEKER, ask_id=Ask.objects.get().id
    )
    before = state_hash()
    correspondence.relay(noor().as_actor(), message.id, redacted="Greetings.")
    correspondence.take_back(noor().as_actor(), message.id)
    assert state_hash() == before
    assert seeker_reads(made, next_hour()) == []
    (read,) = correspondence.read(noor().as_actor(), made.enquiry)
    assert read.text == "Greet mother."


def test_a_message_that_is_withheld_needs_a_reason_and_tells_its_writer_nothing() -> None:
    made = case()
    message = correspondence.write(made.amal, "You will pay.", to=Side.FOUND)
    with pytest.raises(CaseworkError, match="say why"):
        correspondence.withhold(noor().as_actor(), message.id, " ")
    correspondence.withhold(noor().as_actor(), message.id, "a threat")
    assert found_reads(made) == []
    assert seeker_reads(made, next_hour()) == []
    (read,) = correspondence.read(noor().as_actor(), made.enquiry)
    assert read.reason == "a threat"
    correspondence.take_back(noor().as_actor(), message.id)
    assert correspondence.unread([made.enquiry.id]) == {made.enquiry.id: 1}


def test_staff_ask_only_who_was_judged_and_registered_themselves() -> None:
    made = case(judged=False)
    with pytest.raises(NotYetError, match="may not be asked yet") as refused:
        made.ask()
    assert refused.value.reason is Reason.NOT_REVIEWED
    assert asks.who_can_be_asked(noor().as_actor(), made.enquiry) == []
    made = case()
    assert asks.who_can_be_asked(noor().as_actor(), made.enquiry) == [made.account]
    with pytest.raises(NotPermittedError):
        asks.make(staff(Role.CASEWORKER, SUD).as_actor(), made.enquiry.id, made.account.id, "Hello")


def test_an_ask_is_taken_back_until_it_was_seen() -> None:
    made = case()
    before = state_hash()
    asks.take_back(noor().as_actor(), made.ask().id)
    assert state_hash() == before
    assert asks.shown_to(made.idris) == []
    ask = made.ask()
    assert [one.words for one in asks.shown_to(made.idris)] == ["Your sister is looking for you."]
    with pytest.raises(CaseworkError, match="has seen it"):
        asks.take_back(noor().as_actor(), ask.id)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (AskAnswer.YES, {Scope.ALIVE, Scope.CONTACT}),
        (AskAnswer.MESSAGE_ONLY, {Scope.MESSAGE}),
        (AskAnswer.NO_CONTACT, {Scope.NO_CONTACT}),
        (AskAnswer.NO, set()),
        (AskAnswer.NOT_NOW, set()),
    ],
)
@pytest.mark.parametrize("verified", [True, False])
def test_each_answer_lets_staff_tell_what_it_says_and_nothing_else(
    said: AskAnswer, told: set[Scope], verified: bool
) -> None:
    made = case(verified=verified)
    made.answer(said, "I am well." if said is AskAnswer.MESSAGE_ONLY else "")
    scopes = (Scope.ALIVE, Scope.CONTACT, Scope.MESSAGE, Scope.NO_CONTACT, Scope.WHEREABOUTS)
    assert {scope for scope in scopes if made.tell(scope) is None} == (told if verified else set())


@pytest.mark.parametrize("said", [AskAnswer.NO, AskAnswer.NOT_NOW])
def test_a_no_and_a_not_now_look_to_the_seeker_as_if_nobody_had_been_found(
    said: AskAnswer,
) -> None:
    made, nobody = case(), case(judged=False)
    made.answer(said)
    Enquiry.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    hour = next_hour()
    answers.publish(hour)
    one, other = (answers.show(of.enquiry.id, hour) for of in (made, nobody))
    assert bytes(one) == bytes(other)


def test_a_later_answer_takes_the_one_before_back_at_once() -> None:
    made = case()
    made.answer(AskAnswer.YES)
    assert made.tell(Scope.CONTACT) is None
    made.answer(AskAnswer.NO)
    assert made.tell(Scope.CONTACT) is not None
    made.answer(AskAnswer.MESSAGE_ONLY, "Only this.")
    assert made.tell(Scope.CONTACT) is not None
    assert made.tell(Scope.MESSAGE) is None


def test_nobody_answers_for_somebody_else() -> None:
    made = case()
    ask = made.ask()
    stranger = registrations.register(PUBLIC, office(), [IDRIS], Agreed()).registration
    for holder in (made.amal, replace(PUBLIC, holds=stranger.id), PUBLIC, noor().as_actor()):
        with pytest.raises(NotPermittedError):
            asks.answer(holder, ask.id, Answered(AskAnswer.YES))


def test_a_found_person_writes_to_the_staff_of_their_case_without_knowing_it() -> None:
    made = case()
    correspondence.write(made.idris, "I have moved.")
    (read,) = correspondence.read(noor().as_actor(), made.enquiry)
    assert read.text == "I have moved."


@pytest.mark.parametrize(
    "write",
    [
        lambda made: correspondence.write(made.amal, "  "),
        lambda made: correspondence.write(made.amal, "x" * 4001),
        lambda made: correspondence.write(made.amal, "me", to=Side.SEEKER),
        lambda made: correspondence.write(made.idris, "whom?", to=Side.SEEKER),
        lambda made: correspondence.write(PUBLIC, "who?"),
        lambda made: correspondence.tell(noor().as_actor(), made.enquiry.id, Side.FOUND, "whom?"),
    ],
)
def test_a_letter_from_nobody_to_nobody_or_of_nothing_is_refused(
    write: Callable[[Case], object],
) -> None:
    made = case()
    with pytest.raises(CaseworkError, match="letter: "):
        write(made)
    assert Letter.objects.count() == 0


def test_a_seeker_withdraws_from_anywhere_and_staff_can_see_and_undo_it() -> None:
    made = case()
    Enquiry.objects.update(status=EnquiryStatus.OUTCOME, outcome=Outcome.CONTACT_RESTORED)
    before = state_hash()
    move = lifecycle.withdraw(made.amal, made.enquiry.id)
    assert move is not None
    made.enquiry.refresh_from_db()
    assert (made.enquiry.status, made.enquiry.outcome) == ("closed", "withdrawn")
    assert lifecycle.withdraw(made.amal, made.enquiry.id) is None
    lifecycle.undo(staff(Role.SUPERVISOR).as_actor(), move.id, "a mistake")
    assert state_hash() == before
    with pytest.raises(NotPermittedError):
        lifecycle.withdraw(made.idris, made.enquiry.id)


def test_a_seeker_corrects_what_they_said_as_a_new_version() -> None:
    made = case(judged=False)
    old = made.enquiry.sought
    enquiries.correct(made.amal, made.enquiry.id, {"date_of_birth": "1988"})
    made.enquiry.refresh_from_db()
    new = made.enquiry.sought
    assert (new.follows, new.version) == (old, old.version + 1)
    with pytest.raises(NotPermittedError):
        enquiries.correct(made.idris, made.enquiry.id, {"date_of_birth": "1989"})
