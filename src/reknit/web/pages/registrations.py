"""People who registered themselves: staff make sure that it is them before anything counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake import registrations
from reknit.intake.models import Registration
from reknit.vocabulary import Assurance, How
from reknit.web import words
from reknit.web.pages.parts import page_of
from reknit.web.routes import StaffRequest, route

SURE = (Assurance.CONTACT_VERIFIED, Assurance.SEEN_BY_STAFF)


class VerifyForm(forms.Form):
    """How staff made sure."""

    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it is them?"),
        choices=[(a.value, words.WORDS[a.name.lower()]) for a in SURE],
        coerce=lambda text: Assurance(int(text)),
    )  # fmt: skip
    how = forms.TypedChoiceField(
        label=gettext_lazy("How did you reach them?"),
        choices=[(h.value, words.WORDS[h.value]) for h in (How.TELEPHONE, How.IN_PERSON)],
        coerce=How,
    )  # fmt: skip
    sure = forms.BooleanField(
        label=gettext_lazy(
            "I reached them by what they wrote or saw them, and they said that they registered "
            "and mean what they agreed to."
        )
    )


@route(Permission.REGISTRATION_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Who waits to be verified, the first that came first; then the others."""
    rows = access.visible(request.actor, Permission.REGISTRATION_READ, Registration.objects.all())
    page = page_of(request, rows.order_by("verified_at", "created_at", "id"))
    mine = _mine(request, rows)
    people = registrations.people_of(list(page))
    shown = [
        (row, people[row.pk], VerifyForm(auto_id=f"verify_{n}_%s") if row.pk in mine else None)
        for n, row in enumerate(page)
    ]
    return render(request, "web/registrations.html", {"page": page, "shown": shown})


@route(Permission.REGISTRATION_VERIFY)
@require_POST
def verify(request: StaffRequest, registration_id: UUID) -> HttpResponse:
    """Record that it is them."""
    form = VerifyForm(request.POST)
    access.load(
        request.actor, Permission.REGISTRATION_VERIFY, Registration, registration_id,
        purpose=registrations.PURPOSE,
    )  # fmt: skip
    if form.is_valid():
        said = form.cleaned_data
        registrations.verify(request.actor, registration_id, said["assurance"], said["how"])
        messages.success(request, _("Recorded. What they agreed to counts from now on."))
    else:
        messages.error(request, _("Say how you made sure, and tick that you did."))
    return redirect("registrations")


def _mine(request: StaffRequest, rows: QuerySet[Any]) -> set[UUID]:
    allowed = access.visible(request.actor, Permission.REGISTRATION_VERIFY, rows)
    return set(allowed.filter(verified_at=None).values_list("pk", flat=True))
