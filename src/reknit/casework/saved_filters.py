"""Filters of the queue that somebody keeps under a name, for themselves or for their office.

Rules: a filter holds closed values only, never what was searched for; its name is sealed; whoever
shares one shares no case: each sees through it what they may see anyway; its owner alone removes
it; a rule of retention erases it, since a name is free words that may name somebody.

    keep(noor, "Children, mine", Filter(View.MINE, band=Band.NOW), shared=True)
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import SavedFilter
from reknit.casework.queue import Filter
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.models import Tombstone
from reknit.guard.permissions import Permission
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

MOST = 30
"""How many one person keeps."""
_PURPOSE = Purpose.OPERATIONS


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter with its name. is_own: the reader may remove it."""

    id: UUID
    name: str
    filter: Filter
    is_own: bool
    is_shared: bool


def keep(actor: Actor, name: str, wanted: Filter, *, shared: bool) -> SavedFilter:
    """Save a filter. Raises NotPermittedError, CaseworkError without a name or for too many."""
    if not name.strip():
        raise CaseworkError(_("filter: give it a name by which you find it again."))

    def save() -> SavedFilter:
        access.require(actor, Permission.FILTER_KEEP, purpose=_PURPOSE)
        own = SavedFilter.objects.filter(owner=access.staff_id(actor))
        if own.count() >= MOST:
            raise CaseworkError(
                _("filter: you keep %(most)s already; remove one first.") % {"most": MOST}
            )
        row = SavedFilter(
            owner_id=access.staff_id(actor), office_id=actor.office_id if shared else None
        )
        sealing.seal([row], [{"name": name.strip(), "filter": wanted.said()}])
        row.save(force_insert=True)
        audit.record(actor, "filter:keep", Resource.of(row), _PURPOSE, shared=shared)
        return row

    return commits.commit(save)


def remove(actor: Actor, filter_id: UUID) -> None:
    """Raises NotPermittedError for a filter that is not the actor's own."""

    def drop() -> None:
        row = access.load(
            actor, Permission.FILTER_KEEP, SavedFilter, filter_id, purpose=_PURPOSE, lock=True
        )
        audit.record(actor, "filter:remove", Resource.of(row), _PURPOSE)
        row.delete()

    commits.commit(drop)


def of(actor: Actor) -> list[Kept]:
    """The actor's own and those that colleagues of the office share, by name. What they hold is
    about the queue and nobody in it, so that reading it is not audited."""
    mine = Q(owner=actor.user_id)
    if actor.office_id is not None:
        mine |= Q(office=actor.office_id, owner__office=actor.office_id)
    erased = Tombstone.objects.filter(model=SavedFilter._meta.label).values("row_id")
    rows = list(SavedFilter.objects.filter(mine).exclude(pk__in=erased))
    kept = [
        Kept(
            row.pk, said["name"], Filter.read(said["filter"]), row.owner_id == actor.user_id,
            row.office_id is not None,
        )
        for row, said in zip(rows, sealing.unseal(rows), strict=True)
    ]  # fmt: skip
    return sorted(kept, key=lambda one: one.name.casefold())
