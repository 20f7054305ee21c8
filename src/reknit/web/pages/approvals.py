"""What waits for a second person: confirm it, or say no, with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reknit.casework.models import Candidate
from reknit.guard import access, approvals
from reknit.guard.models import Approval, Matter, VitalInterest
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure
from reknit.records.models import Judgement
from reknit.vocabulary import Actor, Purpose
from reknit.web import words
from reknit.web.pages.imports import ReasonForm
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.APPROVAL_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """What waits, the oldest first; under it what was decided."""
    rows = access.visible(
        request.actor, Permission.APPROVAL_READ,
        Approval.objects.select_related("proposed_by", "confirmed_by", "refused_by"),
    )  # fmt: skip
    waiting = rows.filter(
        confirmed_at=None, refused_at=None, undone_at=None, expires_at__gt=timezone.now()
    )
    decided = rows.exclude(pk__in=waiting.values("pk")).order_by("-proposed_at")
    return render(
        request,
        "web/approvals.html",
        {"waiting": waiting.order_by("proposed_at"), "page": page_of(request, decided)},
    )


@route(Permission.APPROVAL_READ)
def one(request: StaffRequest, approval_id: UUID) -> HttpResponse:
    """One proposal with its reason; a form for whoever may be the second."""
    actor = request.actor
    rows = Approval.objects.select_related("proposed_by", "confirmed_by", "refused_by")
    row = access.load(actor, Permission.APPROVAL_READ, rows, approval_id, purpose=_PURPOSE)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = request.POST.get("decision") in {"refuse", "undo"}
    may_decide = may(actor, Permission.APPROVAL_CONFIRM)
    if request.method == "POST":
        if not may_decide:
            access.require(actor, Permission.APPROVAL_CONFIRM)
        if form.is_valid():
            _decide(request, row, form.cleaned_data["reason"])
            return redirect("approvals")
    (content,) = access.read(actor, Permission.APPROVAL_READ, [row], purpose=_PURPOSE)
    page: dict[str, Any] = {
        "approval": row, "content": content, "form": form, "may_decide": may_decide,
        "is_mine": row.proposed_by_id == request.staff.pk,
        "is_open": row.confirmed_at is None and row.refused_at is None
        and row.expires_at > timezone.now(),
        "about": _address(actor, row), "decision": _decision(actor, row),
    }  # fmt: skip
    return render(request, "web/approval.html", page)


_PURPOSE = Purpose.FAMILY_TRACING


def _decide(request: StaffRequest, row: Approval, reason: str) -> None:
    match request.POST.get("decision"):
        case "confirm":
            verdict = approvals.confirm(request.actor, row.pk)
        case "refuse":
            verdict = approvals.refuse(request.actor, row.pk, reason)
        case "undo":
            verdict = approvals.undo(request.actor, row.pk, reason)
        case _:
            messages.error(request, _("Choose what you decide."))
            return
    if isinstance(verdict, Failure):
        messages.error(request, words.why(verdict.reason))
    else:
        messages.success(request, _("Recorded."))


def _decision(actor: Actor, row: Approval) -> VitalInterest | None:
    """What two people decide in somebody's place, where it is about that."""
    if row.matter != Matter.VITAL_INTEREST:
        return None
    rows = VitalInterest.objects.filter(pk=row.resource_id)
    return access.visible(actor, Permission.APPROVAL_READ, rows).first()


def _address(actor: Actor, row: Approval) -> str | None:
    """Where to look at what it is about: the case, the person, or both of those who were judged to
    be one."""
    match row.resource_kind:
        case "enquiry":
            return reverse("enquiry", args=[row.resource_id])
        case "account":
            return reverse("person", args=[row.resource_id])
        case "judgement":
            judged = Judgement.objects.filter(pk=row.resource_id)
            pair = access.visible(actor, Permission.JUDGEMENT_READ, judged).first()
            return None if pair is None else _both(actor, pair)
    return None


def _both(actor: Actor, pair: Judgement) -> str | None:
    rows = Candidate.objects.filter(enquiry=pair.enquiry_id, account__in=[pair.one, pair.other])
    found = access.visible(actor, Permission.JUDGEMENT_ADD, rows).first()
    if found is None:
        return None
    return f"{reverse('review_enquiry', args=[found.enquiry_id])}?candidate={found.pk}"
