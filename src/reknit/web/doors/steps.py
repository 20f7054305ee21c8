"""A door, step by step: one engine for both.

Rules: a draft begins with a proof or a wait (`gate`), so that nothing is written for robots; its
code is in a cookie that scripts cannot read; each step keeps what it was told and goes on; one can
go back to any step, and throw all of it away at any moment; sending it twice sends it once, and
says the same receipt code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise

from reknit.guard import commits
from reknit.intake import drafts, receipts
from reknit.intake.drafts import Answers
from reknit.intake.models import Draft
from reknit.records.models import Office
from reknit.web import refusals
from reknit.web.doors import gate
from reknit.web.doors.forms import AgreedForm, DoorForm

CHECK = "check"


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its name in the address, its heading, one sentence, its form."""

    name: str
    title: Promise
    lead: Promise
    form: type[DoorForm]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of what somebody said, to be checked."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Door:
    """name: of the door, in addresses and cookies. template: its first page. send: file what was
    said, under this receipt code, in the caller's commit."""

    name: str
    title: Promise
    steps: Sequence[Step]
    template: str
    send: Callable[[Office, Answers, str], None]
    said: Callable[[Answers], list[Said]]

    @property
    def cookie(self) -> str:
        """What its draft's cookie is called."""
        name = f"reknit-draft-{self.name}"
        return f"__Host-{name}" if settings.CONFIG.secure else name

    def asked(self) -> list[str]:
        """The fields that it asks, in order."""
        return [f for step in self.steps for f in step.form.ASKED] + list(AgreedForm.ASKED)


def office() -> Office | None:
    """The office that the doors belong to: the one that the settings name, else the first."""
    rows = Office.objects.order_by("id")
    wanted = settings.CONFIG.door_office
    return (rows.filter(name=wanted) if wanted else rows).first()


def begin(request: HttpRequest, door: Door) -> HttpResponse:
    """The first page: what this is, what happens with what one writes; and the beginning."""
    if office() is None:
        return refusals.closed(request)
    if request.method != "POST":
        page = {
            "door": door, "challenge": gate.challenge(request, door.name),
            "going_on": _draft(request, door) is not None, "first": door.steps[0].name,
        }  # fmt: skip
        return render(request, door.template, page)
    try:
        passed = gate.check(request, door.name)
    except gate.FullError:
        return refusals.too_many(request)
    if isinstance(passed, gate.Wait):
        return wait(request, reverse(door.name), passed)
    code = salted_hmac("reknit.draft", passed.nonce, algorithm="sha256").hexdigest()
    if drafts.begin(door.name, code) is None:
        return redirect(door.name)
    response = redirect(f"{door.name}_step", door.steps[0].name)
    response.set_cookie(
        door.cookie, code, max_age=int(drafts.KEPT.total_seconds()), httponly=True,
        secure=settings.CONFIG.secure, samesite="Lax", path="/",
    )  # fmt: skip
    return response


def wait(request: HttpRequest, to: str, ticket: gate.Wait) -> HttpResponse:
    """A place in the queue, for who has no JavaScript and for simple robots."""
    page = {"to": to, "ticket": ticket.ticket, "seconds": ticket.seconds}
    return render(request, "web/doors/wait.html", page, status=429)


def step(request: HttpRequest, door: Door, name: str) -> HttpResponse:
    """One step, or the last one, where everything is checked and sent."""
    known = {one.name: number for number, one in enumerate(door.steps)}
    if name != CHECK and name not in known:
        raise Http404
    draft = _draft(request, door)
    if name == CHECK and request.method == "POST":
        return _send(request, door, draft)
    if draft is None:
        return redirect(door.name)
    answers = drafts.answers(draft)
    if name == CHECK:
        return _check(request, door, answers, AgreedForm())
    here = door.steps[known[name]]
    form = here.form(request.POST or None, initial=answers.get(name))
    if request.method == "POST":
        form = here.form(request.POST)
        if form.is_valid():
            drafts.keep(draft, {**answers, name: plain(form.cleaned_data)})
            following = door.steps[known[name] + 1 :]
            return redirect(f"{door.name}_step", following[0].name if following else CHECK)
    page = {
        "door": door, "step": here, "form": form, "number": known[name] + 1,
        "of": len(door.steps) + 1,
        "before": door.steps[known[name] - 1].name if known[name] else None,
    }  # fmt: skip
    return render(request, "web/doors/step.html", page)


def discard(request: HttpRequest, door: Door) -> HttpResponse:
    """Throw away what was typed."""
    draft = _draft(request, door)
    if draft is not None:
        drafts.end(draft)
    response = redirect("doors")
    response.delete_cookie(door.cookie, path="/")
    return response


def _send(request: HttpRequest, door: Door, draft: Draft | None) -> HttpResponse:
    cookie = request.COOKIES.get(door.cookie, "")
    place = office()
    if place is None:
        return refusals.closed(request)
    if draft is not None:
        answers = drafts.answers(draft)
        missing = first_missing(door, answers)
        if missing is not None:
            return redirect(f"{door.name}_step", missing)
        form = AgreedForm(request.POST)
        if not form.is_valid():
            return _check(request, door, answers, form)
        code = receipts.of_draft(cookie)

        def work() -> None:
            if drafts.end(draft):
                door.send(place, answers, code)

        commits.commit(work)
    elif not cookie or receipts.holder_of(receipts.of_draft(cookie)) is None:
        return redirect(door.name)
    page = {"door": door, "code": receipts.of_draft(cookie)}
    response = render(request, "web/doors/receipt.html", page)
    response.delete_cookie(door.cookie, path="/")
    return response


def first_missing(door: Door, answers: Answers) -> str | None:
    """The first step that is not answered as it has to be."""
    for one in door.steps:
        if not one.form(answers.get(one.name, {})).is_valid():
            return one.name
    return None


def _check(request: HttpRequest, door: Door, answers: Answers, form: AgreedForm) -> HttpResponse:
    missing = first_missing(door, answers)
    if missing is not None:
        return redirect(f"{door.name}_step", missing)
    page = {
        "door": door, "form": form, "said": door.said(answers), "of": len(door.steps) + 1,
        "before": door.steps[-1].name,
    }  # fmt: skip
    return render(request, "web/doors/check.html", page)


def _draft(request: HttpRequest, door: Door) -> Draft | None:
    return drafts.find(door.name, request.COOKIES.get(door.cookie, "")[:100])


def plain(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What a form said, as JSON keeps it; what is empty is left out."""
    return {
        name: value if isinstance(value, str | int | bool | list) else str(value)
        for name, value in cleaned.items()
        if value not in (None, "", [])
    }


def lines_said(door_steps: Sequence[Step], answers: Answers) -> list[Said]:
    """What was said, with the questions, in their order; choices in the reader's words."""
    found = []
    for one in door_steps:
        given = answers.get(one.name, {})
        for name, field in one.form(given).fields.items():
            value = given.get(name)
            if value not in (None, "", []):
                found.append(Said(str(field.label), _in_words(field, value)))
    return found


def _in_words(field: Any, value: Any) -> str:
    choices = dict(getattr(field, "choices", []) or [])
    if isinstance(value, list):
        return "\n".join(str(choices.get(one, one)) for one in value)
    return str(choices.get(value, value))
