"""How much waits for whom, and at which step: so that work can be shared out.

Rules: counts of open cases and of what waits in them, by colleague and by step; colleagues in the
order of their names, never of their numbers; nothing of how fast or how well anybody works.

    of_people(supervisor, now)        # [Load(user, cases=38, urgent=4, candidates=112, due=6), …]
    of_steps(supervisor)              # {EnquiryStatus.SEARCHING: 120, …}
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from reknit.casework.models import Task
from reknit.casework.need_rules import Band
from reknit.casework.queue import undecided
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, EnquiryStatus, User
from reknit.vocabulary import Actor, Role

WORKERS = (Role.CASEWORKER.value, Role.SUPERVISOR.value)


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for one colleague; user None: for nobody yet. urgent: cases whose turn is now;
    candidates: that nobody has judged; due: tasks whose time has come."""

    user: User | None
    cases: int
    urgent: int
    candidates: int
    due: int


def of_people(actor: Actor, now: dt.datetime) -> list[Load]:
    """For each who works on cases in the actor's offices, by name, and last for nobody.

    Three queries, however many cases there are.
    """
    cases = _open(actor)
    counted = cases.order_by().values_list("assigned_to").annotate(
        n=Count("pk"), urgent=Count("pk", filter=Q(need=Band.NOW))
    )  # fmt: skip
    held = {user_id: (n, urgent) for user_id, n, urgent in counted}
    waiting = dict(
        undecided().filter(enquiry__in=cases.values("pk")).order_by()
        .values_list("enquiry__assigned_to").annotate(n=Count("pk"))
    )  # fmt: skip
    due = dict(
        Task.objects.filter(
            enquiry__in=cases.values("pk"), done_at=None, removed_at=None, due_at__lte=now
        ).order_by().values_list("assigned_to").annotate(n=Count("pk"))
    )  # fmt: skip
    users = User.objects.filter(pk__in=[pk for pk in held if pk]) | _workers(actor)
    found: list[User | None] = [*users.distinct().order_by("name", "email"), None]
    loads = [
        Load(user, *held.get(pk, (0, 0)), waiting.get(pk, 0), due.get(pk, 0))
        for user in found
        for pk in (user.pk if user else None,)
    ]
    return [load for load in loads if load.user is not None or load.cases]


def of_steps(actor: Actor) -> dict[EnquiryStatus, int]:
    """How many open cases stand at each step, in the order of the steps."""
    counted = dict(_open(actor).order_by().values_list("status").annotate(n=Count("pk")))
    return {status: counted[status] for status in EnquiryStatus if status in counted}


def _open(actor: Actor) -> QuerySet[Enquiry]:
    rows = Enquiry.objects.filter(removed_at=None, closed_at=None)
    return access.visible(actor, Permission.FIGURES_READ, rows)


def _workers(actor: Actor) -> QuerySet[User]:
    rows = User.objects.filter(is_active=True, role__in=WORKERS)
    return access.visible(actor, Permission.USER_READ, rows)
