"""The start page, different for each role; and the answer that the application lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reknit.casework import queue
from reknit.casework.models import Transfer, TransferState
from reknit.casework.queue import Filter, View, undecided
from reknit.guard import access
from reknit.guard.models import Alarm, Approval, RequestState, SubjectRequest
from reknit.guard.permissions import Permission
from reknit.intake.models import Message, MessageState, Registration
from reknit.queue.models import Job, JobState
from reknit.records.models import Batch, BatchState, Enquiry, User
from reknit.vocabulary import Actor
from reknit.web.menu import menu_for
from reknit.web.pages.parts import may
from reknit.web.routes import ALWAYS, SIGNED_IN, StaffRequest, route


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: how much of it, and where it is done."""

    icon: str
    label: Promise
    permission: Permission
    address: Callable[[], str]
    rows: Callable[[Actor], QuerySet[Any]]


def _visible(
    permission: Permission, rows: Callable[[Actor], QuerySet[Any]]
) -> Callable[[Actor], QuerySet[Any]]:
    return lambda actor: access.visible(actor, permission, rows(actor))


def _of_view(view: View) -> Callable[[Actor], QuerySet[Any]]:
    return lambda actor: queue.rows(actor, Filter(view), timezone.now())


WAITING = (
    Waiting("enquiry", _("open cases of mine"), Permission.ENQUIRY_CHANGE,
            lambda: reverse("queue") + "?view=mine",
            _visible(Permission.ENQUIRY_LIST, lambda actor: Enquiry.objects.filter(
                assigned_to=actor.user_id, closed_at=None, removed_at=None))),
    Waiting("people", _("candidates to look at"), Permission.CANDIDATE_READ,
            lambda: reverse("queue") + "?view=candidates",
            _visible(Permission.CANDIDATE_READ, lambda _actor: undecided().filter(
                enquiry__removed_at=None, enquiry__closed_at=None))),
    Waiting("message", _("cases with letters to read"), Permission.LETTER_READ,
            lambda: reverse("queue") + "?view=letters", _of_view(View.LETTERS)),
    Waiting("calendar", _("cases with something due"), Permission.TASK_READ,
            lambda: reverse("queue") + "?view=deadlines", _of_view(View.DEADLINES)),
    Waiting("message", _("messages that nobody has looked at"), Permission.MESSAGE_SORT,
            lambda: reverse("messages"),
            _visible(Permission.MESSAGE_LIST, lambda _actor: Message.objects.filter(
                state=MessageState.OPEN, outgoing=False, removed_at=None))),
    Waiting("person", _("enquiries that nobody works on"), Permission.ENQUIRY_ASSIGN,
            lambda: reverse("queue") + "?view=nobodys",
            _visible(Permission.ENQUIRY_LIST, lambda _actor: Enquiry.objects.filter(
                assigned_to=None, closed_at=None, removed_at=None))),
    Waiting("shield", _("people who registered and are to be verified"),
            Permission.REGISTRATION_VERIFY, lambda: reverse("registrations"),
            _visible(Permission.REGISTRATION_VERIFY, lambda _actor: Registration.objects.filter(
                verified_at=None))),
    Waiting("transfer", _("cases that another office offers"), Permission.TRANSFER_ANSWER,
            lambda: reverse("transfers"),
            _visible(Permission.TRANSFER_READ, lambda actor: Transfer.objects.filter(
                state=TransferState.WAITING, to_office=actor.office_id))),
    Waiting("approve", _("approvals that wait for a second person"), Permission.APPROVAL_CONFIRM,
            lambda: reverse("approvals"),
            _visible(Permission.APPROVAL_READ, lambda actor: Approval.objects.filter(
                confirmed_at=None, refused_at=None, undone_at=None,
                expires_at__gt=timezone.now()).exclude(proposed_by=actor.user_id))),
    Waiting("import", _("lists being brought in"), Permission.IMPORT_READ,
            lambda: reverse("imports"),
            _visible(Permission.IMPORT_READ, lambda _actor: Batch.objects.filter(
                state__in=[BatchState.WAITING, BatchState.RUNNING]))),
    Waiting("alarm", _("alarms to look into"), Permission.ALARM_READ, lambda: reverse("alarms"),
            _visible(Permission.ALARM_READ, lambda _actor: Alarm.objects.filter(
                acknowledged_at=None))),
    Waiting("rights", _("open subject requests"), Permission.REQUEST_READ,
            lambda: reverse("requests"),
            _visible(Permission.REQUEST_READ, lambda _actor: SubjectRequest.objects.filter(
                state=RequestState.OPEN))),
    Waiting("people", _("members of staff"), Permission.USER_MANAGE, lambda: reverse("staff"),
            lambda _actor: User.objects.filter(is_active=True)),
    Waiting("job", _("pieces of background work that failed"), Permission.JOB_CANCEL,
            lambda: reverse("jobs"), lambda _actor: Job.objects.filter(state=JobState.FAILED)),
)  # fmt: skip


@route(SIGNED_IN)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """What waits for this role, and where its work begins."""
    actor = request.actor
    counted = [(one, one.rows(actor).count()) for one in WAITING if may(actor, one.permission)]
    waiting = [(one, count) for one, count in counted if count]
    doors = [item for group in menu_for(request.staff, request) for item in group.items][1:]
    return render(request, "web/home.html", {"waiting": waiting, "doors": doors})


@route(ALWAYS)
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as soon as pages can be served, locked or not; names nothing else."""
    for alias in ("default", "keys"):
        connections[alias].cursor().execute("SELECT 1")
    return JsonResponse({"ok": True})
