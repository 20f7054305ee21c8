"""What happened on a case, in one line of time: joined from the rows that keep it.

Rules: a reader is shown the kinds of rows that their role may list on this case, and no others;
what people wrote is opened only for the lines that a page shows (`opened`), each audited; what was
taken back stays in the line, and says so. Who read the case stands in the audit, not here.

    lines = of(noor, enquiry)
    for happening in opened(noor, lines[:25]): …
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from reknit.casework.models import (
    Ask,
    Candidate,
    Edit,
    Letter,
    Move,
    NeedStatement,
    Note,
    Takeover,
    Task,
    Transfer,
    TransferState,
)
from reknit.guard import access, subjects
from reknit.guard.models.approvals import Approval, Assessment
from reknit.guard.models.consents import Consent
from reknit.guard.models.disclosures import Disclosure
from reknit.guard.permissions import Permission
from reknit.intake.models import Act, ActKind
from reknit.records.models import Document, Enquiry, Judgement, User
from reknit.sealing.models import Sealed
from reknit.vocabulary import Actor, Purpose

MOST_OF_A_KIND = 500


class What(StrEnum):
    """Kinds of happenings; web.words says each."""

    FILED = "filed"
    MOVED = "moved"
    EDITED = "edited"
    ASSESSED = "assessed"
    CANDIDATES = "candidates"
    JUDGED = "judged"
    SECOND = "second"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"
    TASK = "task"
    TASK_DONE = "task_done"
    NOTE = "note"
    DOCUMENT = "document"
    CONSENT = "consent"
    WITHDRAWN = "consent_withdrawn"
    TOLD = "told"
    LETTER = "letter"
    LETTER_DECIDED = "letter_decided"
    MESSAGE = "message_linked"
    MESSAGE_FACTS = "message_placed"
    ASKED = "asked"
    ANSWERED = "answered"
    OFFERED = "offered"
    OFFER_ANSWERED = "offer_answered"
    NEED = "need"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. who: None for the installation and the public. values: of closed sets, such as the
    state that the case went to. row: what it is about. text: what somebody wrote, once `opened`.
    is_undone: it was taken back since.
    """

    at: dt.datetime
    what: What
    row: Model
    who: User | None = None
    values: tuple[str, ...] = ()
    text: str = ""
    is_undone: bool = False

    @property
    def by_itself(self) -> bool:
        """The installation did it, and nobody; where else nobody is named, `values` say which side,
        or it came through a door."""
        return self.who is None and self.what in {What.MOVED, What.CANDIDATES}


_WRITTEN: Mapping[type[Sealed], tuple[Permission, str]] = {
    Move: (Permission.JUDGEMENT_READ, "reason"),
    Judgement: (Permission.JUDGEMENT_READ, "reason"),
    Assessment: (Permission.PROOF_ASSESS, "reason"),
    Approval: (Permission.APPROVAL_READ, "reason"),
    Task: (Permission.TASK_READ, "title"),
    Note: (Permission.NOTE_READ, "text"),
    Takeover: (Permission.NOTE_READ, "reason"),
    Transfer: (Permission.TRANSFER_READ, "reason"),
    NeedStatement: (Permission.NEED_READ, "reason"),
}
"""Rows with words of staff in them: by which permission they are opened, and under which name."""


