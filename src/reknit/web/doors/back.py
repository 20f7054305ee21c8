"""Coming back with the receipt code: where it stands, letters, answers, changing one's mind.

Rules: the code opens a session of half an hour, sealed as every session is, that names a row and
nobody; wrong codes are counted by network before anything is hashed, and a wrong code and an
unknown one are answered alike; no address here carries an id, and what a form names is asked of
guard as the holder's own. What a seeker sees is guard's answer alone (trust: I3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypedDict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.casework import asks, correspondence, lifecycle
from reknit.casework.asks import Answered
from reknit.casework.errors import CaseworkError
from reknit.casework.models import AskAnswer, Side
from reknit.guard import access, answers, blocks, commits, consent, rights
from reknit.guard.errors import GuardError, UnusableConsentError
from reknit.guard.models import RequestKind, SubjectRequest
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure
from reknit.intake import documents, enquiries, receipts, registrations
from reknit.intake.errors import IntakeError
from reknit.records.models import Account, Enquiry
from reknit.vocabulary import PUBLIC, Actor, How, Purpose, Recipient, RecipientKind
from reknit.web import refusals, words
from reknit.web.doors import gate, steps
from reknit.web.doors.forms import (
    AnswerForm,
    BlockForm,
    CodeForm,
    CorrectForm,
    DocumentForm,
    LetterForm,
    MayForm,
    RequestForm,
)
from reknit.web.doors.safe import agreed_of
from reknit.web.doors.seek import said_of_person
from reknit.web.pages.parts import as_uuid
from reknit.web.routes import PUBLIC as ANYBODY
from reknit.web.routes import route

HOLDS = "holds"
CASE, SAFE = "back_case", "back_safe"


class HeldRequest(HttpRequest):
    """A request of somebody who showed their code: `holder` is how guard calls them, `held` what
    the code was given for."""

    holder: Actor
    held: UUID


Held = Callable[[HeldRequest], HttpResponse]


class _About(TypedDict, total=False):
    account: Account
    enquiry: Enquiry


def held(*kinds: str) -> Callable[[Held], Callable[[HttpRequest], HttpResponse]]:
    """Only for whoever showed the code of such a thing; anybody else is asked for it."""

    def declare(view: Held) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def ask(request: Any) -> HttpResponse:
            kind, _colon, of = str(request.session.get(HOLDS, "")).partition(":")
            found = as_uuid(of)
            if kind not in kinds or found is None:
                return redirect("back")
            request.held = found
            request.holder = replace(PUBLIC, holds=found)
            request.session.touch()
            return view(request)

        return ask

    return declare


@route(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code."""
    if request.method == "POST":
        if gate.wrong_codes.of(gate.network(request)) >= gate.WRONG_CODES:
            try:
                passed = gate.check(request, "back")
            except gate.FullError:
                return refusals.too_many(request)
            if isinstance(passed, gate.Wait):
                return steps.wait(request, reverse("back"), passed)
        form = CodeForm(request.POST)
        if form.is_valid():
            found = receipts.holder_of(form.cleaned_data["code"])
            if found is not None:
                kind = CASE if isinstance(found, Enquiry) else SAFE
                request.session.cycle_key()
                request.session[HOLDS] = f"{kind}:{found.pk}"
                return redirect(kind)
            gate.wrong_codes.add(gate.network(request))
            form.add_error("code", _("This code does not fit. Look at each sign and try again."))
    else:
        form = CodeForm()
    page = {
        "form": form, "challenge": gate.challenge(request, "back"),
        "ticket": request.POST.get("ticket", "")[:300],
    }  # fmt: skip
    return render(request, "web/doors/code.html", page)


