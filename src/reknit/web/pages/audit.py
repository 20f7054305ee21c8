"""The audit for who may browse it: who saw whom, when, why; and whether the log is whole."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access, audit
from reknit.guard.errors import GuardError
from reknit.guard.models.audit import Entry
from reknit.guard.permissions import Permission
from reknit.records.models import User
from reknit.vocabulary import Actor, Purpose
from reknit.web.pages.parts import StaffField, may
from reknit.web.routes import StaffRequest, route

ROWS = 50
ON_A_PERSON = 20


class FilterForm(forms.Form):
    """Which entries."""

    user = StaffField(
        label=gettext_lazy("Who acted"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("anybody"),
    )  # fmt: skip
    person = forms.UUIDField(
        label=gettext_lazy("Whose record"), required=False,
        help_text=gettext_lazy("The long number in the address of the person's page."),
    )  # fmt: skip
    action = forms.ChoiceField(
        label=gettext_lazy("What was done"), required=False,
        choices=[("", gettext_lazy("anything")), ("account:", gettext_lazy("Reading people")),
                 ("account:search", pgettext_lazy("audit", "Searching")),
                 ("disclosure:", gettext_lazy("Telling")), ("consent:", gettext_lazy("Consent")),
                 ("judgement:", gettext_lazy("Judging")), ("import", gettext_lazy("Lists")),
                 ("approval:", gettext_lazy("Approvals")), ("request:", gettext_lazy("Requests")),
                 ("user:", gettext_lazy("Staff")), ("audit:", gettext_lazy("The audit itself"))],
    )  # fmt: skip
    since = forms.DateField(
        label=gettext_lazy("From"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    refused = forms.BooleanField(label=gettext_lazy("Only refusals"), required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = access.visible(
            actor, Permission.USER_READ, User.objects.all()
        ).order_by("email")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One entry as a page shows it."""

    who: str
    at: dt.datetime
    action: str
    purpose: str
    kind: str
    resource_id: str
    subject_id: str
    detail: str


@route(Permission.AUDIT_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Entries, latest first, by the filters; looking is an entry too."""
    form = FilterForm(request.actor, request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    before = request.GET.get("before", "")
    page = audit.browse(
        request.actor,
        person=said.get("person"),
        user=said["user"].pk if said.get("user") else None,
        action=said.get("action", ""),
        refused=said.get("refused", False),
        since=_begin(said.get("since")),
        until=_begin(said.get("until"), days=1),
        before=int(before) if before.isascii() and before.isdigit() else None,
        limit=ROWS,
    )
    return render(
        request,
        "web/audit.html",
        {
            "form": form,
            "entries": _seen(page.entries),
            "before": page.before,
            "may_verify": may(request.actor, Permission.AUDIT_VERIFY),
        },
    )


@route(Permission.AUDIT_VERIFY)
@require_POST
def verify(request: StaffRequest) -> HttpResponse:
    """Whether every entry is as it was written; against a checkpoint, whether none is missing."""
    kept = request.POST.get("checkpoint", "").strip()
    page: dict[str, Any] = {"kept": kept}
    try:
        checkpoints = [audit.parse(kept, _("the checkpoint"))] if kept else []
        page["verified"] = audit.verify(checkpoints)
    except GuardError as refused:
        page["error"] = str(refused)
    return render(request, "web/audit_verify.html", page)


@route(Permission.AUDIT_VERIFY)
@require_safe
def checkpoint(request: StaffRequest) -> HttpResponse:
    """The signed head, to be kept where nobody of this installation can change it."""
    try:
        text = str(audit.checkpoint())
    except GuardError as refused:
        return render(request, "web/audit_verify.html", {"error": str(refused), "kept": ""})
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"reknit-checkpoint-{timezone.now():%Y-%m-%d-%H%M}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def entries_about(actor: Actor, account_ids: Sequence[UUID]) -> list[Seen] | None:
    """Who saw or changed a person, for whom that may be shown; None for others."""
    if not may(actor, Permission.AUDIT_READ) or not account_ids:
        return None
    found = audit.browse(
        actor, person=account_ids[0], limit=ON_A_PERSON, purpose=Purpose.DATA_PROTECTION
    )
    return _seen(found.entries)


def _seen(entries: Iterable[Entry]) -> list[Seen]:
    entries = list(entries)
    users = User.objects.in_bulk({e.user_id for e in entries if e.user_id is not None})
    return [
        Seen(
            _who(entry, users),
            entry.at,
            entry.action,
            entry.purpose,
            entry.kind,
            entry.resource_id,
            entry.subject_id,
            _detail(entry.detail),
        )
        for entry in entries
    ]


def _detail(kept: str) -> str:
    """What an entry says besides, without marks that are a program's.

    >>> _detail('{"entries":50,"user":null,"names":false}'), _detail("{}")
    ('entries: 50 · names: no', '')
    """
    said = json.loads(kept or "{}")
    plain = {True: _("yes"), False: _("no")}
    return " · ".join(
        f"{name}: {plain[value] if isinstance(value, bool) else value}"
        for name, value in said.items()
        if value is not None and value != ""
    )


def _who(entry: Entry, users: dict[int, User]) -> str:
    user = users.get(entry.user_id or 0)
    if user is None:
        return _("The installation") if entry.actor_kind == "system" else _("The public")
    return user.name or user.email


def _begin(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(), dt.UTC)
