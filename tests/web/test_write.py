"""Anybody may write to the message desk: once, behind a proof, and nothing is told."""

from __future__ import annotations

import re

import pytest

from reknit.guard.models import Entry
from reknit.guard.models.vault import Sender
from reknit.intake.models import Channel, Message
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.sealing import records as sealing
from reknit.web.doors import gate
from tests.intake.letters import AMALS_PHONE, LOOKING_AR
from tests.staff import noor, office
from tests.web.visitor import Visitor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Counts of other tests are forgotten; there is an office."""
    for counts in (gate.posts, gate.begun, gate.queue):
        counts.clear()
    office()


def test_what_somebody_writes_comes_to_the_desk_sealed_and_is_read() -> None:
    amal = Visitor()
    said = {"text": LOOKING_AR, "address": AMALS_PHONE}
    answer = amal.client.post("/write/", {**said, **amal.proof("write")})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/write/sent/")
    assert "A person reads it" in amal.page("/write/sent/")
    message = Message.objects.get()
    work_off(HANDLERS)
    message.refresh_from_db()
    assert (message.channel, message.office, message.language) == (Channel.WEB, noor().office, "ar")
    (content,) = sealing.unseal([message])
    assert content["text"] == LOOKING_AR
    assert Sender.objects.get().id == message.sender
    entry = Entry.objects.get(action="message:add")
    assert (entry.actor_kind, entry.user_id) == ("public", None)


def test_one_proof_brings_one_message_however_often_it_is_sent() -> None:
    amal = Visitor()
    form = {"text": "Where is Idris?", **amal.proof("write")}
    places = [amal.client.post("/write/", form).headers["Location"] for _ in range(3)]
    assert places == ["/write/sent/"] * 3
    assert Message.objects.count() == 1


def test_without_a_proof_one_waits_and_what_was_typed_stays() -> None:
    amal = Visitor()
    answer = amal.client.post("/write/", {"text": "Where is Idris?"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "Where is Idris?" in page
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    assert not Message.objects.exists()
    early = amal.client.post("/write/", {"text": "Where is Idris?", "ticket": ticket[1]})
    assert early.status_code == 429


def test_who_waited_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    amal = Visitor()
    page = amal.client.post("/write/", {"text": "Where is Idris?"}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    later = gate.time.time() + 60
    monkeypatch.setattr(gate.time, "time", lambda: later)
    answer = amal.client.post("/write/", {"text": "Where is Idris?", "ticket": ticket[1]})
    assert answer.headers["Location"] == "/write/sent/"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 5_001])
def test_what_is_no_message_is_said_at_its_field(text: str) -> None:
    amal = Visitor()
    page = amal.client.post("/write/", {"text": text, **amal.proof("write")}).content.decode()
    assert 'role="alert"' in page
    assert not Message.objects.exists()


def test_the_page_of_the_doors_leads_there() -> None:
    assert 'href="/write/"' in Visitor().page("/doors/")
