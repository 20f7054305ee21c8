"""Background work: what runs, how far it is, what failed; to stop it or run it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit import queue
from reknit.guard import audit
from reknit.guard.commits import commit
from reknit.guard.permissions import Permission, Scope, granted
from reknit.queue.models import Job, JobState
from reknit.vocabulary import Purpose
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.JOB_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """All jobs, those at work first. They name ids only."""
    rows = Job.objects.all()
    if granted(Permission.JOB_READ, request.actor) is not Scope.ALL:
        # A supervisor sees that work is done, and how far it is; whose is not said here.
        rows = rows.filter(state__in=[JobState.WAITING, JobState.RUNNING, JobState.FAILED])
    page = page_of(request, rows.order_by("ended_at", "-created_at"))
    return render(
        request, "web/jobs.html",
        {"page": page, "may_cancel": may(request.actor, Permission.JOB_CANCEL)},
    )  # fmt: skip


@route(Permission.JOB_CANCEL)
@require_POST
def change(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Stop a job, or run it again."""
    again = request.POST.get("do") == "retry"

    def work() -> bool:
        done = queue.retry(job_id) if again else queue.cancel(job_id)
        if done:
            audit.record(
                request.actor, "job:retry" if again else "job:cancel",
                audit.Resource("job", str(job_id)), Purpose.OPERATIONS,
            )  # fmt: skip
        return done

    if commit(work):
        messages.success(request, _("It runs again.") if again else _("It was asked to stop."))
    else:
        messages.error(request, _("It had ended already."))
    return redirect("jobs")
