"""Answers leave when a person says so and the settings name a way: over real SMTP and real HTTP."""

from __future__ import annotations

import email
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from reknit.config import ConfigError
from reknit.guard import consent
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Disclosure, Entry
from reknit.intake import desk, replies, sending
from reknit.intake.errors import DeskError
from reknit.intake.models import Channel, Message, MessageState
from reknit.intake.outgoing import Ways
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job
from reknit.queue.worker import work_off
from reknit.records.models import User
from reknit.vocabulary import Actor, Assurance, How, Role, Scope
from tests.adapters.servers import Server, send, serve
from tests.guard.scene import PHONE, a_scene
from tests.installation import new_installation
from tests.intake.letters import AMALS_PHONE, LOOKING, read
from tests.staff import SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SEND = {sending.JOB: HANDLERS[sending.JOB]}
AMAL, DESK = "amal@home.example", "desk@help.example"
RECEIVED = "نحن نبحث. سنكتب لكم."
Taking = Callable[[BaseHTTPRequestHandler, bytes], None]


def by() -> Actor:
    return noor().as_actor()


def answer(text: str = RECEIVED, **said: object) -> Message:
    """An answer that waits, to a message of Amal's."""
    message = read(LOOKING, **({"sender": AMALS_PHONE} | said))
    return Message.objects.get(id=replies.reply(by(), message.id, text).made["reply"])


def sent(row: Message) -> Message:
    """The answer after somebody had it sent."""
    sending.send(by(), row.id)
    work_off(SEND)
    row.refresh_from_db()
    return row


