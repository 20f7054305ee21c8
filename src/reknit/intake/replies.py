"""Answers to messages: from templates that people wrote, kept as outgoing.

Rules: nothing is sent from here (I12): an answer waits until somebody says that they sent it, or
has it sent (`reknit.intake.sending`); a message alone discloses nothing: an answer that names a
telephone or a place is refused, unless the sender wrote it themselves, it stands in a packaged
template, or the sender is the seeker of the case and guard has told them so (a disclosure that
still holds, asked anew and audited). Packaged templates await a native review and say so.

    reply(noor, message.id, "We have received your message.")
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, audit, commits, disclosure
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import desk
from reknit.intake.errors import DeskError
from reknit.intake.models import Act, ActKind, Message, MessageState, ReplyTemplate
from reknit.intake.places import gazetteer
from reknit.language import FactKind, detect, find_facts, read_signals
from reknit.language.folding import fold_text
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

PURPOSE = Purpose.FAMILY_TRACING
MOST_LETTERS = 2_000


@dataclass(frozen=True, slots=True)
class Template:
    """An answer to use again. key: what it is for, or the office's own title; own: the id of an
    office's own, None for a packaged one; reviewed: a native speaker has read it."""

    key: str
    language: str
    text: str
    own: UUID | None = None
    reviewed: bool = False


def templates(actor: Actor, language: str) -> list[Template]:
    """The answers in a language, the packaged first, then the office's own; in English too where
    the language has none of a kind."""
    packaged = [one for one in _packaged() if one.language == language]
    there = {one.key for one in packaged}
    packaged += [one for one in _packaged() if one.language == "en" and one.key not in there]
    rows = list(
        access.visible(
            actor, Permission.MESSAGE_REPLY, ReplyTemplate.objects.filter(removed_at=None)
        ).order_by("added_at")
    )
    said = access.read(actor, Permission.MESSAGE_REPLY, rows, purpose=PURPOSE)
    own = [
        Template(content["title"], row.language, content["text"], row.id, reviewed=True)
        for row, content in zip(rows, said, strict=True)
    ]
    return [*packaged, *own]


def add_template(actor: Actor, title: str, language: str, text: str) -> ReplyTemplate:
    """Keep an answer for the actor's office. Raises NotPermittedError, DeskError."""
    access.require(actor, Permission.MESSAGE_REPLY)
    if not title.strip() or not text.strip() or len(text) > MOST_LETTERS:
        raise DeskError(
            _("an answer needs a title and a text of at most %(most)s letters.")
            % {"most": f"{MOST_LETTERS:,}"}
        )
    named = _named(text, language)
    if named:
        raise DeskError(
            _("an answer to use again names no place and no number; take out: %(named)s.")
            % {"named": ", ".join(named)}
        )
    office_id = actor.office_id
    if office_id is None:
        raise DeskError(_("you belong to no office; ask to be put into one."))

    def keep() -> ReplyTemplate:
        row = ReplyTemplate(
            office_id=office_id, language=language[:8], added_by_id=access.staff_id(actor)
        )
        sealing.seal([row], [{"title": title.strip(), "text": text.strip()}])
        row.save(force_insert=True)
        audit.record(actor, "message:template", Resource.of(row), PURPOSE)
        return row

    return commits.commit(keep)


def reply(actor: Actor, message_id: UUID, text: str) -> Act:
    """Keep an answer to a message, to be sent by hand. Raises NotPermittedError, DeskError."""
    text = text.strip()
    opened = desk.open(actor, message_id)
    if not text or len(text) > MOST_LETTERS:
        raise DeskError(
            _("write an answer of at most %(most)s letters.") % {"most": f"{MOST_LETTERS:,}"}
        )
    refuse_disclosures(opened, text)

    def change(message: Message) -> desk.Change:
        out = Message(
            office=message.office, sender=message.sender, channel=message.channel, outgoing=True,
            answers=message, state=MessageState.TO_SEND, language=message.language,
            urgency=message.urgency, enquiry_id=message.enquiry_id, account_id=message.account_id,
            received_at=timezone.now(),
        )  # fmt: skip
        sealing.seal([out], [{"text": text}])
        out.save(force_insert=True)
        return desk.Change(desk._sorted(message), made={"reply": str(out.id)})

    return desk.act(actor, message_id, ActKind.REPLY, change, Permission.MESSAGE_REPLY)


def unsent(actor: Actor, reply_id: UUID) -> Message:
    """An answer that waits to be sent, kept from others until the transaction ends. Raises
    NotPermittedError, DeskError."""
    rows = Message.objects.filter(outgoing=True, removed_at=None)
    row = access.load(actor, Permission.MESSAGE_REPLY, rows, reply_id, purpose=PURPOSE, lock=True)
    if row.state != MessageState.TO_SEND:
        raise DeskError(_("this answer was sent already."))
    return row


def mark_sent(actor: Actor, reply_id: UUID) -> Message:
    """Say that an answer was sent by hand. Raises NotPermittedError, DeskError."""

    def work() -> Message:
        row = unsent(actor, reply_id)
        row.state = MessageState.SENT
        row.save(update_fields=["state"])
        audit.record(actor, "message:sent", Resource.of(row), PURPOSE)
        return row

    return commits.commit(work)


def refuse_disclosures(opened: desk.Opened, text: str) -> None:
    """Raise DeskError where an answer names a place or a number that the sender may not be told."""
    language = opened.message.language
    known = " ".join([fold_text(opened.text), *(fold_text(one.text) for one in _packaged())])
    allowed = ""
    new = [one for one in _named(text, language) if fold_text(one) not in known]
    if new and opened.message.from_seeker and opened.message.enquiry_id is not None:
        told = disclosure.tell_again(opened.message.enquiry_id, timezone.now())
        values = [str(value) for one in told for said in one.values for value in said.values()]
        allowed = fold_text(" ".join(values))
    new = [one for one in new if fold_text(one) not in allowed]
    if new:
        raise DeskError(
            _(
                "this answer names %(new)s: a place or a number goes to a seeker only through "
                "“Tell”, with the person's consent. Take it out, or tell it there first."
            )
            % {"new": ", ".join(new)}
        )


def _named(text: str, language: str) -> list[str]:
    """The places and telephones that a text names, as written; any digits that could be dialled."""
    read_as = language if language and language != "und" else detect(text).language
    facts = find_facts(read_signals(text, read_as), gazetteer=gazetteer())
    spans = [
        text[fact.start : fact.end]
        for fact in facts
        if fact.kind in {FactKind.PLACE, FactKind.PHONE}
    ]
    return list(dict.fromkeys([*spans, *_numbers(text)]))


def _numbers(text: str) -> list[str]:
    """Runs of seven digits or more, whatever stands between them."""
    found: list[str] = []
    run, digits = "", 0
    for sign in f"{text}\n":
        if sign.isdigit() or (run and sign in " +-./()\u00a0"):
            run += sign
            digits += sign.isdigit()
            continue
        if digits >= 7:
            found.append(run.strip(" -./()"))
        run, digits = "", 0
    return found


@cache
def _packaged() -> Sequence[Template]:
    text = (resources.files("reknit.intake") / "data" / "replies.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(Template(key, language, said) for key, language, said in lines)
