"""By which ways answers may leave: a mail server, a bridge of SMS and WhatsApp; none unless named.

`REKNIT_SMTP` (`smtps://USER@HOST`, or `smtp://USER@HOST`, which turns to TLS or is refused, but on
this machine), `REKNIT_SMTP_PASSWORD` and `REKNIT_SMTP_FROM` (the address that answers come from).
`REKNIT_BRIDGE_URL`, `REKNIT_BRIDGE_HOSTS` (allowed hosts beyond this machine, with commas) and
`REKNIT_BRIDGE_KEY` (sent as a bearer token): the bridge gets `{"id", "channel", "to", "text"}` as
JSON, and answers with JSON.

>>> Ways.read({}).channels
frozenset()
>>> by_bridge = Ways.read({"REKNIT_BRIDGE_URL": "http://127.0.0.1:9000/send"})
>>> sorted(map(str, by_bridge.channels))
['sms', 'whatsapp']
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext_noop

from reknit.adapters import Endpoint, EndpointError, ProviderError
from reknit.adapters.endpoint import is_this_machine
from reknit.config import ConfigError
from reknit.intake.errors import UnsentError
from reknit.intake.models import Channel

SMTP, PASSWORD, FROM = "REKNIT_SMTP", "REKNIT_SMTP_PASSWORD", "REKNIT_SMTP_FROM"
BRIDGE, HOSTS, KEY = "REKNIT_BRIDGE_URL", "REKNIT_BRIDGE_HOSTS", "REKNIT_BRIDGE_KEY"
SUBJECT = "Your message"
"""Of each e-mail: who reads over a shoulder learns nothing from it."""
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class MailServer:
    """Which server sends e-mails, and from which address. at_once: TLS from the first byte;
    plain: no TLS, for this machine only."""

    host: str
    port: int
    user: str
    sender: str
    at_once: bool
    plain: bool
    password: str = field(repr=False)

    def send(self, to: str, text: str) -> None:
        """One e-mail. Raises UnsentError, whose text quotes nothing of it."""
        backend = EmailBackend(
            self.host, self.port, self.user, self.password,
            use_ssl=self.at_once, use_tls=not (self.at_once or self.plain), timeout=_SECONDS,
        )  # fmt: skip
        mail = EmailMessage(SUBJECT, text, self.sender, [to], connection=backend)
        try:
            mail.send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Their texts may quote the address.
            raise UnsentError(f"{self.host}: {type(error).__name__}") from None


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that the settings name."""

    mail: MailServer | None = None
    bridge: Endpoint | None = None

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Ways:
        """The ways that the settings name. Raises ConfigError by setting."""
        return cls(_mail_server(said), _bridge(said))

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels on which an answer may be sent from here."""
        mail = {Channel.EMAIL} if self.mail is not None else set()
        bridge = {Channel.SMS, Channel.WHATSAPP} if self.bridge is not None else set()
        return frozenset(mail | bridge)

    def send(self, answer_id: str, channel: Channel, to: str, text: str) -> None:
        """Send one answer. Raises UnsentError where it is not known to have gone out."""
        if channel == Channel.EMAIL and self.mail is not None:
            if not is_address(to):
                raise UnsentError(gettext_noop("the sender's address is no e-mail address"))
            self.mail.send(to, text)
        elif channel in self.channels and self.bridge is not None:
            question = {"id": answer_id, "channel": str(channel), "to": to, "text": text}
            try:
                self.bridge.ask("", question)
            except ProviderError as error:
                raise UnsentError(str(error)) from None
        else:
            raise UnsentError(gettext_noop("no way of sending is named for this channel"))


def is_address(said: str) -> bool:
    """True for one e-mail address and nothing beside it.

    >>> [is_address(said) for said in ("amal@home.example", "Amal <a@home.example>", "a@b, c@d")]
    [True, False, False]
    """
    name, _, host = said.partition("@")
    return parseaddr(said) == ("", said) and bool(name and host) and said.isprintable()


def _mail_server(said: Mapping[str, str]) -> MailServer | None:
    url = said.get(SMTP, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"smtp", "smtps"} or not host:
        raise ConfigError(f"{SMTP}: this is no mail server; write smtps://USER@HOST.")
    sender = said.get(FROM, "").strip()
    if not is_address(sender):
        raise ConfigError(f"{FROM}: this is no e-mail address; name who answers come from.")
    at_once, user = parts.scheme == "smtps", unquote(parts.username or "")
    password = said.get(PASSWORD, "")
    if user and not password:
        raise ConfigError(f"{PASSWORD}: it is empty; give the mail server's password.")
    return MailServer(
        host, parts.port or (465 if at_once else 587), user, sender, at_once,
        not at_once and is_this_machine(host), password,
    )  # fmt: skip


def _bridge(said: Mapping[str, str]) -> Endpoint | None:
    url = said.get(BRIDGE, "").strip()
    if not url:
        return None
    hosts = [host for host in said.get(HOSTS, "").split(",") if host.strip()]
    try:
        return Endpoint.at(url, allowed_hosts=hosts, timeout_s=_SECONDS, key=said.get(KEY) or None)
    except EndpointError as error:
        raise ConfigError(f"{BRIDGE}: {error.rule}; see docs/reference/settings.md.") from None
