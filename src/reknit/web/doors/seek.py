"""The seeker's door: who is missing, from whoever looks for them (trust: I3 holds afterwards)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.intake import enquiries
from reknit.intake.drafts import Answers
from reknit.records.models import Office
from reknit.vocabulary import PUBLIC
from reknit.web.doors import dates, steps
from reknit.web.doors.forms import LastForm, SeekerForm, WhoForm, WhyForm
from reknit.web.doors.steps import Door, Said, Step
from reknit.web.routes import PUBLIC as ANYBODY
from reknit.web.routes import route

_PERSON = ("full_name", "sex", "home_city", "alternate_names", "home_country", "relatives",
           "identifiers")  # fmt: skip


def said_of_person(answers: dict[str, object]) -> dict[str, str]:
    """A people table's columns out of a person's form; the date as it was understood."""
    found = {name: str(answers[name]) for name in _PERSON if answers.get(name)}
    now = timezone.now().date()
    written = str(answers.get("date_of_birth") or "")
    understood = dates.read(written, str(answers.get("calendar") or ""), now) if written else None
    if understood is not None:
        found["date_of_birth"] = understood.kept
    elif answers.get("age") is not None:
        found |= {"age": str(answers["age"]), "source_date": now.isoformat()}
    return found


def understood(answers: dict[str, object]) -> list[Said]:
    """What the written date was understood as."""
    written = str(answers.get("date_of_birth") or "")
    found = (
        dates.read(written, str(answers.get("calendar") or ""), timezone.now().date())
        if written
        else None
    )
    return [] if found is None else [Said(str(_("Date of birth, as we understood it")), str(found))]


def _send(office: Office, answers: Answers, code: str) -> None:
    why, last, you = answers["why"], answers.get("last", {}), answers["you"]
    told = "\n".join(filter(None, [last.get("description"), last.get("marks")]))
    sought = said_of_person(answers["who"]) | ({"description": told} if told else {})
    seeker = {
        "seeker_name": you["seeker_name"], "relationship": why["relationship"],
        "relationship_words": why.get("relationship_words", ""),
        "danger": you.get("danger", ""), "danger_words": you.get("danger_words", ""),
    }  # fmt: skip
    contact = {name: you[name] for name in ("phones", "how_to_reach") if you.get(name)}
    enquiries.accept(PUBLIC, office, sought, seeker, contact, code=code)


def _said(answers: Answers) -> list[Said]:
    return [*steps.lines_said(DOOR.steps, answers), *understood(answers.get("who", {}))]


DOOR = Door(
    "seek",
    _("I am looking for somebody"),
    (
        Step("why", _("You and the person you look for"),
             _("We look for family members who lost each other."), WhyForm),
        Step("who", _("Who are you looking for?"),
             _("Write the name as the family writes it, in your own script."), WhoForm),
        Step("last", _("What did you hear last?"),
             _("Whatever you remember helps; a little is enough."), LastForm),
        Step("you", _("About you"),
             _("Only staff read this. If the person is found, they are told who looks for them."),
             SeekerForm),
    ),
    "web/doors/seek.html",
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
