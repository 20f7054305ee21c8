"""To whom rows belong: how each model leads to an office, to assigned staff, to a person.

Rules: a model that is not declared here is shown to nobody; rooms above guard declare their own
models when they are loaded (`declare`, `declare_case`), by look-ups of Django's.

    declare(Candidate, Belongs(office=("enquiry__office",), case="enquiry", account=("account",)))
    declare_case(Account, lambda cases: Q(pk__in=Candidate.objects.filter(
        enquiry__in=cases.filter(closed_at=None)).values("account")))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from reknit.guard.errors import UndeclaredError
from reknit.guard.models import Acknowledgement, Alarm, Entry
from reknit.guard.permissions import Scope
from reknit.records.models import (
    Account,
    Batch,
    Document,
    Enquiry,
    Judgement,
    Mirroring,
    Office,
    Source,
    User,
    Verdict,
)
from reknit.vocabulary import Actor, Role

CaseRule = Callable[[QuerySet[Enquiry]], Q]
HeldRule = Callable[[UUID], Q]


@dataclass(frozen=True, slots=True)
class Belongs:
    """Look-ups from a row; empty where they lead nowhere.

    office: the offices whose row it is. own: the user who made it. case: the enquiry that it is
    part of. account: the account of the person whose content it holds, the first that is there.
    person: ids that count as one person each where no account is there (who wrote a message).
    shared: offices in which the row is everybody's work.
    """

    office: tuple[str, ...] = ()
    own: str = ""
    case: str = ""
    account: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


_declarations = 0
_belongs: dict[type[Model], Belongs] = {}
_case_rules: dict[type[Model], list[CaseRule]] = {}
_held_rules: dict[type[Model], list[HeldRule]] = {}


def declare(model: type[Model], belongs: Belongs) -> None:
    """Say to whom a model's rows belong; the last word holds."""
    global _declarations
    _declarations += 1
    _belongs[model] = belongs


def declare_case(model: type[Model], rule: CaseRule) -> None:
    """Add a way in which rows come into a case: given the cases, a filter for their rows."""
    global _declarations
    _declarations += 1
    _case_rules.setdefault(model, []).append(rule)


def declare_held(model: type[Model], rule: HeldRule) -> None:
    """Add a way in which rows belong to whoever showed a receipt code: given the enquiry or the
    registration that it names, a filter for their rows."""
    global _declarations
    _declarations += 1
    _held_rules.setdefault(model, []).append(rule)


def declarations() -> int:
    """How much was declared so far: what was prepared before the last is out of date."""
    return _declarations


def belongs(model: type[Model]) -> Belongs:
    """What was declared. Raises UndeclaredError."""
    try:
        return _belongs[model]
    except KeyError:
        raise UndeclaredError(
            f"{model.__name__}: nobody is shown rows of it; say to whom they belong, with "
            "reknit.guard.scoping.declare."
        ) from None


def rows_of(model: type[Model], actor: Actor, scope: Scope) -> Q | None:
    """A filter for the rows in that scope of the actor's; None where that is all of them."""
    said = belongs(model)
    if scope is Scope.ALL:
        return None
    allowed = [_nothing()]
    if actor.user_id is not None:
        if said.own:
            allowed.append(Q(**{said.own: actor.user_id}))
        if scope.includes(Scope.CASE):
            allowed.append(rows_of_cases(model, Enquiry.objects.filter(assigned_to=actor.user_id)))
    if actor.holds is not None:
        allowed += [rule(actor.holds) for rule in _held_rules.get(model, [])]
    if scope.includes(Scope.OFFICE) and actor.office_id is not None:
        allowed += [Q(**{path: actor.office_id}) for path in said.office]
    return reduce(or_, allowed)


