"""The queue: what is to be done, most needed first; who works on what; many cases at once.

Nobody is opened by looking: names are shown when asked for, and then audited; what is searched for
travels in the form, never in the address.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import bulk, claims, needs, queue, saved_filters
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Bulk, BulkKind, Claim
from reknit.casework.need_rules import Band
from reknit.casework.queue import Filter, Marks, View
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.guard.searching import QuestionError, RebuildingError
from reknit.records.models import Enquiry, EnquiryStatus, Office, User
from reknit.vocabulary import Actor, Purpose, Role
from reknit.web import words
from reknit.web.pages.parts import (
    PurposeForm,
    StaffField,
    as_uuid,
    caption,
    may,
    page_of,
)
from reknit.web.routes import StaffRequest, route

PURPOSE = Purpose.FAMILY_TRACING
MOST_PRINTED = 500
WORKERS = (Role.CASEWORKER.value, Role.SUPERVISOR.value)


class FilterForm(forms.Form):
    """Which cases of a view."""

    view = forms.CharField(widget=forms.HiddenInput, required=False)
    band = forms.ChoiceField(
        label=gettext_lazy("Need"), required=False,
        choices=[("", gettext_lazy("all")), *((str(b.value), words.BANDS[b.value]) for b in Band)],
    )  # fmt: skip
    status = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=words.choices(EnquiryStatus, blank=gettext_lazy("all")),
    )  # fmt: skip
    assigned_to = StaffField(
        label=gettext_lazy("Whose"), required=False, empty_label=gettext_lazy("anybody's"),
        queryset=User.objects.none(),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "assigned_to", colleagues(actor))


class SearchForm(PurposeForm):
    """A case by its number, or by the name of the person sought."""

    q = forms.CharField(
        label=gettext_lazy("Find in the queue"), max_length=200,
        help_text=gettext_lazy("A case number, or a name in any script."),
        widget=forms.TextInput(attrs={"data-search": "", "dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("q", "purpose")


class SaveForm(forms.Form):
    """A filter under a name."""

    name = forms.CharField(
        label=gettext_lazy("Keep this filter as"), max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    shared = forms.BooleanField(label=gettext_lazy("Also for my office"), required=False)


class BulkForm(forms.Form):
    """What is to be done to many cases."""

    kind = forms.ChoiceField(choices=BulkKind.choices)
    scope = forms.ChoiceField(choices=[("chosen", "chosen"), ("whole", "whole")])
    to_user = StaffField(
        label=gettext_lazy("To whom"), required=False, queryset=User.objects.none(),
        empty_label=gettext_lazy("choose"),
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("What is to be done"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    to_office = forms.ModelChoiceField(
        label=gettext_lazy("To which office"), required=False, queryset=Office.objects.none(),
        empty_label=gettext_lazy("choose"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "to_user", colleagues(actor))
        _choose(self, "to_office", Office.objects.exclude(pk=actor.office_id or 0).order_by("name"))

    @property
    def plan(self) -> bulk.Plan:
        """As casework takes it."""
        said = self.cleaned_data
        day = said["due_on"]
        due = None if day is None else timezone.make_aware(dt.datetime.combine(day, dt.time(17)))
        return bulk.Plan(
            BulkKind(said["kind"]), said["to_user"], said["to_office"], said["title"],
            said["reason"], due,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the queue."""

    enquiry: Enquiry
    need: needs.Shown | None
    marks: Marks
    claim: Claim | None
    name: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One view, how many cases it holds, and the address that shows it."""

    view: View
    label: str
    count: int
    address: str
    here: bool


@route(Permission.ENQUIRY_LIST)
def index(request: StaffRequest) -> HttpResponse:
    """The cases of a view; a POST looks for some of them."""
    actor, now = request.actor, timezone.now()
    wanted = Filter.read(request.GET.dict(), queue.usual_view(actor))
    page: dict[str, Any] = {}
    search = SearchForm(actor, request.POST or None)
    if request.method == "POST" and search.is_valid():
        wanted = _found(actor, search, page)
    cases = queue.rows(actor, wanted, now).select_related("office", "assigned_to", "sought")
    shown = page_of(request, cases)
    with_names = request.GET.get("names") == "on" and may(actor, Permission.ACCOUNT_READ)
    said = wanted.said()
    page |= {
        "page": shown,
        "lines": _lines(actor, list(shown), with_names=with_names),
        "tabs": _tabs(actor, wanted, now),
        "filter": FilterForm(actor, said),
        "search": search if may(actor, Permission.ACCOUNT_SEARCH) else None,
        "save": SaveForm(),
        "kept": [(one, _address(one.filter)) for one in saved_filters.of(actor)],
        "said": said,
        "here": urlencode(said),
        "wanted": wanted,
        "total": shown.paginator.count,
        "with_names": with_names,
        "may_name": may(actor, Permission.ACCOUNT_READ),
        "kinds": _kinds(actor),
        "bulk": BulkForm(actor),
        "empty": words.EMPTY_VIEW[wanted.view.value],
        "may_claim": may(actor, Permission.CLAIM_TAKE),
    }
    return render(request, "web/queue.html", page, status=503 if "rebuilding" in page else 200)


@route(Permission.ENQUIRY_LIST)
@require_safe
def printed(request: StaffRequest) -> HttpResponse:
    """The whole filter on paper: case numbers, and names only where somebody asks for them."""
    actor, now = request.actor, timezone.now()
    wanted = Filter.read(request.GET.dict(), queue.usual_view(actor))
    names = request.GET.get("names") == "on" and may(actor, Permission.ACCOUNT_READ)
    cases = list(
        queue.rows(actor, wanted, now).select_related("office", "assigned_to", "sought")[
            :MOST_PRINTED
        ]
    )
    about = Resource("queue", wanted.view.value)
    commits.commit(
        lambda: audit.record(actor, "queue:print", about, PURPOSE, cases=len(cases), names=names)
    )
    lines = _lines(actor, cases, with_names=names, with_reasons=False)
    return render(
        request,
        "web/queue_print.html",
        {"lines": lines, "with_names": names, "wanted": wanted, "most": MOST_PRINTED,
         "view": words.VIEWS[wanted.view.value], "here": urlencode(wanted.said()),
         "may_name": may(actor, Permission.ACCOUNT_READ)},
    )  # fmt: skip


@route(Permission.FILTER_KEEP)
@require_POST
def keep(request: StaffRequest) -> HttpResponse:
    """Save the filter that is shown."""
    wanted, form = Filter.read(request.POST.dict()), SaveForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            saved_filters.keep(request.actor, said["name"], wanted, shared=said["shared"])
        except CaseworkError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Kept. You find it under “Saved filters”."))
    else:
        messages.error(request, _("Give the filter a name."))
    return redirect(_address(wanted))


@route(Permission.FILTER_KEEP)
@require_POST
def forget(request: StaffRequest, filter_id: UUID) -> HttpResponse:
    """Remove a saved filter."""
    saved_filters.remove(request.actor, filter_id)
    messages.success(request, _("Removed."))
    return redirect("queue")


@route(Permission.BULK_READ)
@require_POST
def many(request: StaffRequest) -> HttpResponse:
    """First say how many cases it will be, then do it."""
    actor, now = request.actor, timezone.now()
    form = BulkForm(actor, request.POST)
    wanted = _chosen(request)
    if not form.is_valid():
        messages.error(request, _("Choose what is to be done."))
        return redirect(_address(wanted))
    if not may(actor, bulk.PERMISSIONS[form.plan.kind]):
        messages.error(request, words.why("not_permitted"))
        return redirect(_address(wanted))
    try:
        bulk.check(form.plan)
        if request.POST.get("confirmed"):
            done = bulk.start(
                actor, wanted, form.plan, confirmed=request.POST["confirmed"], now=now
            )
            return redirect("bulk", done.pk)
        ids = bulk.cases(actor, wanted, form.plan.kind, now)
    except CaseworkError as refused:
        messages.error(request, str(refused))
        return redirect(_address(wanted))
    hidden = {**wanted.said(), **{
        name: request.POST.get(name, "")
        for name in ("kind", "scope", "to_user", "title", "due_on", "to_office", "reason")
    }}  # fmt: skip
    return render(
        request,
        "web/queue_confirm.html",
        {"plan": form.plan, "count": len(ids), "confirmed": bulk.fingerprint(ids),
         "hidden": hidden, "ids": wanted.found or (), "back": _address(wanted),
         "at_once": len(ids) <= bulk.AT_ONCE},
    )  # fmt: skip


@route(Permission.BULK_READ)
def one_bulk(request: StaffRequest, bulk_id: UUID) -> HttpResponse:
    """How far it is; a POST takes it back."""
    row = access.load(request.actor, Permission.BULK_READ, Bulk, bulk_id, purpose=PURPOSE)
    if request.method == "POST":
        try:
            bulk.undo(request.actor, row.pk)
        except CaseworkError as refused:
            messages.error(request, str(refused))
        return redirect("bulk", row.pk)
    part = "web/_bulk.html" if request.headers.get("HX-Request") else "web/queue_bulk.html"
    return render(request, part, {"bulk": row, "share": round(100 * row.done / row.total)})


@route(Permission.CLAIM_TAKE)
@require_POST
def claim(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Begin, stop, or (a supervisor) take over from a colleague."""
    actor = request.actor
    access.load(actor, Permission.CLAIM_TAKE, Enquiry, enquiry_id, purpose=PURPOSE)
    match request.POST.get("do"):
        case "release":
            claims.release(actor, enquiry_id)
        case "take_over":
            try:
                claims.take_over(actor, enquiry_id, request.POST.get("reason", ""))
            except CaseworkError as refused:
                messages.error(request, str(refused))
        case _:
            if claims.claim(actor, enquiry_id) is None:
                messages.warning(request, _("A colleague works on it at this moment."))
    return redirect("enquiry", enquiry_id)


