"""Messages come in, from whatever channel: kept sealed, once, and put in line by urgency.

Rules: a message is kept whole before anything is read in it, with its audit entry, in one
transaction; who wrote is kept in the vault, apart from what they wrote; one that its channel sends
twice is one message; a glance by the rules alone (no gazetteer, no facts) says which is read first,
and the reading itself is a job. Attachments are pictures and PDFs, written anew as
`reknit.intake.documents` does, and voice notes, kept as they came.

    taken = take(actor, office, [Incoming("Where is my brother?", Channel.SMS, sender="+961 …")])
    taken.added, taken.known
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.exchange.messages import MessageRow
from reknit.guard import access, audit, commits, vault
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake.documents import ReEncoded, re_encode
from reknit.intake.errors import RefusedUploadError
from reknit.intake.models import Attachment, Channel, Message
from reknit.intake.uploads import place_of
from reknit.language import LANGUAGES, UNDETERMINED, detect, read_signals, weigh_urgency
from reknit.language.urgency import UNREAD
from reknit.queue.jobs import Wanted, enqueue_all
from reknit.records.models import Office
from reknit.sealing import files
from reknit.sealing import records as sealing
from reknit.sealing.bulk import insert
from reknit.sealing.holders import current_holder
from reknit.vocabulary import Actor, Purpose

JOB = "read message"
MOST_LETTERS = 100_000
MOST_ATTACHMENTS = 10
MOST_VOICE_BYTES = 16_000_000
_AT_ONCE = 200
_SOONER = {5: 1, 4: 2, 3: 4, 2: 6, 1: 7}
"""The priority of the job that reads a message, by the urgency at a glance; lower runs sooner."""
_VOICES = {
    b"OggS": "audio/ogg", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"#!AMR": "audio/amr",
    b"RIFF": "audio/wav", b"fLaC": "audio/flac",
}  # fmt: skip
_MP4 = b"ftyp"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as its channel gives it.

    external_id: what the channel calls it, unique there ("": it gives none, and each is new).
    sender: a number or mailbox, "" where unknown. received_at: now where not said.
    """

    text: str = field(repr=False)
    channel: Channel = Channel.OTHER
    external_id: str = ""
    sender: str = field(default="", repr=False)
    sender_name: str = field(default="", repr=False)
    received_at: dt.datetime | None = None
    stated_language: str = ""
    attachments: tuple[Attached, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of messages: kept now, or known already."""

    added: tuple[UUID, ...]
    known: int


def take(
    actor: Actor,
    office: Office,
    incoming: Sequence[Incoming],
    *,
    origin: str = "",
    why: str = "",
    show: Callable[[str, float], None] = lambda step, share: None,
) -> Taken:
    """Keep messages for an office; each is read later, urgent ones first.

    origin: within which the external ids are unique (a gateway's id, a mailbox). why: in the words
    of whoever brings them in, kept sealed with each. Raises
    NotPermittedError, RefusedUploadError (nothing of that part was kept then), LockedError,
    AuditUnavailableError.
    """
    access.require(actor, Permission.MESSAGE_ADD, purpose=Purpose.FAMILY_TRACING)
    for number, one in enumerate(incoming):
        _check(one, number)
    added: list[UUID] = []
    known = 0
    for start in range(0, len(incoming), _AT_ONCE):
        show("keeping messages", start / len(incoming))
        part = [_prepared(one, origin) for one in incoming[start : start + _AT_ONCE]]
        kept = commits.commit(partial(_keep, actor, office, part, why))
        added += kept
        known += len(part) - len(kept)
    return Taken(tuple(added), known)


def of_table(rows: Sequence[MessageRow]) -> list[Incoming]:
    """The messages of a table. The same id with the same text is the same message, however often
    the file is brought in; twice in one file it is two, for none may be lost."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        said = hashlib.sha256(f"{row.message_id}\n{row.text}".encode(errors="replace")).hexdigest()
        seen[said] += 1
        found.append(
            Incoming(
                row.text,
                channel_named(row.channel),
                external_id=f"{said} {seen[said]}",
                received_at=row.received_at,
                stated_language=(row.stated_language or "")[:8],
            )
        )
    return found


def channel_named(said: str | None) -> Channel:
    """The channel of that name; `other` for one that is not known."""
    text = (said or "").strip().lower()
    return Channel(text) if text in set(Channel.values) else Channel.OTHER


def glance(text: str, stated: str | None = None) -> int:
    """The urgency of a message, 1 to 5, by its words alone; a millisecond. A language that cannot
    be read is 3, for a person to look at.

    >>> glance("Please help, my wife is bleeding"), glance("We are all safe")
    (5, 1)
    """
    found = detect(text, stated=stated or None)
    is_sure = found.language != UNDETERMINED or found.guess is None
    signals = read_signals(text, found.language if is_sure else str(found.guess))
    level = weigh_urgency(signals).level
    if found.language not in LANGUAGES and signals.folded.words:
        return max(level, UNREAD.level)
    return level


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A message with what takes time already done: its glance, its files written anew."""

    incoming: Incoming
    urgency: int
    digest: bytes | None
    files: tuple[tuple[str, ReEncoded], ...]


def _check(one: Incoming, number: int) -> None:
    if len(one.text) > MOST_LETTERS:
        raise RefusedUploadError(
            _(
                "message %(number)s: %(letters)s letters, and %(most)s is the most; keep it as a "
                "document."
            )
            % {"number": number + 1, "letters": f"{len(one.text):,}", "most": f"{MOST_LETTERS:,}"}
        )
    if len(one.attachments) > MOST_ATTACHMENTS:
        raise RefusedUploadError(
            _(
                "message %(number)s: %(files)s files, and %(most)s is the most; send the rest in "
                "another message."
            )
            % {"number": number + 1, "files": len(one.attachments), "most": MOST_ATTACHMENTS}
        )
    if not one.text.strip() and not one.attachments:
        raise RefusedUploadError(
            _("message %(number)s: it is empty; leave it out.") % {"number": number + 1}
        )


def _prepared(one: Incoming, origin: str) -> _Prepared:
    digest = None
    if one.external_id:
        named = f"{origin}|{one.channel}|{one.external_id}".encode(errors="replace")
        (digest,) = current_holder().digest("message", [named])
    kept = tuple((file.name, _kept(file)) for file in one.attachments)
    return _Prepared(one, glance(one.text, one.stated_language), digest, kept)


def _kept(file: Attached) -> ReEncoded:
    """A picture or PDF written anew; a voice note as it came. Raises RefusedUploadError."""
    head = file.data[:16]
    voice = next((kind for sign, kind in _VOICES.items() if head.startswith(sign)), None)
    if voice is None and head[4:8] == _MP4:
        voice = "audio/mp4"
    if voice is None:
        return re_encode(file.data)
    if len(file.data) > MOST_VOICE_BYTES:
        raise RefusedUploadError(
            _("%(name)s: %(number)s MB, and %(most)s MB is the most for a voice note.")
            % {
                "name": file.name,
                "number": f"{len(file.data) / 1e6:.0f}",
                "most": MOST_VOICE_BYTES // 1_000_000,
            }
        )
    return ReEncoded(file.data, voice)


def _keep(actor: Actor, office: Office, part: Sequence[_Prepared], why: str) -> list[UUID]:
    digests = [one.digest for one in part if one.digest is not None]
    there = {
        bytes(digest)
        for digest in Message.objects.filter(external_digest__in=digests).values_list(
            "external_digest", flat=True
        )
        if digest is not None
    }
    fresh: list[_Prepared] = []
    for one in part:
        if one.digest is None or one.digest not in there:
            fresh.append(one)
            there |= {one.digest} if one.digest is not None else set()
    senders = iter(vault.put_senders(list(_senders(fresh))))
    now = timezone.now()
    rows = []
    for one in fresh:
        said = one.incoming
        row = Message(
            office=office,
            sender=next(senders) if said.sender.strip() else None,
            channel=said.channel,
            external_digest=one.digest,
            stated_language=said.stated_language[:8],
            urgency=one.urgency,
            # A clock that runs ahead would let a message never wait.
            received_at=min(_aware(said.received_at) or now, now),
        )
        row.group = row.id
        rows.append(row)
    said_why = {"why": why} if why else {}
    sealing.seal(rows, [{"text": one.incoming.text, **said_why} for one in fresh])
    insert(rows)
    for row, one in zip(rows, fresh, strict=True):
        _keep_files(row, one.files)
        audit.record(
            actor, Permission.MESSAGE_ADD.action, Resource.of(row), Purpose.FAMILY_TRACING,
            channel=row.channel, files=len(one.files),
        )  # fmt: skip
    enqueue_all(
        [Wanted(JOB, str(row.id), f"message {row.id}", _SOONER[row.urgency]) for row in rows]
    )
    return [row.id for row in rows]


def _senders(part: Sequence[_Prepared]) -> Iterator[dict[str, str]]:
    for one in part:
        said = one.incoming
        if said.sender.strip():
            yield {
                "channel": str(said.channel),
                "address": said.sender.strip(),
                "name": said.sender_name,
            }


def _keep_files(row: Message, kept: Sequence[tuple[str, ReEncoded]]) -> None:
    for name, made in kept:
        attachment = Attachment(message=row, media_type=made.media_type, size=len(made.data))
        content: dict[str, Any] = {"original_name": name}
        sealing.seal([attachment], [content])
        files.seal(attachment, made.data, place_of(attachment))
        attachment.save(force_insert=True)


def _aware(at: dt.datetime | None) -> dt.datetime | None:
    return at.replace(tzinfo=dt.UTC) if at is not None and at.tzinfo is None else at
