"""The leak machine drives the pages: staff of every role and two seekers at their door, through
Django's client; every body that comes back is searched for a place or a telephone (I1, I2).

What is said and taken back goes through the pages too. The routes are taken from the application
itself, so that a page added tomorrow is opened here as well.
"""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from pypdfium2 import PdfDocument

from reknit.guard import releasing, vault
from reknit.guard.models import Block, Consent
from reknit.guard.permissions import Permission, granted
from reknit.guard.reasons import SUCCESS
from reknit.intake import receipts
from reknit.records.models import Enquiry
from reknit.vocabulary import Purpose, Role, Scope
from reknit.web.routes import all_routes, declared_of
from tests.boundaries.test_routes import FORM, ROUTES, address
from tests.cast import AMAL, IDRIS_FOUND
from tests.guard.scene import HARBOUR, PHONE
from tests.guard.test_leaks import FAMILY, PHONES, PLACES, SECRETS, Leaks, Word
from tests.staff import NORD, SUD, staff
from tests.web.everything import everything
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

WHO = [
    (Role.DESK, NORD), (Role.CASEWORKER, NORD), (Role.SUPERVISOR, NORD),
    (Role.DATA_PROTECTION_OFFICER, NORD), (Role.COORDINATOR, NORD), (Role.CASEWORKER, SUD),
]  # fmt: skip
CODES = ["AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"]
SEEKERS = [AMAL["full_name"], "Vartan Mardirosian"]
PAGES = sorted(
    str(route.name)
    for route in all_routes()
    if isinstance(declared_of(route.callback), Permission)
    and set(route.pattern.converters) <= {"account_id", "enquiry_id", "to", "to_id"}
)


class PageLeaks(Leaks):
    """The same people, seen and told through pages."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.clients = {who: signed_in(staff(*who)) for who in WHO}
        self.doors = []
        for enquiry, code in zip(self.enquiries, CODES, strict=True):
            Enquiry.objects.filter(id=enquiry.id).update(receipt_digest=receipts.digest(code))
            door = Client()
            assert door.post(reverse("back"), {"code": code}).status_code == 302
            self.doors.append(door)

    @property
    def noors(self) -> Client:
        return self.clients[Role.CASEWORKER, NORD]

    # What people do, on pages.

    @rule(
        who=st.sampled_from(WHO), name=st.sampled_from(PAGES), person=st.integers(0, 2),
        number=st.integers(0, 1), purpose=st.sampled_from(Purpose),
    )  # fmt: skip
    def open_a_page(
        self, who: tuple[Role, str], name: str, person: int, number: int, purpose: Purpose
    ) -> None:
        """Any page of anybody's: no place and no telephone is on it."""
        (route,) = [route for route in all_routes() if route.name == name]
        known = {
            "account_id": self.people[person].id, "enquiry_id": self.enquiries[number].id,
            "to": "person", "to_id": self.people[person].id,
        }  # fmt: skip
        place = reverse(name, kwargs={a: known[a] for a in route.pattern.converters})
        self.nothing_in(self.clients[who].get(place, {"purpose": purpose.value}), (who, name))

    @rule(who=st.sampled_from(WHO), person=st.integers(0, 2))
    def search(self, who: tuple[Role, str], person: int) -> None:
        """By name, or by a telephone, which the form then repeats to whoever typed it."""
        said = {"purpose": "family_tracing", "kind": "found"}
        for words in ({"full_name": IDRIS_FOUND["full_name"]}, {"phones": PHONES[person]}):
            answer = self.clients[who].post(reverse("search"), {**said, **words})
            if answer.status_code == 200 and "phones" not in words:
                self.nothing_in(answer, (who, "search"))

    @rule(
        person=st.integers(0, 2), to=st.sampled_from([0, 1, "family"]),
        scope=st.sampled_from([Scope.WHEREABOUTS, Scope.CONTACT, Scope.ALIVE]),
        assurance=st.sampled_from(["0", "1", "2"]),
    )  # fmt: skip
    def agree_on_a_page(self, person: int, to: int | str, scope: Scope, assurance: str) -> None:
        recipient = FAMILY if isinstance(to, str) else self.seeker(to)
        before = set(Consent.objects.values_list("id", flat=True))
        said = {
            "answer": "agreed", "scope": [scope.value], "recipient": str(recipient).rstrip(":"),
            "given_by": "self", "how": "in_person", "assurance": assurance,
        }  # fmt: skip
        answer = self.noors.post(reverse("consent_new", args=[self.people[person].id]), said)
        self.nothing_in(answer, "consent_new")
        for row in Consent.objects.exclude(id__in=before):
            self.step += 1
            firm = assurance != "0" and person != 2
            word = Word(person, recipient, scope, True, firm, self.step)
            self.words.append(word)
            self.consents[row.id] = word
            self.drop_decisions(person)

    @rule(data=st.data())
    def take_back_on_a_page(self, data: st.DataObject) -> None:
        if not self.consents:
            return
        consent_id = data.draw(st.sampled_from(sorted(self.consents)))
        client = self.clients[data.draw(st.sampled_from(WHO))]
        self.step += 1
        client.post(
            reverse("consent_withdraw", args=[consent_id]),
            {"how": "telephone", "assurance": "0", "words": ""},
        )
        if Consent.objects.get(id=consent_id).withdrawn_at is not None:
            word = self.consents[consent_id]
            word.ended = word.ended or self.step

    @rule(person=st.integers(0, 2), number=st.integers(0, 1))
    def block_on_a_page(self, person: int, number: int) -> None:
        before = Block.objects.count()
        place = reverse("block_new", args=[self.people[person].id])
        self.clients[Role.DESK, NORD].post(place, {"name": SEEKERS[number], "assurance": "0"})
        if Block.objects.count() > before:
            self.closed.add((person, number))

    @rule(
        who=st.sampled_from(WHO), person=st.integers(0, 2), number=st.integers(0, 1),
        scope=st.sampled_from([Scope.WHEREABOUTS, Scope.CONTACT]), asks=st.booleans(),
        confirmed=st.booleans(),
    )  # fmt: skip
    def tell_on_a_page(
        self, who: tuple[Role, str], person: int, number: int, scope: Scope, asks: bool,
        confirmed: bool,
    ) -> None:  # fmt: skip
        """A preview shows nothing; what was told was agreed to, or is for staff, to ask."""
        kind = "assigned_staff" if asks else "seeker"
        said = {"recipient": f"{kind}:{self.enquiries[number].id}", "scope": scope.value}
        answer = self.clients[who].post(
            reverse("disclose", args=[self.people[person].id]),
            {**said, **({"confirmed": "1"} if confirmed else {})},
        )
        shown = self.secrets_in(answer)
        if not shown:
            return
        assert confirmed, "a preview"
        allowed = {Scope.WHEREABOUTS: PLACES[person], Scope.CONTACT: PHONES[person]}[scope]
        assert shown == {allowed}
        if asks:
            assert who in {(Role.CASEWORKER, NORD), (Role.SUPERVISOR, NORD)}, who
            assert (person, number) not in self.closed
        else:
            assert self.may_know(person, self.seeker(number), scope), (person, number, scope)

    # What is looked for.

    @invariant()
    def a_seekers_door_shows_only_what_they_may_know(self) -> None:
        for number, door in enumerate(getattr(self, "doors", [])):
            answer = door.get(reverse("back_case"))
            assert answer.status_code == 200
            for secret in self.secrets_in(answer):
                scope = Scope.WHEREABOUTS if secret in PLACES else Scope.CONTACT
                person = (PLACES if secret in PLACES else PHONES).index(secret)
                assert self.may_know(person, self.seeker(number), scope), (number, secret)

    def nothing_in(self, answer: Any, where: object) -> None:
        assert not self.secrets_in(answer), where

    @staticmethod
    def secrets_in(answer: Any) -> set[str]:
        text = text_of(answer)
        return {secret for secret in SECRETS if secret in text}