@route(ANYBODY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Put the code away."""
    request.session.pop(HOLDS, None)
    return redirect("doors")


@route(ANYBODY)
@require_safe
@held(CASE)
def case(request: HeldRequest) -> HttpResponse:
    """Where an enquiry stands, in one of four words; letters; what can be done."""
    shown = answers.show(request.held)
    page = {
        "shown": shown,
        "news": [piece for piece in shown.news if piece["scope"] != "letter"],
        "letters": correspondence.shown_to_seeker(request.holder, shown),
        "withdrawn": enquiries.is_withdrawn(request.holder),
        "letter": LetterForm(auto_id="letter_%s"), "message": LetterForm(auto_id="message_%s"),
        "document": DocumentForm(auto_id="document_%s"),
        "correct": CorrectForm(auto_id="correct_%s"),
    }  # fmt: skip
    return render(request, "web/doors/case.html", page)


@route(ANYBODY)
@require_safe
@held(SAFE)
def safe(request: HeldRequest) -> HttpResponse:
    """What a registered person is asked, who may know what, letters, their data."""
    return _safe_page(request)


def _safe_page(request: HeldRequest, **forms: Any) -> HttpResponse:
    asked = asks.shown_to(request.holder)
    by_enquiry = {f"seeker:{one.ask.enquiry_id}": one for one in asked}
    page = {
        "asked": [(one, AnswerForm(auto_id=f"answer_{n}_%s", initial={"ask": one.ask.pk}))
                  for n, one in enumerate(asked)],
        "letters": correspondence.shown_to_found(request.holder),
        "agreements": [
            (row, by_enquiry.get(row.recipient))
            for row in registrations.agreements(request.holder)
        ],
        "requests": _requests(request),
        "is_sure": registrations.held_by(request.holder).verified_at is not None,
        "letter": LetterForm(auto_id="letter_%s"), "blocking": BlockForm(auto_id="block_%s"),
        "document": DocumentForm(auto_id="document_%s"),
        "may": MayForm(auto_id="may_%s"), "ask_data": RequestForm(auto_id="request_%s"),
        **forms,
    }  # fmt: skip
    return render(request, "web/doors/me.html", page)


def _requests(request: HeldRequest) -> list[tuple[SubjectRequest, str]]:
    rows = list(
        access.visible(
            request.holder, Permission.REQUEST_READ, SubjectRequest.objects.all()
        ).order_by("-opened_at")
    )
    said = access.read(
        request.holder, Permission.REQUEST_READ, rows, purpose=Purpose.SUBJECT_REQUEST
    )
    return [(row, one.get("answer", "")) for row, one in zip(rows, said, strict=True)]


@route(ANYBODY)
@require_POST
@held(CASE, SAFE)
def letter(request: HeldRequest) -> HttpResponse:
    """Write to staff, or to family: staff read it first."""
    form = LetterForm(request.POST)
    to = request.POST.get("to", "staff")
    if form.is_valid() and to in Side.values:
        ask_id = as_uuid(request.POST.get("ask"))
        _do(request, lambda: correspondence.write(
            request.holder, form.cleaned_data["text"], to=Side(to), ask_id=ask_id
        ), _("Kept. A member of staff reads it."))  # fmt: skip
    else:
        messages.error(request, _("Write something, with 4,000 signs at most."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(CASE, SAFE)
def document(request: HeldRequest) -> HttpResponse:
    """Add a picture or PDF: to the enquiry, or to what is held about oneself."""
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        upload, about = form.cleaned_data["file"], _what_is_held(request)
        _do(request, lambda: documents.add(
            request.holder, upload.read(), form.cleaned_data["title"], upload.name, **about
        ), _("Kept. A member of staff looks at it."))  # fmt: skip
    else:
        messages.error(request, _("Choose a picture or PDF, and say what it is."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(CASE)
def correct(request: HeldRequest) -> HttpResponse:
    """Correct what was said of the person sought."""
    form = CorrectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This could not be read as a date. Write the year alone."))
        return _home(request)
    said = said_of_person(form.cleaned_data)
    told = form.cleaned_data["description"]
    if not said and not told:
        messages.error(request, _("Write what was wrong, or what is new."))
        return _home(request)
    changes = said | ({"description": told} if told else {})
    lines = "\n".join(f"{words.of(name)}: {text}" for name, text in changes.items())

    def work() -> None:
        enquiries.correct(request.holder, request.held, changes)
        correspondence.write(request.holder, _("I correct what I said.") + "\n" + lines)

    _do(request, lambda: commits.commit(work), _("Kept. We look again with what you said."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(CASE)
def withdraw(request: HeldRequest) -> HttpResponse:
    """Take the enquiry back."""
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you are sure."))
    else:
        _do(request, lambda: lifecycle.withdraw(request.holder, request.held),
            _("Your enquiry is taken back. Nobody looks any more."))  # fmt: skip
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def answer(request: HeldRequest) -> HttpResponse:
    """Answer what staff asked, or answer it differently."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        _do(request, lambda: asks.answer(
            request.holder, said["ask"],
            Answered(AskAnswer(said["answer"]), message=said["message"]),
        ), _("Kept. You can answer differently at any time."))  # fmt: skip
    else:
        messages.error(request, _("Choose an answer; a message only needs the message."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def agree(request: HeldRequest) -> HttpResponse:
    """Let family know more, or nothing more."""
    form = MayForm(request.POST)
    if not form.is_valid():
        return _safe_page(request, may=form)
    agreed = agreed_of({}, steps.plain(form.cleaned_data))

    row = registrations.held_by(request.holder)
    about, assurance = registrations.self_of(row.pk), registrations.assurance_of(row)

    def work() -> None:
        registrations.agree(request.holder, about, agreed, assurance)

    _do(request, lambda: commits.commit(work), _("Kept. You can take it back at any time."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def take_back(request: HeldRequest) -> HttpResponse:
    """Take one yes back, or all of them: it holds at once."""
    row = registrations.held_by(request.holder)
    assurance = registrations.assurance_of(row)
    given = as_uuid(request.POST.get("consent"))
    if given is not None:
        _do(request, lambda: consent.withdraw(
            request.holder, given, how=How.ONLINE, assurance=assurance
        ), _("Taken back. It is told no more."))  # fmt: skip
    else:
        _do(request, lambda: consent.refuse(
            request.holder, registrations.self_of(row.pk), how=How.ONLINE, assurance=assurance,
            recipient=Recipient(RecipientKind.ANYONE),
        ), _("Taken back. Nobody is told anything about you."))  # fmt: skip
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def block(request: HeldRequest) -> HttpResponse:
    """Name somebody who must never learn anything."""
    form = BlockForm(request.POST)
    if form.is_valid():
        row = registrations.held_by(request.holder)
        _do(request, lambda: blocks.block(
            request.holder, registrations.self_of(row.pk),
            assurance=registrations.assurance_of(row), name=form.cleaned_data["name"],
            phones=form.cleaned_data["phones"],
        ), _("Kept. To them you look, from now on, as if nobody had found you."))  # fmt: skip
    else:
        messages.error(request, _("Write the name."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def ask(request: HeldRequest) -> HttpResponse:
    """Ask for a copy, a correction, to be erased or left out."""
    form = RequestForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        row = registrations.held_by(request.holder)
        _do(request, lambda: registrations.ask(
            request.holder, row, RequestKind(said["kind"]), said["words"], said["contact"]
        ), _("Kept. Staff make sure that it is you, and answer in time."))  # fmt: skip
    else:
        messages.error(request, _("Choose what you ask for."))
    return _home(request)


@route(ANYBODY)
@require_POST
@held(SAFE)
def file(request: HeldRequest) -> HttpResponse:
    """The copy of everything that is held, once staff verified who asks."""
    wanted = as_uuid(request.POST.get("request"))
    found = None if wanted is None else rights.own_copy(request.holder, wanted)
    if found is None or isinstance(found, Failure):
        messages.error(
            request, _("It is not ready yet: a member of staff has to make sure that it is you.")
        )
        return _home(request)
    response = HttpResponse(found.html, content_type="text/html; charset=utf-8")
    # A download, never a page of ours: it repeats what people wrote.
    response["Content-Disposition"] = 'attachment; filename="what-is-held.html"'
    return response


def _what_is_held(request: HeldRequest) -> _About:
    """The enquiry, or the account of whoever registered (not of the family they named)."""
    permission, purpose = Permission.DOCUMENT_ADD, Purpose.FAMILY_TRACING
    if _kind(request) == CASE:
        enquiry = access.load(request.holder, permission, Enquiry, request.held, purpose=purpose)
        return {"enquiry": enquiry}
    of = registrations.self_of(registrations.held_by(request.holder).pk)
    return {"account": access.load(request.holder, permission, Account, of, purpose=purpose)}


def _kind(request: HeldRequest) -> str:
    return str(request.session[HOLDS]).partition(":")[0]


def _home(request: HeldRequest) -> HttpResponse:
    return redirect(_kind(request))


def _do(request: HeldRequest, work: Callable[[], object], done: str) -> None:
    """Do it and say so, or say what is missing."""
    try:
        work()
    except (CaseworkError, IntakeError) as refused:
        messages.error(request, str(refused).partition(": ")[2] or str(refused))
    except GuardError as refused:
        if _is_for_a_page(refused):
            raise
        messages.error(request, str(refused))
    else:
        messages.success(request, done)


def _is_for_a_page(refused: GuardError) -> bool:
    """Refusals that the routes answer: not permitted, no audit."""
    return not isinstance(refused, UnusableConsentError)
