"""A case on paper: a page made for printing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.casework import sheets
from reknit.guard.permissions import Permission
from reknit.web.pages.cases.header import header
from reknit.web.pages.parts import lines_of
from reknit.web.routes import StaffRequest, route


@route(Permission.ENQUIRY_EXPORT)
@require_safe
def show(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The sheet as a page; making it is audited as an export."""
    sheet = sheets.make(request.actor, enquiry_id, sheets.Form.PRINT)
    page = header(request, sheet.enquiry, dict(sheet.sought), "enquiry_print")
    return render(
        request, "web/case_print.html", {**page, "sheet": sheet, "lines": lines_of(sheet.sought)}
    )
