"""Alarms: unusual reading, to be looked into by somebody else."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access, alarms
from reknit.guard.errors import AlarmError
from reknit.guard.models import Alarm
from reknit.guard.permissions import Permission
from reknit.vocabulary import Purpose
from reknit.web.pages.imports import ReasonForm
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.ALARM_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Those nobody has looked into, then the others."""
    rows = alarms.all_alarms(request.actor).select_related("user", "office")
    return render(
        request,
        "web/alarms.html",
        {
            "open": rows.filter(acknowledged_at=None),
            "page": page_of(request, rows.exclude(acknowledged_at=None)),
            "form": ReasonForm(auto_id=False),
            "may_acknowledge": may(request.actor, Permission.ALARM_ACKNOWLEDGE),
        },
    )


@route(Permission.ALARM_ACKNOWLEDGE)
@require_POST
def acknowledge(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """Say what was found."""
    alarm = access.load(
        request.actor, Permission.ALARM_ACKNOWLEDGE, Alarm, alarm_id,
        purpose=Purpose.DATA_PROTECTION,
    )  # fmt: skip
    try:
        alarms.acknowledge(request.actor, alarm.pk, request.POST.get("reason", ""))
    except AlarmError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded."))
    return redirect("alarms")
