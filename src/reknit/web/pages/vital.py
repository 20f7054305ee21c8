"""Decisions in place of somebody who cannot be asked: one proposes, another confirms, and it ends
when they can be asked (trust: I1)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reknit.guard import access, vital
from reknit.guard.errors import GuardError
from reknit.guard.models.consents import CannotBeAsked, VitalInterest
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, Office
from reknit.vocabulary import Purpose, Recipient, Scope
from reknit.web import words
from reknit.web.pages.consents import person_address, seeker_label
from reknit.web.pages.enquiries import enquiries_about
from reknit.web.pages.people import loaded
from reknit.web.routes import StaffRequest, route

DECIDED_ABOUT = (Scope.ALIVE, Scope.WHEREABOUTS, Scope.CONTACT, Scope.DOCUMENTS, Scope.DEATH)


class DecisionForm(forms.Form):
    """Why they cannot be asked, what is told, to whom, until when."""

    because = forms.ChoiceField(
        label=gettext_lazy("Why can they not be asked?"), choices=words.choices(CannotBeAsked)
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What is to be told?"), choices=words.choices(DECIDED_ABOUT),
        help_text=gettext_lazy("Of the dead their death, of the living anything else."),
    )  # fmt: skip
    recipient = forms.ChoiceField(label=gettext_lazy("To whom?"))
    until = forms.DateField(
        label=gettext_lazy("Until when?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Fourteen days at most; it ends at once when they can be asked."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why can it not wait until they can be asked?"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, enquiries: list[Enquiry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = [
            *((f"seeker:{enquiry.pk}", seeker_label(enquiry)) for enquiry in enquiries),
            *((f"office:{office.pk}", office.name) for office in Office.objects.order_by("name")),
        ]


@route(Permission.APPROVAL_PROPOSE)
def decide(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """The first of the two decides; the second finds it among the approvals."""
    actor = request.actor
    account = loaded(actor, account_id, Purpose.VITAL_INTEREST, Permission.APPROVAL_PROPOSE)
    form = DecisionForm(enquiries_about(actor, account), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            vital.decide(
                actor, account.pk, because=CannotBeAsked(said["because"]),
                recipient=Recipient.read(said["recipient"]), scope=Scope(said["scope"]),
                reason=said["reason"], until=_end_of(said["until"]),
            )  # fmt: skip
        except GuardError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Proposed. It counts once somebody else has confirmed it."))
            return redirect(person_address(account.pk))
    return render(request, "web/decision_new.html", {"form": form, "account": account})


@route(Permission.APPROVAL_PROPOSE)
@require_POST
def end(request: StaffRequest, decision_id: UUID) -> HttpResponse:
    """They can be asked now: the decision holds no more."""
    decision = access.load(
        request.actor, Permission.APPROVAL_PROPOSE, VitalInterest, decision_id,
        purpose=Purpose.VITAL_INTEREST,
    )  # fmt: skip
    vital.end(request.actor, decision.pk)
    messages.success(request, _("Ended. From now on they are asked."))
    return redirect(person_address(decision.account_id))


def _end_of(day: dt.date | None) -> dt.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max), dt.UTC)
