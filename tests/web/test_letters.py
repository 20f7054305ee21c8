"""The staff's page of letters and asks, and the list of who registered."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from reknit.casework import asks, correspondence
from reknit.casework.asks import Answered
from reknit.casework.models import Ask, AskAnswer, Letter, LetterState, Side
from reknit.guard.models.disclosures import SeekerAnswer
from reknit.intake.models import Registration
from reknit.vocabulary import Assurance, Role
from tests.casework.test_correspondence import Case, case
from tests.staff import SUD, noor, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def page(client: Client, made: Case) -> str:
    answer = client.get(f"/enquiries/{made.enquiry.id}/letters/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def send(client: Client, place: str, **said: object) -> str:
    answer = client.post(place, said, follow=True)
    assert answer.status_code == 200, place
    return unescape(answer.content.decode())


def test_noor_reads_writes_asks_and_passes_on() -> None:
    made, client = case(), signed_in(noor())
    place = f"/enquiries/{made.enquiry.id}"
    correspondence.write(made.amal, "He limps since the fall.")
    assert "1 waits for you" in unescape(client.get(f"{place}/").content.decode())
    assert "He limps since the fall." in page(client, made)
    assert "waits for you" not in unescape(client.get(f"{place}/").content.decode())

    send(client, f"{place}/letters/write/", to="seeker", text="Which leg?", needs="on")
    assert Letter.objects.get(author_side=Side.STAFF).published_at is not None
    assert SeekerAnswer.objects.get(enquiry=made.enquiry).needs_something

    send(client, f"{place}/ask/", account=made.account.id, words="Amal looks for you.")
    ask = Ask.objects.get()
    asks.answer(made.idris, ask.id, Answered(AskAnswer.MESSAGE_ONLY, message="I am well."))
    assert "A message only" in page(client, made)

    message = correspondence.write(made.amal, "Call me at Mill Lane 3.", to=Side.FOUND)
    send(client, f"/letters/{message.id}/", relay="1", account=made.account.id, redacted="Call me.")
    message.refresh_from_db()
    assert message.state == LetterState.RELAYED
    assert "Passed on as:" in page(client, made)
    send(client, f"/letters/{message.id}/")
    message.refresh_from_db()
    assert message.state == LetterState.WAITING
    send(client, f"/letters/{message.id}/", withhold="1", reason="an address")
    assert "an address" in page(client, made)


def test_what_may_not_be_passed_on_says_why_to_staff() -> None:
    made, client = case(), signed_in(noor())
    message = correspondence.write(made.amal, "Where are you?", to=Side.FOUND)
    said = send(client, f"/letters/{message.id}/", relay="1", account=made.account.id)
    assert "There is no consent to it." in said
    assert "say why" in send(client, f"/letters/{message.id}/", withhold="1", reason="")
    assert "alert-danger" in send(
        client, f"/enquiries/{made.enquiry.id}/letters/write/", to="found", text=""
    )
    assert Letter.objects.get().state == LetterState.WAITING


def test_an_ask_that_was_not_seen_is_taken_back() -> None:
    made, client = case(), signed_in(noor())
    ask = made.ask()
    send(client, f"/asks/{ask.id}/undo/")
    ask.refresh_from_db()
    assert ask.undone_at is not None
    assert "Not asked here yet." in page(client, made)


def test_a_colleague_who_is_not_on_the_case_is_offered_nothing() -> None:
    made = case()
    desk = signed_in(staff(Role.DESK))
    assert desk.get(f"/enquiries/{made.enquiry.id}/letters/").status_code == 403
    assert 'id="letters"' not in desk.get(f"/enquiries/{made.enquiry.id}/").content.decode()


def test_the_desk_verifies_who_registered_and_only_with_a_tick() -> None:
    made, desk = case(verified=False), signed_in(staff(Role.DESK))
    assert "Not verified" in unescape(desk.get("/registrations/").content.decode())
    place = f"/registrations/{made.taken.registration.id}/verify/"
    assert "alert-danger" in send(desk, place, assurance=2, how="in_person")
    assert Registration.objects.get().verified_at is None
    send(desk, place, assurance=2, how="in_person", sure="on")
    assert Registration.objects.get().assurance == Assurance.SEEN_BY_STAFF
    assert "Seen by staff" in unescape(desk.get("/registrations/").content.decode())


def test_another_office_sees_nobody_who_registered_here() -> None:
    made = case(verified=False)
    other = signed_in(staff(Role.DESK, SUD))
    assert str(made.account.id) not in other.get("/registrations/").content.decode()
    place = f"/registrations/{made.taken.registration.id}/verify/"
    assert other.post(place, {"assurance": 2, "how": "in_person", "sure": "on"}).status_code == 404


def test_who_was_asked_is_not_pressed_to_be_asked_again() -> None:
    """“Ask them” stayed the page's first button after the person had said yes."""
    made, client = case(), signed_in(noor())
    assert "btn-primary" in button_of(page(client, made))
    ask = made.ask()
    asks.answer(made.idris, ask.id, Answered(AskAnswer.YES))
    shown = page(client, made)
    assert "btn-primary" not in button_of(shown)
    assert "Ask them once more" in shown


def button_of(shown: str) -> str:
    """The button that asks."""
    before = shown[: shown.index("Ask them</button>")]
    return before[before.rindex("<button") :]
