"""Enquiries: who is sought, who may be them and why, what a case needs before anything is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, FloatField, OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import edits, lifecycle, needs, review, reviewers
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState, Move, Transfer, TransferState
from reknit.guard import access, disclosure
from reknit.guard.models.consents import Consent
from reknit.guard.permissions import Permission
from reknit.intake import documents
from reknit.intake import enquiries as intake
from reknit.records.errors import RecordsError
from reknit.records.models import (
    Account,
    Enquiry,
    EnquiryStatus,
    Judgement,
)
from reknit.vocabulary import Actor, Relation, Role
from reknit.web import words
from reknit.web.pages.cases import second
from reknit.web.pages.cases.header import PURPOSE, content_of, header, loaded
from reknit.web.pages.cases.steps import AssignForm, ProofForm, RiskForm
from reknit.web.pages.cases.work import tasks_of
from reknit.web.pages.parts import caption, lines_of, may, page_of
from reknit.web.routes import StaffRequest, route

TOP = 10


class FilterForm(forms.Form):
    """Which enquiries to list."""

    status = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=words.choices(EnquiryStatus, blank=gettext_lazy("all")),
    )  # fmt: skip
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)


class EnquiryForm(forms.Form):
    """What a family says: few fields asked, the rest if known."""

    full_name = forms.CharField(
        label=gettext_lazy("Name of the person sought"), max_length=300,
        help_text=gettext_lazy("As the family writes it, in their script."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    alternate_names = forms.CharField(
        label=gettext_lazy("Other names"), required=False, max_length=300,
        help_text=gettext_lazy("Nicknames, other spellings; one a line."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    date_of_birth = forms.CharField(
        label=gettext_lazy("Date of birth"), required=False, max_length=40,
        help_text=gettext_lazy("1987, 1987-04 or 1987-04-02."),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False,
        choices=[("", gettext_lazy("unknown")), ("female", gettext_lazy("Female")),
                 ("male", gettext_lazy("Male")), ("other", gettext_lazy("Other"))],
    )  # fmt: skip
    home_city = forms.CharField(
        label=gettext_lazy("Home town"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    home_country = forms.CharField(
        label=gettext_lazy("Home country"), required=False, max_length=60
    )
    relatives = forms.CharField(
        label=gettext_lazy("Relatives"), required=False, max_length=600,
        help_text=gettext_lazy("One a line, as “father: Yusuf Haddad”."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    description = forms.CharField(
        label=gettext_lazy("Last contact and anything else"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    seeker_name = forms.CharField(
        label=gettext_lazy("Who looks for them?"), max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    relationship = forms.ChoiceField(
        label=gettext_lazy("The person sought is their…"),
        choices=words.choices(Relation),
    )
    phones = forms.CharField(
        label=gettext_lazy("How do we reach who looks?"), max_length=300,
        help_text=gettext_lazy("A telephone number; it is kept apart."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if draft:  # a draft needs no more than a name
            for name, field in self.fields.items():
                field.required = name == "full_name"


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate on the case's page. is_hidden: the reader reviews blind and has not judged."""

    candidate: Candidate
    standing: review.Standing
    caption: str
    is_hidden: bool


def case_number(enquiry: Enquiry) -> str:
    """How people call an enquiry: the first eight signs of its id."""
    return str(enquiry.pk)[:8].upper()


def enquiries_about(actor: Actor, account: Account) -> list[Enquiry]:
    """The enquiries, as far as the actor works on them, that may be about this person."""
    identity = Account.objects.filter(identity_id=account.identity_id).values("pk")
    candidates = Candidate.objects.filter(account__in=identity)
    held = Q(pk__in=candidates.values("enquiry")) | Q(sought__in=identity)
    rows = Enquiry.objects.filter(held, removed_at=None)
    return list(
        access.visible(actor, Permission.DISCLOSURE_MAKE, rows).order_by("created_at")[:TOP]
    )


