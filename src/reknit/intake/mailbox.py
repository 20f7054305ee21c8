"""E-mails come in over IMAP, when somebody asks for it and the settings name a mailbox.

Rules: without REKNIT_MAILBOX nothing is connected to (I12); the connection is encrypted unless the
host is this machine; an e-mail is kept first and marked as read in the mailbox afterwards, so that
a crash between the two loses none, and its Message-ID keeps it from being kept twice; only the
plain text (or the text of its HTML) and the pictures, PDFs and voice notes are kept; one that
cannot be kept stays unread there and is named by its number, never by its words.

>>> box = Mailbox.read({"REKNIT_MAILBOX": "imaps://desk%40help.example@mail.example/INBOX",
...                     "REKNIT_MAILBOX_PASSWORD": "s"})
>>> (box.host, box.port, box.user, box.folder, box.encrypted)
('mail.example', 993, 'desk@help.example', 'INBOX', True)
"""

from __future__ import annotations

import datetime as dt
import hashlib
import imaplib
import ipaddress
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

from reknit.config import ConfigError
from reknit.intake import messages
from reknit.intake.errors import MailboxError, RefusedUploadError
from reknit.intake.messages import MOST_LETTERS, Attached, Incoming
from reknit.intake.models import Channel
from reknit.records.models import Office
from reknit.vocabulary import Actor

MOST_BYTES = 25_000_000
_SECONDS = 30
_KEPT = ("image/", "audio/", "application/pdf")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where e-mails are fetched."""

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool
    password: str = field(repr=False)

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Mailbox | None:
        """The mailbox that the settings name; None where they name none. Raises ConfigError."""
        url = said.get("REKNIT_MAILBOX", "")
        if not url:
            return None
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"imap", "imaps"} or not host or not parts.username:
            raise ConfigError("REKNIT_MAILBOX: this is no mailbox; write imaps://USER@HOST/FOLDER.")
        encrypted = parts.scheme == "imaps"
        if not encrypted and not _is_here(host):
            raise ConfigError(
                "REKNIT_MAILBOX: imap:// is not encrypted and for this machine only; use imaps://."
            )
        password = said.get("REKNIT_MAILBOX_PASSWORD", "")
        if not password:
            raise ConfigError("REKNIT_MAILBOX_PASSWORD: it is empty; give the mailbox's password.")
        return cls(
            host,
            parts.port or (993 if encrypted else 143),
            unquote(parts.username),
            unquote(parts.path.strip("/")) or "INBOX",
            encrypted,
            password,
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many were kept or known; and why others were set aside, a line each."""

    added: int
    known: int
    refused: tuple[str, ...]


def fetch(
    actor: Actor,
    office: Office,
    box: Mailbox,
    *,
    why: str = "",
    show: Callable[[str, float], None] = lambda step, share: None,
) -> Fetched:
    """Keep the unread e-mails of a mailbox for an office. Raises MailboxError where the mailbox
    cannot be read, and what `messages.take` raises but for a single message's refusal."""
    added = known = 0
    refused: list[str] = []
    with _opened(box) as connection:
        _, found = connection.uid("SEARCH", "UNSEEN")
        numbers = (found[0] or b"").split()
        for place, number in enumerate(numbers):
            show("fetching e-mails", place / len(numbers))
            try:
                incoming = read_email(_whole(connection, number))
                taken = messages.take(actor, office, [incoming], origin="mailbox", why=why)
            except RefusedUploadError as error:
                refused.append(f"e-mail {number.decode()}: {error}")
                continue
            added, known = added + len(taken.added), known + taken.known
            connection.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")
    return Fetched(added, known, tuple(refused))


