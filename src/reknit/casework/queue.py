"""The queue: the open cases that somebody may list, as what is to be done with them, in the order
of their need.

Rules: the most urgent band first, within a band the one that waited longest; what is shown is ids,
states, counts and times, so that listing opens nobody (names and reasons are read and audited where
they are asked for); a view's number and its rows come from one and the same query; a caseworker's
work is their own cases, a supervisor's those of the office.

    cases = rows(noor, Filter(View.DEADLINES), now)
    counts(noor, Filter(), now)[View.STUCK]
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from reknit.casework import correspondence, need_rules
from reknit.casework.candidates import RESTING
from reknit.casework.models import Candidate, CandidateState, Claim, Task
from reknit.casework.need_rules import Band
from reknit.guard import access, searching
from reknit.guard.permissions import Permission, granted
from reknit.records.models import AccountKind, Enquiry, EnquiryStatus, Judgement
from reknit.vocabulary import Actor, Purpose, Role

E = TypeVar("E", bound=Enum)
_NUMBER = re.compile(r"[0-9A-Fa-f]{4,8}")


class View(StrEnum):
    """What is to be done."""

    MINE = "mine"
    CANDIDATES = "candidates"
    LETTERS = "letters"
    WAITING = "waiting"
    DEADLINES = "deadlines"
    STUCK = "stuck"
    NOBODYS = "nobodys"
    ALL = "all"


ORDER = ("need", "created_at", "pk")
"""The most urgent band first, in it who has waited longest; the review follows it, too."""
MOST_FOUND = 50
OWN_WORK = {View.CANDIDATES, View.LETTERS, View.WAITING, View.DEADLINES, View.STUCK}
"""Views that are a caseworker's own cases only."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases. assigned_to: a colleague's id. found: those that a search or a list of ids
    brought, kept with no saved filter."""

    view: View = View.ALL
    band: Band | None = None
    status: EnquiryStatus | None = None
    assigned_to: int | None = None
    found: tuple[UUID, ...] | None = field(default=None, repr=False)

    @classmethod
    def read(cls, said: Mapping[str, str], usual: View = View.ALL) -> Filter:
        """Out of a form or an address; what is no value is left out.

        >>> Filter.read({"view": "stuck", "band": "1", "status": "nonsense"})
        Filter(view=<View.STUCK: 'stuck'>, band=<Band.NOW: 1>, status=None, assigned_to=None)
        """
        return cls(
            _one(View, said.get("view")) or usual,
            _one(Band, int(said["band"]) if said.get("band", "").isdigit() else None),
            _one(EnquiryStatus, said.get("status")),
            int(said["assigned_to"]) if said.get("assigned_to", "").isdigit() else None,
        )

    def said(self) -> dict[str, str]:
        """As an address says it: `read` gives it back, without what was found."""
        values = {
            "view": self.view.value,
            "band": str(self.band.value) if self.band else "",
            "status": self.status.value if self.status else "",
            "assigned_to": str(self.assigned_to) if self.assigned_to else "",
        }
        return {name: value for name, value in values.items() if value}


def usual_view(actor: Actor) -> View:
    """Where somebody in this role begins."""
    return View.MINE if actor.role is Role.CASEWORKER else View.ALL


def views(actor: Actor) -> list[View]:
    """Those that are of use to this role."""
    left_out = set()
    if actor.role not in {Role.CASEWORKER, Role.SUPERVISOR}:
        left_out |= {View.MINE}
    if not granted(Permission.CANDIDATE_LIST, actor):
        left_out |= {View.CANDIDATES}
    if not granted(Permission.LETTER_READ, actor):
        left_out |= {View.LETTERS}
    return [view for view in View if view not in left_out]


def rows(actor: Actor, wanted: Filter, now: dt.datetime) -> QuerySet[Enquiry]:
    """The cases of a filter, in the queue's order."""
    cases = access.visible(actor, Permission.ENQUIRY_LIST, _of_view(actor, wanted.view, now))
    if wanted.band is not None:
        cases = cases.filter(need=wanted.band)
    if wanted.status is not None:
        cases = cases.filter(status=wanted.status)
    if wanted.assigned_to is not None:
        cases = cases.filter(assigned_to=wanted.assigned_to)
    if wanted.found is not None:
        cases = cases.filter(pk__in=wanted.found)
    return cases.order_by(*ORDER)


def counts(actor: Actor, wanted: Filter, now: dt.datetime) -> dict[View, int]:
    """How many cases each view holds under the filter's other conditions."""
    return {
        view: rows(actor, replace(wanted, view=view), now).order_by().count()
        for view in views(actor)
    }


@dataclass(frozen=True, slots=True)
class Marks:
    """What a line of the queue says beside the case: new candidates, letters that wait for staff,
    tasks that are open, and the next date by which one of them is due."""

    candidates: int = 0
    letters: int = 0
    tasks: int = 0
    due_at: dt.datetime | None = None


