"""The start page, different for each role; and the answer that the application lives."""

from __future__ import annotations

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reknit.web.routes import ALWAYS, SIGNED_IN, StaffRequest, route


@route(SIGNED_IN)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """What this role finds first."""
    return render(request, "web/home.html")


@route(ALWAYS)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as soon as pages can be served, locked or not; names nothing else."""
    for alias in ("default", "keys"):
        connections[alias].cursor().execute("SELECT 1")
    return JsonResponse({"ok": True})
