"""A case's letters: read, write, pass on or withhold; and asking the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import asks, correspondence
from reknit.casework.errors import CaseworkError, NotYetError
from reknit.casework.models import Ask, Letter, Side
from reknit.guard import access, answers, subjects
from reknit.guard.disclosure import Withheld
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Enquiry
from reknit.web import words
from reknit.web.pages.cases.header import PURPOSE, content_of, header, is_in, loaded
from reknit.web.pages.parts import as_uuid
from reknit.web.routes import StaffRequest, route

HERE = "enquiry_letters"


class WriteForm(forms.Form):
    """A letter of staff's."""

    to = forms.ChoiceField(
        label=gettext_lazy("To whom?"),
        choices=[("seeker", gettext_lazy("Who made the enquiry")),
                 ("found", gettext_lazy("The person who was found"))],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What do you write?"), max_length=correspondence.MOST_SIGNS,
        help_text=gettext_lazy(
            "Nothing about the other one: what may be told goes through “Tell”. Who made the "
            "enquiry reads it from the next fixed hour on."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    needs = forms.BooleanField(
        label=gettext_lazy("We need an answer: the seeker’s page says so"), required=False
    )


class AskForm(forms.Form):
    """What the person is asked."""

    account = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What do they read?"), max_length=1000,
        help_text=gettext_lazy("Who looks for them, and since when: “Your sister Amal …”"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


@route(Permission.LETTER_READ)
@require_safe
def index(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """All letters of one case, and what the person was asked."""
    enquiry = loaded(request.actor, Permission.LETTER_READ, enquiry_id)
    page = {
        **header(request, enquiry, content_of(request.actor, enquiry.sought), HERE),
        "letters": correspondence.read(request.actor, enquiry),
        "readers": correspondence.readers(enquiry),
        "asks": (asked := asks.of_enquiry(request.actor, enquiry)),
        "ask_forms": _ask_forms(request, enquiry, asked),
        "form": WriteForm(), "may_write": is_in(request.actor, Permission.LETTER_ADD, enquiry),
    }  # fmt: skip
    return render(request, "web/letters.html", page)


@route(Permission.LETTER_ADD)
@require_POST
def write(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Write to the seeker, or to the person who was found."""
    enquiry = loaded(request.actor, Permission.LETTER_ADD, enquiry_id)
    form = WriteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write something, and say to whom."))
        return redirect(HERE, enquiry_id)
    said, to = form.cleaned_data, Side(form.cleaned_data["to"])
    readers = correspondence.readers(enquiry)
    about = readers[0].pk if to is Side.FOUND and readers else None

    def work() -> None:
        correspondence.tell(request.actor, enquiry.pk, to, said["text"], about)
        if said["needs"] and to is Side.SEEKER:
            answers.ask_seeker(request.actor, enquiry.pk, True)

    _say(request, work)
    return redirect(HERE, enquiry_id)


@route(Permission.LETTER_RELAY)
@require_POST
def decide(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Pass a message on, withhold it, or take back what was decided or written."""
    letter = access.load(request.actor, Permission.LETTER_RELAY, Letter, letter_id, purpose=PURPOSE)

    def work() -> object:
        said = request.POST
        if "relay" in said:
            return correspondence.relay(
                request.actor, letter_id, as_uuid(said.get("account")),
                redacted=said.get("redacted", ""),
            )  # fmt: skip
        if "withhold" in said:
            return correspondence.withhold(request.actor, letter_id, said.get("reason", ""))
        return correspondence.take_back(request.actor, letter_id)

    _say(request, work)
    return redirect("home") if letter.enquiry_id is None else redirect(HERE, letter.enquiry_id)


@route(Permission.ASK_MAKE)
@require_POST
def ask(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Ask the person about who looks for them."""
    enquiry = loaded(request.actor, Permission.ASK_MAKE, enquiry_id)
    form = AskForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        _say(request, lambda: asks.make(request.actor, enquiry.pk, said["account"], said["words"]))
    else:
        messages.error(request, _("Write what the person reads."))
    return redirect(HERE, enquiry_id)


@route(Permission.ASK_MAKE)
@require_POST
def ask_undo(request: StaffRequest, ask_id: UUID) -> HttpResponse:
    """Take an ask back that the person has not seen."""
    found = access.load(request.actor, Permission.ASK_MAKE, Ask, ask_id, purpose=PURPOSE)
    _say(request, lambda: asks.take_back(request.actor, ask_id))
    return redirect(HERE, found.enquiry_id)


def _ask_forms(
    request: StaffRequest, enquiry: Enquiry, asked: list[Ask]
) -> list[tuple[AskForm, bool]]:
    """A form for each who can be asked; whether they were asked before."""
    known = {ask.account_id for ask in asked}
    return [
        (
            AskForm(initial={"account": account.pk}, auto_id=f"ask_{number}_%s"),
            not known.isdisjoint(subjects.versions_of(account.pk)),
        )
        for number, account in enumerate(_who_can_be_asked(request, enquiry))
    ]


def _who_can_be_asked(request: StaffRequest, enquiry: Enquiry) -> list[Account]:
    if not is_in(request.actor, Permission.ASK_MAKE, enquiry):
        return []
    return asks.who_can_be_asked(request.actor, enquiry)


def _say(request: StaffRequest, work: Any) -> None:
    try:
        done = work()
    except NotYetError as refused:
        messages.error(request, f"{refused} {words.why(refused.reason)}")
        return
    except CaseworkError as refused:
        messages.error(request, str(refused))
        return
    if isinstance(done, Withheld):
        messages.error(request, words.why(done.reason))
    else:
        messages.success(request, _("Recorded. It can be taken back until it was seen."))
