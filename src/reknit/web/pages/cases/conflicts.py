"""Two people changed one case: both are shown, and whoever comes second chooses.

Rules: a form carries the version of the case that it was made from; where a colleague has changed
the case since, nothing was written, and the page says what stands there now beside what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from reknit.casework import timeline
from reknit.casework.versions import Changed
from reknit.records.models import Enquiry
from reknit.web.pages.cases.header import header
from reknit.web.routes import StaffRequest

_NOT_KEPT = {"csrfmiddlewaretoken", "version", "differs"}


class VersionForm(forms.Form):
    """A form that says from which version of the case it was made."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Both:
    """One field twice. then: what the form was made from, None where that is not known. choice:
    what is chosen beforehand: what only one of the two changed; "" where both did."""

    name: str
    label: str
    theirs: str
    mine: str
    then: str | None = None

    @property
    def choice(self) -> str:
        """ "theirs", "mine", or "" where the reader has to say."""
        if self.then is None:
            return ""
        if self.theirs == self.then:
            return "mine"
        return "theirs" if self.mine == self.then else ""


def differing(
    labels: Mapping[str, str],
    theirs: Mapping[str, str],
    mine: Mapping[str, str],
    then: Mapping[str, str] | None,
) -> list[Both]:
    """The fields that say different things now."""
    return [
        Both(name, label, theirs.get(name, ""), mine.get(name, ""),
             None if then is None else then.get(name, ""))
        for name, label in labels.items()
        if theirs.get(name, "") != mine.get(name, "")
    ]  # fmt: skip


def conflict(
    request: StaffRequest,
    enquiry: Enquiry,
    sought: dict[str, object],
    changed: Changed,
    rows: list[Both],
    *,
    choose: bool,
) -> HttpResponse:
    """The page. choose: field by field; else the whole change is made again, or left."""
    kept = [
        (name, value)
        for name in request.POST
        if name not in _NOT_KEPT and not name.startswith("pick-")
        for value in request.POST.getlist(name)
    ]
    people = [line for line in timeline.of(request.actor, enquiry) if line.who is not None]
    page = {
        **header(request, enquiry, sought, ""),
        "rows": rows,
        "kept": kept,
        "version": changed.version,
        "choose": choose,
        "latest": people[0] if people else None,
        "action": request.path,
    }
    return render(request, "web/case_changed.html", page, status=409)
