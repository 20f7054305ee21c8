"""What a source copies, so that what two lists took from one counts once.

Rules: whoever keeps a source says what it copies, when they bring its list in or later; the
original may be any office's; each word is audited and can be undone,
the latest first; nothing can copy itself, directly or over others.

    said = declare(actor, source.id, named("Port of Zuwara"))   # None: it copies nobody
    undo(actor, said.id)
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake.errors import MirrorError
from reknit.records import sources
from reknit.records.errors import RecordsError
from reknit.records.models import Batch, Mirroring, Source, User
from reknit.vocabulary import Actor, Purpose

PURPOSE = Purpose.REGISTRATION


def named(name: str) -> Source:
    """The source of that name, whatever its spaces and capitals. Raises MirrorError."""
    found = sources.named(name)
    if found is None:
        raise MirrorError(
            _("No source is called “%(name)s”: name one that is known, or bring its list in first.")
            % {"name": name.strip()}
        )
    return found


def declare(actor: Actor, source_id: UUID, original: Source | None) -> Mirroring | None:
    """Say what a source copies (None: nobody); None where that is what was said before.
    Raises MirrorError, NotPermittedError."""

    def say() -> Mirroring | None:
        source = access.load(actor, Permission.SOURCE_MANAGE, Source, source_id, purpose=PURPOSE)
        return _say(actor, source, original, None)

    return commits.commit(say)


def declare_with(actor: Actor, batch: Batch, original: Source) -> Mirroring | None:
    """The same for the source of an import, in its transaction: undoing the import undoes it.
    Raises MirrorError, also where another office keeps the source."""
    source = batch.source
    if not access.held(actor, {Permission.SOURCE_MANAGE}, source):
        raise MirrorError(
            _(
                "%(name)s: %(office)s keeps this source and says what it copies. Leave the field "
                "empty, and tell them."
            )
            % {"name": source.name, "office": source.office.name}
        )
    return _say(actor, source, original, batch)


def undo(actor: Actor, mirroring_id: UUID) -> Mirroring:
    """Take back what was said last of a source. Raises MirrorError, NotPermittedError."""

    def take_back() -> Mirroring:
        said = access.load(
            actor, Permission.SOURCE_MANAGE, Mirroring, mirroring_id, purpose=PURPOSE
        )
        _take_back(actor, said)
        return said

    return commits.commit(take_back)


def undo_with(actor: Actor, batch: Batch) -> None:
    """Take back what was said with an import that goes, in its transaction. Where somebody said
    something of the source since, or it would close a circle now, it stays."""
    for said in Mirroring.objects.filter(batch=batch, undone_at=None).select_related("source"):
        if sources.last_said(said.source) == said:
            with suppress(MirrorError):
                _take_back(actor, said)


def _say(
    actor: Actor, source: Source, original: Source | None, batch: Batch | None
) -> Mirroring | None:
    try:
        said = sources.set_mirror(source, original, _user(actor), batch=batch)
    except RecordsError as refused:
        raise MirrorError(str(refused)) from None
    if said is not None:
        copied = {} if original is None else {"original": str(original.pk)}
        audit.record(actor, Permission.SOURCE_MANAGE.action, Resource.of(source), PURPOSE, **copied)
    return said


def _take_back(actor: Actor, said: Mirroring) -> None:
    try:
        sources.undo_mirror(said, _user(actor), timezone.now())
    except RecordsError as refused:
        raise MirrorError(str(refused)) from None
    audit.record(
        actor, Permission.SOURCE_MANAGE.action, Resource.of(said.source), PURPOSE,
        undone=str(said.pk),
    )  # fmt: skip


def _user(actor: Actor) -> User:
    return User.objects.get(pk=access.staff_id(actor))
