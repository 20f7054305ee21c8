"""Gateways: the administrator's page, and the one address at which they hand messages in."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reknit.guard.permissions import Permission
from reknit.intake import gateways
from reknit.intake.errors import GatewayError, IntakeError
from reknit.intake.gateways import BusyError
from reknit.intake.models import Channel
from reknit.records.models import Office
from reknit.web import words
from reknit.web.routes import PUBLIC, StaffRequest, route


class GatewayForm(forms.Form):
    """Whose messages go where."""

    label = forms.CharField(label=gettext_lazy("What is it?"), max_length=200)
    office = forms.ModelChoiceField(
        label=gettext_lazy("To which office do its messages go?"),
        queryset=Office.objects.order_by("name"),
        empty_label=gettext_lazy("choose"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("What does it bring?"),
        choices=[(c.value, words.channel(c)) for c in Channel],
    )


@route(Permission.GATEWAY_MANAGE)
def index(request: StaffRequest) -> HttpResponse:
    """The gateways, and a form for one more; its secret is shown once."""
    form = GatewayForm(request.POST or None)
    added = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        added = gateways.add(request.actor, said["office"], Channel(said["channel"]), said["label"])
        form = GatewayForm()
    return render(
        request, "web/gateways.html",
        {"form": form, "added": added, "gateways": gateways.listed(request.actor)},
    )  # fmt: skip


@route(Permission.GATEWAY_MANAGE)
@require_POST
def end(request: StaffRequest, gateway_id: UUID) -> HttpResponse:
    """Take nothing from it any more."""
    gateways.end(request.actor, gateway_id)
    messages.success(request, _("Nothing is taken from it any more."))
    return redirect("gateways")


@csrf_exempt
@route(PUBLIC)
@require_POST
def receive(request: HttpRequest, gateway: UUID) -> HttpResponse:
    """One message from a gateway, signed: 202 kept, also where it came before; 401 for whatever is
    not signed rightly, 413, 422 and 429 with a line that says what to do."""
    if int(request.headers.get("Content-Length") or 0) > gateways.MOST_BYTES:
        return JsonResponse({"error": "at most 20 MB a message."}, status=413)
    try:
        taken = gateways.receive(
            gateway, request.body, request.headers.get("X-Reknit-Time", ""),
            request.headers.get("X-Reknit-Signature", ""), timezone.now(),
        )  # fmt: skip
    except GatewayError as refused:
        return JsonResponse({"error": str(refused)}, status=401)
    except BusyError as refused:
        return JsonResponse({"error": str(refused)}, status=429)
    except IntakeError as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    return JsonResponse({"kept": len(taken.added) + taken.known}, status=202)
