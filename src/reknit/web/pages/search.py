"""Search: for one person, by a name, a number or a relative, for a stated purpose.

What is looked for travels in the form, never in the address: addresses end up in logs and
histories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from reknit.guard import searching
from reknit.guard.permissions import Permission
from reknit.guard.searching import Found, QuestionError, RebuildingError
from reknit.records.models import Account, AccountKind
from reknit.vocabulary import Purpose
from reknit.web.pages.parts import Line, PurposeForm, caption, lines_of
from reknit.web.routes import StaffRequest, route

TOP = 10
IN_SHORT = {"sex", "date_of_birth", "age", "home_city", "home_country", "relatives"}


class SearchForm(PurposeForm):
    """Whom to look for."""

    full_name = forms.CharField(
        label=_("Name"), required=False, max_length=200,
        help_text=_("In any script, as complete as you know it."),
        widget=forms.TextInput(attrs={"data-search": "", "dir": "auto", "autocomplete": "off"}),
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
        """The columns that were filled."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value and name not in {"kind", "purpose"}
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the page shows it."""

    account: Account
    hit: Found
    caption: str
    lines: list[Line]


@route(Permission.ACCOUNT_SEARCH)
def search(request: StaffRequest) -> HttpResponse:
    """The form, and under it what was found."""
    form = SearchForm(request.actor, request.POST or None)
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        purpose = Purpose(form.cleaned_data["purpose"])
        try:
            hits = searching.search(
                request.actor, form.cleaned_data["kind"], form.question, purpose=purpose, top=TOP
            )
        except RebuildingError:
            page["rebuilding"] = True
        except QuestionError as refused:
            form.add_error(None, str(refused))
        else:
            page |= {"found": [_answer(hit) for hit in hits], "purpose": purpose}
    return render(request, "web/search.html", page, status=503 if "rebuilding" in page else 200)


def _answer(hit: Found) -> Answer:
    short = [line for line in lines_of(hit.content) if line.column in IN_SHORT]
    return Answer(hit.account, hit, caption(hit.content), short)
