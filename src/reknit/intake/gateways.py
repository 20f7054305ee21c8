"""Gateways hand messages in over HTTP: SMS and WhatsApp bridges, forms of other desks.

Rules: none is there until an administrator adds one, for one office; its secret is said once and
kept sealed; a request is signed with it (HMAC-SHA-256 over time, a full stop and the body, as
hexadecimal digits) and is good for five minutes; what is not signed rightly, an unknown gateway and
one that was ended are refused alike; a message that comes twice is one, and is answered alike; a
gateway may send so many a minute and no more. Nothing is ever sent to a gateway.

    made = add(administrator, office, Channel.SMS, "the mobile company's bridge")
    taken = receive(made.gateway.id, body, timestamp, signature, now)
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import msgspec
from django.core.cache import cache
from django.utils import timezone

from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import messages
from reknit.intake.errors import GatewayError, IntakeError, RefusedUploadError
from reknit.intake.messages import Attached, Incoming, Taken
from reknit.intake.models import Channel, Gateway
from reknit.records.models import Office
from reknit.sealing import records as sealing
from reknit.sealing.errors import ErasedError
from reknit.vocabulary import PUBLIC, Actor, Purpose

MOST_BYTES = 20_000_000
A_MINUTE = 300
GOOD_FOR = dt.timedelta(minutes=5)
_NO = "This request is not signed by a gateway of this installation."
_UNKNOWN = secrets.token_hex(32)


class BusyError(IntakeError):
    """The gateway sends more than it may in a minute."""


@dataclass(frozen=True, slots=True)
class Added:
    """A new gateway and its secret, which is said once."""

    gateway: Gateway
    secret: str


class File(msgspec.Struct, frozen=True):
    """A file of a message, its bytes in base64."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    data: str


class Body(msgspec.Struct, frozen=True, rename={"sender": "from"}, forbid_unknown_fields=True):
    """What a gateway sends. id: its own for the message, unique."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: str = ""
    sender: Annotated[str, msgspec.Meta(max_length=200)] = ""
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    received_at: dt.datetime | None = None
    language: Annotated[str, msgspec.Meta(max_length=8)] = ""
    files: Annotated[list[File], msgspec.Meta(max_length=10)] = []


def add(actor: Actor, office: Office, channel: Channel, label: str) -> Added:
    """A gateway for an office. Raises NotPermittedError, LockedError."""
    access.require(actor, Permission.GATEWAY_MANAGE)
    secret = secrets.token_hex(32)

    def keep() -> Gateway:
        row = Gateway(office=office, channel=channel, added_by_id=access.staff_id(actor))
        sealing.seal([row], [{"secret": secret, "label": label.strip()[:200]}])
        row.save(force_insert=True)
        audit.record(
            actor, "gateway:add", Resource.of(row), Purpose.OPERATIONS, channel=str(channel)
        )
        return row

    return Added(commits.commit(keep), secret)


def end(actor: Actor, gateway_id: UUID) -> None:
    """Take nothing from a gateway any more. Raises NotPermittedError."""

    def work() -> None:
        row = access.load(
            actor, Permission.GATEWAY_MANAGE, Gateway, gateway_id, purpose=Purpose.OPERATIONS,
            lock=True,
        )  # fmt: skip
        row.ended_at = row.ended_at or timezone.now()
        row.save(update_fields=["ended_at"])
        audit.record(actor, "gateway:end", Resource.of(row), Purpose.OPERATIONS)

    commits.commit(work)


def listed(actor: Actor) -> list[Gateway]:
    """The gateways that the actor may manage."""
    rows = Gateway.objects.select_related("office", "added_by").order_by("ended_at", "added_at")
    return list(access.visible(actor, Permission.GATEWAY_MANAGE, rows))


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request, 64 hexadecimal digits.

    >>> sign("00", "1764000000", b"{}")[:16]
    'a9766d96859fe4c7'
    """
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def receive(
    gateway_id: UUID, body: bytes, timestamp: str, signature: str, now: dt.datetime
) -> Taken:
    """Keep the message that a gateway sends.

    timestamp: seconds since 1970, as the request says. Raises GatewayError for what is not signed
    rightly, RefusedUploadError for what is no message, BusyError.
    """
    row = Gateway.objects.select_related("office").filter(id=gateway_id, ended_at=None).first()
    secret = _secret(row)
    signed = hmac.compare_digest(sign(secret, timestamp, body), signature.strip().lower())
    if not signed or row is None or not _is_now(timestamp, now):
        raise GatewayError(_NO)
    _count(row, now)
    try:
        said = msgspec.json.decode(body, type=Body)
        files = tuple(
            Attached(file.name, base64.b64decode(file.data, validate=True)) for file in said.files
        )
    except (msgspec.MsgspecError, binascii.Error, UnicodeDecodeError) as error:
        raise RefusedUploadError(f"the body is no message: {_without_values(error)}.") from None
    incoming = Incoming(
        said.text,
        Channel(row.channel),
        external_id=said.id,
        sender=said.sender,
        sender_name=said.name,
        received_at=said.received_at,
        stated_language=said.language,
        attachments=files,
    )
    return messages.take(PUBLIC, row.office, [incoming], origin=str(row.id))


def _secret(row: Gateway | None) -> str:
    """The gateway's secret; where there is none one that signs nothing, in as much time."""
    if row is None:
        return _UNKNOWN
    try:
        return str(sealing.unseal([row])[0]["secret"])
    except ErasedError:
        return _UNKNOWN


def _is_now(timestamp: str, now: dt.datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    at = dt.datetime.fromtimestamp(int(timestamp), dt.UTC)
    return abs(now - at) <= GOOD_FOR


def _count(row: Gateway, now: dt.datetime) -> None:
    key = f"gateway:{row.id}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > A_MINUTE:
        raise BusyError(
            f"this gateway sends more than {A_MINUTE} messages a minute; wait a little."
        )


def _without_values(error: Exception) -> str:
    """What is wrong and where, without what was sent."""
    text = str(error).splitlines()[0]
    return (
        text if isinstance(error, msgspec.ValidationError) else "it is not JSON with base64 files"
    )
