"""Who works on an enquiry at this moment, so that two do not do the same work unknowingly.

Rules: an enquiry has one holder or none; a claim ends by itself LASTS after its holder's last act,
and each act on the case renews it (`claim` again: it costs no write more often than once a minute);
who may work on a case may claim it; a supervisor takes a claim over with a reason, which is sealed;
taking, giving back and taking over are audited. A claim forbids nothing: what two people did at
once is caught where it is done. It tells them before.

    held = claim(noor, enquiry.id)          # None: somebody else works on it
    holder(enquiry.id)                      # who that is
    release(noor, enquiry.id)
    take_over(supervisor, enquiry.id, "Noor went home ill")
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Claim, Takeover
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, User
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

LASTS = dt.timedelta(minutes=15)
_RENEWED_AFTER = dt.timedelta(minutes=1)
_PURPOSE = Purpose.FAMILY_TRACING


def claim(actor: Actor, enquiry_id: UUID) -> Claim | None:
    """Begin to work on an enquiry, or go on; None where somebody else works on it.

    Raises NotPermittedError, AuditUnavailableError.
    """
    now = timezone.now()
    own = _live(now).filter(enquiry=enquiry_id, held_by=actor.user_id).first()
    if own is not None and now - own.acted_at < _RENEWED_AFTER:
        # Asked again all the same: a case that went to somebody else is not this one's to hold.
        access.load(actor, Permission.CLAIM_TAKE, Enquiry, enquiry_id, purpose=_PURPOSE)
        return own
    return commits.commit(lambda: _take(actor, enquiry_id))


def holder(enquiry_id: UUID) -> User | None:
    """Who works on the enquiry now. Ids and names of colleagues only; asks no permission."""
    found = holders([enquiry_id]).get(enquiry_id)
    return None if found is None else found.held_by


def holders(enquiry_ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """The claims that hold now, by enquiry, each with its holder: one query for a whole page."""
    live = _live(timezone.now()).filter(enquiry__in=list(enquiry_ids))
    return {found.enquiry_id: found for found in live.select_related("held_by")}


def release(actor: Actor, enquiry_id: UUID) -> bool:
    """Stop working on an enquiry. False where the actor does not hold it: nothing was changed."""

    def give_back() -> bool:
        now = timezone.now()
        own = _live(now).select_for_update(of=("self",))
        held = own.filter(enquiry=enquiry_id, held_by=actor.user_id).first()
        if held is None:
            return False
        held.until = now
        held.save(update_fields=["until"])
        _audit(actor, "release", enquiry_id)
        return True

    return commits.commit(give_back)


def take_over(actor: Actor, enquiry_id: UUID, reason: str) -> Claim:
    """Relieve whoever holds the enquiry. Raises NotPermittedError, CaseworkError without a
    reason."""
    if not reason.strip():
        raise CaseworkError(_("claim: say why you take it over; your colleague will read it."))

    def relieve() -> Claim:
        enquiry = _load(actor, Permission.CLAIM_TAKE_OVER, enquiry_id)
        now = timezone.now()
        held = _live(now).filter(enquiry=enquiry).exclude(held_by=actor.user_id).first()
        if held is not None:
            row = Takeover(
                enquiry=enquiry,
                held_by_id=held.held_by_id,
                taken_by_id=access.staff_id(actor),
                at=now,
            )
            sealing.seal([row], [{"reason": reason}])
            row.save(force_insert=True)
            _audit(actor, "take_over", enquiry_id, held_by=held.held_by_id)
        return _put(actor, enquiry, now)

    return commits.commit(relieve)


def _take(actor: Actor, enquiry_id: UUID) -> Claim | None:
    # The enquiry's lock orders those who come at once; the row's key allows one in any case.
    enquiry = _load(actor, Permission.CLAIM_TAKE, enquiry_id)
    now = timezone.now()
    held = _live(now).filter(enquiry=enquiry).first()
    if held is None:
        _audit(actor, "take", enquiry_id)
    elif held.held_by_id != actor.user_id:
        return None
    return _put(actor, enquiry, now)


def _put(actor: Actor, enquiry: Enquiry, now: dt.datetime) -> Claim:
    by = access.staff_id(actor)
    known = Claim.objects.filter(enquiry=enquiry).first()
    goes_on = known is not None and known.held_by_id == by and known.until > now
    taken_at = known.taken_at if known is not None and goes_on else now
    held, _ = Claim.objects.update_or_create(
        enquiry=enquiry,
        defaults={"held_by_id": by, "taken_at": taken_at, "acted_at": now, "until": now + LASTS},
    )
    return held


def _load(actor: Actor, permission: Permission, enquiry_id: UUID) -> Enquiry:
    return access.load(actor, permission, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True)


def _live(now: dt.datetime) -> QuerySet[Claim]:
    """Claims that hold: not run out, by somebody who still works there, on a case of that office
    still (one that was transferred is nobody's)."""
    return Claim.objects.filter(
        until__gt=now, held_by__is_active=True, held_by__office=F("enquiry__office")
    )


def _audit(actor: Actor, action: str, enquiry_id: UUID, **detail: int) -> None:
    audit.record(actor, f"claim:{action}", Resource("enquiry", str(enquiry_id)), _PURPOSE, **detail)
