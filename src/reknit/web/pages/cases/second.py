"""Asking a second person about a case: to go on though it is flagged, to lower the flag, whether
the person is dead, whether they are who one colleague holds them to be (trust: I11).

Rules: only what two can decide about this case now is offered; who asks gives the reason that the
second reads under Approvals; what was asked is shown with the case until it is decided and after.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from reknit.guard import access, approvals, assessments
from reknit.guard.audit import Resource
from reknit.guard.models.approvals import Approval, Matter
from reknit.guard.permissions import Permission
from reknit.records.models import (
    Account,
    AccountKind,
    Enquiry,
    EnquiryStatus,
    Judgement,
    Risk,
)
from reknit.vocabulary import Actor
from reknit.web import words
from reknit.web.pages.cases.header import loaded
from reknit.web.routes import StaffRequest, route


class SecondForm(forms.Form):
    """What a second person is to confirm, and why."""

    matter = forms.ChoiceField(label=gettext_lazy("What is to be confirmed?"))
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, matters: dict[Matter, Resource], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["matter"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = words.choices(matters)


def matters(enquiry: Enquiry, person: Account | None) -> dict[Matter, Resource]:
    """What two can decide about this case now, and of what. person: who is held to be the one that
    is sought; None where nobody is."""
    case = Resource("enquiry", str(enquiry.pk))
    found: dict[Matter, Resource] = {}
    if enquiry.status == EnquiryStatus.CLOSED:
        return found
    if enquiry.risk == Risk.FLAGGED:
        for matter in (Matter.FLAGGED_CASE, Matter.LOWER_RISK):
            if not assessments.agreed_since_flagged(enquiry, matter):
                found[matter] = case
    for judgement in approvals.alone(enquiry, timezone.now().date())[:1]:
        found[Matter.IDENTIFICATION] = Resource.of(judgement)
    if person is not None and not approvals.approved(Matter.DEATH, _person(person)):
        found[Matter.DEATH] = _person(person)
    return found


def asked(actor: Actor, enquiry: Enquiry, person: Account | None) -> list[Approval]:
    """What a second person was asked about this case, the latest first, as far as the actor may
    list it."""
    rows = Judgement.objects.filter(enquiry=enquiry, undone_at=None)
    judged = access.visible(actor, Permission.JUDGEMENT_READ, rows).values_list("pk", flat=True)
    about = Q(resource_kind="enquiry", resource_id=str(enquiry.pk))
    about |= Q(resource_kind="judgement", resource_id__in=[str(pk) for pk in judged])
    if person is not None:
        about |= Q(resource_kind="account", resource_id=str(person.pk), matter=Matter.DEATH)
    visible = access.visible(actor, Permission.APPROVAL_READ, Approval.objects.filter(about))
    return list(visible.select_related("proposed_by").order_by("-proposed_at"))


def judged(actor: Actor, enquiry: Enquiry) -> Account | None:
    """The account that is held to be the person sought, to ask them and to tell from."""
    same = Account.objects.filter(
        identity_id=enquiry.sought.identity_id, kind=AccountKind.FOUND, removed_at=None,
        superseded_by=None,
    )  # fmt: skip
    return access.visible(actor, Permission.ACCOUNT_READ, same).order_by("created_at", "pk").first()


@route(Permission.APPROVAL_PROPOSE)
@require_POST
def propose(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Ask a second person."""
    enquiry = loaded(request.actor, Permission.APPROVAL_PROPOSE, enquiry_id)
    about = matters(enquiry, judged(request.actor, enquiry))
    form = SecondForm(about, request.POST)
    if form.is_valid() and form.cleaned_data["reason"].strip():
        matter = Matter(form.cleaned_data["matter"])
        approvals.propose(request.actor, matter, about[matter], form.cleaned_data["reason"])
        messages.success(request, _("Asked. It counts once somebody else has confirmed it."))
    else:
        messages.error(request, _("Choose what is to be confirmed, and say on what it rests."))
    return redirect("enquiry", enquiry_id)


def _person(account: Account) -> Resource:
    return Resource("account", str(account.pk))