def colleagues(actor: Actor) -> QuerySet[User]:
    """Who works on cases in the actor's office; a coordinator's: in all."""
    users = User.objects.filter(is_active=True, role__in=WORKERS).order_by("name", "email")
    return users if actor.role is Role.COORDINATOR else users.filter(office=actor.office_id)


def _found(actor: Actor, search: SearchForm, page: dict[str, Any]) -> Filter:
    """The cases that the words may mean, whatever the view."""
    purpose = Purpose(search.cleaned_data["purpose"])
    try:
        found = queue.find(actor, search.cleaned_data["q"], purpose)
    except RebuildingError:
        page["rebuilding"] = True
        found = ()
    except QuestionError as refused:
        search.add_error("q", str(refused))
        found = ()
    page["searched"] = True
    return Filter(View.ALL, found=found)


def _chosen(request: StaffRequest) -> Filter:
    """The filter that a form carries: all of it, or the lines that were marked."""
    wanted = Filter.read(request.POST.dict())
    if request.POST.get("scope") == "whole":
        return wanted
    ids = (as_uuid(text) for text in request.POST.getlist("case"))
    return Filter(View.ALL, found=tuple(pk for pk in ids if pk is not None))


def _lines(
    actor: Actor, cases: list[Enquiry], *, with_names: bool, with_reasons: bool = True
) -> list[Line]:
    """Reasons and names are read for what is shown, and audited; the rest is ids and counts."""
    may_read = with_reasons and may(actor, Permission.NEED_READ)
    reasons = needs.shown(actor, cases) if may_read and cases else {}
    held, marked = claims.holders([case.pk for case in cases]), queue.marks(actor, cases)
    names: dict[UUID, str] = {}
    if with_names and cases:
        sought = [case.sought for case in cases]
        contents = access.read(actor, Permission.ACCOUNT_READ, sought, purpose=PURPOSE)
        names = {one.pk: caption(said) for one, said in zip(sought, contents, strict=True)}
    return [
        Line(case, reasons.get(case.pk), marked[case.pk], held.get(case.pk),
             names.get(case.sought_id, ""))
        for case in cases
    ]  # fmt: skip


def _tabs(actor: Actor, wanted: Filter, now: dt.datetime) -> list[Tab]:
    counted = queue.counts(actor, Filter(), now)
    return [
        Tab(view, str(words.VIEWS[view.value]), count, _address(Filter(view)),
            view is wanted.view and wanted.found is None)
        for view, count in counted.items()
    ]  # fmt: skip


def _kinds(actor: Actor) -> list[BulkKind]:
    if not may(actor, Permission.BULK_READ):
        return []
    return [kind for kind in BulkKind if may(actor, bulk.PERMISSIONS[kind])]


def _address(wanted: Filter) -> str:

    return f"{reverse('queue')}?{urlencode(wanted.said())}"


def _choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
    field.queryset = rows