def of(actor: Actor, enquiry: Enquiry) -> list[Happening]:
    """All that the actor may see, the latest first; nothing that is sealed is opened."""
    lines = [
        Happening(enquiry.created_at, What.FILED, enquiry),
        *_moves(actor, enquiry),
        *_edits(actor, enquiry),
        *_assessments(actor, enquiry),
        *_seconds(actor, enquiry),
        *_candidates(actor, enquiry),
        *_judgements(actor, enquiry),
        *_tasks(actor, enquiry),
        *_notes(actor, enquiry),
        *_documents(actor, enquiry),
        *_consents(actor, enquiry),
        *_told(actor, enquiry),
        *_letters(actor, enquiry),
        *_messages(actor, enquiry),
        *_transfers(actor, enquiry),
        *_needs(actor, enquiry),
        *_takeovers(actor, enquiry),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def opened(actor: Actor, lines: Sequence[Happening]) -> list[Happening]:
    """The lines with what people wrote in them, where the actor may read it. Raises
    QuotaExceededError, AuditUnavailableError, LockedError."""
    texts: dict[UUID, str] = {}
    for model, (permission, name) in _WRITTEN.items():
        rows = {line.row.pk: line.row for line in lines if type(line.row) is model}
        allowed = access.visible(actor, permission, model._default_manager.filter(pk__in=rows))
        permitted = list(allowed)
        contents = access.read(actor, permission, permitted, purpose=Purpose.FAMILY_TRACING)
        for row, content in zip(permitted, contents, strict=True):
            texts[row.pk] = str(content.get(name) or "")
    return [replace(line, text=texts.get(line.row.pk, "")) for line in lines]


def _messages(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """Messages that were linked to the case, and facts of theirs that were put on it."""
    kinds = {ActKind.LINK: What.MESSAGE, ActKind.PLACE: What.MESSAGE_FACTS}
    rows = Act.objects.filter(enquiry=enquiry, kind__in=kinds).select_related("by", "message")
    for row in _latest(access.visible(actor, Permission.MESSAGE_READ, rows)):
        undone = row.undone_at is not None
        yield Happening(row.at, kinds[ActKind(row.kind)], row.message, row.by, is_undone=undone)


def _moves(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Move.objects.filter(enquiry=enquiry).select_related("by", "undone_by")
    for row in _latest(access.visible(actor, Permission.ENQUIRY_READ, rows)):
        values = (row.after, row.outcome) if row.outcome != row.outcome_before else (row.after,)
        yield Happening(
            row.at, What.MOVED, row, row.by, values, is_undone=row.undone_at is not None
        )
        if row.undone_at is not None and row.by is not None:
            yield Happening(row.undone_at, What.TAKEN_BACK, row, row.undone_by, (row.after,))


def _edits(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Edit.objects.filter(enquiry=enquiry).select_related("by")
    for row in _latest(access.visible(actor, Permission.ENQUIRY_READ, rows)):
        yield Happening(row.at, What.EDITED, row, row.by)


def _assessments(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Assessment.objects.filter(enquiry=enquiry).select_related("by")
    for row in _latest(access.visible(actor, Permission.ENQUIRY_READ, rows)):
        undone = row.undone_at is not None
        yield Happening(
            row.at, What.ASSESSED, row, row.by, (row.about, row.value), is_undone=undone
        )


def _seconds(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """What a second person was asked about the case itself, and that they agreed."""
    rows = Approval.objects.filter(resource_kind="enquiry", resource_id=str(enquiry.pk))
    seen = access.visible(actor, Permission.APPROVAL_READ, rows)
    for row in _latest(seen.select_related("proposed_by", "confirmed_by"), "-proposed_at"):
        undone, matter = row.undone_at is not None, (row.matter,)
        yield Happening(
            row.proposed_at, What.SECOND, row, row.proposed_by, matter, is_undone=undone
        )
        if row.confirmed_at is not None:
            yield Happening(row.confirmed_at, What.CONFIRMED, row, row.confirmed_by, matter)


def _candidates(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """One line for those that came together."""
    rows = Candidate.objects.filter(enquiry=enquiry)
    together: dict[dt.datetime, list[Candidate]] = defaultdict(list)
    for row in _latest(access.visible(actor, Permission.CANDIDATE_LIST, rows), "-created_at"):
        together[row.created_at.replace(second=0, microsecond=0)].append(row)
    for found in together.values():
        yield Happening(found[0].created_at, What.CANDIDATES, found[0], values=(str(len(found)),))


def _judgements(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Judgement.objects.filter(enquiry=enquiry)
    seen = access.visible(actor, Permission.JUDGEMENT_READ, rows)
    for row in _latest(seen.select_related("by", "confirmed_by", "undone_by")):
        undone = row.undone_at is not None
        yield Happening(row.at, What.JUDGED, row, row.by, (row.verdict,), is_undone=undone)
        if row.confirmed_at is not None:
            yield Happening(row.confirmed_at, What.CONFIRMED, row, row.confirmed_by, (row.verdict,))
        if row.undone_at is not None:
            yield Happening(row.undone_at, What.TAKEN_BACK, row, row.undone_by, (row.verdict,))


def _tasks(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Task.objects.filter(enquiry=enquiry, removed_at=None)
    seen = access.visible(actor, Permission.TASK_READ, rows)
    for row in _latest(seen.select_related("added_by", "done_by"), "-added_at"):
        yield Happening(row.added_at, What.TASK, row, row.added_by)
        if row.done_at is not None:
            yield Happening(row.done_at, What.TASK_DONE, row, row.done_by)


def _notes(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Note.objects.filter(enquiry=enquiry, removed_at=None).select_related("by")
    for row in _latest(access.visible(actor, Permission.NOTE_READ, rows)):
        yield Happening(row.at, What.NOTE, row, row.by)


def _documents(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Document.objects.filter(enquiry=enquiry, removed_at=None).select_related("added_by")
    for row in _latest(access.visible(actor, Permission.DOCUMENT_READ, rows), "-added_at"):
        yield Happening(row.added_at, What.DOCUMENT, row, row.added_by, (row.media_type,))


def _consents(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """What the person answered, in whichever of their accounts, to this seeker or in general."""
    people = subjects.identity_of(enquiry.sought_id)
    about = Q(recipient=f"seeker:{enquiry.pk}") | Q(recipient="family") | Q(answer="refused")
    rows = Consent.objects.filter(about, account__in=people)
    seen = access.visible(actor, Permission.CONSENT_READ, rows)
    for row in _latest(seen.select_related("recorded_by", "withdrawal_recorded_by")):
        values = (row.answer, row.scope)
        withdrawn = row.withdrawn_at is not None
        yield Happening(row.at, What.CONSENT, row, row.recorded_by, values, is_undone=withdrawn)
        if row.withdrawn_at is not None:
            who = row.withdrawal_recorded_by
            yield Happening(row.withdrawn_at, What.WITHDRAWN, row, who, (row.scope,))


def _told(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = Disclosure.objects.filter(enquiry=enquiry)
    seen = access.visible(actor, Permission.DISCLOSURE_READ, rows).select_related("by")
    for row in _latest(seen):
        yield Happening(row.at, What.TOLD, row, row.by, (row.scope, row.recipient.split(":")[0]))


def _letters(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """Letters and asks by side and state; their text stands on the page of letters."""
    letters = Letter.objects.filter(enquiry=enquiry).select_related("author", "decided_by")
    for row in _latest(access.visible(actor, Permission.LETTER_READ, letters)):
        undone = row.undone_at is not None
        sides = (row.author_side, row.to_side)
        yield Happening(row.at, What.LETTER, row, row.author, sides, is_undone=undone)
        if row.decided_at is not None:
            yield Happening(row.decided_at, What.LETTER_DECIDED, row, row.decided_by, (row.state,))
    asked = Ask.objects.filter(enquiry=enquiry).select_related("by")
    for ask in _latest(access.visible(actor, Permission.ASK_READ, asked)):
        undone = ask.undone_at is not None
        yield Happening(ask.at, What.ASKED, ask, ask.by, is_undone=undone)
        if ask.answered_at is not None:
            yield Happening(ask.answered_at, What.ANSWERED, ask, None, (ask.answer,))


def _transfers(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """Offered to another office, and what that said; the case's rows go with it."""
    rows = Transfer.objects.filter(enquiry=enquiry)
    seen = access.visible(actor, Permission.TRANSFER_READ, rows)
    for row in _latest(seen.select_related("asked_by", "answered_by"), "-asked_at"):
        undone = row.state in {TransferState.WITHDRAWN, TransferState.UNDONE}
        yield Happening(row.asked_at, What.OFFERED, row, row.asked_by, is_undone=undone)
        if row.answered_at is not None:
            who = row.answered_by
            yield Happening(row.answered_at, What.OFFER_ANSWERED, row, who, (row.state,))


def _needs(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    rows = NeedStatement.objects.filter(enquiry=enquiry).select_related("by")
    for row in _latest(access.visible(actor, Permission.NEED_READ, rows)):
        yield Happening(row.at, What.NEED, row, row.by, is_undone=row.undone_at is not None)


def _takeovers(actor: Actor, enquiry: Enquiry) -> Iterator[Happening]:
    """Somebody was relieved of the work on the case, and reads here why."""
    rows = Takeover.objects.filter(enquiry=enquiry).select_related("taken_by")
    for row in _latest(access.visible(actor, Permission.NOTE_READ, rows)):
        yield Happening(row.at, What.TAKEN_OVER, row, row.taken_by)


def _latest(rows: QuerySet[Any], order: str = "-at") -> Iterable[Any]:
    return rows.order_by(order, "pk")[:MOST_OF_A_KIND]
