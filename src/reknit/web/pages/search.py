"""Search: for one person, by a name, a number or a relative, for a stated purpose.

One box takes any of the three, in any script; it answers while somebody types, once they pause.
Each search that is made states its purpose, is audited and counts whom it shows, also one of those:
what has fewer than LEAST signs is not looked for. What is looked for travels in the form, never in
the address: addresses end up in logs and histories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from reknit.guard import access, searching
from reknit.guard.permissions import Permission
from reknit.guard.searching import Found, QuestionError, RebuildingError
from reknit.records.models import Account, AccountKind
from reknit.standardise.relatives import standardise_relation
from reknit.vocabulary import Purpose
from reknit.web.pages.parts import Line, PurposeForm, caption, lines_of
from reknit.web.routes import StaffRequest, route

TOP = 10
FEWEST_DIGITS = 4
LEAST = 3
"""Signs in the box before a search is made while somebody types."""
LIVE = {
    "hx-post": reverse_lazy("search"), "hx-trigger": "input changed delay:800ms",
    "hx-include": "closest form", "hx-target": "#results", "hx-sync": "closest form:abort",
    "hx-indicator": "#busy", "aria-controls": "results",
}  # fmt: skip
IN_SHORT = {"sex", "date_of_birth", "age", "home_city", "home_country", "relatives"}


class SearchForm(PurposeForm):
    """Whom to look for."""

    full_name = forms.CharField(
        label=_("Name, number or relative"), required=False, max_length=200,
        help_text=_("In any script: “Idris Haddad”, “passport: A1234567”, “father: Yusuf Haddad”."),
        widget=forms.TextInput(
            attrs={"data-search": "", "dir": "auto", "autocomplete": "off", **LIVE}
        ),
    )  # fmt: skip
    identifiers = forms.CharField(
        label=_("Number"), required=False, max_length=200,
        help_text=_("Passport, registration or case number, as “passport: A1234567”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    relatives = forms.CharField(
        label=_("A relative"), required=False, max_length=200,
        help_text=_("As “father: Yusuf Haddad”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    date_of_birth = forms.CharField(
        label=_("Date of birth"), required=False, max_length=40,
        help_text=_("1987, 1987-04 or 1987-04-02."),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("Sex"), required=False,
        choices=[("", _("unknown")), ("female", _("Female")), ("male", _("Male")),
                 ("other", _("Other"))],
    )  # fmt: skip
    home_city = forms.CharField(
        label=_("Home town"), required=False, max_length=120,
        help_text=_("A place only puts likelier people first."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Among"), widget=forms.RadioSelect, initial=AccountKind.FOUND.value,
        choices=[(AccountKind.FOUND.value, _("people who were found or registered")),
                 (AccountKind.SOUGHT.value, _("people who are sought"))],
    )  # fmt: skip

    field_order = (
        "full_name", "relatives", "identifiers", "date_of_birth", "sex", "home_city", "kind",
        "purpose",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Something by which one person can be known; a place alone lists people, and does not."""
        said = super().clean() or {}
        if not any(said.get(field) for field in ("full_name", "identifiers", "relatives")):
            raise forms.ValidationError(
                _("Give a name, a number or a relative. Reknit lists nobody by place, age or sex.")
            )
        return said

    @property
    def question(self) -> dict[str, str]:
        """The columns that were filled; what the box says goes to the column that it is about."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if value and name not in {"kind", "purpose", "full_name"}
        }
        text = self.cleaned_data.get("full_name", "")
        if text:
            column = column_of(text)
            said[column] = "\n".join(filter(None, (said.get(column), text)))
        return said


def column_of(text: str) -> str:
    """What the words in the box are about: a relative, a number of a paper, else a name.

    >>> column_of("father: Yusuf Haddad"), column_of("أخت: أمل"), column_of("passport: A1234567")
    ('relatives', 'relatives', 'identifiers')
    >>> column_of("N 0123 456"), column_of("إدريس حداد"), column_of("John 3")
    ('identifiers', 'full_name', 'full_name')
    """
    word, colon, _rest = text.partition(":")
    if colon and standardise_relation(word.strip()) is not None:
        return "relatives"
    digits = sum(sign.isdecimal() for sign in text)
    return "identifiers" if colon or digits >= FEWEST_DIGITS else "full_name"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the page shows it."""

    account: Account
    hit: Found
    caption: str
    lines: list[Line]
    may_open: bool


@route(Permission.ACCOUNT_SEARCH)
def search(request: StaffRequest) -> HttpResponse:
    """The form, and under it what was found; while somebody types, what was found alone."""
    live = request.headers.get("HX-Request") == "true"
    form = SearchForm(request.actor, request.POST or None)
    page: dict[str, Any] = {"form": form}
    if live and len(request.POST.get("full_name", "").strip()) < LEAST:
        return render(request, "web/_found.html", {})
    if request.method == "POST" and form.is_valid():
        page |= _looked_for(request, form)
    if live:
        return render(request, "web/_found.html", page | {"errors": form.errors})
    return render(request, "web/search.html", page, status=503 if "rebuilding" in page else 200)


def _looked_for(request: StaffRequest, form: SearchForm) -> dict[str, Any]:
    purpose, kind = Purpose(form.cleaned_data["purpose"]), form.cleaned_data["kind"]
    try:
        hits = searching.search(request.actor, kind, form.question, purpose=purpose, top=TOP)
    except RebuildingError:
        return {"rebuilding": True}
    except QuestionError as refused:
        form.add_error(None, str(refused))
        return {}
    ids = [hit.account_id for hit in hits]
    may_open = access.among(request.actor, Permission.ACCOUNT_READ, Account, ids)
    found = [_answer(hit, hit.account_id in may_open) for hit in hits]
    return {"found": found, "purpose": purpose}


def _answer(hit: Found, may_open: bool) -> Answer:
    short = [line for line in lines_of(hit.content) if line.column in IN_SHORT]
    return Answer(hit.account, hit, caption(hit.content), short, may_open)
