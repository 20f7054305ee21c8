"""Review: the person sought and one candidate side by side, a verdict, and on to the next.

Rules: what waits comes case by case, cases that a colleague works on now are passed over; where the
reviewer is blind, the page holds neither score nor evidence until they decided; a verdict carries
what the page showed; neither whereabouts nor contacts are on it. Keys press the same buttons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from reknit.casework import claims, comparison, families, returning, review, reviewers
from reknit.casework.errors import CaseworkError, KeysError
from reknit.casework.models import Candidate
from reknit.casework.review import Act, ActKind, Judged, Seen, Stale
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.intake import documents
from reknit.intake.documents import Listed
from reknit.records import accounts, sources
from reknit.records.errors import RecordsError
from reknit.records.models import Account, Enquiry, Verdict
from reknit.report.data import ChosenPair, EvidenceBar
from reknit.report.data import Verdict as ReportVerdict
from reknit.report.evidence import Waterfall, waterfall
from reknit.vocabulary import Actor, Purpose
from reknit.web import words
from reknit.web.pages.cases.header import header
from reknit.web.pages.parts import as_uuid, caption, may, page_of
from reknit.web.routes import StaffRequest, route
from reknit.web.templatetags.reknit import percent

PURPOSE = Purpose.FAMILY_TRACING
SKIP = "skip"
LOOKED_BACK = 12
"""How many acts the screen looks back on, for Undo and Previous."""


@dataclass(frozen=True, slots=True)
class Told:
    """Where an account comes from, and when: the source's own date, and when it came in. copies:
    the source that it mirrors, which then counts once."""

    source: str
    said_on: str
    came_in: datetime
    copies: str
    version: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reviewer is: all that waits for them, or one enquiry; address of either."""

    enquiry_id: UUID | None

    @property
    def address(self) -> str:
        """Of the page that shows the next one."""
        if self.enquiry_id is None:
            return reverse("review")
        return reverse("review_enquiry", args=[self.enquiry_id])

    def of(self, candidate_id: UUID) -> str:
        """Of the page that shows this one, judged or not."""
        return f"{self.address}?candidate={candidate_id}"


class DecideForm(forms.Form):
    """A verdict or a skip, with what the page showed."""

    verdict = forms.ChoiceField(choices=[(v, v) for v in (*Verdict.values, SKIP)])
    reason = forms.CharField(required=False, max_length=1000)
    version = forms.IntegerField(min_value=1)
    judgement = forms.UUIDField(required=False)
    probability = forms.FloatField(required=False, min_value=0, max_value=1)
    of = forms.ChoiceField(required=False, choices=[("", ""), ("enquiry", "")])

    def seen(self) -> Seen:
        """What the page showed; a hidden score is none."""
        said = self.cleaned_data
        return Seen(said["version"], said["judgement"], said["probability"])