@route(Permission.ENQUIRY_LIST)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The enquiries that this reader may see, those with the likeliest candidates first; a
    caseworker's own, until they ask for all."""
    own_first = {"mine": "on"} if request.actor.role is Role.CASEWORKER else None
    form = FilterForm(request.GET if "status" in request.GET else own_first)
    rows = access.visible(
        request.actor, Permission.ENQUIRY_LIST, Enquiry.objects.filter(removed_at=None)
    )
    if form.is_valid():
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
        if form.cleaned_data["mine"]:
            rows = rows.filter(assigned_to=request.staff)
    page = page_of(request, _with_candidates(request.actor, rows))
    return render(
        request,
        "web/enquiries.html",
        {"page": page, "form": form, "may_add": may(request.actor, Permission.ENQUIRY_ADD)},
    )


@route(Permission.ENQUIRY_ADD)
def add(request: StaffRequest) -> HttpResponse:
    """File an enquiry for a family that came to the desk."""
    draft = "draft" in request.POST
    form = EnquiryForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid() and request.staff.office is not None:
        said = {name: value for name, value in form.cleaned_data.items() if value}
        contact = {"phones": said.pop("phones", "")}
        seeker = {name: said.pop(name) for name in edits.SEEKER if name in said}
        taken = intake.accept(
            request.actor, request.staff.office, said, seeker, contact, draft=draft
        )
        return render(request, "web/enquiry_filed.html", {"taken": taken})
    return render(request, "web/enquiry_new.html", {"form": form})


