"""Enquiries: who is sought, who may be them and why, what a case needs before anything is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import assignments, review
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, CandidateState
from reknit.guard import access, assessments, disclosure
from reknit.guard.assessments import Concern
from reknit.guard.permissions import Permission
from reknit.guard.reasons import Failure
from reknit.intake import enquiries as intake
from reknit.records.errors import RecordsError
from reknit.records.models import (
    Account,
    Document,
    Enquiry,
    EnquiryStatus,
    Judgement,
    Proof,
    Risk,
    User,
    Verdict,
)
from reknit.vocabulary import Actor, Purpose, Relation, Role
from reknit.web import words
from reknit.web.pages.parts import Compared, StaffField, caption, compared, lines_of, may, page_of
from reknit.web.routes import StaffRequest, route

TOP = 10
PURPOSE = Purpose.FAMILY_TRACING


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


class AssignForm(forms.Form):
    """Whose case it is."""

    user = StaffField(label=gettext_lazy("Whose case is it?"), queryset=User.objects.none())

    def __init__(self, office_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for mypy
        field.queryset = User.objects.filter(
            office=office_id, is_active=True,
            role__in=[Role.CASEWORKER.value, Role.SUPERVISOR.value],
        )  # fmt: skip


class RiskForm(forms.Form):
    """What a person found about the danger of contact; never a score."""

    risk = forms.ChoiceField(
        label=gettext_lazy("Could contact harm somebody?"), widget=forms.RadioSelect,
        choices=[(Risk.NO_CONCERN.value, gettext_lazy("No concern was found")),
                 (Risk.FLAGGED.value, gettext_lazy("There is a concern"))],
    )  # fmt: skip
    concerns = forms.MultipleChoiceField(
        label=gettext_lazy("Which concern?"), required=False,
        widget=forms.CheckboxSelectMultiple, choices=words.choices(Concern),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class ProofForm(forms.Form):
    """How well the relationship is shown."""

    proof = forms.ChoiceField(
        label=gettext_lazy("How is the relationship shown?"), choices=words.choices(Proof)
    )
    reason = forms.CharField(
        label=gettext_lazy("On what does this rest?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class JudgeForm(forms.Form):
    """Whether a candidate is the person sought."""

    verdict = forms.ChoiceField(choices=[(v.value, v.value) for v in Verdict])
    reason = forms.CharField(required=False, max_length=1000)


@dataclass(frozen=True, slots=True)
class Beside:
    """A candidate beside the person sought."""

    candidate: Candidate
    standing: review.Standing
    caption: str
    rows: list[Compared]
    evidence: list[dict[str, Any]]


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
    form = EnquiryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and request.staff.office is not None:
        said = {name: value for name, value in form.cleaned_data.items() if value}
        contact = {"phones": said.pop("phones")}
        seeker = {name: said.pop(name) for name in ("seeker_name", "relationship")}
        taken = intake.accept(request.actor, request.staff.office, said, seeker, contact)
        return render(request, "web/enquiry_filed.html", {"taken": taken})
    return render(request, "web/enquiry_new.html", {"form": form})


@route(Permission.ENQUIRY_READ)
@require_safe
def one(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """One case: the person sought, the candidates beside them, what the case needs."""
    actor = request.actor
    enquiry = _loaded(actor, Permission.ENQUIRY_READ, enquiry_id)
    (case,) = access.read(actor, Permission.ENQUIRY_READ, [enquiry], purpose=PURPOSE)
    (sought,) = access.read(actor, Permission.ACCOUNT_READ, [enquiry.sought], purpose=PURPOSE)
    is_on_case = access.visible(
        actor, Permission.CANDIDATE_READ, Candidate.objects.filter(enquiry=enquiry)
    )
    return render(
        request,
        "web/enquiry.html",
        {
            "enquiry": enquiry,
            "case": case,
            "caption": caption(sought),
            "lines": lines_of(sought),
            "beside": _beside(actor, enquiry, sought, is_on_case),
            "judgements": _judgements(actor, enquiry),
            "documents": access.visible(
                actor, Permission.DOCUMENT_READ,
                Document.objects.filter(enquiry=enquiry, removed_at=None),
            ),
            "assign": AssignForm(enquiry.office_id) if may(actor, Permission.ENQUIRY_ASSIGN)
            else None,
            "risk": RiskForm(), "proof": ProofForm(initial={"proof": enquiry.proof}),
            "may_assess": may(actor, Permission.RISK_ASSESS) and _is_in(
                actor, Permission.RISK_ASSESS, enquiry),
            "may_judge": may(actor, Permission.JUDGEMENT_ADD) and _is_in(
                actor, Permission.JUDGEMENT_ADD, enquiry),
            "may_add_document": may(actor, Permission.DOCUMENT_ADD),
            "may_contact": _is_in(actor, Permission.ENQUIRY_CHANGE, enquiry),
        },
    )  # fmt: skip


@route(Permission.ENQUIRY_CHANGE)
@require_POST
def contact(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """How to reach who made the enquiry; shown when asked for, and audited."""
    said = disclosure.seeker_contact(request.actor, enquiry_id, PURPOSE)
    return render(request, "web/enquiry_contact.html", {"contact": said, "enquiry_id": enquiry_id})


@route(Permission.ENQUIRY_ASSIGN)
@require_POST
def assign(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Say whose case it is."""
    enquiry = _loaded(request.actor, Permission.ENQUIRY_ASSIGN, enquiry_id)
    form = AssignForm(enquiry.office_id, request.POST)
    if form.is_valid():
        assignments.assign(request.actor, [enquiry.pk], form.cleaned_data["user"])
        messages.success(request, _("The case has somebody who works on it."))
    else:
        messages.error(request, _("Choose somebody of this office."))
    return redirect("enquiry", enquiry.pk)