def text_of(answer: Any) -> str:
    """What somebody can read of an answer: a page, a file, a sheet's own text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.get("Content-Type") == "application/pdf":
        return "".join(page.get_textpage().get_text_range() for page in PdfDocument(body))
    return unescape(body.decode("utf-8", "replace")) + answer.get("Location", "")


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        PageLeaks,
        settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None),
    )
    assert not connection.needs_rollback


def test_no_order_of_what_people_do_makes_a_page_leak() -> None:
    _run(examples=2, steps=6)


@pytest.mark.long
def test_no_long_order_of_what_people_do_makes_a_page_leak() -> None:
    _run(examples=40, steps=25)


def _tell(machine: PageLeaks) -> None:
    machine.tell_on_a_page((Role.CASEWORKER, NORD), 0, 0, Scope.WHEREABOUTS, False, True)


def test_the_pages_tell_what_was_agreed_to_and_the_machine_sees_it() -> None:
    machine = PageLeaks()
    machine.begin()
    try:
        machine.agree_on_a_page(0, 0, Scope.WHEREABOUTS, "2")
        assert len(machine.consents) == 1
        _tell(machine)
        answer = machine.noors.post(
            reverse("disclose", args=[machine.people[0].id]),
            {"recipient": str(machine.seeker(0)), "scope": "whereabouts", "confirmed": "1"},
        )
        assert machine.secrets_in(answer) == {PLACES[0]}
        machine.a_seekers_page_shows_only_what_its_seeker_may_know()
        machine.a_seekers_door_shows_only_what_they_may_know()
        machine.block_on_a_page(0, 0)
        assert (0, 0) in machine.closed
        _tell(machine)
    finally:
        machine.teardown()


def test_the_machine_notices_a_page_that_tells_without_a_yes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(releasing.Grounded, "verify", lambda self, asked: SUCCESS)
    machine = PageLeaks()
    machine.begin()
    try:
        with pytest.raises(AssertionError):
            _tell(machine)
    finally:
        machine.teardown()


LEAST_SHOWN = 60
"""Routes, of those that need a permission, that answer with a page when they are asked for."""


def test_no_page_of_anybody_shows_where_a_person_is_or_how_to_reach_them() -> None:
    """Every route of staff with one of each thing there is, as whoever may take it, read and sent;
    what it changed is taken back before the next."""
    things = everything(NORD)
    person = things["account_id"]
    vault.put([person], [{"last_known_location": HARBOUR, "phones": PHONE}])
    shown = set()
    for name, route in ROUTES.items():
        declared = declared_of(route.callback)
        if not isinstance(declared, Permission):
            continue
        for role in _who_may(declared):
            with transaction.atomic(), transaction.atomic(using="keys"):
                client, place = signed_in(staff(role)), address(route, things)
                for answer in (client.get(place), client.post(place, FORM)):
                    text = text_of(answer)
                    assert HARBOUR not in text, (name, role)
                    assert PHONE not in text, (name, role)
                    if answer.status_code == 200:
                        shown.add(name)
                transaction.set_rollback(True)
                transaction.set_rollback(True, using="keys")
    assert len(shown) >= LEAST_SHOWN, sorted(shown)


def _who_may(declared: Permission) -> list[Role]:
    """The first of the roles that hold the permission, in WHO's order."""
    roles = [role for role, office_name in WHO if office_name == NORD]
    holding = [role for role in roles if granted(declared, staff(role).as_actor()) is not None]
    return holding[:1] or [Role.ADMINISTRATOR]
