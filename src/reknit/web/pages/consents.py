"""Consent: recorded, refused, withdrawn; and whom a person does not want to learn anything."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.guard import access, blocks, consent
from reknit.guard.errors import GuardError
from reknit.guard.models import Block, Consent
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure
from reknit.records.models import Enquiry
from reknit.vocabulary import (
    Actor,
    Assurance,
    GivenBy,
    How,
    Purpose,
    Recipient,
    RecipientKind,
    Scope,
)
from reknit.web import words
from reknit.web.pages.enquiries import case_number, enquiries_about
from reknit.web.pages.people import loaded
from reknit.web.routes import StaffRequest, route

ASKED_ABOUT = (
    Scope.ALIVE, Scope.NO_CONTACT, Scope.MESSAGE, Scope.WHEREABOUTS, Scope.CONTACT,
    Scope.DOCUMENTS, Scope.RECORD,
)  # fmt: skip
ASSURANCES = [
    (Assurance.SEEN_BY_STAFF.value, gettext_lazy("Staff met them")),
    (Assurance.CONTACT_VERIFIED.value, gettext_lazy("Reached at a contact that was verified")),
    (Assurance.UNVERIFIED.value, gettext_lazy("Not verified: releases nothing")),
]


class HowForm(forms.Form):
    """In what way it was said, and how sure it is who said it."""

    how = forms.ChoiceField(
        label=gettext_lazy("How was it said?"), choices=words.choices(How), initial="in_person"
    )
    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it was them?"),
        choices=ASSURANCES,
        coerce=lambda text: Assurance(int(text)),
    )
    words = forms.CharField(
        label=gettext_lazy("In their words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ConsentForm(HowForm):
    """One answer: what may be told, to whom, until when."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What did they say?"),
        widget=forms.RadioSelect,
        choices=[
            ("agreed", gettext_lazy("Yes: it may be told")),
            ("refused", gettext_lazy("No: nothing, to nobody")),
        ],
        initial="agreed",
    )
    scope = forms.MultipleChoiceField(
        label=gettext_lazy("What may be told?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=words.choices(ASKED_ABOUT),
        help_text=gettext_lazy("Each is agreed to by itself."),
    )
    recipient = forms.ChoiceField(
        label=gettext_lazy("To whom?"),
        required=False,
        help_text=gettext_lazy("“Family” is every seeker whose relationship staff verified."),
    )
    message = forms.CharField(
        label=gettext_lazy("The message, if there is one"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Until when?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: until they take it back, which they can at any time."),
    )
    given_by = forms.ChoiceField(
        label=gettext_lazy("Who said it?"), choices=words.choices(GivenBy), initial="self"
    )
    representative = forms.CharField(
        label=gettext_lazy("Representative: name and relation"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    child_view = forms.CharField(
        label=gettext_lazy("What the child says about it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    field_order = (
        "answer", "scope", "recipient", "message", "until", "how", "assurance", "given_by",
        "representative", "child_view", "words",
    )  # fmt: skip

    def __init__(self, enquiries: list[Enquiry], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipient"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = [
            *((f"seeker:{e.pk}", seeker_label(e)) for e in enquiries),
            ("family", gettext_lazy("The family")),
        ]

    def clean(self) -> dict[str, Any]:
        """A yes says what and to whom."""
        said = super().clean() or {}
        if said.get("answer") == "agreed":
            if not said.get("scope"):
                self.add_error("scope", _("Choose at least one."))
            if not said.get("recipient"):
                self.add_error("recipient", _("Choose one."))
            if (Scope.MESSAGE.value in (said.get("scope") or [])) and not said.get("message"):
                self.add_error("message", _("Write the message."))
        return said


class BlockForm(forms.Form):
    """Whom a person does not want to learn anything."""

    name = forms.CharField(
        label=gettext_lazy("Their name"), required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    phones = forms.CharField(label=gettext_lazy("Their telephone"), required=False)
    email = forms.CharField(label=gettext_lazy("Their e-mail address"), required=False)
    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it was them?"), choices=ASSURANCES,
        coerce=lambda text: Assurance(int(text)),
        help_text=gettext_lazy("A block protects at once, however sure it is."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In their words"), required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class LiftForm(forms.Form):
    """How sure it is that the person takes a block back."""

    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it was them?"), choices=ASSURANCES,
        coerce=lambda text: Assurance(int(text)),
        help_text=gettext_lazy("At least as sure as when they blocked."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In their words"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


def seeker_label(enquiry: Enquiry) -> str:
    """How a form calls who made an enquiry, without a name."""
    return _("Who made enquiry %(number)s") % {"number": case_number(enquiry)}


@route(Permission.CONSENT_GIVE)
def give(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """Record a yes or a no."""
    account = loaded(request.actor, account_id, Purpose.REGISTRATION)
    form = ConsentForm(enquiries_about(request.actor, account), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request.actor, account.pk, form.cleaned_data)
        except (GuardError, ValueError) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. It counts from now on."))
            return redirect(person_address(account.pk))
    return render(request, "web/consent_new.html", {"form": form, "account": account})


@route(Permission.CONSENT_WITHDRAW)
def withdraw(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """Take a consent back; it counts at once."""
    given = access.load(
        request.actor, Permission.CONSENT_WITHDRAW, Consent, consent_id,
        purpose=Purpose.REGISTRATION,
    )  # fmt: skip
    form = HowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        consent.withdraw(
            request.actor, given.pk, how=How(said["how"]), assurance=said["assurance"],
            words=said["words"],
        )  # fmt: skip
        messages.success(request, _("Withdrawn. Nothing more is told on it."))
        return redirect(person_address(given.account_id))
    return render(request, "web/consent_withdraw.html", {"form": form, "consent": given})


@route(Permission.BLOCK_ADD)
def block(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """Record whom the person does not want to learn anything."""
    account = loaded(request.actor, account_id, Purpose.REGISTRATION)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            blocks.block(request.actor, account.pk, **form.cleaned_data)
        except ValueError:
            form.add_error(None, _("Give a name, a telephone or an e-mail address."))
        else:
            messages.success(request, _("Recorded. They are told nothing, and cannot tell."))
            return redirect(person_address(account.pk))
    return render(request, "web/block_new.html", {"form": form, "account": account})


@route(Permission.BLOCK_REMOVE)
def lift(request: StaffRequest, block_id: UUID) -> HttpResponse:
    """The person takes a block back; as sure as when they blocked."""
    row = access.load(
        request.actor, Permission.BLOCK_REMOVE, Block, block_id, purpose=Purpose.REGISTRATION
    )
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = blocks.lift(request.actor, row.pk, **form.cleaned_data)
        if isinstance(verdict, Failure):
            form.add_error("assurance", words.why(verdict.reason))
        else:
            messages.success(request, _("Lifted. What they agree to may be told again."))
            return redirect(person_address(row.account_id))
    return render(request, "web/block_lift.html", {"form": form, "held": row})


def _record(actor: Actor, account_id: UUID, said: dict[str, Any]) -> None:
    how, assurance = How(said["how"]), said["assurance"]
    given_by = GivenBy(said["given_by"])
    if said["answer"] == "refused":
        consent.refuse(
            actor, account_id, given_by=given_by, how=how, assurance=assurance,
            words=said["words"],
        )  # fmt: skip
        return
    until = said["until"]
    ends = None
    if until is not None:
        ends = timezone.make_aware(dt.datetime.combine(until, dt.time.max), dt.UTC)
    for scope in map(Scope, said["scope"]):
        consent.give(
            actor, account_id, purpose=Purpose.FAMILY_TRACING,
            recipient=_recipient(said["recipient"]), scope=scope, given_by=given_by, how=how,
            assurance=assurance, until=ends, representative=said["representative"],
            child_view=said["child_view"],
            message=said["message"] if scope is Scope.MESSAGE else "", words=said["words"],
        )  # fmt: skip


def _recipient(text: str) -> Recipient:
    return Recipient(RecipientKind.FAMILY) if text == "family" else Recipient.read(text)


def person_address(account_id: UUID) -> str:
    """The person's page, at what they agreed to."""
    return f"{reverse('person', args=[account_id])}?purpose={Purpose.FAMILY_TRACING.value}#consents"
