"""The need of one case: why its turn comes when it does, what is known, a band by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reknit.casework import need_rules, needs
from reknit.casework.errors import CaseworkError
from reknit.casework.models import NeedStatement
from reknit.casework.need_rules import Band, Fact
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.vocabulary import Purpose
from reknit.web import words
from reknit.web.routes import StaffRequest, route

PURPOSE = Purpose.FAMILY_TRACING


class FactsForm(forms.Form):
    """What is known of the person sought and the case."""

    facts = forms.MultipleChoiceField(
        label=gettext_lazy("What is known of the person sought?"), required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(fact.value, words.FACTS[fact.value]) for fact in Fact],
    )  # fmt: skip
    last_contact = forms.DateField(
        label=gettext_lazy("Last heard of on"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    deadline = forms.DateField(
        label=gettext_lazy("Something must be done by"), required=False,
        help_text=gettext_lazy("A hearing, a transport, the closing of a camp."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class BandForm(forms.Form):
    """Another turn than the rules give."""

    band = forms.TypedChoiceField(
        label=gettext_lazy("When is its turn?"), coerce=int, widget=forms.RadioSelect,
        choices=[(band.value, words.BANDS[band.value]) for band in Band],
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


@route(Permission.NEED_READ)
def one(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Every reason in words; a POST states facts or sets the band."""
    actor = request.actor
    rows = Enquiry.objects.filter(removed_at=None)
    enquiry = access.load(actor, Permission.NEED_READ, rows, enquiry_id, purpose=PURPOSE)
    may_state = access.visible(
        actor, Permission.NEED_STATE, Enquiry.objects.filter(pk=enquiry.pk)
    ).exists()
    said = needs.statements(actor, enquiry.pk)
    facts, band = FactsForm(initial=_now(said)), BandForm(prefix="band")
    if request.method == "POST":
        access.load(actor, Permission.NEED_STATE, Enquiry, enquiry.pk, purpose=PURPOSE)
        if "band-band" in request.POST:
            band = BandForm(request.POST, prefix="band")
            if _done(request, band, lambda given: needs.override(
                actor, enquiry.pk, Band(given["band"]), given["reason"]
            )):  # fmt: skip
                return redirect("enquiry_need", enquiry.pk)
        else:
            facts = FactsForm(request.POST)
            if _done(request, facts, lambda given: needs.state(
                actor, enquiry.pk, needs.Known(
                    frozenset(Fact(fact) for fact in given["facts"]), given["last_contact"],
                    given["deadline"],
                ), given["reason"],
            )):  # fmt: skip
                return redirect("enquiry_need", enquiry.pk)
    return render(
        request,
        "web/need.html",
        {"enquiry": enquiry, "need": needs.shown(actor, [enquiry])[enquiry.pk], "said": said,
         "facts": facts, "band": band, "may_state": may_state, "rules": need_rules.current()},
    )  # fmt: skip


@route(Permission.NEED_STATE)
@require_POST
def undo(request: StaffRequest, statement_id: UUID) -> HttpResponse:
    """Take back what was said about a case's need."""
    actor = request.actor
    said = access.load(actor, Permission.NEED_STATE, NeedStatement, statement_id, purpose=PURPOSE)
    try:
        needs.undo(actor, said.pk)
    except CaseworkError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back; what was before holds again."))
    return redirect("enquiry_need", said.enquiry_id)


def _now(said: list[tuple[NeedStatement, dict[str, Any]]]) -> dict[str, Any]:
    """The statement that holds, to be gone on from."""
    held = (content for row, content in said if row.about == "facts" and row.undone_at is None)
    content = next(held, {})
    return {name: content.get(name) for name in ("facts", "last_contact", "deadline")}


def _done(request: StaffRequest, form: forms.Form, work: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        work(form.cleaned_data)
    except CaseworkError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Recorded."))
    return True
