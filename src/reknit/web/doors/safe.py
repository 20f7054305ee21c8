"""The found person's door: "I am safe", with or without family, and who may know what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.intake import registrations
from reknit.intake.drafts import Answers
from reknit.intake.registrations import Agreed, Blocked, Person
from reknit.records.models import Office
from reknit.vocabulary import PUBLIC, GivenBy, Scope
from reknit.web.doors import dates, steps
from reknit.web.doors.forms import FAMILY_ROWS, FamilyForm, MayForm, WhereForm, YouForm
from reknit.web.doors.seek import said_of_person, understood
from reknit.web.doors.steps import Door, Said, Step
from reknit.web.routes import PUBLIC as ANYBODY
from reknit.web.routes import route

_REACHED = ("last_known_location", "phones", "how_to_reach")


def family_of(answers: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """Whom somebody registers with them: name, relation, the year as it was understood."""
    found = []
    for number in range(1, FAMILY_ROWS + 1):
        name = answers.get(f"name_{number}")
        if name:
            born = str(answers.get(f"born_{number}") or "")
            read = dates.read(born, "", timezone.now().date()) if born else None
            more = {"date_of_birth": read.kept} if read is not None else {}
            found.append((str(name), str(answers.get(f"relation_{number}") or "other"), more))
    return found


def agreed_of(you: dict[str, Any], may: dict[str, Any]) -> Agreed:
    """What the family may know."""
    speaks = you.get("speaks") == "representative"
    until = may.get("until")
    return Agreed(
        tuple(map(Scope, may.get("scopes") or ())),
        until=dt.datetime.combine(dt.date.fromisoformat(until), dt.time.max, dt.UTC)
        if until
        else None,
        message=may.get("message", ""),
        given_by=GivenBy.REPRESENTATIVE if speaks else GivenBy.SELF,
        representative=you.get("representative", "") if speaks else "",
        child_view=you.get("child_view", "") if speaks else "",
    )


def _send(office: Office, answers: Answers, code: str) -> None:
    you, may = answers["you"], answers.get("may", {})
    family = family_of(answers.get("family", {}))
    who = said_of_person(you)
    named = [f"{relation}: {name}" for name, relation, _more in family]
    if named:
        who["relatives"] = "\n".join(filter(None, [who.get("relatives"), *named]))
    where = answers.get("where", {})
    people = [Person(who, {name: where[name] for name in _REACHED if where.get(name)})]
    people += [Person({"full_name": name, **more}) for name, _relation, more in family]
    phones = "\n".join(str(may.get("block_phones", "")).splitlines())
    names = [line.strip() for line in str(may.get("block_names", "")).splitlines() if line.strip()]
    blocked = [Blocked(name, phones) for name in names[:20]]
    if phones and not blocked:
        blocked = [Blocked("", phones)]
    registrations.register(PUBLIC, office, people, agreed_of(you, may), blocked, code=code)


def _said(answers: Answers) -> list[Said]:
    return [*steps.lines_said(DOOR.steps, answers), *understood(answers.get("you", {}))]


DOOR = Door(
    "safe",
    _("I am safe, and want to say so"),
    (
        Step("you", _("Who are you?"),
             _("Write your name in your own script."), YouForm),
        Step("family", _("Who is with you?"),
             _("Leave this empty if you are alone. Each adult decides for themselves what is told "
               "about them: staff ask them."), FamilyForm),
        Step("where", _("Where are you?"),
             _("This is kept apart, and nobody is told without your consent."), WhereForm),
        Step("may", _("Who may know what?"),
             _("You can change this at any time; a no holds at once."), MayForm),
    ),
    "web/doors/safe.html",
    _send,
    _said,
)  # fmt: skip


@route(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return steps.begin(request, DOOR)


@route(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One step."""
    return steps.step(request, DOOR, step)


@route(ANYBODY)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw it away."""
    return steps.discard(request, DOOR)