def taken(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    send(handler, b"{}", 202)


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A bridge on this machine that takes what it is given; the settings name it."""
    with a_bridge(taken, monkeypatch) as server:
        yield server


@contextmanager
def a_bridge(handle: Taking, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serve(handle) as server:
        monkeypatch.setenv("REKNIT_BRIDGE_URL", server.url)
        monkeypatch.setenv("REKNIT_BRIDGE_KEY", "quiet")
        yield server


class Letterbox:
    """What the mail server was given."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        mail = email.message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), mail))
        return "250 OK"


@pytest.fixture
def letterbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    box = Letterbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("REKNIT_SMTP", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("REKNIT_SMTP_FROM", DESK)
    yield box
    server.stop()


def test_without_settings_nothing_can_be_sent_from_here() -> None:
    row = answer()
    assert sending.ways() == frozenset()
    with pytest.raises(DeskError, match="send it by hand"):
        sending.send(by(), row.id)
    assert not Job.objects.filter(name=sending.JOB).exists()
    assert list(sending.waiting(by())) == [row]


def test_an_sms_goes_to_the_bridge_once_and_is_audited(bridge: Server) -> None:
    row = answer()
    assert sent(row).state == MessageState.SENT
    ((path, headers, body),) = bridge.requests
    assert (path, headers["Authorization"]) == ("/v1", "Bearer quiet")
    assert json.loads(body) == {
        "id": str(row.id), "channel": "sms", "to": AMALS_PHONE, "text": RECEIVED,
    }  # fmt: skip
    actions = {"message:send", "contact:read", "message:sent"}
    said = Entry.objects.filter(resource_id=str(row.id), action__in=actions)
    assert {(entry.action, entry.user_id) for entry in said} == {
        ("message:send", noor().pk), ("contact:read", None), ("message:sent", None),
    }  # fmt: skip
    with pytest.raises(DeskError, match="sent already"):
        sending.send(by(), row.id)
    assert not sending.waiting(by()).exists()


def test_an_email_goes_to_the_mail_server(letterbox: Letterbox) -> None:
    assert sent(answer(channel=Channel.EMAIL, sender=AMAL)).state == MessageState.SENT
    ((sender, to, mail),) = letterbox.mails
    assert (sender, to) == (DESK, [AMAL])
    assert mail["Subject"] == "Your message"
    assert mail.get_content().strip() == RECEIVED


@pytest.mark.parametrize(
    "address", ["not an address", "amal@home.example\nBcc: spy@evil.example", "@", "a@b, c@d"]
)
def test_an_address_that_is_none_gets_nothing(address: str, letterbox: Letterbox) -> None:
    row = sent(answer(channel=Channel.EMAIL, sender=address))
    assert letterbox.mails == []
    assert row.state == MessageState.TO_SEND


def test_each_channel_needs_its_own_way(letterbox: Letterbox) -> None:
    with pytest.raises(DeskError, match="send it by hand"):
        sending.send(by(), answer().id)
    with pytest.raises(DeskError, match="send it by hand"):
        sending.send(by(), answer(channel=Channel.EMAIL, sender="").id)


def test_what_the_bridge_refuses_comes_back_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        send(handler, b"no " + body, 500)

    with a_bridge(no, monkeypatch) as server:
        row = sent(answer())
    assert len(server.requests) == 1
    assert row.state == MessageState.TO_SEND
    (opened,) = desk.open_all(by(), [row])
    assert "status 500" in sending.why_unsent(opened)
    assert AMALS_PHONE not in sending.why_unsent(opened)
    assert Entry.objects.filter(action="message:unsent", resource_id=str(row.id)).exists()
    assert not Job.objects.filter(state="failed").exists()


def test_what_was_interrupted_is_not_sent_again(bridge: Server) -> None:
    """A worker that dies after the bridge took an answer must not send it twice."""
    row = answer()
    sending.send(by(), row.id)
    Job.objects.filter(name=sending.JOB).update(attempts=1)
    work_off(SEND)
    row.refresh_from_db()
    assert bridge.requests == []
    assert row.state == MessageState.TO_SEND
    (opened,) = desk.open_all(by(), [row])
    assert "stopped while" in sending.why_unsent(opened)
    assert sent(row).state == MessageState.SENT
    assert len(bridge.requests) == 1


def test_a_consent_that_was_withdrawn_stops_an_answer_that_waits(bridge: Server) -> None:
    """I2: on every path."""
    scene, message = a_scene(), read(LOOKING, sender=AMALS_PHONE)
    agreed = scene.agree(Scope.CONTACT)
    scene.tell(Scope.CONTACT)
    Disclosure.objects.update(published_at="2026-01-01T00:00:00Z")
    desk.link(by(), message.id, enquiry_id=scene.enquiry.id, from_seeker=True)
    act = replies.reply(by(), message.id, f"You can call him: {PHONE}")
    row = Message.objects.get(id=act.made["reply"])
    consent.withdraw(by(), agreed.id, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF)
    assert sent(row).state == MessageState.TO_SEND
    assert bridge.requests == []


def test_an_answer_that_is_being_sent_can_be_neither_taken_back_nor_sent_by_hand(
    bridge: Server,
) -> None:
    message = read(LOOKING, sender=AMALS_PHONE)
    act = replies.reply(by(), message.id, RECEIVED)
    sending.send(by(), act.made["reply"])
    with pytest.raises(DeskError, match="cannot be taken back"):
        desk.undo(by(), act.id)
    with pytest.raises(DeskError, match="sent already"):
        replies.mark_sent(by(), act.made["reply"])


@pytest.mark.parametrize(
    "who",
    [
        lambda: staff(Role.DESK, SUD),
        lambda: staff(Role.ADMINISTRATOR),
        lambda: staff(Role.COORDINATOR),
    ],
)
def test_whoever_may_not_answer_sends_nothing(who: Callable[[], User], bridge: Server) -> None:
    row = answer()
    actor = who().as_actor()
    with pytest.raises(NotPermittedError):
        sending.send(actor, row.id)
    assert not sending.waiting(actor).exists()
    row.refresh_from_db()
    assert row.state == MessageState.TO_SEND


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("REKNIT_SMTP", {"REKNIT_SMTP": "mail.example"}),
        ("REKNIT_SMTP_FROM", {"REKNIT_SMTP": "smtps://mail.example"}),
        ("REKNIT_SMTP_PASSWORD", {"REKNIT_SMTP": "smtps://u@mail.example",
                                  "REKNIT_SMTP_FROM": DESK}),
        ("REKNIT_BRIDGE_URL", {"REKNIT_BRIDGE_URL": "https://bridge.example"}),
        ("REKNIT_BRIDGE_URL", {"REKNIT_BRIDGE_URL": "http://bridge.example",
                               "REKNIT_BRIDGE_HOSTS": "bridge.example"}),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(name: str, said: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=f"^{name}: "):
        Ways.read(said)


def test_a_mail_server_elsewhere_is_spoken_to_through_tls_alone() -> None:
    more = {"REKNIT_SMTP_FROM": DESK, "REKNIT_SMTP_PASSWORD": "s"}
    ways = Ways.read({"REKNIT_SMTP": "smtp://u%40h@mail.example", **more})
    assert ways.mail is not None
    assert (ways.mail.port, ways.mail.user, ways.mail.plain) == (587, "u@h", False)
    at_once = Ways.read({"REKNIT_SMTP": "smtps://u@mail.example", **more}).mail
    assert at_once is not None
    assert (at_once.port, at_once.at_once) == (465, True)


@pytest.mark.parametrize(
    ("name", "said"),
    [("REKNIT_BRIDGE_URL", "https://bridge.example"), ("REKNIT_MODEL_URL", "http://model.example")],
)
@pytest.mark.parametrize("command", ["worker", "serve"])
def test_such_a_setting_stops_the_start_in_one_line(
    command: str, name: str, said: str, tmp_path: Path
) -> None:
    with new_installation(tmp_path, **{name: said, "REKNIT_MODEL_NAME": "m"}) as there:
        refused = there.reknit(command, code=1)
    assert f"reknit: {name}: " in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
