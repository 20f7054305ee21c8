"""Telling somebody something about a person: what, to whom, on what ground; then, and only then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from reknit.guard import disclosure
from reknit.guard.disclosure import Disclosed
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.vocabulary import Actor, Purpose, Recipient, RecipientKind, Scope
from reknit.web import words
from reknit.web.pages.consents import ASKED_ABOUT, seeker_label
from reknit.web.pages.enquiries import enquiries_about
from reknit.web.pages.people import loaded
from reknit.web.routes import StaffRequest, route


class DiscloseForm(forms.Form):
    """Who is to learn what."""

    recipient = forms.ChoiceField(label=_("Who is to learn it?"))
    scope = forms.ChoiceField(label=_("What?"), choices=words.choices([*ASKED_ABOUT, Scope.DEATH]))

    def __init__(self, recipients: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = recipients


@route(Permission.DISCLOSURE_MAKE)
def disclose(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """First what would leave, and whether it may; after the confirmation, what left."""
    account = loaded(request.actor, account_id, Purpose.FAMILY_TRACING)
    recipients = _recipients(request.actor, account)
    form = DiscloseForm(recipients, request.POST or None)
    page: dict[str, Any] = {"form": form, "account": account, "nobody": not recipients}
    if request.method == "POST" and form.is_valid():
        recipient = Recipient.read(form.cleaned_data["recipient"])
        scope, purpose = Scope(form.cleaned_data["scope"]), _purpose(recipient)
        page |= {
            "recipient_label": dict(recipients)[str(recipient)], "scope": scope,
            "purpose": purpose, "recipient": recipient,
        }  # fmt: skip
        if "confirmed" in request.POST:
            told = disclosure.disclose(request.actor, account, purpose, recipient, scope=scope)
            page["told"] = told
            page["is_told"] = isinstance(told, Disclosed)
        else:
            page["would"] = disclosure.preview(
                request.actor, account, purpose, recipient, scope=scope
            )
    return render(request, "web/disclose.html", page)


def _purpose(recipient: Recipient) -> Purpose:
    """Staff are told in order to ask; anybody else for the family's sake."""
    if recipient.kind is RecipientKind.ASSIGNED_STAFF:
        return Purpose.ASK_THE_PERSON
    return Purpose.FAMILY_TRACING


def _recipients(actor: Actor, account: Account) -> list[tuple[str, str]]:
    """Who made the enquiries that this person is a candidate of, and their staff."""
    found: list[tuple[str, str]] = []
    for enquiry in enquiries_about(actor, account):
        found.append((f"seeker:{enquiry.pk}", seeker_label(enquiry)))
        found.append((f"assigned_staff:{enquiry.pk}", str(_("Me, to ask this person"))))
    return found