def read_email(data: bytes) -> Incoming:
    """An e-mail as a message: sender, text, what is attached. Never an error for odd ones; they
    lose what cannot be read.

    >>> read_email(b"From: Amal <amal@home.example>\\r\\n\\r\\nWhere is Idris?").sender
    'amal@home.example'
    """
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - what the policy makes, for mypy
    name, address = parseaddr(_header(mail, "From"))
    subject = _header(mail, "Subject").strip()
    text = _text(mail).strip()
    said = f"{subject}\n\n{text}" if subject and subject not in text else text
    files = tuple(_files(mail))[: messages.MOST_ATTACHMENTS]
    own = _header(mail, "Message-ID").strip() or hashlib.sha256(data).hexdigest()
    return Incoming(
        said[:MOST_LETTERS],
        Channel.EMAIL,
        external_id=own[:200],
        sender=address[:200],
        sender_name=name[:200],
        received_at=_sent_at(mail),
        attachments=files,
    )


@contextmanager
def _opened(box: Mailbox) -> Iterator[imaplib.IMAP4]:
    try:
        connection = (
            imaplib.IMAP4_SSL(
                box.host, box.port, ssl_context=ssl.create_default_context(), timeout=_SECONDS
            )
            if box.encrypted
            else imaplib.IMAP4(box.host, box.port, timeout=_SECONDS)
        )
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(
            f"REKNIT_MAILBOX: {box.host}:{box.port} does not answer ({type(error).__name__}); "
            "check the address."
        ) from None
    try:
        connection.login(box.user, box.password)
        answer, _ = connection.select(f'"{box.folder}"')
        if answer != "OK":
            raise MailboxError(f"REKNIT_MAILBOX: there is no folder {box.folder}.")
        yield connection
    except imaplib.IMAP4.error:
        raise MailboxError(
            "REKNIT_MAILBOX: the mailbox refused; check user, password and folder."
        ) from None
    except OSError as error:
        raise MailboxError(
            f"REKNIT_MAILBOX: the connection broke ({type(error).__name__}); what was kept is "
            "kept, run it again for the rest."
        ) from None
    finally:
        try:
            connection.logout()
        except (OSError, imaplib.IMAP4.error):
            connection.shutdown()


def _whole(connection: imaplib.IMAP4, number: bytes) -> bytes:
    """An e-mail's bytes, left unread. Raises RefusedUploadError for one that is too large."""
    _, sizes = connection.uid("FETCH", number.decode(), "(RFC822.SIZE)")
    told = b" ".join(part for part in sizes if isinstance(part, bytes))
    size = int("".join(chr(c) for c in told.partition(b"RFC822.SIZE")[2][:14] if 48 <= c < 58) or 0)
    if size > MOST_BYTES:
        raise RefusedUploadError(
            f"{size / 1e6:.0f} MB, and {MOST_BYTES // 1_000_000} MB is the most; fetch it by hand."
        )
    _, parts = connection.uid("FETCH", number.decode(), "(BODY.PEEK[])")
    body = next((part[1] for part in parts if isinstance(part, tuple)), None)
    if not isinstance(body, bytes):
        raise RefusedUploadError("the mailbox gave no content; look at it there.")
    return body


def _header(mail: EmailMessage, name: str) -> str:
    """A header as text; "" where it is missing or beyond reading."""
    try:
        return str(mail.get(name, ""))
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        return ""


def _sent_at(mail: EmailMessage) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _text(mail: EmailMessage) -> str:
    part: Any = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _content(part)
    return _without_tags(text) if part.get_content_type() == "text/html" else text


def _content(part: Any) -> str:
    """A part's text, in whatever encoding it says or does not say."""
    try:
        return str(part.get_content())
    except (LookupError, ValueError, KeyError):
        data = part.get_payload(decode=True)
        return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _files(mail: EmailMessage) -> Iterator[Attached]:
    for part in mail.walk():
        if part.get_content_type().startswith(_KEPT):
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                yield Attached(part.get_filename() or "", data)


class _Words(HTMLParser):
    """The text of an HTML page, without what is not shown."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """See HTMLParser."""
        self._hidden += tag in {"script", "style", "head"}
        if tag in {"p", "br", "div", "li", "tr"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in {"script", "style", "head"}:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self._hidden:
            self.words.append(data)


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.words).splitlines())
    return "\n".join(line for line in lines if line)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
