"""The installation's self-check: what is misconfigured, and how to mend it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.guard.checks import CHECKS
from reknit.guard.permissions import Permission
from reknit.settings import CONFIG
from reknit.web.routes import StaffRequest, route


@route(Permission.INSTALLATION_CHECK)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The findings, or that there is none."""
    findings = [one for look in CHECKS.values() for one in look(CONFIG)]
    return render(request, "web/check.html", {"findings": findings})
