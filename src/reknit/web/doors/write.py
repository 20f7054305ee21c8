"""Anybody writes to the message desk, in their own words, without a form to fill in.

Rules: a proof or a wait comes first (`gate`), and what was typed stays in the form meanwhile; one
proof brings one message, however often it is sent; what is kept is a message like any other: read
by rules, sorted and answered by people, its sender in the vault; nothing is told here.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from reknit.intake import messages
from reknit.intake.messages import Incoming
from reknit.intake.models import Channel
from reknit.vocabulary import PUBLIC
from reknit.web import refusals
from reknit.web.doors import gate, steps
from reknit.web.routes import PUBLIC as ANYBODY
from reknit.web.routes import route

NAME = "write"


class WriteForm(forms.Form):
    """A message, and how its sender can be answered where they want to be."""

    text = forms.CharField(
        label=_("Your message"), max_length=5_000,
        help_text=_("In your own language and script. Names, ages and places help."),
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("How can we answer you?"), max_length=200, required=False,
        help_text=_("A telephone number or e-mail address; it is kept apart."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip


@route(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The message, and the proof or the wait that it needs."""
    office = steps.office()
    if office is None:
        return refusals.closed(request)
    form = WriteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        passed = gate.check(request, NAME)
    except gate.FullError:
        return refusals.too_many(request)
    if isinstance(passed, gate.Wait):
        return _page(request, form, passed)
    said = form.cleaned_data
    incoming = Incoming(
        said["text"], Channel.WEB, external_id=passed.nonce, sender=said["address"].strip()
    )
    messages.take(PUBLIC, office, [incoming], origin=NAME)
    return redirect("written")


@route(ANYBODY)
@require_safe
def written(request: HttpRequest) -> HttpResponse:
    """It is kept; what happens now."""
    return render(request, "web/doors/written.html")


def _page(request: HttpRequest, form: WriteForm, wait: gate.Wait | None = None) -> HttpResponse:
    page = {
        "form": form, "challenge": gate.challenge(request, NAME),
        "ticket": wait.ticket if wait is not None else "",
        "seconds": wait.seconds if wait is not None else 0,
    }  # fmt: skip
    return render(request, "web/doors/write.html", page, status=200 if wait is None else 429)