def rows_of_work(model: type[Model], actor: Actor) -> Q:
    """A filter for the rows that the actor's own work leads to; opening others is off-case.

    A caseworker's work is the cases assigned to them; a desk's and a supervisor's, those of their
    office; everybody's, what they brought in themselves.
    """
    said = belongs(model)
    cases = Q(assigned_to=actor.user_id)
    if actor.role in {Role.DESK, Role.SUPERVISOR} and actor.office_id is not None:
        cases |= Q(office=actor.office_id)
    work = rows_of_cases(model, Enquiry.objects.filter(cases))
    if actor.office_id is not None:
        work = reduce(or_, [work, *(Q(**{path: actor.office_id}) for path in said.shared)])
    return work | Q(**{said.own: actor.user_id}) if said.own else work


def rows_of_cases(model: type[Model], cases: QuerySet[Enquiry]) -> Q:
    """A filter for the rows of these cases."""
    path = belongs(model).case
    by_path = [Q(**{f"{path}__in": cases.values("pk")})] if path else []
    by_rule = [rule(cases) for rule in _case_rules.get(model, [])]
    return reduce(or_, [_nothing(), *by_path, *by_rule])


def rows_of_people_in_cases(account: str, cases: QuerySet[Enquiry]) -> Q:
    """A filter for rows about people of these cases. account: the look-up of the row's account.

    Asked of each row, by the account's id: who is in any of the cases at all is a question about
    every account there is.
    """
    people = Account.objects.filter(rows_of_cases(Account, cases), pk=OuterRef(account))
    return Q(Exists(people))


def _nothing() -> Q:
    return Q(pk__in=[])


def _sought_in_an_open_case(cases: QuerySet[Enquiry]) -> Q:
    return Q(Exists(cases.filter(closed_at=None, sought=OuterRef("pk"))))


def _held_to_be_sought_in_an_open_case(cases: QuerySet[Enquiry]) -> Q:
    matches = Judgement.objects.filter(
        enquiry__in=cases.filter(closed_at=None), verdict=Verdict.MATCH, undone_at=None
    )
    one, other = (Exists(matches.filter(**{side: OuterRef("pk")})) for side in ("one", "other"))
    return Q(one) | Q(other)


def _about_who_is_held_to_be_sought(cases: QuerySet[Enquiry]) -> Q:
    """Papers of whoever is sought, and of whoever was judged to be them, by two where it takes two,
    under any version of what that source says. A paper may say where somebody is, so a mere
    candidate's are not a case's."""
    open_cases = cases.filter(closed_at=None)
    matches = Judgement.objects.filter(
        enquiry__in=open_cases, verdict=Verdict.MATCH, undone_at=None
    ).exclude(needs_two=True, confirmed_by=None)
    one, other = (Exists(matches.filter(**{side: OuterRef("pk")})) for side in ("one", "other"))
    people = Account.objects.filter(
        _sought_in_an_open_case(cases) | Q(one) | Q(other),
        identity_id=OuterRef("account__identity_id"), source=OuterRef("account__source"),
    )  # fmt: skip
    return Q(Exists(people))


declare(Entry, Belongs(office=("office_id",), own="user_id"))
declare(Alarm, Belongs(office=("office",)))
declare(Acknowledgement, Belongs(office=("alarm__office",)))
declare(Office, Belongs(office=("pk",)))
declare(User, Belongs(office=("office",), own="pk"))
declare(Source, Belongs(office=("office",)))
declare(Mirroring, Belongs(office=("source__office",)))
declare(Batch, Belongs(office=("office",), own="imported_by"))
declare(Account, Belongs(office=("office",), own="batch__imported_by", account=("pk",)))
declare_case(Account, _sought_in_an_open_case)
declare_case(Account, _held_to_be_sought_in_an_open_case)
declare(Enquiry, Belongs(office=("office",), case="pk", account=("sought",)))
declare_held(Enquiry, lambda held: Q(pk=held))
declare(
    Document,
    Belongs(
        office=("account__office", "enquiry__office"),
        own="added_by",
        case="enquiry",
        account=("account", "enquiry__sought"),
    ),
)
declare_case(Document, _about_who_is_held_to_be_sought)
declare(
    Judgement, Belongs(office=("enquiry__office",), own="by", case="enquiry", account=("other",))
)
