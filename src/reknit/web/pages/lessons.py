"""What the machine learned from the desk's corrections, for a supervisor to accept or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reknit.guard.permissions import Permission
from reknit.intake import learned
from reknit.intake.errors import IntakeError
from reknit.web.routes import StaffRequest, route


@route(Permission.LESSON_DECIDE)
def index(request: StaffRequest) -> HttpResponse:
    """The learned models with their figures beside the rules'; a POST learns anew."""
    if request.method == "POST":
        learned.ask(request.actor)
        messages.success(request, _("It learns in the background; look again in some minutes."))
        return redirect("lessons")
    return render(
        request, "web/lessons.html",
        {"lessons": learned.listed(request.actor), "fewest": learned.FEWEST,
         "labels": learned.count()},
    )  # fmt: skip


@route(Permission.LESSON_DECIDE)
@require_POST
def decide(request: StaffRequest, lesson_id: UUID) -> HttpResponse:
    """Use a proposed model, do not, or stop using the one in use."""
    said = request.POST.get("do")
    try:
        if said == "retire":
            learned.retire(request.actor, lesson_id)
        else:
            learned.decide(request.actor, lesson_id, accept=said == "accept")
    except IntakeError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded."))
    return redirect("lessons")