def marks(actor: Actor, cases: Sequence[Enquiry]) -> dict[UUID, Marks]:
    """For a page of cases: four queries, however many there are."""
    ids = [case.pk for case in cases]
    candidates = access.visible(actor, Permission.CANDIDATE_LIST, undecided())
    counted = dict(
        candidates.filter(enquiry__in=ids).order_by().values_list("enquiry").annotate(n=Count("pk"))
    )
    own = access.visible(actor, Permission.LETTER_READ, Enquiry.objects.filter(pk__in=ids))
    letters = correspondence.unread(list(own.values_list("pk", flat=True)))
    tasks: dict[UUID, list[dt.datetime | None]] = {}
    open_tasks = access.visible(actor, Permission.TASK_READ, _open_tasks())
    for enquiry_id, due_at in open_tasks.filter(enquiry__in=ids).values_list("enquiry", "due_at"):
        tasks.setdefault(enquiry_id, []).append(due_at)
    return {
        pk: Marks(
            counted.get(pk, 0),
            letters.get(pk, 0),
            len(tasks.get(pk, ())),
            min((at for at in tasks.get(pk, ()) if at is not None), default=None),
        )
        for pk in ids
    }


def undecided(rows: QuerySet[Candidate] | None = None) -> QuerySet[Candidate]:
    """Those (of all, unless some are given) that are candidates of a case in which somebody is
    looked for, and that nobody has judged, alone or as the first of two."""
    judged = Judgement.objects.filter(undone_at=None)
    one_way = judged.filter(one=OuterRef("sought"), other=OuterRef("account"))
    other_way = judged.filter(one=OuterRef("account"), other=OuterRef("sought"))
    current = Candidate.objects.all() if rows is None else rows
    current = current.filter(state=CandidateState.OPEN, enquiry__removed_at=None)
    current = current.exclude(enquiry__status__in=RESTING)
    return current.exclude(Exists(one_way)).exclude(Exists(other_way))


def find(actor: Actor, text: str, purpose: Purpose) -> tuple[UUID, ...]:
    """The ids of cases that a few words may mean: a case number, or the name of the person sought
    (the best MOST_FOUND hits, those that the actor may list). Names go through the search, which is
    audited with the purpose; nobody is opened.

    Raises NotPermittedError, QuestionError, RebuildingError, LockedError.
    """
    cases = access.visible(actor, Permission.ENQUIRY_LIST, Enquiry.objects.filter(removed_at=None))
    number = by_number(text)
    if number is not None:
        return tuple(cases.filter(number).values_list("pk", flat=True)[:MOST_FOUND])
    people = searching.locate(
        actor, AccountKind.SOUGHT, {"full_name": text}, purpose=purpose, top=MOST_FOUND
    )
    return tuple(cases.filter(sought__in=people).values_list("pk", flat=True))


def by_number(text: str) -> Q | None:
    """The cases whose number begins so; None for what is no case number.

    >>> by_number("2F1C") is None, by_number("Idris") is None
    (False, True)
    """
    number = text.strip()
    if not _NUMBER.fullmatch(number):
        return None
    return Q(pk__gte=UUID(number.ljust(32, "0")), pk__lte=UUID(number.ljust(32, "f")))


def _of_view(actor: Actor, view: View, now: dt.datetime) -> QuerySet[Enquiry]:
    rules = need_rules.current()
    cases = Enquiry.objects.filter(removed_at=None, closed_at=None)
    if view is View.MINE or (view in OWN_WORK and actor.role is Role.CASEWORKER):
        cases = cases.filter(assigned_to=actor.user_id)
    match view:
        case View.CANDIDATES:
            new = access.visible(actor, Permission.CANDIDATE_LIST, undecided())
            return cases.filter(Exists(new.filter(enquiry=OuterRef("pk"))))
        case View.LETTERS:
            own = access.visible(actor, Permission.LETTER_READ, cases)
            letters = correspondence.waiting_for_staff().filter(enquiry=OuterRef("pk"))
            return own.filter(Exists(letters))
        case View.WAITING:
            return cases.filter(status=EnquiryStatus.AWAITING_ANSWER)
        case View.DEADLINES:
            by = now + dt.timedelta(days=rules.deadline_within_days)
            due = _open_tasks().filter(enquiry=OuterRef("pk"), due_at__lte=by)
            return cases.filter(Q(due_on__lte=by.date()) | Exists(due))
        case View.STUCK:
            since = now - dt.timedelta(days=rules.stuck_after_days)
            acted = Claim.objects.filter(enquiry=OuterRef("pk"), acted_at__gte=since)
            judged = Judgement.objects.filter(enquiry=OuterRef("pk"), at__gte=since)
            return cases.filter(~Exists(acted), ~Exists(judged), created_at__lt=since)
        case View.NOBODYS:
            return cases.filter(assigned_to=None)
    return cases


def _open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(done_at=None, removed_at=None)


def _one(kind: type[E], value: object) -> E | None:
    try:
        return kind(value)
    except ValueError:
        return None
