"""Where a case goes next, and what its assessment, assignment and steps change: each form carries
the version that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reknit.casework import assignments, lifecycle
from reknit.casework.errors import CaseworkError
from reknit.casework.lifecycle import Moved, NotYet
from reknit.casework.models import Move
from reknit.casework.versions import Changed, unless_changed
from reknit.guard import access, assessments
from reknit.guard.assessments import Concern
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure
from reknit.records.models import Enquiry, EnquiryStatus, Outcome, Proof, Risk, User
from reknit.vocabulary import Role
from reknit.web import words
from reknit.web.pages.cases.conflicts import Both, VersionForm, conflict
from reknit.web.pages.cases.header import PURPOSE, content_of, loaded
from reknit.web.pages.parts import StaffField, may
from reknit.web.routes import StaffRequest, route


class AssignForm(VersionForm):
    """Whose case it is."""

    user = StaffField(
        label=gettext_lazy("Whose case is it?"), queryset=User.objects.none(),
        empty_label=gettext_lazy("choose"),
    )  # fmt: skip

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = User.objects.filter(
            office=office_id, is_active=True,
            role__in=[Role.CASEWORKER.value, Role.SUPERVISOR.value],
        )  # fmt: skip


class RiskForm(VersionForm):
    """What a person found about the danger of contact; never a score."""

    risk = forms.ChoiceField(
        label=gettext_lazy("Could contact harm somebody?"), widget=forms.RadioSelect,
        choices=[(Risk.NO_CONCERN.value, gettext_lazy("No concern was found")),
                 (Risk.FLAGGED.value, gettext_lazy("There is a concern"))],
    )  # fmt: skip
    concerns = forms.MultipleChoiceField(
        label=gettext_lazy("Which concern?"), required=False,
        widget=forms.CheckboxSelectMultiple, choices=words.choices(Concern),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class ProofForm(VersionForm):
    """How well the relationship is shown."""

    proof = forms.ChoiceField(
        label=gettext_lazy("How is the relationship shown?"), choices=words.choices(Proof)
    )
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class MoveForm(VersionForm):
    """Where the case goes, with which outcome, why."""

    to = forms.ChoiceField(choices=words.choices(EnquiryStatus))
    outcome = forms.ChoiceField(choices=words.choices(Outcome), required=False)
    reason = forms.CharField(required=False, max_length=1000)


@route(Permission.ENQUIRY_CHANGE)
@require_POST
def move(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Take the next step."""
    enquiry = loaded(request.actor, Permission.ENQUIRY_CHANGE, enquiry_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a step."))
        return redirect("enquiry", enquiry_id)
    said = form.cleaned_data
    to = EnquiryStatus(said["to"])
    taken = lifecycle.move(
        request.actor, enquiry_id, to, said["reason"],
        outcome=Outcome(said["outcome"] or Outcome.NONE), seen=said["version"],
    )  # fmt: skip
    match taken:
        case Changed():
            return _both(request, enquiry_id, taken, Both(
                "to", _("Where the case is"), words.of(enquiry.status), words.of(to)
            ))  # fmt: skip
        case NotYet(needs=needs):
            for need in needs:
                messages.error(request, words.need(need))
        case Moved():
            messages.success(request, _("The case is now: %(state)s.") % {"state": words.of(to)})
    return redirect("enquiry", enquiry_id)


@route(Permission.ENQUIRY_MOVE)
@require_POST
def undo_move(request: StaffRequest, move_id: UUID) -> HttpResponse:
    """Take the latest step back."""
    taken = access.load(request.actor, Permission.ENQUIRY_MOVE, Move, move_id, purpose=PURPOSE)
    try:
        lifecycle.undo(request.actor, taken.pk, request.POST.get("reason", ""))
    except CaseworkError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back."))
    return redirect("enquiry", taken.enquiry_id)


@route(Permission.ENQUIRY_ASSIGN)
@require_POST
def assign(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Say whose case it is."""
    enquiry = loaded(request.actor, Permission.ENQUIRY_ASSIGN, enquiry_id)
    form = AssignForm(enquiry.office_id, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose somebody of this office."))
        return redirect("enquiry", enquiry_id)
    to = form.cleaned_data["user"]
    done = unless_changed(
        request.actor, Permission.ENQUIRY_ASSIGN, enquiry_id, form.cleaned_data["version"],
        lambda: assignments.assign(request.actor, [enquiry_id], to),
    )  # fmt: skip
    if isinstance(done, Changed):
        return _both(request, enquiry_id, done, Both(
            "user", _("Whose case is it?"), _called(enquiry.assigned_to), _called(to)
        ))  # fmt: skip
    messages.success(request, _("The case has somebody who works on it."))
    return redirect("enquiry", enquiry_id)


@route(Permission.RISK_ASSESS)
@require_POST
def assess_risk(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Record whether contact could harm somebody."""
    enquiry = loaded(request.actor, Permission.RISK_ASSESS, enquiry_id)
    form = RiskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was found, and on what it rests."))
        return redirect("enquiry", enquiry_id)
    said = form.cleaned_data
    return _assess(
        request, enquiry, Permission.RISK_ASSESS, said["version"],
        Both("risk", _("Risk"), words.of(enquiry.risk), words.of(said["risk"])),
        lambda: assessments.assess_risk(
            request.actor, enquiry_id, Risk(said["risk"]), said["reason"],
            [Concern(concern) for concern in said["concerns"]],
        ),
    )  # fmt: skip


@route(Permission.PROOF_ASSESS)
@require_POST
def record_proof(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Record how well the relationship is shown."""
    enquiry = loaded(request.actor, Permission.PROOF_ASSESS, enquiry_id)
    form = ProofForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how it is shown, and on what that rests."))
        return redirect("enquiry", enquiry_id)
    said = form.cleaned_data
    return _assess(
        request, enquiry, Permission.PROOF_ASSESS, said["version"],
        Both("proof", _("Relationship"), words.of(enquiry.proof), words.of(said["proof"])),
        lambda: assessments.record_proof(
            request.actor, enquiry_id, Proof(said["proof"]), said["reason"]
        ),
    )  # fmt: skip


def _assess(
    request: StaffRequest, enquiry: Enquiry, permission: Permission, seen: int, row: Both,
    work: Callable[[], Any],
) -> HttpResponse:  # fmt: skip
    try:
        verdict = unless_changed(request.actor, permission, enquiry.pk, seen, work)
    except ValueError as refused:
        messages.error(request, str(refused))
        return redirect("enquiry", enquiry.pk)
    if isinstance(verdict, Changed):
        return _both(request, enquiry.pk, verdict, row)
    if isinstance(verdict, Failure):
        messages.error(request, words.why(verdict.reason))
    else:
        messages.success(request, _("Recorded."))
    return redirect("enquiry", enquiry.pk)


def _both(request: StaffRequest, enquiry_id: UUID, changed: Changed, row: Both) -> HttpResponse:
    if not may(request.actor, Permission.ENQUIRY_READ):  # a coordinator gives cases, unread
        messages.error(request, _("Somebody changed the case since. Nothing was done; look again."))
        return redirect("enquiries")
    enquiry = loaded(request.actor, Permission.ENQUIRY_READ, enquiry_id)
    sought = content_of(request.actor, enquiry.sought)
    return conflict(request, enquiry, sought, changed, [row], choose=False)


def _called(user: User | None) -> str:
    return _("nobody yet") if user is None else user.name or user.email
