"""For supervisors: offers between offices, who has how much to do, some judgements looked at
again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import sampling, transfers, workload
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Look, Sample, Transfer, TransferState
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, Office, Verdict
from reknit.vocabulary import Purpose
from reknit.web import words
from reknit.web.pages.parts import caption, lines_of, may, page_of
from reknit.web.routes import StaffRequest, route

TRACING, QUALITY = Purpose.FAMILY_TRACING, Purpose.QUALITY


class OfferForm(forms.Form):
    """Which office is to take a case, and why."""

    to_office = forms.ModelChoiceField(
        label=gettext_lazy("To which office?"), queryset=Office.objects.none(),
        empty_label=gettext_lazy("choose"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=600,
        help_text=gettext_lazy("The other office reads this before it sees anything of the case."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_office"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = Office.objects.exclude(pk=office_id).order_by("name")


class DrawForm(forms.Form):
    """How many judgements, out of which time."""

    size = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=sampling.MOST, initial=20
    )
    days = forms.IntegerField(
        label=gettext_lazy("Of the last … days"), min_value=1, max_value=366, initial=30
    )


class LookForm(forms.Form):
    """What one sees."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Are they one person?"), widget=forms.RadioSelect,
        choices=words.choices(Verdict),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("What do you see?"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


@route(Permission.TRANSFER_READ)
@require_safe
def offers(request: StaffRequest) -> HttpResponse:
    """What other offices offer, what this one offers, and what became of it."""
    actor = request.actor
    page = page_of(request, transfers.visible(actor))
    rows = list(page)
    contents = access.read(actor, Permission.TRANSFER_READ, rows, purpose=TRACING)
    return render(
        request,
        "web/transfers.html",
        {"page": page, "rows": list(zip(rows, contents, strict=True)),
         "may_answer": may(actor, Permission.TRANSFER_ANSWER),
         "may_ask": may(actor, Permission.TRANSFER_ASK)},
    )  # fmt: skip


@route(Permission.TRANSFER_ASK)
def offer(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Offer one case to another office."""
    enquiry = access.load(
        request.actor, Permission.TRANSFER_ASK, Enquiry, enquiry_id, purpose=TRACING
    )
    form = OfferForm(enquiry.office_id, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            transfers.ask(request.actor, enquiry.pk, said["to_office"], said["reason"])
        except CaseworkError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Offered. The case stays with you until it is accepted."))
            return redirect("transfers")
    return render(request, "web/transfer_new.html", {"form": form, "enquiry": enquiry})


@route(Permission.TRANSFER_READ)
@require_POST
def answer(request: StaffRequest, transfer_id: UUID) -> HttpResponse:
    """Accept, decline, withdraw, give back."""
    actor = request.actor
    row = access.load(actor, Permission.TRANSFER_READ, Transfer, transfer_id, purpose=TRACING)
    try:
        match request.POST.get("do"):
            case "accept":
                transfers.accept(actor, row.pk)
                messages.success(request, _("Accepted. Nobody works on it yet: give it to one."))
            case "decline":
                transfers.decline(actor, row.pk, request.POST.get("answer", ""))
            case "withdraw":
                transfers.withdraw(actor, row.pk)
            case "undo":
                transfers.undo(actor, row.pk)
    except CaseworkError as refused:
        messages.error(request, str(refused))
    return redirect("transfers")


@route(Permission.FIGURES_READ)
@require_safe
def load(request: StaffRequest) -> HttpResponse:
    """How much waits for whom, and at which step."""
    actor = request.actor
    people = workload.of_people(actor, timezone.now())
    steps = workload.of_steps(actor)
    return render(
        request,
        "web/workload.html",
        {"people": people, "most": max((one.cases for one in people), default=0),
         "steps": list(steps.items()), "most_steps": max(steps.values(), default=0),
         "total": sum(steps.values()), "waiting": _offers_waiting(request)},
    )  # fmt: skip


@route(Permission.SAMPLE_READ)
def samples(request: StaffRequest) -> HttpResponse:
    """The samples that were drawn; a POST draws one."""
    actor = request.actor
    form = DrawForm(request.POST or None)
    if request.method == "POST" and may(actor, Permission.SAMPLE_DRAW) and form.is_valid():
        said = form.cleaned_data
        try:
            made = sampling.draw(actor, size=said["size"], days=said["days"])
        except CaseworkError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("sample", made.pk)
    rows = access.visible(actor, Permission.SAMPLE_READ, Sample.objects.all())
    page = page_of(request, rows.select_related("office", "drawn_by").order_by("-drawn_at"))
    return render(
        request,
        "web/samples.html",
        {"page": page, "drawn": [(one, sampling.agreement(one)) for one in page],
         "form": form if may(actor, Permission.SAMPLE_DRAW) else None},
    )  # fmt: skip


@route(Permission.SAMPLE_READ)
@require_safe
def sample(request: StaffRequest, sample_id: int) -> HttpResponse:
    """One sample: what is still to be looked at, and how often the two agree."""
    actor = request.actor
    one = access.load(actor, Permission.SAMPLE_READ, Sample, sample_id, purpose=QUALITY)
    looks = sampling.looks(actor, one)
    return render(
        request,
        "web/sample.html",
        {"sample": one, "looks": looks, "agreement": sampling.agreement(one),
         "next": next((row for row, _reason in looks
                       if not row.verdict and row.judgement.by_id != actor.user_id), None),
         "may_look": may(actor, Permission.SAMPLE_DRAW)},
    )  # fmt: skip


@route(Permission.SAMPLE_DRAW)
def look(request: StaffRequest, look_id: UUID) -> HttpResponse:
    """One pair, without what was judged; a POST says what one sees, or takes that back."""
    actor = request.actor
    row = access.load(actor, Permission.SAMPLE_DRAW, Look, look_id, purpose=QUALITY)
    form = LookForm(request.POST or None)
    try:
        if request.POST.get("do") == "undo":
            sampling.undo(actor, row.pk)
            return redirect("look", row.pk)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                sampling.look(actor, row.pk, Verdict(said["verdict"]), said["reason"])
            except CaseworkError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("sample", row.sample_id)
        row, left, right = sampling.shown(actor, row.pk)
    except CaseworkError as refused:
        messages.error(request, str(refused))
        return redirect("sample", row.sample_id)
    return render(
        request,
        "web/look.html",
        {"look": row, "form": form, "left": lines_of(left), "right": lines_of(right),
         "names": (caption(left), caption(right))},
    )  # fmt: skip


def _offers_waiting(request: StaffRequest) -> int:
    waits = transfers.visible(request.actor).filter(state=TransferState.WAITING)
    return waits.filter(to_office=request.actor.office_id).count()
