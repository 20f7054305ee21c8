"""Edit what an enquiry says; who comes second is shown both versions, field by field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reknit.casework import edits
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Edit
from reknit.casework.versions import Changed
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Enquiry
from reknit.vocabulary import Actor
from reknit.web.pages.cases.conflicts import conflict, differing
from reknit.web.pages.cases.header import PURPOSE, content_of, header, loaded
from reknit.web.pages.enquiries import EnquiryForm
from reknit.web.routes import StaffRequest, route

FIELDS = (*edits.SOUGHT, *edits.SEEKER)


class EditForm(EnquiryForm):
    """What can be changed later: all but the contact, which is kept apart."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, listed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["phones"]
        if listed:  # a list says who is sought, and not always who seeks
            for name in edits.SEEKER:
                self.fields[name].required = False


@route(Permission.ENQUIRY_CHANGE)
def edit(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Change what the enquiry says. What was there before stays as a version."""
    actor = request.actor
    enquiry = loaded(actor, Permission.ENQUIRY_CHANGE, enquiry_id)
    sought = content_of(actor, enquiry.sought)
    (case,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=PURPOSE)
    now = _texts(sought | case)
    listed = bool(case.get("listed"))
    form = EditForm(request.POST or None, initial=now | {"version": enquiry.version}, listed=listed)
    if request.method == "POST" and form.is_valid():
        said = {name: _plain(form.cleaned_data[name]) for name in FIELDS}
        mine = _chosen(request, said)
        if mine is None:
            messages.error(request, _("Choose for each field which of the two holds."))
        else:
            done = edits.change(
                actor, enquiry_id, _only(mine, edits.SOUGHT), _only(mine, edits.SEEKER),
                seen=form.cleaned_data["version"],
            )  # fmt: skip
            if not isinstance(done, Changed):
                messages.success(request, _("Changed. What it said before stays as a version."))
                return redirect("enquiry", enquiry_id)
        labels = {name: str(form.fields[name].label) for name in FIELDS}
        then = _then(actor, enquiry, form.cleaned_data["version"])
        rows = differing(labels, now, said, then)
        return conflict(request, enquiry, sought, Changed(enquiry.version), rows, choose=True)
    return render(
        request, "web/case_edit.html", {**header(request, enquiry, sought, ""), "form": form}
    )


@route(Permission.ENQUIRY_CHANGE)
@require_POST
def undo_edit(request: StaffRequest, edit_id: UUID) -> HttpResponse:
    """Take the latest edit back."""
    row = access.load(request.actor, Permission.ENQUIRY_CHANGE, Edit, edit_id, purpose=PURPOSE)
    try:
        done = edits.undo(request.actor, row.pk)
    except CaseworkError as refused:
        messages.error(request, str(refused))
    else:
        if isinstance(done, Changed):
            messages.error(request, _("Somebody changed the case at this moment. Look again."))
        else:
            messages.success(request, _("Taken back; what was before holds again."))
    return redirect("enquiry", row.enquiry_id)


def _chosen(request: StaffRequest, said: dict[str, str]) -> dict[str, str] | None:
    """What is to be written: where both were shown, what was chosen; None where it was not."""
    mine = dict(said)
    for name in request.POST.getlist("differs"):
        match request.POST.get(f"pick-{name}"):
            case "theirs":
                mine.pop(name, None)
            case "mine":
                continue
            case _:
                return None
    return mine


def _then(actor: Actor, enquiry: Enquiry, seen: int) -> dict[str, str] | None:
    """What the enquiry said in the version that was seen; None where nobody kept it."""
    rows = Edit.objects.filter(enquiry=enquiry, version__gte=seen).select_related("sought_before")
    first = access.visible(actor, Permission.ENQUIRY_READ, rows).order_by("version").first()
    if first is None:
        return None
    if not access.visible(
        actor, Permission.ACCOUNT_READ, Account.objects.filter(pk=first.sought_before_id)
    ).exists():
        return None  # it stayed with the office that the case came from
    (said,) = access.read(actor, Permission.ENQUIRY_READ, [first], purpose=PURPOSE)
    return _texts(content_of(actor, first.sought_before) | said)


def _texts(content: dict[str, Any]) -> dict[str, str]:
    return {name: _plain(content.get(name)) for name in FIELDS}


def _plain(value: Any) -> str:
    """As a form sends it back: a line each, no spaces around."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return "\n".join(str(line).strip() for line in lines).strip()


def _only(said: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: said[name] for name in names if name in said}
