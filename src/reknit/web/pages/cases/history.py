"""What happened on a case, and, for whom that may be shown, who saw it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.casework import timeline
from reknit.guard.permissions import Permission
from reknit.web.pages.audit import entries_about
from reknit.web.pages.cases.header import content_of, header, loaded
from reknit.web.pages.parts import page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.ENQUIRY_READ)
@require_safe
def index(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The line of time, the latest first, a page at a time."""
    actor = request.actor
    enquiry = loaded(actor, Permission.ENQUIRY_READ, enquiry_id)
    sought = content_of(actor, enquiry.sought)
    page = page_of(request, timeline.of(actor, enquiry))
    return render(
        request,
        "web/case_history.html",
        {
            **header(request, enquiry, sought, "enquiry_history"),
            "page": page,
            "lines": timeline.opened(actor, list(page)),
            "seen": entries_about(actor, [enquiry.sought_id]),
        },
    )
