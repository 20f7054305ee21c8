"""Change what an enquiry says, of the person sought and of who seeks them.

Rules: the person sought is an account, so a change is a new version of it, and what the seeker said
is kept as it was before; what a form does not show stays as it is; whoever edits what somebody else
has changed since changes nothing (`casework.versions`); the search runs anew after an edit. The
latest edit can be taken back, and that is an edit too, which can be taken back in its turn.

    match change(noor, enquiry.id, {"home_city": "حمص"}, {}, seen=enquiry.version):
        case Changed(): …                          # show both
        case Enquiry() as enquiry: …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import needs
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Edit
from reknit.casework.versions import Changed, unless_changed
from reknit.guard import access, audit, searching
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake.enquiries import look_again
from reknit.records import accounts
from reknit.records.models import Account, Enquiry
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

SOUGHT = (
    "full_name", "alternate_names", "date_of_birth", "sex", "home_city", "home_country",
    "relatives", "description",
)  # fmt: skip
SEEKER = ("seeker_name", "relationship")
"""What can be edited: a people table's columns, and the seeker's own words."""


def change(
    actor: Actor,
    enquiry_id: UUID,
    sought: Mapping[str, str],
    seeker: Mapping[str, str],
    *,
    seen: int,
) -> Enquiry | Changed:
    """Set columns of the person sought and of the seeker; an empty text takes a column out.

    seen: the version of the case that the editor had before them. Raises NotPermittedError,
    ValueError where the person sought would have no name, LockedError, AuditUnavailableError.
    """
    if "full_name" in sought and not sought["full_name"].strip():
        raise ValueError(_("full_name: the person sought needs a name; write one."))

    def work() -> Enquiry:
        enquiry = Enquiry.objects.select_related("sought").get(pk=enquiry_id)
        (person,), (words,) = sealing.unseal([enquiry.sought]), sealing.unseal([enquiry])
        return _write(
            actor, enquiry,
            _with(person, {name: sought[name] for name in SOUGHT if name in sought}),
            _with(words, {name: seeker[name] for name in SEEKER if name in seeker}),
        )  # fmt: skip

    return unless_changed(actor, Permission.ENQUIRY_CHANGE, enquiry_id, seen, work)


def latest(actor: Actor, enquiry: Enquiry) -> Edit | None:
    """The latest edit of a case, if the actor may take it back: what was said before may have
    stayed with the office that the case came from. Its content stays sealed."""
    edit = _latest(enquiry)
    if edit is None:
        return None
    before = Account.objects.filter(pk=edit.sought_before_id)
    return edit if access.visible(actor, Permission.ACCOUNT_READ, before).exists() else None


def undo(actor: Actor, edit_id: UUID) -> Enquiry | Changed:
    """Let the case say what it said before its latest edit.

    Raises NotPermittedError (also where what was said before stayed with another office),
    CaseworkError where something was edited after it, LockedError, AuditUnavailableError.
    """
    edit = access.load(
        actor, Permission.ENQUIRY_CHANGE, Edit, edit_id, purpose=Purpose.FAMILY_TRACING
    )
    access.load(
        actor, Permission.ACCOUNT_READ, Account, edit.sought_before_id,
        purpose=Purpose.FAMILY_TRACING,
    )  # fmt: skip
    seen = Enquiry.objects.values_list("version", flat=True).get(pk=edit.enquiry_id)

    def work() -> Enquiry:
        enquiry = Enquiry.objects.select_related("sought").get(pk=edit.enquiry_id)
        if _latest(enquiry) != edit:
            raise CaseworkError(_("the case was changed again since: take the latest change back."))
        (now_person, person) = sealing.unseal([enquiry.sought, edit.sought_before])
        (now_words,), (words,) = sealing.unseal([enquiry]), sealing.unseal([edit])
        return _write(
            actor, enquiry, _as_before(now_person, person, SOUGHT),
            _as_before(now_words, words, SEEKER),
        )  # fmt: skip

    return unless_changed(actor, Permission.ENQUIRY_CHANGE, edit.enquiry_id, seen, work)


def _latest(enquiry: Enquiry) -> Edit | None:
    return Edit.objects.filter(enquiry=enquiry).select_related("by").order_by("-version").first()


def _write(
    actor: Actor, enquiry: Enquiry, person: dict[str, Any], words: dict[str, Any]
) -> Enquiry:
    before, said = sealing.unseal([enquiry.sought]), sealing.unseal([enquiry])
    if (person, words) == (before[0], said[0]):
        return enquiry
    now = timezone.now()
    kept = Edit(
        enquiry=enquiry, version=enquiry.version, sought_before=enquiry.sought,
        by_id=access.staff_id(actor), at=now,
    )  # fmt: skip
    sealing.seal([kept], said)
    kept.save(force_insert=True)
    version = enquiry.sought
    if person != before[0]:
        version = accounts.revise(enquiry.sought, person, now)
    sealing.reseal([enquiry], [words])
    enquiry.change(sought=version, sealed=enquiry.sealed)
    audit.record(
        actor, Permission.ENQUIRY_CHANGE.action, Resource.of(enquiry), Purpose.FAMILY_TRACING,
        subject=version.pk, edit=kept.pk,
    )  # fmt: skip
    look_again(enquiry.pk)
    needs.changed(enquiry.pk)
    transaction.on_commit(searching.changed)
    return enquiry


def _as_before(
    now: Mapping[str, Any], before: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    """What is said now, but for what an edit can change, which is as it was before."""
    kept = {name: value for name, value in now.items() if name not in names}
    return kept | {name: before[name] for name in names if name in before}


def _with(content: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """The content with what was said; what is empty now is left out."""
    new = {name: text.strip() for name, text in said.items()}
    kept = {name: value for name, value in content.items() if name not in new}
    return kept | {name: text for name, text in new.items() if text}
