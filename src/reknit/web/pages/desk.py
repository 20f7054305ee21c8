"""The message desk: the inbox by urgency, one message with what was read in it, and what people do
with it. Every act is a form, so that it works without JavaScript; keys press the same buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.adapters import is_machine_made
from reknit.exchange import ExchangeError
from reknit.exchange.messages import read_message_bytes
from reknit.guard import senders
from reknit.guard.errors import GuardError
from reknit.guard.permissions import Permission
from reknit.guard.searching import QuestionError, RebuildingError
from reknit.intake import board as boards
from reknit.intake import desk, inbox, placing, replies, sending, suggesting
from reknit.intake import messages as intake
from reknit.intake.errors import IntakeError
from reknit.intake.inbox import Wanted
from reknit.intake.messages import Attached, Incoming
from reknit.intake.models import Channel, Message, MessageState
from reknit.intake.placing import As
from reknit.intake.reading import Reading, reading_of
from reknit.language import LANGUAGES, Category, Fact, FactKind
from reknit.records.models import Office, User
from reknit.vocabulary import Actor, Role
from reknit.web import plots, sentences, words
from reknit.web.marked import Piece, marked
from reknit.web.pages.parts import StaffField, as_uuid, caption, lines_of, may, page_of
from reknit.web.routes import StaffRequest, route

LEVELS = [(5, gettext_lazy("5 – now")), (4, gettext_lazy("4 – urgent")),
          (3, gettext_lazy("3 – soon")), (2, gettext_lazy("2 – can wait")),
          (1, gettext_lazy("1 – no hurry"))]  # fmt: skip
_LANGUAGES = [*sorted(LANGUAGES), "und"]


class FilterForm(forms.Form):
    """Which messages to list."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("to do")), ("all", gettext_lazy("all")),
                 ("open", gettext_lazy("nobody has looked")), ("sorted", gettext_lazy("sorted")),
                 ("done", gettext_lazy("done"))],
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"), required=False,
        choices=[("", gettext_lazy("all")), ("4", gettext_lazy("urgent only")),
                 ("3", gettext_lazy("3 and above"))],
    )  # fmt: skip
    category = forms.ChoiceField(
        label=pgettext_lazy("topic", "About"), required=False,
        choices=[("", gettext_lazy("all")), *((c.value, words.topic(c)) for c in Category)],
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False,
        choices=[
            ("", gettext_lazy("all")),
            *((code, words.language_lazily(code)) for code in _LANGUAGES),
        ],
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False,
        choices=[("", gettext_lazy("all")), *((c.value, words.channel(c)) for c in Channel)],
    )  # fmt: skip
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)


