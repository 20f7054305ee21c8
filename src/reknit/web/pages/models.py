"""The model that weighs: which one, what judgements would make of it, accept, refuse, take back.

Rules: figures stand with the number they rest on, before beside after; nothing is said of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import retraining
from reknit.casework.errors import CaseworkError
from reknit.casework.retraining import Proposal
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.matching.retraining import LEAST_JUDGEMENTS, LEAST_OF_EACH
from reknit.records import weighing
from reknit.records.models import MatchingModel, ModelState
from reknit.report.data import ReliabilityBin
from reknit.report.plots import Reliability, reliability
from reknit.vocabulary import Purpose
from reknit.web.pages.parts import may
from reknit.web.routes import StaffRequest, route

DECISIONS = {
    "accept": retraining.accept, "refuse": retraining.refuse, "take_back": retraining.take_back,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with its curves."""

    proposal: Proposal
    before: Reliability | None
    after: Reliability | None


class DecideForm(forms.Form):
    """What a supervisor says of a model."""

    verdict = forms.ChoiceField(choices=[(v, v) for v in DECISIONS])
    reason = forms.CharField(max_length=1000)


@route(Permission.MODEL_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The model in use, and those that judgements have made."""
    shown = [
        Shown(one, _curve(one.before), _curve(one.after))
        for one in retraining.proposals(request.actor)
    ]
    judged = retraining.standing_judgements()
    context = {
        "shown": shown, "version": weighing.current_version(), "judged": len(judged),
        "least": LEAST_JUDGEMENTS, "least_of_each": LEAST_OF_EACH,
        "may_decide": may(request.actor, Permission.MODEL_DECIDE), "State": ModelState,
    }  # fmt: skip
    return render(request, "web/models.html", context)


@route(Permission.MODEL_DECIDE)
@require_POST
def train(request: StaffRequest) -> HttpResponse:
    """Make one now."""
    retraining.train_now(request.actor)
    messages.success(request, _("A model is being made in the background; look again soon."))
    return redirect("models")


@route(Permission.MODEL_DECIDE)
@require_POST
def decide(request: StaffRequest, model_id: UUID) -> HttpResponse:
    """Accept, refuse or take back."""
    row = access.load(
        request.actor, Permission.MODEL_DECIDE, MatchingModel, model_id, purpose=Purpose.QUALITY
    )
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why; whoever comes after you will want to know."))
        return redirect("models")
    try:
        DECISIONS[form.cleaned_data["verdict"]](request.actor, row.pk, form.cleaned_data["reason"])
    except CaseworkError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded. Open candidates are scored anew where needed."))
    return redirect("models")


def _curve(figures: Any) -> Reliability | None:
    if not figures:
        return None
    bins = [
        ReliabilityBin(one["mean_probability"], one["matched_share"], one["rows"])
        for one in figures["bins"]
    ]
    return reliability(bins)
