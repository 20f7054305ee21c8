"""Retention: what the rules would erase now, and the runs that did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import retention, rules_file
from reknit.guard.errors import GuardError
from reknit.guard.models import RetentionRun
from reknit.guard.permissions import Permission
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.RETENTION_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The rules, and what was run."""
    page: dict[str, Any] = {
        "page": page_of(request, RetentionRun.objects.select_related("by").order_by("-at")),
        "may_run": may(request.actor, Permission.RETENTION_RUN),
    }
    try:
        page["rules"] = rules_file.current()
    except GuardError as wrong:
        page["error"] = str(wrong)
    return render(request, "web/retention.html", page)


@route(Permission.RETENTION_RUN)
@require_POST
def run(request: StaffRequest) -> HttpResponse:
    """Say what the rules would erase; after the confirmation, erase it."""
    dry = "erase" not in request.POST
    try:
        report = retention.run(request.actor, dry_run=dry)
    except GuardError as wrong:
        messages.error(request, str(wrong))
        return redirect("retention")
    if not dry:
        messages.success(request, _("Erased by the rules; the report stands below."))
        return redirect("retention")
    return render(request, "web/retention_dry.html", {"report": report})
