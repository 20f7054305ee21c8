"""Subject requests: what people ask about their own data, with deadlines and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.guard import access, rights
from reknit.guard.errors import GuardError
from reknit.guard.models import RequestKind, RequestState, SubjectRequest
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure, Reason
from reknit.records.errors import RecordsError
from reknit.records.models import Account
from reknit.vocabulary import Assurance, Purpose
from reknit.vocabulary.columns import MANY_VALUED
from reknit.web import sentences, words
from reknit.web.pages.consents import ASSURANCES
from reknit.web.pages.parts import SHOWN_FIRST, as_uuid, caption, may, page_of
from reknit.web.routes import StaffRequest, route

PURPOSE = Purpose.SUBJECT_REQUEST
SHOWN = [column for column in SHOWN_FIRST if column in rights.CORRECTED]
VAULTED = ("last_known_location", "phones", "email", "how_to_reach")
REASONS = (
    Reason.UNVERIFIED, Reason.LESS_ASSURANCE, Reason.NOTHING_HELD, Reason.LEGAL_HOLD,
    Reason.NOT_PERMITTED,
)  # fmt: skip


class NewForm(forms.Form):
    """What somebody asks, and where to answer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do they ask for?"), choices=words.choices(RequestKind)
    )
    words = forms.CharField(
        label=gettext_lazy("In their words"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("Where do we answer?"), max_length=400,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it is them?"), choices=ASSURANCES,
        coerce=lambda text: Assurance(int(text)),
    )  # fmt: skip


class VerifyForm(forms.Form):
    """Which records are theirs, and how sure that is."""

    accounts = forms.CharField(
        label=gettext_lazy("Their records"), widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
        help_text=gettext_lazy("The long number in the address of each person's page, one a line."),
    )  # fmt: skip
    assurance = forms.TypedChoiceField(
        label=gettext_lazy("How sure is it that it is them?"), choices=ASSURANCES,
        coerce=lambda text: Assurance(int(text)),
    )  # fmt: skip

    def clean_accounts(self) -> list[UUID]:
        """Ids only."""
        found = [as_uuid(text) for text in self.cleaned_data["accounts"].split()]
        if None in found or not found:
            raise forms.ValidationError(_("Copy the number from the address of the page."))
        return [one for one in found if one is not None]


class CorrectionForm(forms.Form):
    """What a record says, to be corrected; where the person is and how they are reached is not
    shown here, and is changed only where something is written."""

    def __init__(self, content: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {column: _text(content.get(column)) for column in SHOWN}
        for column in SHOWN:
            many = column in MANY_VALUED or column == "description"
            self.fields[column] = forms.CharField(
                label=words.of(column), required=False, max_length=4000,
                initial=self.before[column],
                widget=(forms.Textarea if many else forms.TextInput)(
                    attrs={"dir": "auto", **({"rows": 2} if many else {})}
                ),
            )  # fmt: skip
        for column in VAULTED:
            self.fields[column] = forms.CharField(
                label=words.of(column), required=False, max_length=400,
                widget=forms.TextInput(attrs={"dir": "auto"}),
                help_text=_("Not shown. Leave it empty to keep what is held."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Something is changed."""
        said = super().clean() or {}
        if not self.changes():
            raise forms.ValidationError(_("Change what is wrong first."))
        return said

    def changes(self) -> dict[str, str]:
        """The columns that differ from what the record says."""
        said = {name: _text(value) for name, value in self.cleaned_data.items()}
        return {name: text for name, text in said.items() if text != self.before.get(name, "")}


def _text(value: object) -> str:
    """As a form sends it back: single ends of lines, nothing around it."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return "\n".join(str(line).rstrip() for line in lines).strip()


class AnswerForm(forms.Form):
    """What the person is told."""

    text = forms.CharField(
        label=gettext_lazy("What is the person told?"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=gettext_lazy("If it cannot be granted: why?"), required=False,
        choices=[("", "–"), *((r.value, words.WHY[r.value]) for r in REASONS)],
    )  # fmt: skip


@route(Permission.REQUEST_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Open requests, the most urgent first; then those that were answered."""
    rows = access.visible(request.actor, Permission.REQUEST_READ, SubjectRequest.objects.all())
    closed = rows.exclude(state=RequestState.OPEN).order_by("-answered_at")
    return render(
        request,
        "web/requests.html",
        {
            "open": rows.filter(state=RequestState.OPEN).order_by("due_at"),
            "page": page_of(request, closed),
            "may_add": may(request.actor, Permission.REQUEST_ADD),
        },
    )  # fmt: skip


@route(Permission.REQUEST_ADD)
def add(request: StaffRequest) -> HttpResponse:
    """Take a request in."""
    form = NewForm(request.POST or None)
    person = as_uuid(request.GET.get("person"))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        rights.open_request(
            request.actor, RequestKind(said["kind"]), assurance=said["assurance"],
            words=said["words"], contact=said["contact"],
        )  # fmt: skip
        messages.success(request, _("Taken in. The data-protection officer answers it in time."))
        return redirect("requests" if may(request.actor, Permission.REQUEST_READ) else "home")
    return render(request, "web/request_new.html", {"form": form, "person": person})


@route(Permission.REQUEST_READ)
@require_safe
def one(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """One request, what it needs, and its answer."""
    row = access.load(
        request.actor, Permission.REQUEST_READ, SubjectRequest, request_id, purpose=PURPOSE
    )
    (content,) = access.read(request.actor, Permission.REQUEST_READ, [row], purpose=PURPOSE)
    accounts = list(row.accounts.values_list("pk", flat=True))
    return render(
        request,
        "web/request.html",
        {
            "asked": row,
            "content": content,
            "accounts": accounts,
            "is_open": row.state == RequestState.OPEN,
            "may_answer": may(request.actor, Permission.REQUEST_ANSWER),
            "verify": VerifyForm(initial={"accounts": "\n".join(map(str, accounts)),
                                          "assurance": row.assurance}),
            "answer": AnswerForm(),
        },
    )  # fmt: skip


@route(Permission.REQUEST_ANSWER)
@require_POST
def verify(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Say which records are theirs, and how sure that is."""
    form = VerifyForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        rights.verify(request.actor, request_id, said["assurance"], said["accounts"])
        messages.success(request, _("Recorded."))
    else:
        messages.error(request, _("Copy the number from the address of the person's page."))
    return redirect("request", request_id)


@route(Permission.REQUEST_ANSWER)
@require_POST
def file(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Everything held on the person, as one readable file."""
    found = rights.access_file(request.actor, request_id)
    if isinstance(found, Failure):
        messages.error(request, words.why(found.reason))
        return redirect("request", request_id)
    response = HttpResponse(found.html, content_type="text/html; charset=utf-8")
    # A download, never a page of ours: it repeats what people wrote.
    response["Content-Disposition"] = f'attachment; filename="access-{request_id}.html"'
    return response


@route(Permission.REQUEST_ANSWER)
def correct(request: StaffRequest, request_id: UUID, account_id: UUID) -> HttpResponse:
    """Correct one of their records: what is changed becomes a new version."""
    actor = request.actor
    access.load(actor, Permission.REQUEST_ANSWER, SubjectRequest, request_id, purpose=PURPOSE)
    account = access.load(actor, Permission.ACCOUNT_READ, Account, account_id, purpose=PURPOSE)
    (content,) = access.read(actor, Permission.ACCOUNT_READ, [account], purpose=PURPOSE)
    form = CorrectionForm(content, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = rights.correct(actor, request_id, account.pk, form.changes())
        except RecordsError as refused:
            form.add_error(None, sentences.said(refused))
        else:
            if not isinstance(done, Failure):
                messages.success(request, _("Corrected. Write the answer to close the request."))
                return redirect("request", request_id)
            form.add_error(None, words.why(done.reason))
    page = {"form": form, "request_id": request_id, "caption": caption(content)}
    return render(request, "web/request_correct.html", page)


@route(Permission.REQUEST_ANSWER)
@require_POST
def erase(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Erase what is held, for good."""
    verdict = rights.erase(request.actor, request_id)
    if isinstance(verdict, Failure):
        messages.error(request, words.why(verdict.reason))
    else:
        messages.success(request, _("Erased. Write the answer to close the request."))
    return redirect("request", request_id)


@route(Permission.REQUEST_ANSWER)
@require_POST
def answer(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Close it with an answer, granted or not."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what the person is told."))
        return redirect("request", request_id)
    text, reason = form.cleaned_data["text"], form.cleaned_data["reason"]
    try:
        verdict: Any = (
            rights.refuse(request.actor, request_id, Reason(reason), text)
            if reason
            else rights.extend(request.actor, request_id, text)
            if "extend" in request.POST
            else rights.answer(request.actor, request_id, text)
        )
    except (GuardError, RecordsError, ValueError) as refused:
        messages.error(request, str(refused))
    else:
        if isinstance(verdict, Failure):
            messages.error(request, words.why(verdict.reason))
        else:
            messages.success(request, _("Recorded."))
    return redirect("request", request_id)
