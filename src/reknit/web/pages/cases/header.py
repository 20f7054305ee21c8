"""What every page of a case begins with: who is sought, where the case stands, where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reknit.casework import claims
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Enquiry
from reknit.vocabulary import Actor, Purpose
from reknit.web.pages.parts import caption
from reknit.web.routes import StaffRequest

PURPOSE = Purpose.FAMILY_TRACING


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the case."""

    url: str
    label: Promise
    icon: str
    is_here: bool


_TABS = (
    ("enquiry", _("Overview"), "enquiry", Permission.ENQUIRY_READ),
    ("enquiry_people", _("Family"), "people", Permission.ENQUIRY_READ),
    ("review_enquiry", _("Candidates"), "check", Permission.JUDGEMENT_ADD),
    ("enquiry_tasks", _("Tasks and notes"), "calendar", Permission.TASK_READ),
    ("enquiry_letters", _("Letters"), "disclose", Permission.LETTER_READ),
    ("enquiry_history", _("What happened"), "versions", Permission.ENQUIRY_READ),
    ("enquiry_print", _("Print"), "document", Permission.ENQUIRY_EXPORT),
)
"""The case's pages by their routes, and what it takes to open each."""
_OFFERED = frozenset({
    *(permission for *_, permission in _TABS), Permission.ENQUIRY_CHANGE,
    Permission.ENQUIRY_ASSIGN, Permission.RISK_ASSESS, Permission.NEED_READ, Permission.NEED_STATE,
    Permission.CLAIM_TAKE, Permission.CLAIM_TAKE_OVER, Permission.TRANSFER_ASK,
    Permission.APPROVAL_PROPOSE,
})  # fmt: skip
"""What pages of a case ask about the reader at once."""


def loaded(actor: Actor, permission: Permission, enquiry_id: UUID) -> Enquiry:
    """The enquiry, if it is there and the actor may have it so. Raises NotPermittedError."""
    rows = Enquiry.objects.filter(removed_at=None).select_related(
        "sought", "sought__source", "office", "assigned_to"
    )
    return access.load(actor, permission, rows, enquiry_id, purpose=PURPOSE)


def is_in(actor: Actor, permission: Permission, enquiry: Enquiry) -> bool:
    """Whether the actor holds the permission for this case: to offer a button."""
    return bool(access.held(actor, [permission], enquiry))


def content_of(actor: Actor, account: Account) -> dict[str, Any]:
    """What the account of the person sought says; audited."""
    (content,) = access.read(actor, Permission.ACCOUNT_READ, [account], purpose=PURPOSE)
    return content


def header(
    request: StaffRequest, enquiry: Enquiry, sought: dict[str, Any], here: str
) -> dict[str, Any]:
    """For `web/case.html`. here: the route of the page that is shown. held, in what it gives: the
    permissions that the reader has for this case, of those that its buttons need."""
    held = access.held(request.actor, _OFFERED, enquiry)
    return {
        "enquiry": enquiry,
        "caption": caption(sought),
        "tabs": [
            Tab(reverse(route, args=[enquiry.pk]), label, icon, route == here)
            for route, label, icon, permission in _TABS
            if permission in held
        ],
        "held": held,
        "holder": claims.holder(enquiry.pk),
    }
