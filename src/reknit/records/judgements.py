"""Judge two accounts, and undo a judgement.

Rules: of the judgements on one pair the latest counts, and undoing it lets the one before count
again; a match that needs two people counts when the second, another person, has confirmed it.
Callers (casework) ask guard first and write the audit entry in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from reknit.records.errors import AlreadyUndoneError, RecordsError, UnknownRecordError
from reknit.records.identities import settle
from reknit.records.models import Account, Enquiry, Judgement, User, Verdict
from reknit.sealing import records as sealing


@dataclass(frozen=True, slots=True)
class Shown:
    """What the judge was shown; all None when the score was hidden."""

    probability: float | None = None
    match_weight: float | None = None
    model_version: str = ""


def judge(
    by: User,
    one: Account,
    other: Account,
    verdict: Verdict,
    reason: str,
    *,
    enquiry: Enquiry | None = None,
    shown: Shown | None = None,
    needs_two: bool = False,
    together: UUID | None = None,
) -> Judgement:
    """Record a judgement and let the identities follow, in the caller's transaction.

    together: equal for judgements that belong to one decision.
    Raises RecordsError for an account judged against itself or one that was removed.
    """
    if one.pk == other.pk:
        raise RecordsError(
            _("account %(pk)s: it cannot be judged against itself.") % {"pk": one.pk}
        )
    for account in (one, other):
        if account.removed_at is not None:
            raise UnknownRecordError(
                _("account %(pk)s: it was removed; judge another.") % {"pk": account.pk}
            )
    shown = shown or Shown()
    judgement = Judgement(
        enquiry=enquiry,
        one=one,
        other=other,
        verdict=verdict,
        by=by,
        needs_two=needs_two,
        together=together,
        probability=shown.probability,
        match_weight=shown.match_weight,
        model_version=shown.model_version,
    )
    sealing.seal([judgement], [{"reason": reason}])
    judgement.save(force_insert=True)
    settle([one.pk, other.pk])
    return judgement


def confirm(by: User, judgement_id: UUID, at: datetime) -> Judgement:
    """The second person agrees. Raises RecordsError when it is the first one."""
    judgement = _live(judgement_id)
    if judgement.by_id == by.pk:
        raise RecordsError(
            _(
                "judgement %(judgement_id)s: a second person has to confirm it, not the one who "
                "made it."
            )
            % {"judgement_id": judgement_id}
        )
    judgement.confirmed_by, judgement.confirmed_at = by, at
    judgement.save(update_fields=["confirmed_by", "confirmed_at"])
    settle([judgement.one_id, judgement.other_id])
    return judgement


def undo(by: User, judgement_id: UUID, at: datetime) -> Judgement:
    """Take a judgement back; identities become what they would be without it.

    Raises AlreadyUndoneError, UnknownRecordError.
    """
    judgement = _live(judgement_id)
    judgement.undone_by, judgement.undone_at = by, at
    judgement.save(update_fields=["undone_by", "undone_at"])
    settle([judgement.one_id, judgement.other_id])
    return judgement


def _live(judgement_id: UUID) -> Judgement:
    judgement = Judgement.objects.select_for_update().filter(id=judgement_id).first()
    if judgement is None:
        raise UnknownRecordError(
            _("judgement %(judgement_id)s: there is none; reload the page.")
            % {"judgement_id": judgement_id}
        )
    if judgement.undone_at is not None:
        raise AlreadyUndoneError(
            _("judgement %(judgement_id)s: it was undone before.") % {"judgement_id": judgement_id}
        )
    return judgement
