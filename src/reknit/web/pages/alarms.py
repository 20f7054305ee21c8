"""Alarms: unusual reading, to be looked into by somebody else; the records of nobody that raise
one; and more people for a day, where the quota stands in the way of work."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access, alarms, canaries, grants, quota
from reknit.guard.errors import AlarmError, GrantError
from reknit.guard.models import Alarm, Canary
from reknit.guard.permissions import Permission
from reknit.records.models import User
from reknit.vocabulary import Purpose, Role
from reknit.web.pages.imports import ReasonForm
from reknit.web.pages.parts import may, page_of
from reknit.web.routes import StaffRequest, route


@route(Permission.ALARM_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Those nobody has looked into, then the others with what was found."""
    rows = alarms.all_alarms(request.actor).select_related("user", "office")
    page = page_of(request, rows.exclude(acknowledged_at=None))
    return render(
        request,
        "web/alarms.html",
        {
            "open": rows.filter(acknowledged_at=None),
            "page": page,
            "looked": [(alarm, *alarms.reason_of(request.actor, alarm.pk)) for alarm in page],
            "form": ReasonForm(auto_id=False),
            "may_acknowledge": may(request.actor, Permission.ALARM_ACKNOWLEDGE),
            "may_grant": may(request.actor, Permission.QUOTA_GRANT),
            "may_plant": may(request.actor, Permission.CANARY_PLANT),
        },
    )


@route(Permission.ALARM_ACKNOWLEDGE)
@require_POST
def acknowledge(request: StaffRequest, alarm_id: UUID) -> HttpResponse:
    """Say what was found."""
    alarm = access.load(
        request.actor, Permission.ALARM_ACKNOWLEDGE, Alarm, alarm_id,
        purpose=Purpose.DATA_PROTECTION,
    )  # fmt: skip
    try:
        alarms.acknowledge(request.actor, alarm.pk, request.POST.get("reason", ""))
    except AlarmError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded."))
    return redirect("alarms")


class CanaryForm(forms.Form):
    """Which record. The number is in no address: addresses are kept, and would tell which."""

    account = forms.UUIDField(
        label=gettext_lazy("The record of nobody"),
        help_text=gettext_lazy("The long number in the address of the made-up person's page."),
    )  # fmt: skip


@route(Permission.CANARY_PLANT)
def planted(request: StaffRequest) -> HttpResponse:
    """Plant a record of nobody, or make it an ordinary one again. No page lists them."""
    form = CanaryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account_id = form.cleaned_data["account"]
        if "dig_up" not in request.POST:
            canaries.plant(request.actor, account_id)
            messages.success(request, _("Planted. Whoever opens it raises an alarm at once."))
        elif canaries.dig_up(request.actor, account_id):
            messages.success(request, _("It is an ordinary record again."))
        else:
            messages.error(request, _("It was none."))
        return redirect("canaries")
    return render(request, "web/canaries.html", {"form": form, "count": Canary.objects.count()})


class GrantForm(forms.Form):
    """How many more people for today, and why."""

    more = forms.IntegerField(label=gettext_lazy("How many more people today?"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Why does their work need it?"), max_length=grants.MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


@route(Permission.QUOTA_GRANT)
def grant_more(request: StaffRequest, user_id: int) -> HttpResponse:
    """More people for one colleague today, with a reason."""
    user = access.load(
        request.actor, Permission.QUOTA_GRANT, User, user_id, purpose=Purpose.DATA_PROTECTION
    )
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grants.grant(request.actor, user.pk, **form.cleaned_data)
        except GrantError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Granted, until midnight UTC."))
            return redirect("alarms")
    page = {
        "form": form, "colleague": user, "left": grants.left_to_grant(user),
        "quota": quota.limit(Role(user.role)), "is_mine": user.pk == request.staff.pk,
    }  # fmt: skip
    return render(request, "web/quota_grant.html", page)
