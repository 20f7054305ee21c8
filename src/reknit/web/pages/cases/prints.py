"""A case on paper: a page made for printing, and a PDF where this installation can make one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import sheets
from reknit.guard.permissions import Permission
from reknit.web.pages.cases import paper
from reknit.web.pages.cases.header import header, loaded
from reknit.web.pages.parts import lines_of
from reknit.web.routes import StaffRequest, route


@route(Permission.ENQUIRY_EXPORT)
@require_safe
def show(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The sheet as a page; making it is audited as an export."""
    sheet = sheets.make(request.actor, enquiry_id, sheets.Form.PRINT)
    page = header(request, sheet.enquiry, dict(sheet.sought), "enquiry_print")
    return render(
        request,
        "web/case_print.html",
        {**page, "sheet": sheet, "lines": lines_of(sheet.sought), "has_pdf": paper.is_available()},
    )


@route(Permission.ENQUIRY_EXPORT)
@require_POST
def pdf(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The sheet as a file."""
    if not paper.is_available():
        loaded(request.actor, Permission.ENQUIRY_EXPORT, enquiry_id)
        messages.error(request, _("This installation makes no PDF; print the page instead."))
        return redirect("enquiry_print", enquiry_id)
    sheet = sheets.make(request.actor, enquiry_id, sheets.Form.PDF)
    response = HttpResponse(paper.pdf_of(sheet, request.staff), content_type="application/pdf")
    name = f"reknit-case-{str(sheet.enquiry.pk)[:8]}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