class WayForm(forms.Form):
    """Which key does what, and whether the score is hidden."""

    match = forms.CharField(label=gettext_lazy("Match"), max_length=1)
    no_match = forms.CharField(label=gettext_lazy("No match"), max_length=1)
    unsure = forms.CharField(label=gettext_lazy("Unsure"), max_length=1)
    skip = forms.CharField(label=gettext_lazy("Skip"), max_length=1)
    undo = forms.CharField(label=gettext_lazy("Undo"), max_length=1)
    back = forms.CharField(label=gettext_lazy("Previous"), max_length=1)
    keys_on = forms.BooleanField(
        label=gettext_lazy("Use keys"), required=False,
        help_text=gettext_lazy("Switch them off if you dictate, or press keys by mistake."),
    )  # fmt: skip
    blind = forms.BooleanField(
        label=gettext_lazy("Hide score and evidence until I have decided"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """No key for two acts; the error stands beside the first of them."""
        said = super().clean() or {}
        keys = {act: said[act] for act in reviewers.USUAL if said.get(act)}
        if len(keys) == len(reviewers.USUAL):
            try:
                reviewers.read_keys(keys)
            except KeysError as refused:
                act = str(refused).partition(":")[0].split(" ")[0]
                self.add_error(act, _("Choose one sign that no other act has; / is the search's."))
        return said


@route(Permission.JUDGEMENT_ADD)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """All that waits for this person, one after the other."""
    return _screen(request, Place(None))


@route(Permission.JUDGEMENT_ADD)
@require_safe
def of_enquiry(request: StaffRequest, enquiry_id: UUID) -> HttpResponse:
    """What waits in one case."""
    enquiry = access.load(
        request.actor, Permission.JUDGEMENT_ADD, Enquiry, enquiry_id, purpose=PURPOSE
    )
    return _screen(request, Place(enquiry.pk))


@route(Permission.JUDGEMENT_ADD)
@require_POST
def decide(request: StaffRequest, candidate_id: UUID) -> HttpResponse:
    """A verdict or a skip; then the next one."""
    actor = request.actor
    candidate = access.load(
        actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=PURPOSE
    )
    form = DecideForm(request.POST)
    is_valid = form.is_valid()
    place = Place(candidate.enquiry_id if request.POST.get("of") == "enquiry" else None)
    if not is_valid:
        messages.error(request, _("That was no verdict; nothing was changed. Press a button."))
        return redirect(place.of(candidate.pk))
    if claims.claim(actor, candidate.enquiry_id) is None:
        messages.error(request, _("A colleague works on this case now; nothing was changed."))
        return redirect(place.of(candidate.pk))
    if form.cleaned_data["verdict"] == SKIP:
        review.skip(actor, candidate.pk)
        messages.info(request, _("Skipped: it comes again at the end. You can undo that."))
        return redirect(place.address)
    if form.seen().probability is not None and reviewers.way_of(actor).required:
        messages.error(request, _("Your office reviews blind now; look at it again without."))
        return redirect(place.of(candidate.pk))
    verdict = Verdict(form.cleaned_data["verdict"])
    try:
        made = review.judge_as_seen(
            actor, candidate.pk, verdict, form.cleaned_data["reason"], form.seen()
        )
    except (CaseworkError, RecordsError) as refused:
        messages.error(request, str(refused))
        return redirect(place.of(candidate.pk))
    if isinstance(made, Stale):
        return _screen(request, place, candidate.pk, stale=made, status=409)
    _say_what_was_done(request, candidate, verdict, made, form.seen())
    return redirect(place.address)


@route(Permission.JUDGEMENT_ADD)
@require_POST
def decide_family(request: StaffRequest, candidate_id: UUID) -> HttpResponse:
    """One verdict on the candidates of a family that were ticked; then the next one."""
    actor = request.actor
    candidate = access.load(
        actor, Permission.JUDGEMENT_ADD, Candidate, candidate_id, purpose=PURPOSE
    )
    place = Place(candidate.enquiry_id if request.POST.get("of") == "enquiry" else None)
    parts = _family_parts(request)
    refusal = _why_not(actor, parts)
    if parts is None or refusal:
        messages.error(request, refusal)
        return redirect(place.of(candidate.pk))
    verdict, reason = Verdict(request.POST["verdict"]), request.POST.get("reason", "")
    try:
        made = families.judge(actor, parts, verdict, reason)
    except (CaseworkError, RecordsError) as refused:
        messages.error(request, str(refused))
        return redirect(place.of(candidate.pk))
    if isinstance(made, Stale):
        return _screen(request, place, candidate.pk, stale=made, status=409)
    said_so = ngettext(
        "Recorded for %(count)d person: %(verdict)s.",
        "Recorded for %(count)d people together: %(verdict)s.",
        len(made.judged),
    ) % {"count": len(made.judged), "verdict": words.of(verdict)}
    if any(one.approval is not None for one in made.judged):
        said_so += " " + _("A second person has to confirm what concerns a minor or a risk.")
    messages.success(request, said_so)
    return redirect(place.address)


@route(Permission.JUDGEMENT_UNDO)
@require_POST
def undo(request: StaffRequest) -> HttpResponse:
    """Take back the last act, or the one that the history names; then show what it was about."""
    kind, _colon, id_text = request.POST.get("act", "").partition(":")
    id = as_uuid(id_text)
    from_history = request.POST.get("from") == "history"
    try:
        if kind in set(ActKind) and id is not None:
            review.undo_act(request.actor, ActKind(kind), id)
            act = next((a for a in review.history(request.actor) if a.id == id), None)
        else:
            act = review.undo_last(request.actor)
    except RecordsError as refused:
        messages.error(request, str(refused))
        return redirect("review_history")
    if act is None and id is None:
        messages.info(request, _("There is nothing of yours to undo."))
    else:
        messages.success(request, _("Taken back."))
    if from_history or act is None or act.candidate is None:
        return redirect("review_history" if from_history else "review")
    of_case = request.POST.get("of") == "enquiry"
    return redirect(Place(act.candidate.enquiry_id if of_case else None).of(act.candidate.pk))


@route(Permission.JUDGEMENT_ADD)
@require_safe
def history(request: StaffRequest) -> HttpResponse:
    """What this person decided last. It names nobody: each line leads to the two people."""
    page = page_of(request, review.history(request.actor))
    return render(request, "web/review_history.html", {"page": page})


@route(Permission.JUDGEMENT_ADD)
def way(request: StaffRequest) -> HttpResponse:
    """Keys, and whether to review blind."""
    chosen = reviewers.way_of(request.actor)
    start = {**chosen.chosen, "keys_on": chosen.keys_on, "blind": chosen.blind}
    form = WayForm(request.POST or None, initial=start)
    if chosen.required:
        form.fields["blind"].disabled = True
        form.fields["blind"].help_text = _("Your office requires it.")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        keys = {act: said[act] for act in reviewers.USUAL}
        reviewers.choose(request.actor, keys, keys_on=said["keys_on"], blind=said["blind"])
        messages.success(request, _("Kept; it holds on every machine you sign in on."))
        return redirect("review_way")
    context = {
        "form": form, "required": chosen.required,
        "may_require": may(request.actor, Permission.REVIEW_SET),
    }  # fmt: skip
    return render(request, "web/review_way.html", context)


@route(Permission.REVIEW_SET)
@require_POST
def require_blind(request: StaffRequest) -> HttpResponse:
    """Everybody in this office reviews blind, or each as they like."""
    required = request.POST.get("required") == "yes"
    reviewers.require_blind(request.actor, required)
    messages.success(request, _("From now on everybody in your office reviews blind.") if required
                     else _("From now on everybody in your office chooses."))  # fmt: skip
    return redirect("review_way")


def _family_parts(request: StaffRequest) -> list[tuple[UUID, Seen]] | None:
    """Who was ticked, each with what the page showed of them; None where that is no verdict."""
    parts = []
    said = {name: request.POST.get(name, "") for name in ("verdict", "reason")}
    ticked = [as_uuid(one) for one in request.POST.getlist("of_family")]
    for one in dict.fromkeys(one for one in ticked if one is not None):
        shown = {
            name: request.POST.get(f"{name}-{one}", "")
            for name in ("version", "judgement", "probability")
        }
        form = DecideForm({**said, **shown})
        if not form.is_valid() or form.cleaned_data["verdict"] == SKIP:
            return None
        parts.append((one, form.seen()))
    return parts


def _why_not(actor: Actor, parts: list[tuple[UUID, Seen]] | None) -> str:
    """Why a family's verdict is not taken; "" where it is."""
    if parts is None:
        return _("That was no verdict; nothing was changed. Press a button.")
    if not parts:
        return _("Tick whom you judge together; nothing was changed.")
    shown = any(seen.probability is not None for _id, seen in parts)
    if shown and reviewers.way_of(actor).required:
        return _("Your office reviews blind now; look at it again without.")
    rows = Candidate.objects.filter(pk__in=[one for one, _seen in parts])
    visible = access.visible(actor, Permission.JUDGEMENT_ADD, rows)
    cases = set(visible.values_list("enquiry_id", flat=True))
    if any(claims.claim(actor, case) is None for case in cases):
        return _("A colleague works on this case now; nothing was changed.")
    return ""


def _screen(
    request: StaffRequest,
    place: Place,
    candidate_id: UUID | None = None,
    *,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    way = reviewers.way_of(actor)
    in_order = review.with_cases(actor, place.enquiry_id, blind=way.blind)
    wanted = candidate_id or as_uuid(request.GET.get("candidate"))
    taken: set[UUID] = set()
    if place.enquiry_id is None and wanted is None:
        taken = _with_colleagues(actor, {case for _id, case in in_order})
    waiting = [one for one, case in in_order if case not in taken]
    shown = wanted or (waiting[0] if waiting else None)
    acts = review.history(actor, LOOKED_BACK)
    context: dict[str, Any] = {
        "place": place, "way": way, "keys": way.keys, "waiting": len(waiting),
        "others": len(in_order) - len(waiting), "acts": acts,
        "last": next((act for act in acts if act.undone_at is None), None),
    }  # fmt: skip
    if shown is None:
        return render(request, "web/review_empty.html", context)
    candidate = _loaded(actor, shown, place)
    if place.enquiry_id is not None:
        context["tabs"] = header(request, candidate.enquiry, {}, "review_enquiry")["tabs"]
    context["number"] = waiting.index(shown) + 1 if shown in waiting else None
    context["previous"] = _previous(acts, shown)
    context |= _side_by_side(actor, candidate, way)
    context["holder"] = (
        None if claims.claim(actor, candidate.enquiry_id) else claims.holder(candidate.enquiry_id)
    )
    if stale is not None:
        context["stale"] = stale
    return render(request, "web/review.html", context, status=status)


def _loaded(actor: Actor, candidate_id: UUID, place: Place) -> Candidate:
    rows = Candidate.objects.select_related(
        "enquiry", "enquiry__office", "sought", "sought__source__mirrors", "account",
        "account__source__mirrors", "account__office", "returned__sought", "returned__account",
    )  # fmt: skip
    if place.enquiry_id is not None:
        rows = rows.filter(enquiry=place.enquiry_id)
    return access.load(actor, Permission.JUDGEMENT_ADD, rows, candidate_id, purpose=PURPOSE)


def _side_by_side(actor: Actor, candidate: Candidate, way: reviewers.Way) -> dict[str, Any]:
    """All that the page shows of the two; where the reviewer is blind, nothing of the score."""
    sought, found = access.read(
        actor, Permission.ACCOUNT_READ, [candidate.sought, candidate.account], purpose=PURPOSE
    )
    standing = review.standings([candidate])[candidate.pk]
    now = review.seen_now(candidate, blind=False)
    is_hidden = way.blind and now.judgement_id is None
    said: dict[str, Any] = {}
    if not is_hidden:
        (said,) = access.read(actor, Permission.CANDIDATE_READ, [candidate], purpose=PURPOSE)
    told = _sources(actor, candidate, sought, found)
    return {
        "candidate": candidate,
        "enquiry": candidate.enquiry,
        "standing": standing,
        "hidden": is_hidden,
        "seen": review.seen_now(candidate, blind=is_hidden),
        "names": (caption(sought), caption(found)),
        "rows": comparison.compare(sought, found),
        "kin": comparison.kin(sought, found),
        "evidence": said.get("evidence", []),
        "fall": _waterfall(candidate, said),
        "back": returning.why_back(actor, candidate, sought, found),
        "needs_two": review.needs_two(candidate, [sought, found]),
        "family": families.family_of(actor, candidate, blind=is_hidden),
        "papers": _papers(actor, candidate),
        **told,
    }


def _papers(actor: Actor, candidate: Candidate) -> list[tuple[str, list[Listed], str]]:
    """Documents and photos of both sides, each with what is said where there are none."""
    sought, found = documents.of_both(actor, candidate.enquiry, candidate.account)
    when = _("None that you may see. Open once they are judged a match, if there are any.")
    return [(_("Sought"), sought, ""), (_("Candidate"), found, when)]


def _waterfall(candidate: Candidate, said: Mapping[str, Any]) -> Waterfall | None:
    """The bars, by the report room; None where the job kept no prior yet."""
    prior = said.get("prior_weight")
    if prior is None:
        return None
    evidence = tuple(
        EvidenceBar(line["field"], line["weight"], line["sentence"], line["weight"] != 0.0)
        for line in said["evidence"]
    )
    return waterfall(
        ChosenPair(
            "", "", "", "", (), (), prior, evidence, candidate.probability, ReportVerdict.DOUBTFUL
        )
    )


def _sources(
    actor: Actor, candidate: Candidate, sought: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    """Who says it and when: the accounts held to be the candidate; mirrors count once."""
    same = accounts.current().filter(identity_id=candidate.account.identity_id)
    others = access.visible(
        actor, Permission.ACCOUNT_READ,
        same.exclude(pk=candidate.account_id).select_related("source__mirrors"),
    )  # fmt: skip
    by = [candidate.account, *others]
    return {
        "told_sought": _told(candidate.sought, sought),
        "told": [_told(one, found if one == candidate.account else {}) for one in by],
        "independent": sources.independent(one.source_id for one in by),
    }


def _told(account: Account, content: Mapping[str, Any]) -> Told:
    source = account.source
    return Told(
        source.name,
        str(content.get("source_date") or ""),
        account.created_at,
        source.mirrors.name if source.mirrors is not None else "",
        account.version,
    )


def _with_colleagues(actor: Actor, cases: set[UUID]) -> set[UUID]:
    """Those of the cases on which somebody else works at this moment."""
    held = claims.holders(cases)
    return {case for case, claim in held.items() if claim.held_by_id != actor.user_id}


def _previous(acts: list[Act], shown: UUID) -> UUID | None:
    """The candidate that was acted on before the one shown, or last, where that was not yet."""
    ids = [act.candidate.pk for act in acts if act.candidate is not None]
    later = ids[ids.index(shown) + 1 :] if shown in ids else ids
    return next((one for one in later if one != shown), None)


def _say_what_was_done(
    request: StaffRequest, candidate: Candidate, verdict: Verdict, made: Judged, seen: Seen
) -> None:
    said = _("Recorded: %(verdict)s.") % {"verdict": words.of(verdict)}
    if seen.probability is None:
        shown = percent(candidate.probability)
        said += " " + _("The score that was hidden: %(score)s.") % {"score": shown}
    if made.contradictions:
        said += " " + _("It contradicts an earlier “no match”; look at the case.")
    if made.approval is not None:
        messages.warning(request, said + " " + _("A second person has to confirm this match."))
    else:
        messages.success(request, said)
