"""The menu: what each role finds where, in the order of the day's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reknit.guard.permissions import Permission, granted

if TYPE_CHECKING:
    from reknit.records.models import User


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a route, its word and picture, and what it takes to see it (None: nothing).

    also: where pages lie that belong to it under another address than its own.
    """

    route: str
    label: Promise
    icon: str
    permission: Permission | None
    note: Promise
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as one reader sees it; here: the page is under it."""

    url: str
    label: Promise
    icon: str
    note: Promise
    here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together."""

    label: Promise | str
    items: Sequence[Shown]


MENU: Sequence[tuple[Promise | str, Sequence[Entry]]] = (
    (
        "",
        (
            Entry("home", _("Start"), "home", None, _("What waits for you.")),
            Entry("queue", _("Queue"), "queue", Permission.ENQUIRY_LIST,
                  _("What is to be done, most needed first.")),
            Entry("search", _("Search"), "search", Permission.ACCOUNT_SEARCH,
                  _("Look for one person by name, number or relative."), ("/people/",)),
            Entry("enquiries", _("Enquiries"), "enquiry", Permission.ENQUIRY_LIST,
                  _("Who is sought, by whom, and who may be them.")),
            Entry("review", _("Review"), "eye", Permission.JUDGEMENT_ADD,
                  _("Candidates that wait for your verdict, one after the other.")),
            Entry("messages", _("Messages"), "message", Permission.MESSAGE_LIST,
                  _("What people write, the most urgent first.")),
            Entry("message_board", _("Messages in numbers"), "board", Permission.MESSAGE_COUNT,
                  _("How many come, how long they wait.")),
            Entry("registrations", _("Registered"), "shield", Permission.REGISTRATION_READ,
                  _("Who said that they are safe, and has to be verified.")),
            Entry("imports", _("Lists"), "import", Permission.IMPORT_READ,
                  _("Bring a list in, correct its rows, take it back."), ("/sources/",)),
            Entry("approvals", _("Approvals"), "approve", Permission.APPROVAL_READ,
                  _("What needs a second person.")),
        ),
    ),
    (
        _("Supervision"),
        (
            Entry("workload", _("Workload"), "chart", Permission.FIGURES_READ,
                  _("How much waits for whom, and at which step.")),
            Entry("transfers", _("Between offices"), "transfer", Permission.TRANSFER_READ,
                  _("Cases that are offered, accepted, declined.")),
            Entry("samples", _("Quality"), "approve", Permission.SAMPLE_READ,
                  _("Some judgements, looked at again without seeing the verdict."),
                  ("/looks/",)),
        ),
    ),
    (
        _("Trust"),
        (
            Entry("audit", _("Audit"), "audit", Permission.AUDIT_READ,
                  _("Who saw whom, when and why.")),
            Entry("alarms", _("Alarms"), "alarm", Permission.ALARM_READ,
                  _("Unusual reading, to be looked into.")),
            Entry("requests", _("Subject requests"), "rights", Permission.REQUEST_READ,
                  _("Access, correction, erasure and objection, with deadlines.")),
            Entry("retention", _("Retention"), "retention", Permission.RETENTION_READ,
                  _("What is to be erased, and when.")),
        ),
    ),
    (
        _("Installation"),
        (
            Entry("staff", _("Staff"), "people", Permission.USER_READ,
                  _("Who works here, in which role.")),
            Entry("offices", _("Offices"), "office", Permission.OFFICE_MANAGE,
                  _("Where people work.")),
            Entry("gateways", _("Gateways"), "source", Permission.GATEWAY_MANAGE,
                  _("Who may hand in messages.")),
            Entry("jobs", _("Background work"), "job", Permission.JOB_READ,
                  _("What runs, and how far it is.")),
            Entry("models", _("The model"), "versions", Permission.MODEL_READ,
                  _("What weighs candidates, and what judgements make of it.")),
            Entry("check", _("Check"), "health", Permission.INSTALLATION_CHECK,
                  _("What is misconfigured, and how to mend it.")),
        ),
    ),
)  # fmt: skip


def menu_for(user: User, request: HttpRequest) -> list[Group]:
    """The lines that this reader's role can use."""
    actor = user.as_actor()
    here = _here(request.path)
    groups = []
    for label, entries in MENU:
        shown = [
            Shown(reverse(entry.route), entry.label, entry.icon, entry.note, entry.route in here)
            for entry in entries
            if entry.permission is None or granted(entry.permission, actor) is not None
        ]
        if shown:
            groups.append(Group(label, shown))
    return groups


def menu_html(user: User, request: HttpRequest) -> SafeString:
    """`menu_for` as the pages show it; made once for each role, language and place."""
    kept = (user.role, get_language(), _here(request.path))
    if kept not in _RENDERED:
        _RENDERED[kept] = mark_safe(  # noqa: S308 - the template has escaped it
            render_to_string("web/_menu.html", {"menu": menu_for(user, request)})
        )
    return _RENDERED[kept]


_RENDERED: dict[tuple[str, str | None, frozenset[str]], SafeString] = {}


def _here(path: str) -> frozenset[str]:
    """The route of the menu that leads to a page or, most closely, to one that it is under."""
    over = [
        (len(url), route)
        for route, url in _addresses()
        if path == url or (url != "/" and path.startswith(url))
    ]
    return frozenset(route for _length, route in sorted(over)[-1:])


@cache
def _addresses() -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.route, url)
        for _label, entries in MENU
        for one in entries
        for url in (reverse(one.route), *one.also)
    )
