"""Lists: bring one in, see what was understood, correct what was not, take it back."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake import imports
from reknit.intake.errors import IntakeError, MirrorError
from reknit.queue.models import Job
from reknit.records.models import AccountKind, Batch, BatchState
from reknit.vocabulary import LegalBasis, Purpose
from reknit.web import sentences, words
from reknit.web.pages.parts import may, page_of
from reknit.web.pages.sources import SourceField
from reknit.web.routes import StaffRequest, route

FILES = ".csv,.tsv,.xlsx,.jsonl,.parquet"


class ImportForm(forms.Form):
    """A list and where it is from."""

    file = forms.FileField(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy(
            "CSV, Excel, Parquet or JSON Lines with a header row; 20 MB at most."
        ),
        widget=forms.FileInput(attrs={"accept": FILES}),
    )
    source = forms.CharField(
        label=gettext_lazy("Whose list is it?"),
        max_length=200,
        help_text=gettext_lazy(
            "The desk or organisation. Use the same name for a newer version of the same list."
        ),
    )
    copies = SourceField()
    kind = forms.ChoiceField(
        label=gettext_lazy("Who is on it?"),
        widget=forms.RadioSelect,
        choices=[
            (AccountKind.FOUND.value, gettext_lazy("People who were found or registered")),
            (AccountKind.SOUGHT.value, gettext_lazy("People who are sought")),
        ],
        initial=AccountKind.FOUND.value,
    )
    legal_basis = forms.ChoiceField(
        label=gettext_lazy("On what ground may we keep it?"),
        choices=words.choices(LegalBasis),
        initial=LegalBasis.PUBLIC_INTEREST.value,
    )
    why = forms.CharField(
        label=gettext_lazy("Why is it imported?"),
        max_length=300,
        help_text=gettext_lazy("One sentence without names; it is written into the audit."),
    )


class CorrectedForm(forms.Form):
    """Rejected rows, corrected."""

    file = forms.FileField(
        label=gettext_lazy("The corrected rows"), widget=forms.FileInput(attrs={"accept": FILES})
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("One sentence without names; it is written into the audit."),
    )


@route(Permission.IMPORT_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The lists that came in, the latest first."""
    rows = access.visible(request.actor, Permission.IMPORT_READ, Batch.objects.all())
    page = page_of(request, rows.select_related("source", "office").order_by("-created_at"))
    return render(
        request,
        "web/imports.html",
        {"page": page, "may_add": may(request.actor, Permission.IMPORT_ADD)},
    )


@route(Permission.IMPORT_ADD)
def add(request: StaffRequest) -> HttpResponse:
    """Take an upload; a job imports it."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            batch = imports.start(
                request.actor,
                said["file"].read(),
                said["file"].name,
                said["source"],
                AccountKind(said["kind"]),
                purpose=Purpose.REGISTRATION,
                why=said["why"],
                legal_basis=LegalBasis(said["legal_basis"]),
                copies=said["copies"],
            )
        except MirrorError as refused:
            form.add_error("copies", str(refused))
        except IntakeError as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("import", batch.id)
    return render(request, "web/import_new.html", {"form": form})


@route(Permission.IMPORT_READ)
@require_safe
def one(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """One list: how far it is, then what it left."""
    batch = access.load(
        request.actor, Permission.IMPORT_READ, Batch.objects.select_related("source", "office"),
        batch_id, purpose=Purpose.REGISTRATION,
    )  # fmt: skip
    is_open = batch.state in {BatchState.WAITING, BatchState.RUNNING}
    page: dict[str, Any] = {
        "batch": batch,
        "is_open": is_open,
        "job": Job.objects.filter(name="import", subject_id=str(batch.id)).first(),
        "is_mine": batch.imported_by_id == request.staff.pk,
        "may_undo": batch.state == BatchState.DONE and may(request.actor, Permission.IMPORT_UNDO),
    }
    if request.htmx and is_open:  # type: ignore[attr-defined]
        return render(request, "web/_import_progress.html", page)
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    if not is_open and page["is_mine"]:
        page["report"] = imports.report(request.actor, batch.id)
        page["corrected"] = CorrectedForm()
        if page["report"].counted is not None:
            page["understood"] = sentences.understood(page["report"].counted)
    return render(request, "web/import.html", page)


@route(Permission.IMPORT_PEOPLE)
@require_safe
def rejected(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """The rows that were set aside, as a CSV file to correct; why, in the reader's language."""
    rows = _with_reasons(imports.report(request.actor, batch_id).rejected)
    response = HttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-{batch_id}.csv"'
    return response


@route(Permission.IMPORT_ADD)
@require_POST
def correct(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """The corrected rows join the list that they were set aside from."""
    batch = access.load(
        request.actor, Permission.IMPORT_READ, Batch.objects.select_related("source"), batch_id,
        purpose=Purpose.REGISTRATION,
    )  # fmt: skip
    form = CorrectedForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            added = imports.start(
                request.actor, upload.read(), upload.name, batch.source.name,
                AccountKind(batch.kind), purpose=Purpose.REGISTRATION,
                why=_("Corrected rows"), completes=batch.id,
            )  # fmt: skip
        except IntakeError as refused:
            messages.error(request, str(refused))
        else:
            return redirect("import", added.id)
    else:
        messages.error(request, _("Choose the file with the corrected rows."))
    return redirect("import", batch_id)


@route(Permission.IMPORT_UNDO)
def undo(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Take an import back, with a reason."""
    batch = access.load(
        request.actor, Permission.IMPORT_UNDO, Batch.objects.select_related("source"), batch_id,
        purpose=Purpose.REGISTRATION,
    )  # fmt: skip
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            imports.undo(request.actor, batch.id, form.cleaned_data["reason"])
        except IntakeError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The list was taken back."))
            return redirect("import", batch.id)
    return render(request, "web/import_undo.html", {"batch": batch, "form": form})


def _with_reasons(rejected: bytes) -> bytes:
    """The rows as CSV, with the reader's words for each reason; one at a time, for they may be
    many."""
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(rejected), "utf-8", newline=""))
    header = next(rows, [])
    out = io.BytesIO()
    text = io.TextIOWrapper(out, "utf-8", newline="")
    write = csv.writer(text, lineterminator="\n").writerow
    write(header)
    reason = header.index("reason") if header else 0
    for row in rows:
        write([*row[:reason], sentences.said(row[reason], marks=False), *row[reason + 1 :]])
    text.flush()
    return out.getvalue()