class TakeForm(forms.Form):
    """One message, pasted, or a table of them."""

    text = forms.CharField(
        label=gettext_lazy("The message"), required=False, max_length=20_000,
        help_text=gettext_lazy("As it was written, in its own language."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip
    sender = forms.CharField(
        label=gettext_lazy("Who wrote it?"), required=False, max_length=200,
        help_text=gettext_lazy("A telephone number or e-mail address; it is kept apart."),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=gettext_lazy("How did it come?"),
        choices=[(c.value, words.channel(c)) for c in Channel], initial=Channel.DESK,
    )  # fmt: skip
    table = forms.FileField(
        label=gettext_lazy("Or a table of messages"), required=False,
        help_text=gettext_lazy("CSV, Excel, Parquet or JSON Lines with message_id and text."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx,.jsonl,.parquet"}),
    )  # fmt: skip
    attachment = forms.FileField(
        label=gettext_lazy("A picture, PDF or voice note that came with it"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,audio/*,.pdf"}),
    )  # fmt: skip


class CorrectForm(forms.Form):
    """What a message is about, by a person's judgement."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("What is it about?"), widget=forms.CheckboxSelectMultiple,
        choices=[(c.value, words.topic(c)) for c in Category],
    )  # fmt: skip
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("How urgent is it?"), choices=LEVELS, coerce=int
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language?"),
        choices=[(code, words.language_lazily(code)) for code in _LANGUAGES],
    )  # fmt: skip


class CaseForm(forms.Form):
    """Which case a message belongs to."""

    number = forms.CharField(
        label=gettext_lazy("Number of the case"), max_length=36,
        help_text=gettext_lazy("Its eight signs, as on the case's page."),
    )  # fmt: skip
    from_seeker = forms.BooleanField(
        label=gettext_lazy("The sender is who made this enquiry"), required=False
    )


class HandForm(forms.Form):
    """A colleague, or another office."""

    to = StaffField(label=gettext_lazy("To a colleague"), queryset=User.objects.none(),
                    required=False, empty_label=gettext_lazy("choose"))  # fmt: skip
    office = forms.ModelChoiceField(
        label=gettext_lazy("Or to another office"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=gettext_lazy("choose"),
    )

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to, office = self.fields["to"], self.fields["office"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - for mypy
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101 - for mypy
        to.queryset = User.objects.filter(
            office=office_id, is_active=True,
            role__in=[Role.DESK.value, Role.CASEWORKER.value, Role.SUPERVISOR.value],
        )  # fmt: skip
        office.queryset = Office.objects.exclude(pk=office_id).order_by("name")


class ReplyForm(forms.Form):
    """An answer."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=replies.MOST_LETTERS,
        help_text=gettext_lazy("A person sends it. It tells nobody where anybody is."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip


class TemplateForm(forms.Form):
    """An answer to use again."""

    title = forms.CharField(label=gettext_lazy("What is it for?"), max_length=80)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, words.language_lazily(code)) for code in sorted(LANGUAGES)],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("The answer"), max_length=replies.MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox."""

    message: Message
    signs: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact beside its number."""

    number: int
    fact: Fact
    is_place: bool
    is_name: bool
    is_machine_made: bool


@route(Permission.MESSAGE_LIST)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The messages that need somebody, the most urgent first."""
    from reknit.intake.reading import signs_in

    form = FilterForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = Wanted(
        state=said.get("state", ""), urgency=int(said.get("urgency") or 0),
        category=said.get("category", ""), language=said.get("language", ""),
        channel=said.get("channel", ""), mine=bool(said.get("mine")),
    )  # fmt: skip
    page = page_of(request, inbox.messages(request.actor, wanted))
    reader = get_language() or "en"
    return render(
        request, "web/messages.html",
        {
            "page": page, "form": form, "may_add": may(request.actor, Permission.MESSAGE_ADD),
            "may_reply": may(request.actor, Permission.MESSAGE_REPLY),
            "may_decide": may(request.actor, Permission.LESSON_DECIDE),
            "rows": [Row(message, signs_in(message.signs, reader)) for message in page],
        },
    )  # fmt: skip


@route(Permission.MESSAGE_LIST)
@require_safe
def next_one(request: StaffRequest) -> HttpResponse:
    """The most urgent message that nobody has looked at."""
    found = inbox.next_after(request.actor, as_uuid(request.GET.get("after")))
    if found is None:
        messages.success(request, _("Nothing is waiting."))
        return redirect("messages")
    return redirect("message", found.pk)


@route(Permission.MESSAGE_ADD)
def add(request: StaffRequest) -> HttpResponse:
    """Paste one message, or bring in a table."""
    form = TakeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and request.staff.office is not None:
        said = form.cleaned_data
        try:
            if said["table"]:
                rows = read_message_bytes(said["table"].read(), said["table"].name)
                taken = intake.take(request.actor, request.staff.office, intake.of_table(rows))
            else:
                upload = said["attachment"]
                files = (Attached(upload.name, upload.read()),) if upload else ()
                taken = intake.take(
                    request.actor, request.staff.office,
                    [Incoming(said["text"], Channel(said["channel"]), sender=said["sender"],
                              attachments=files)],
                )  # fmt: skip
        except (IntakeError, ExchangeError) as refused:
            form.add_error("table" if said["table"] else None, sentences.said(refused))
        else:
            messages.success(
                request,
                _("%(added)d kept, %(known)d were here already. They are being read.")
                % {"added": len(taken.added), "known": taken.known},
            )
            return redirect("messages")
    return render(request, "web/message_new.html", {"form": form})


@route(Permission.MESSAGE_READ)
@require_safe
def one(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """One message: original, gloss and facts, what is alike, its thread, and what can be done."""
    actor, reader = request.actor, get_language() or "en"
    opened = desk.open(actor, message_id)
    message = opened.message
    reading = reading_of(dict(opened.content), reader)
    acts = desk.history(actor, message)
    waiting = [m for m in inbox.thread(actor, message) if m.outgoing]
    thread = desk.open_all(actor, inbox.thread(actor, message))
    answers = replies.templates(actor, message.language)
    chosen = request.GET.get("use", "")
    use = answers[int(chosen)].text if chosen.isdigit() and int(chosen) < len(answers) else ""
    return render(
        request, "web/message.html",
        {
            "message": message, "reading": reading, "text": opened.text,
            "pieces": pieces_of(opened.text, reading), "facts": facts_of(reading),
            "acts": acts, "undoable": desk.may_be_undone(acts),
            "thread": thread, "to_send": [m for m in waiting if m.state == MessageState.TO_SEND],
            "alike": inbox.alike(actor, message),
            "attachments": inbox.attachments(actor, message),
            "correct": CorrectForm(initial={
                "categories": message.categories, "urgency": message.urgency,
                "language": message.language or "und",
            }),
            "case": CaseForm(), "hand": HandForm(message.office_id),
            "reply": ReplyForm(initial={"text": use}), "answers": answers,
            "may_place": message.enquiry_id is not None,
            **_suggested(request, actor, reading),
        },
    )  # fmt: skip


def _suggested(request: StaffRequest, actor: Actor, reading: Reading | None) -> dict[str, Any]:
    """Cases and people that may be meant, where somebody asked; a search, audited as one."""
    if reading is None or "look" not in request.GET:
        return {}
    try:
        found = suggesting.suggest(actor, reading.facts)
    except RebuildingError:
        return {"rebuilding": True}
    except QuestionError:
        return {"looked": True}
    return {
        "looked": True,
        "cases": [(enquiry, hit, caption(hit.content)) for enquiry, hit in found.cases],
        "people": [(hit, caption(hit.content), lines_of(hit.content)) for hit in found.people],
    }


def pieces_of(text: str, reading: Reading | None) -> list[Piece]:
    """The text in pieces, each with the fact and the gloss that stand on it."""
    if reading is None:
        return marked(text, (), ())
    return marked(text, reading.facts, reading.gloss)


def facts_of(reading: Reading | None) -> list[Shown]:
    """The facts with their numbers."""
    return [
        Shown(
            number,
            fact,
            fact.kind is FactKind.PLACE,
            fact.kind is FactKind.NAME,
            is_machine_made(fact.made),
        )
        for number, fact in enumerate(reading.facts if reading is not None else ())
    ]


@route(Permission.MESSAGE_SORT)
@require_POST
def confirm(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """What was read is right."""
    return _do(request, message_id, lambda: desk.confirm(request.actor, message_id))


@route(Permission.MESSAGE_SORT)
@require_POST
def correct(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """What was read is put right."""
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _do(request, message_id, lambda: desk.correct(request.actor, message_id, [], 0, ""))
    said = form.cleaned_data
    return _do(
        request, message_id,
        lambda: desk.correct(
            request.actor, message_id, said["categories"], said["urgency"], said["language"]
        ),
    )  # fmt: skip


@route(Permission.MESSAGE_SORT)
@require_POST
def link(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Say which case or person it is about."""
    actor, said = request.actor, request.POST
    enquiry_id, account_id = as_uuid(said.get("enquiry")), as_uuid(said.get("account"))
    if said.get("number", "").strip():
        case = inbox.case_numbered(actor, said["number"])
        if case is None:
            _opened(actor, message_id)
            messages.error(request, _("There is no case of this number for you."))
            return redirect("message", message_id)
        enquiry_id = case.pk
    return _do(
        request, message_id,
        lambda: desk.link(
            actor, message_id, enquiry_id=enquiry_id, account_id=account_id,
            from_seeker="from_seeker" in said,
        ),
    )  # fmt: skip


@route(Permission.MESSAGE_SORT)
@require_POST
def place(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Put facts on the case that the message is linked to."""
    actor, said = request.actor, request.POST
    message = _opened(actor, message_id)
    if message.enquiry_id is None:
        messages.error(request, _("Link the message to a case first."))
        return redirect("message", message_id)
    numbers = [int(n) for n in said.getlist("fact") if n.isdigit()]
    as_ = As.SIGHTING if said.get("as") == As.SIGHTING else As.ACCOUNT
    enquiry_id = message.enquiry_id
    return _do(
        request, message_id, lambda: placing.place(actor, message_id, enquiry_id, numbers, as_)
    )


@route(Permission.MESSAGE_REPLY)
@require_POST
def reply(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Keep an answer, to be sent by hand."""
    text = request.POST.get("text", "")
    return _do(request, message_id, lambda: replies.reply(request.actor, message_id, text))


@route(Permission.MESSAGE_REPLY)
@require_POST
def sent(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """An answer was sent by hand."""
    try:
        row = replies.mark_sent(request.actor, message_id)
    except IntakeError as refused:
        messages.error(request, str(refused))
        return redirect("message_outbox")
    messages.success(request, _("Noted as sent."))
    if "outbox" in request.POST:
        return redirect("message_outbox")
    return redirect("message", row.answers_id)


@route(Permission.MESSAGE_REPLY)
@require_safe
def outbox(request: StaffRequest) -> HttpResponse:
    """The answers that wait to be sent, the most urgent first."""
    page = page_of(request, sending.waiting(request.actor))
    ways = sending.ways()
    opened = desk.open_all(request.actor, list(page))
    return render(
        request, "web/message_outbox.html",
        {
            "page": page, "can_send": bool(ways),
            "answers": [
                (one, sending.why_unsent(one), sending.is_sendable(one.message, ways))
                for one in opened
            ],
        },
    )  # fmt: skip


@route(Permission.MESSAGE_REPLY)
@require_POST
def send(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """An answer is to be sent from here."""
    try:
        sending.send(request.actor, message_id)
    except IntakeError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is being sent."))
    return redirect("message_outbox")


@route(Permission.MESSAGE_SORT)
@require_POST
def hand(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Give it to a colleague or another office."""
    message = _opened(request.actor, message_id)
    form = HandForm(message.office_id, request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    done = _do(
        request, message_id,
        lambda: desk.hand_over(
            request.actor, message_id, to=said.get("to"), office=said.get("office")
        ),
    )  # fmt: skip
    return redirect("messages") if said.get("office") and not said.get("to") else done


@route(Permission.MESSAGE_SORT)
@require_POST
def close(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Nothing is left to do, with this one or with all that are nearly the same."""
    close_it = desk.close_alike if "alike" in request.POST else desk.close
    return _do(request, message_id, lambda: close_it(request.actor, message_id))


@route(Permission.MESSAGE_SORT)
@require_POST
def undo(request: StaffRequest, act_id: UUID) -> HttpResponse:
    """Take an act back."""
    try:
        act = desk.undo(request.actor, act_id)
    except IntakeError as refused:
        messages.error(request, str(refused))
        return redirect("messages")
    messages.success(request, _("Taken back."))
    return redirect("message", act.message_id)


@route(Permission.MESSAGE_REPLY)
@require_POST
def sender(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Who wrote it; shown when asked for, and audited."""
    said = senders.sender_of(request.actor, Message, message_id)
    return render(request, "web/message_sender.html", {"said": said, "message_id": message_id})


@route(Permission.MESSAGE_READ)
@require_safe
def attachment(request: StaffRequest, attachment_id: UUID) -> HttpResponse:
    """What came with a message; a voice note as a download, since it is as it came."""
    file = desk.open_attachment(request.actor, attachment_id)
    response = HttpResponse(file.data, content_type=file.media_type)
    kind = "inline" if file.media_type in {"image/jpeg", "image/png"} else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="attachment-{attachment_id}"'
    return response


@route(Permission.MESSAGE_REPLY)
def templates(request: StaffRequest) -> HttpResponse:
    """The answers that the office uses again, and a form for one more."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            replies.add_template(request.actor, said["title"], said["language"], said["text"])
        except IntakeError as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("message_templates")
    language = (get_language() or "en")[:2]
    return render(
        request, "web/message_templates.html",
        {"form": form, "answers": replies.templates(request.actor, language)},
    )  # fmt: skip


@route(Permission.MESSAGE_COUNT)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Volume, waiting time by urgency, languages."""
    counted = boards.board(request.actor, timezone.now())
    return render(
        request, "web/message_board.html",
        {
            "board": counted, "total": sum(day.came for day in counted.days),
            "bars": plots.columns([(day.came, day.urgent) for day in counted.days]),
            "tongues": plots.shares(counted.languages, words.language),
            "channels": plots.shares(counted.channels, words.channel),
        },
    )  # fmt: skip


def _opened(actor: Actor, message_id: UUID) -> Message:
    return desk.open(actor, message_id).message


def _do(request: StaffRequest, message_id: UUID, work: Any) -> HttpResponse:
    """Do one thing with a message, and show the message again, or the next where that was asked."""
    try:
        work()
    except IntakeError as refused:
        messages.error(request, str(refused))
        return redirect("message", message_id)
    except GuardError:
        raise
    messages.success(request, _("Done. You can take it back."))
    if "next" in request.POST:
        found = inbox.next_after(request.actor, message_id)
        return redirect("message", found.pk) if found is not None else redirect("messages")
    return redirect("message", message_id)
