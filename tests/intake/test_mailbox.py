"""E-mails are fetched from a real IMAP server (pymap, from PyPI), once, and only when asked."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reknit.config import ConfigError
from reknit.guard.models.vault import Sender
from reknit.intake import mailbox
from reknit.intake.errors import MailboxError
from reknit.intake.mailbox import Mailbox, read_email
from reknit.intake.models import Attachment, Message
from reknit.sealing import records as sealing
from tests.installation import stop, wait_for
from tests.intake.letters import LOOKING_AR
from tests.staff import noor, office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
USER, PASSWORD = "desk", "seven quiet herons"


def mail(number: int, text: str, more: str = "") -> bytes:
    head = (
        f"From: Amal <amal@home.example>\r\nTo: desk@help.example\r\nSubject: My brother\r\n"
        f"Message-ID: <{number}@home.example>\r\nDate: Mon, 01 Jun 2026 05:00:00 +0000\r\n"
        f"MIME-Version: 1.0\r\n"
    )
    body = more or f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    return (head + body).encode()


WITH_NOTE = (
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    "Content-Type: text/html; charset=utf-8\r\n\r\n"
    "<html><head><style>p{}</style></head><body><p>Is <b>Idris</b> with you?</p></body></html>\r\n"
    '--b\r\nContent-Type: audio/ogg\r\nContent-Disposition: attachment; filename="n.ogg"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\nT2dnUwABAgMEBQYHCAk=\r\n--b--\r\n"
)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    """A mailbox of a server of this test's own, on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("pymap")
    server = subprocess.Popen(
        [program, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin",
         "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    def answers() -> bool:
        assert server.poll() is None, server.communicate()
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(answers)
        yield Mailbox("127.0.0.1", port, USER, "Herons", encrypted=False, password=PASSWORD)
    finally:
        stop(server)


def put(box: Mailbox, *mails: bytes) -> None:
    with imaplib.IMAP4(box.host, box.port) as connection:
        connection.login(box.user, box.password)
        connection.create(box.folder)
        for one in mails:
            assert connection.append(box.folder, "", "", one)[0] == "OK"


def unseen(box: Mailbox) -> int:
    with imaplib.IMAP4(box.host, box.port) as connection:
        connection.login(box.user, box.password)
        connection.select(box.folder, readonly=True)
        return len((connection.uid("SEARCH", "UNSEEN")[1][0] or b"").split())


def test_it_keeps_each_unread_e_mail_once_and_marks_it_read(box: Mailbox) -> None:
    put(box, mail(1, LOOKING_AR), mail(2, "", WITH_NOTE))
    assert unseen(box) == 2
    done = mailbox.fetch(noor().as_actor(), office(), box)
    assert (done.added, done.known, done.refused) == (2, 0, ())
    assert unseen(box) == 0
    assert mailbox.fetch(noor().as_actor(), office(), box).added == 0
    put(box, mail(1, LOOKING_AR))  # as after a crash between keeping and marking
    assert mailbox.fetch(noor().as_actor(), office(), box).known == 1
    first, second = (sealing.unseal([m])[0]["text"] for m in Message.objects.order_by("created_at"))
    assert first == f"My brother\n\n{LOOKING_AR}"
    assert second == "My brother\n\nIs Idris with you?"
    assert Attachment.objects.get().media_type == "audio/ogg"
    assert Sender.objects.count() == 1


def test_one_that_cannot_be_kept_stays_unread_and_stops_no_other(box: Mailbox) -> None:
    bad = WITH_NOTE.replace("audio/ogg", "image/png")
    put(box, mail(1, "", bad.replace("T2dnUwABAgMEBQYHCAk=", "bm8gcGljdHVyZQ==")),
        mail(2, LOOKING_AR))  # fmt: skip
    done = mailbox.fetch(noor().as_actor(), office(), box)
    assert done.added == 1
    assert [line.partition(":")[2] for line in done.refused] == [
        " this is neither a picture nor a PDF; save it as JPEG, PNG or PDF."
    ]
    assert unseen(box) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [({"password": "wrong"}, "the mailbox refused"), ({"port": 1}, "does not answer"),
     ({"folder": "Nowhere"}, "no folder Nowhere")],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_read_is_one_clear_line(
    box: Mailbox, change: dict[str, object], why: str
) -> None:
    from dataclasses import replace

    with pytest.raises(MailboxError, match=why):
        mailbox.fetch(noor().as_actor(), office(), replace(box, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url", ["mail.example", "imap://a@mail.example/INBOX", "imaps://mail.example", "http://a@b"]
)
def test_a_setting_that_is_no_mailbox_is_refused_by_name(url: str) -> None:
    with pytest.raises(ConfigError, match="REKNIT_MAILBOX"):
        Mailbox.read({"REKNIT_MAILBOX": url, "REKNIT_MAILBOX_PASSWORD": "x"})


def test_without_a_setting_there_is_no_mailbox() -> None:
    """I12."""
    assert Mailbox.read({}) is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff\xfe", b"From: \xff\xff\r\n\r\n\xff", b"Content-Type: multipart/mixed\r\n\r\nx",
     b"Content-Type: text/plain; charset=nonsense\r\n\r\nhello",
     b"Date: nonsense\r\nFrom: =?x?y?z?=\r\n\r\nhello", b"Content-Type: text/html\r\n\r\n<p<b<!"],
)  # fmt: skip
def test_odd_e_mails_are_read_as_far_as_they_go(data: bytes) -> None:
    assert read_email(data).channel == "email"
