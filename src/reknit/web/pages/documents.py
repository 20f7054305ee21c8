"""Documents and photos: taken in written anew, opened one at a time, audited."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake import documents
from reknit.intake.errors import IntakeError
from reknit.records.models import Document, Enquiry
from reknit.vocabulary import Purpose
from reknit.web.pages.imports import ReasonForm
from reknit.web.pages.people import loaded
from reknit.web.routes import StaffRequest, route

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


class DocumentForm(forms.Form):
    """A picture or PDF, and what it is."""

    title = forms.CharField(
        label=gettext_lazy("What is it?"), max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        help_text=gettext_lazy(
            "20 MB at most. It is written anew; hidden data such as its position is dropped."
        ),
    )  # fmt: skip


@route(Permission.DOCUMENT_ADD)
def add(request: StaffRequest, to: str, to_id: UUID) -> HttpResponse:
    """Keep a document with a person or an enquiry."""
    account = enquiry = None
    if to == "person":
        account = loaded(request.actor, to_id, Purpose.REGISTRATION)
        back = f"{reverse('person', args=[to_id])}?purpose={Purpose.FAMILY_TRACING.value}"
    elif to == "enquiry":
        enquiry = access.load(
            request.actor, Permission.DOCUMENT_ADD, Enquiry, to_id, purpose=Purpose.FAMILY_TRACING
        )
        back = reverse("enquiry", args=[to_id])
    else:
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            documents.add(
                request.actor, upload.read(), form.cleaned_data["title"], upload.name,
                account=account, enquiry=enquiry,
            )  # fmt: skip
        except IntakeError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect(back)
    return render(request, "web/document_new.html", {"form": form, "back": back})


@route(Permission.DOCUMENT_READ)
@require_safe
def one(request: StaffRequest, document_id: UUID) -> HttpResponse:
    """The document's bytes; as a download where a browser would run what is in it."""
    opened = documents.open(request.actor, document_id)
    response = HttpResponse(opened.data, content_type=opened.media_type)
    ending = ENDINGS.get(opened.media_type, "bin")
    kind = "inline" if opened.media_type.startswith("image/") else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="document-{document_id}.{ending}"'
    return response


@route(Permission.DOCUMENT_REMOVE)
def remove(request: StaffRequest, document_id: UUID) -> HttpResponse:
    """Take a document out, with a reason; or, for a month, put it back."""
    document = access.load(
        request.actor, Permission.DOCUMENT_REMOVE, Document, document_id,
        purpose=Purpose.FAMILY_TRACING,
    )  # fmt: skip
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and document.removed_at is not None:
        documents.put_back(request.actor, document.pk)
        messages.success(request, _("It is there again."))
        return redirect(_home_of(document))
    if request.method == "POST" and form.is_valid():
        documents.remove(request.actor, document.pk, form.cleaned_data["reason"])
        messages.success(request, _("Taken out. It can be put back for a month."))
        return redirect("document_remove", document.pk)
    page = {"form": form, "document": document, "back": _home_of(document)}
    return render(request, "web/document_remove.html", page)


def _home_of(document: Document) -> str:
    """The page that it is kept with."""
    if document.enquiry_id is not None:
        return reverse("enquiry", args=[document.enquiry_id])
    return f"{reverse('person', args=[document.account_id])}?purpose={Purpose.FAMILY_TRACING.value}"
