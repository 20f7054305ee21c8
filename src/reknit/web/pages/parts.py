"""What several pages share: stated purposes, pages of long lists, a person's content in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reknit.guard.permissions import Permission, granted
from reknit.vocabulary import Actor, Purpose, Relation, Role
from reknit.web import words

ROWS_A_PAGE = 25

OF_ROLE: Mapping[Role, tuple[Purpose, ...]] = {
    Role.DESK: (Purpose.REGISTRATION, Purpose.FAMILY_TRACING),
    Role.CASEWORKER: (
        Purpose.FAMILY_TRACING, Purpose.ASK_THE_PERSON, Purpose.REGISTRATION,
        Purpose.VITAL_INTEREST, Purpose.SUBJECT_REQUEST,
    ),
    Role.SUPERVISOR: (
        Purpose.FAMILY_TRACING, Purpose.ASK_THE_PERSON, Purpose.QUALITY, Purpose.REGISTRATION,
        Purpose.VITAL_INTEREST, Purpose.SUBJECT_REQUEST,
    ),
    Role.DATA_PROTECTION_OFFICER: (Purpose.DATA_PROTECTION, Purpose.SUBJECT_REQUEST),
    Role.COORDINATOR: (Purpose.REGISTRATION, Purpose.OPERATIONS),
    Role.ADMINISTRATOR: (Purpose.OPERATIONS,),
}  # fmt: skip
"""The purposes that a role's work has, the usual one first."""

SHOWN_FIRST = (
    "full_name", "given_name", "family_name", "alternate_names", "sex", "date_of_birth", "age",
    "relatives", "home_street", "home_neighborhood", "home_city", "home_state",
    "home_postal_code", "home_country", "identifiers", "description", "person_record_id",
    "source_name", "source_date",
)  # fmt: skip
"""The columns of an account in the order in which a page shows them."""


class PurposeForm(forms.Form):
    """Why somebody looks: asked once, then carried along."""

    purpose = forms.ChoiceField(label=_("Why do you look?"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for mypy
        field.choices = words.choices(purposes_of(actor))
        field.help_text = _("Written into the audit with what you see.")


def purposes_of(actor: Actor) -> tuple[Purpose, ...]:
    """The purposes that somebody in this role may state."""
    return OF_ROLE[actor.role] if actor.role is not None else ()


def stated_purpose(request: HttpRequest, actor: Actor) -> Purpose | None:
    """The purpose that the address or form states; None when it states none of this role's."""
    said = request.POST.get("purpose") or request.GET.get("purpose")
    return next((p for p in purposes_of(actor) if p.value == said), None)


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes none
    """A choice among colleagues, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """How a colleague is called."""
        return str(obj.name or obj.email)


def may(actor: Actor, permission: Permission) -> bool:
    """Whether to offer a button; what it leads to asks again."""
    return granted(permission, actor) is not None


def page_of(request: HttpRequest, rows: QuerySet[Any] | list[Any], size: int = ROWS_A_PAGE) -> Page:  # type: ignore[type-arg]
    """The page that the address asks for; the last where it asks for too much."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


@dataclass(frozen=True, slots=True)
class Line:
    """One column of one person, for a page."""

    column: str
    label: str
    text: str


def lines_of(content: Mapping[str, Any]) -> list[Line]:
    """What is known of a person, in a page's order; what is empty is left out."""
    known = [c for c in SHOWN_FIRST if content.get(c)]
    return [Line(column, words.of(column), _text(column, content)) for column in known]


def caption(content: Mapping[str, Any]) -> str:
    """What a person is called: the first of their names."""
    full = _joined(content.get("full_name")).splitlines()
    if full:
        return full[0]
    return " ".join(_joined(content.get(c)) for c in ("given_name", "family_name")).strip()


def as_uuid(text: str | None) -> UUID | None:
    """The id that a form carries; None for anything else."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _text(column: str, content: Mapping[str, Any]) -> str:
    """What a column says; the closed ones in the reader's language."""
    text = _joined(content.get(column))
    if column == "relatives":
        return "\n".join(_relative(line) for line in text.splitlines())
    return words.of(text) if column == "sex" and text else text


def _relative(line: str) -> str:
    """A relative, with the table's own word for the relation in the reader's language; what the
    family wrote in words of theirs stays."""
    relation, colon, name = line.partition(":")
    if not colon or relation.strip() not in set(Relation):
        return line
    return f"{words.of(relation.strip())}: {name.strip()}"


def _joined(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Iterable):
        return "\n".join(str(one) for one in value)
    return str(value or "")