@route(Permission.ENQUIRY_READ)
@require_safe
def one(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """One case: where it stands and may go, who may be the person sought, what it needs."""
    actor = request.actor
    enquiry = loaded(actor, Permission.ENQUIRY_READ, enquiry_id)
    (case,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=PURPOSE)
    sought = content_of(actor, enquiry.sought)
    is_on_case = access.visible(
        actor, Permission.CANDIDATE_READ, Candidate.objects.filter(enquiry=enquiry)
    )
    page = header(request, enquiry, sought, "enquiry")
    held, person = page["held"], second.judged(actor, enquiry)
    matters = second.matters(enquiry, person) if Permission.APPROVAL_PROPOSE in held else {}
    return render(
        request,
        "web/enquiry.html",
        {
            **page,
            "case": case,
            "lines": lines_of(sought),
            "steps": lifecycle.next_steps(actor, enquiry),
            "latest_move": _latest_move(actor, enquiry),
            "candidates": _candidates(actor, is_on_case),
            "need": _need(actor, enquiry) if Permission.NEED_READ in held else None,
            "may_state": Permission.NEED_STATE in held,
            "offered": access.visible(
                actor, Permission.TRANSFER_READ,
                Transfer.objects.filter(enquiry=enquiry, state=TransferState.WAITING),
            ).select_related("to_office").first(),
            "judgements": _judgements(actor, enquiry),
            **access.about(
                actor, enquiry.sought.identity_id, consents=(Permission.CONSENT_READ, _consents)
            ),
            "person": person,
            "second": second.SecondForm(matters, auto_id="second_%s") if matters else None,
            "asked_second": second.asked(actor, enquiry, person),
            "tasks": [task for task in tasks_of(actor, enquiry) if task["is_open"]][:TOP],
            "documents": documents.of_enquiry(actor, enquiry),
            "assign": AssignForm(enquiry.office_id)
            if Permission.ENQUIRY_ASSIGN in held else None,
            "risk": RiskForm(auto_id="risk_%s"),
            "proof": ProofForm(initial={"proof": enquiry.proof}, auto_id="proof_%s"),
            "may_assess": Permission.RISK_ASSESS in held,
            "may_judge": Permission.JUDGEMENT_ADD in held,
            "may_claim": Permission.CLAIM_TAKE in held and enquiry.closed_at is None,
            "may_take_over": Permission.CLAIM_TAKE_OVER in held,
            "may_transfer": Permission.TRANSFER_ASK in held and enquiry.closed_at is None,
            "may_decide": may(actor, Permission.APPROVAL_PROPOSE),
            "may_remove_document": may(actor, Permission.DOCUMENT_REMOVE),
            "latest_edit": edits.latest(actor, enquiry),
            "may_add_document": may(actor, Permission.DOCUMENT_ADD),
            "may_edit": Permission.ENQUIRY_CHANGE in held,
        },
    )  # fmt: skip


@route(Permission.ENQUIRY_CHANGE)
@require_POST
def contact(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """How to reach who made the enquiry; shown when asked for, and audited."""
    said = disclosure.seeker_contact(request.actor, enquiry_id, PURPOSE)
    return render(request, "web/enquiry_contact.html", {"contact": said, "enquiry_id": enquiry_id})


@route(Permission.JUDGEMENT_UNDO)
@require_POST
def undo(request: StaffRequest, judgement_id: UUID) -> HttpResponse:
    """Take a judgement back; what was before holds again."""
    judgement = access.load(
        request.actor, Permission.JUDGEMENT_UNDO, Judgement, judgement_id, purpose=PURPOSE
    )
    try:
        review.undo(request.actor, judgement.pk, request.POST.get("reason", ""))
    except (CaseworkError, RecordsError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken back."))
    return redirect("enquiry", judgement.enquiry_id)


def _with_candidates(actor: Actor, rows: QuerySet[Enquiry]) -> QuerySet[Any]:
    """Each enquiry with how many candidates are open and how likely the likeliest is, as far as
    the actor may list candidates; to who reviews blind, neither a score nor an order by it."""
    waiting = access.visible(
        actor, Permission.CANDIDATE_READ,
        Candidate.objects.filter(enquiry=OuterRef("pk"), state=CandidateState.OPEN),
    )  # fmt: skip
    best = waiting.order_by("-probability").values("probability")[:1]
    count = waiting.order_by().values("enquiry").annotate(n=Count("pk")).values("n")
    rows = rows.select_related("office", "assigned_to").annotate(waiting=Subquery(count))
    if reviewers.way_of(actor).blind:
        nothing = Value(None, output_field=FloatField())
        return rows.annotate(best=nothing).order_by("created_at")
    return rows.annotate(best=Subquery(best)).order_by("-best", "created_at")


def _need(actor: Actor, enquiry: Enquiry) -> needs.Shown | None:
    """How soon its turn comes, and why; None once it is closed."""
    if enquiry.closed_at is not None:
        return None
    return needs.shown(actor, [enquiry])[enquiry.pk]


def _latest_move(actor: Actor, enquiry: Enquiry) -> Move | None:
    """The step that can be taken back, where this reader may do so."""
    rows = Move.objects.filter(enquiry=enquiry, undone_at=None).exclude(by=None)
    back = Permission.ENQUIRY_MOVE
    if enquiry.closed_at is not None:
        back = Permission.ENQUIRY_REOPEN
    return access.visible(actor, back, rows).order_by("-at", "-pk").first()


def _consents(person: UUID) -> QuerySet[Consent]:
    rows = Consent.objects.filter(account__identity_id=person)
    return rows.select_related("recorded_by").order_by("-at")


def _candidates(actor: Actor, visible: QuerySet[Candidate]) -> list[Listed]:
    """The candidates, the likeliest first; the review's screen has them side by side."""
    shown = list(
        visible.exclude(state=CandidateState.GONE)
        .select_related("account", "account__source", "account__office")
        .order_by("-probability")[:TOP]
    )
    people = [candidate.account for candidate in shown]
    contents = access.read(actor, Permission.ACCOUNT_READ, people, purpose=PURPOSE)
    stands, is_blind = review.standings(shown), reviewers.way_of(actor).blind
    return [
        Listed(
            candidate, stands[candidate.pk], caption(content),
            is_blind and stands[candidate.pk] is review.Standing.WAITING,
        )
        for candidate, content in zip(shown, contents, strict=True)
    ]  # fmt: skip


def _judgements(actor: Actor, enquiry: Enquiry) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(enquiry=enquiry).select_related("by", "confirmed_by")
    return access.visible(actor, Permission.JUDGEMENT_READ, rows).order_by("-at")
