"""Notes on a case: sealed, never changed, taken away when they were written by mistake.

note = add(noor, enquiry.id, "The aunt answers in the evening.")
remove(noor, note.id)
restore(noor, note.id)
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import claims
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Note
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING


def add(actor: Actor, enquiry_id: UUID, text: str) -> Note:
    """A new note. Raises NotPermittedError, CaseworkError without a text, LockedError,
    AuditUnavailableError."""
    if not text.strip():
        raise CaseworkError(_("note: write something."))

    def work() -> Note:
        enquiry = access.load(actor, Permission.NOTE_ADD, Enquiry, enquiry_id, purpose=_PURPOSE)
        note = Note(enquiry=enquiry, by_id=access.staff_id(actor), at=timezone.now())
        sealing.seal([note], [{"text": text.strip()}])
        note.save(force_insert=True)
        _audit(actor, "add", note)
        claims.claim(actor, enquiry_id)
        return note

    return commits.commit(work)


def remove(actor: Actor, note_id: UUID) -> Note:
    """It was written by mistake. Raises NotPermittedError, CaseworkError where it is gone."""
    return _set(actor, note_id, gone=True)


def restore(actor: Actor, note_id: UUID) -> Note:
    """Take the removal back. Raises NotPermittedError, CaseworkError where it was not removed."""
    return _set(actor, note_id, gone=False)


def _set(actor: Actor, note_id: UUID, *, gone: bool) -> Note:
    def work() -> Note:
        note = access.load(actor, Permission.NOTE_ADD, Note, note_id, purpose=_PURPOSE, lock=True)
        if (note.removed_at is not None) is gone:
            raise CaseworkError(_("note: that was done already; reload the page."))
        note.removed_at = timezone.now() if gone else None
        note.save(update_fields=["removed_at"])
        _audit(actor, "remove" if gone else "restore", note)
        return note

    return commits.commit(work)


def _audit(actor: Actor, what: str, note: Note) -> None:
    audit.record(actor, f"note:{what}", Resource.of(note), _PURPOSE, enquiry=note.enquiry_id)
