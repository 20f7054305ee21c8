"""What is to be done for a case, and what is to be remembered."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import notes, tasks
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Note, Task
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, User
from reknit.vocabulary import Actor, Role
from reknit.web.pages.cases.header import PURPOSE, content_of, header, is_in, loaded
from reknit.web.pages.parts import StaffField, page_of
from reknit.web.routes import StaffRequest, route

_TASK = {"done": tasks.done, "undo": tasks.undo, "remove": tasks.remove}
_NOTE = {"remove": notes.remove, "restore": notes.restore}


class TaskForm(forms.Form):
    """What, until when, by whom."""

    title = forms.CharField(
        label=gettext_lazy("What is to be done?"), max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    due = forms.DateField(
        label=gettext_lazy("Until when?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    to = StaffField(
        label=gettext_lazy("By whom?"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("whoever works on the case"),
    )  # fmt: skip

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = User.objects.filter(
            office=office_id, is_active=True,
            role__in=[Role.CASEWORKER.value, Role.SUPERVISOR.value],
        )  # fmt: skip


class NoteForm(forms.Form):
    """A few words."""

    text = forms.CharField(
        label=gettext_lazy("What is to be remembered?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Kept sealed; whoever works on the case reads it."),
    )  # fmt: skip


@route(Permission.TASK_READ)
@require_safe
def index(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """The tasks, open ones first by date; the notes, latest first."""
    actor = request.actor
    enquiry = loaded(actor, Permission.TASK_READ, enquiry_id)
    sought = content_of(actor, enquiry.sought)
    page = page_of(request, _notes(actor, enquiry))
    written = access.read(actor, Permission.NOTE_READ, list(page), purpose=PURPOSE)
    return render(
        request,
        "web/case_tasks.html",
        {
            **header(request, enquiry, sought, "enquiry_tasks"),
            "tasks": tasks_of(actor, enquiry),
            "page": page,
            "notes": list(zip(page, written, strict=True)),
            "task_form": TaskForm(enquiry.office_id),
            "note_form": NoteForm(),
            "may_change": is_in(actor, Permission.TASK_CHANGE, enquiry),
        },
    )


@route(Permission.TASK_CHANGE)
@require_POST
def add_task(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """A new task."""
    enquiry = loaded(request.actor, Permission.TASK_CHANGE, enquiry_id)
    form = TaskForm(enquiry.office_id, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        due = said["due"]
        at = None if due is None else dt.datetime.combine(due, dt.time(23, 59), dt.UTC)
        to = said["to"] or enquiry.assigned_to
        try:
            tasks.add(request.actor, enquiry_id, said["title"], at, to)
        except CaseworkError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The task is on the list."))
    else:
        messages.error(request, _("Say what is to be done, and a date that there is."))
    return redirect("enquiry_tasks", enquiry_id)


@route(Permission.TASK_CHANGE)
@require_POST
def task(request: StaffRequest, task_id: UUID) -> HttpResponse:
    """Done; not done after all; written by mistake."""
    row = access.load(request.actor, Permission.TASK_CHANGE, Task, task_id, purpose=PURPOSE)
    _act(request, _TASK.get(request.POST.get("act", "")), row.pk)
    return redirect("enquiry_tasks", row.enquiry_id)


@route(Permission.NOTE_ADD)
@require_POST
def add_note(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """A new note."""
    loaded(request.actor, Permission.NOTE_ADD, enquiry_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        notes.add(request.actor, enquiry_id, form.cleaned_data["text"])
        messages.success(request, _("Kept."))
    else:
        messages.error(request, _("Write something."))
    return redirect("enquiry_tasks", enquiry_id)


@route(Permission.NOTE_ADD)
@require_POST
def note(request: StaffRequest, note_id: UUID) -> HttpResponse:
    """Take a note away, or bring it back."""
    row = access.load(request.actor, Permission.NOTE_ADD, Note, note_id, purpose=PURPOSE)
    _act(request, _NOTE.get(request.POST.get("act", "")), row.pk)
    return redirect("enquiry_tasks", row.enquiry_id)


def tasks_of(actor: Actor, enquiry: Enquiry) -> list[dict[str, Any]]:
    """The tasks with their titles: open ones by date, then those that are done or taken away."""
    rows = Task.objects.filter(enquiry=enquiry).select_related("assigned_to", "done_by")
    seen = list(access.visible(actor, Permission.TASK_READ, rows)[:200])
    seen.sort(key=_urgency)
    titles = access.read(actor, Permission.TASK_READ, seen, purpose=PURPOSE)
    now = timezone.now()
    return [
        {
            "row": row, "title": said["title"],
            "is_open": row.done_at is None and row.removed_at is None,
            "is_late": row.done_at is None and row.due_at is not None and row.due_at < now,
        }
        for row, said in zip(seen, titles, strict=True)
    ]  # fmt: skip


def _urgency(task: Task) -> tuple[bool, bool, dt.datetime]:
    closed = task.removed_at is not None or task.done_at is not None
    return closed, task.due_at is None, task.due_at or task.added_at


def _notes(actor: Actor, enquiry: Enquiry) -> Any:
    rows = Note.objects.filter(enquiry=enquiry).select_related("by")
    return access.visible(actor, Permission.NOTE_READ, rows).order_by("-at", "pk")


def _act(request: StaffRequest, work: Any, row_id: UUID) -> None:
    try:
        if work is None:
            raise CaseworkError(_("Choose what to do with it."))
        work(request.actor, row_id)
    except CaseworkError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Changed. You can take it back."))