@route(Permission.RISK_ASSESS)
@require_POST
def assess_risk(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Record whether contact could harm somebody."""
    _loaded(request.actor, Permission.RISK_ASSESS, enquiry_id)
    form = RiskForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        _say(request, lambda: assessments.assess_risk(
            request.actor, enquiry_id, Risk(said["risk"]), said["reason"],
            [Concern(c) for c in said["concerns"]],
        ))  # fmt: skip
    else:
        messages.error(request, _("Say what was found, and on what it rests."))
    return redirect("enquiry", enquiry_id)


@route(Permission.PROOF_ASSESS)
@require_POST
def record_proof(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """Record how well the relationship is shown."""
    _loaded(request.actor, Permission.PROOF_ASSESS, enquiry_id)
    form = ProofForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        _say(request, lambda: assessments.record_proof(
            request.actor, enquiry_id, Proof(said["proof"]), said["reason"]
        ))  # fmt: skip
    else:
        messages.error(request, _("Say how it is shown, and on what that rests."))
    return redirect("enquiry", enquiry_id)


@route(Permission.JUDGEMENT_ADD)
@require_POST
def judge(request: StaffRequest, candidate_id: UUID) -> HttpResponse:
    """Match, no match, unsure."""
    candidate = access.load(
        request.actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=PURPOSE
    )
    form = JudgeForm(request.POST)
    if form.is_valid():
        try:
            made = review.judge(
                request.actor, candidate.pk, Verdict(form.cleaned_data["verdict"]),
                form.cleaned_data["reason"],
            )  # fmt: skip
        except (CaseworkError, RecordsError) as refused:
            messages.error(request, str(refused))
        else:
            if made.approval is not None:
                messages.warning(request, _("A second person has to confirm this match."))
            else:
                messages.success(request, _("Recorded. You can take it back below."))
    return redirect("enquiry", candidate.enquiry_id)


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


def _say(request: StaffRequest, work: Any) -> None:
    try:
        verdict = work()
    except ValueError as refused:
        messages.error(request, str(refused))
        return
    if isinstance(verdict, Failure):
        messages.error(request, words.why(verdict.reason))
    else:
        messages.success(request, _("Recorded."))


def _loaded(actor: Actor, permission: Permission, enquiry_id: UUID) -> Enquiry:
    rows = Enquiry.objects.filter(removed_at=None).select_related(
        "sought", "sought__source", "office", "assigned_to"
    )
    return access.load(actor, permission, rows, enquiry_id, purpose=PURPOSE)


def _is_in(actor: Actor, permission: Permission, enquiry: Enquiry) -> bool:
    return access.visible(actor, permission, Enquiry.objects.filter(pk=enquiry.pk)).exists()


def _with_candidates(actor: Actor, rows: QuerySet[Enquiry]) -> QuerySet[Any]:
    """Each enquiry with how many candidates are open and how likely the likeliest is, as far as
    the actor may list candidates."""
    waiting = access.visible(
        actor, Permission.CANDIDATE_READ,
        Candidate.objects.filter(enquiry=OuterRef("pk"), state=CandidateState.OPEN),
    )  # fmt: skip
    best = waiting.order_by("-probability").values("probability")[:1]
    count = waiting.order_by().values("enquiry").annotate(n=Count("pk")).values("n")
    return rows.select_related("office", "assigned_to").annotate(
        best=Subquery(best), waiting=Subquery(count)
    ).order_by("-best", "created_at")  # fmt: skip


def _beside(
    actor: Actor, enquiry: Enquiry, sought: dict[str, Any], visible: QuerySet[Candidate]
) -> list[Beside]:
    """The candidates, the likeliest first, each beside the person sought."""
    shown = list(
        visible.exclude(state=CandidateState.GONE)
        .select_related("account", "account__source", "account__office")
        .order_by("-probability")[:TOP]
    )
    if not shown:
        return []
    evidence = access.read(actor, Permission.CANDIDATE_READ, shown, purpose=PURPOSE)
    people = [candidate.account for candidate in shown]
    contents = access.read(actor, Permission.ACCOUNT_READ, people, purpose=PURPOSE)
    stands = review.standings(shown)
    return [
        Beside(
            candidate, stands[candidate.pk], caption(content), compared(sought, content),
            said.get("evidence", []),
        )
        for candidate, said, content in zip(shown, evidence, contents, strict=True)
    ]  # fmt: skip


def _judgements(actor: Actor, enquiry: Enquiry) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(enquiry=enquiry).select_related("by", "confirmed_by")
    return access.visible(actor, Permission.JUDGEMENT_READ, rows).order_by("-at")
