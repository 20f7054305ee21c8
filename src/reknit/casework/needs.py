"""How soon a case's turn comes, by published rules about need (need_rules), each reason shown.

Rules: what the rules read is opened by the installation itself when an enquiry comes in, when
somebody states a fact or assesses a risk, and each night, since days pass; the reasons are sealed,
the band alone stands in the enquiry, so that a stolen disk tells no reason; whoever reads reasons
is audited for each case. A person may put a case into another band with a reason, and take that
back: then the rules hold again. No rule and no person scores anybody.

    state(noor, enquiry.id, Known({Fact.MEDICAL}), "her doctor wrote")
    override(supervisor, enquiry.id, Band.NOW, "the camp is being closed")
    shown(noor, [enquiry])[enquiry.id].rules
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import claims, need_rules
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Need, NeedStatement
from reknit.casework.need_rules import Band, Fact, Facts, Rule, Weighed
from reknit.guard import access, audit, commits
from reknit.guard.ages import age_years
from reknit.guard.assessments import Concern
from reknit.guard.audit import Resource
from reknit.guard.models import Tombstone
from reknit.guard.models.approvals import Assessment
from reknit.guard.permissions import Permission
from reknit.queue import enqueue
from reknit.queue.worker import Run
from reknit.records.models import Account, Batch, Enquiry, Risk
from reknit.sealing import records as sealing
from reknit.sealing.models import Sealed
from reknit.vocabulary import Actor, Purpose

AT_ONCE = 200
"""Enquiries that one transaction weighs."""
JOB, BATCH_JOB = "need of enquiry", "need of batch"
_PURPOSE = Purpose.FAMILY_TRACING
S = TypeVar("S", bound=Sealed)


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody states about the person sought and the case."""

    facts: Set[Fact] = frozenset()
    last_contact: dt.date | None = None
    deadline: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A case's band with every reason. rules: those that hold. by_hand: who put it into its band,
    None where the rules did; unknown: what the rules could not look at."""

    band: Band
    rules: tuple[Rule, ...] = ()
    unknown: tuple[str, ...] = ()
    rules_version: str = ""
    by_hand: NeedStatement | None = None
    reason: str = field(default="", repr=False)


def state(actor: Actor, enquiry_id: UUID, known: Known, reason: str) -> NeedStatement:
    """Say what is known about the need of a case; it replaces what was said before.

    Raises NotPermittedError, CaseworkError without a reason.
    """
    content = {
        "facts": sorted(fact.value for fact in known.facts),
        "last_contact": known.last_contact.isoformat() if known.last_contact else "",
        "deadline": known.deadline.isoformat() if known.deadline else "",
    }
    return _say(actor, enquiry_id, "facts", content, reason)


def override(actor: Actor, enquiry_id: UUID, band: Band, reason: str) -> NeedStatement:
    """Put a case into a band by hand, whatever the rules say.

    Raises NotPermittedError, CaseworkError without a reason.
    """
    return _say(actor, enquiry_id, "band", {"band": band.value}, reason)


def undo(actor: Actor, statement_id: UUID) -> NeedStatement:
    """Take a statement back; the one before it, or the rules alone, hold again.

    Raises NotPermittedError, CaseworkError where it was taken back already.
    """

    def take_back() -> NeedStatement:
        said = access.load(
            actor, Permission.NEED_STATE, NeedStatement, statement_id, purpose=_PURPOSE, lock=True
        )
        if said.undone_at is not None:
            raise CaseworkError(_("need: this was taken back already."))
        said.undone_by_id, said.undone_at = access.staff_id(actor), timezone.now()
        said.save(update_fields=["undone_by", "undone_at"])
        audit.record(
            actor, "need:undo", Resource("enquiry", str(said.enquiry_id)), _PURPOSE,
            statement=str(said.pk),
        )  # fmt: skip
        claims.claim(actor, said.enquiry_id)
        weigh([said.enquiry_id])
        return said

    return commits.commit(take_back)


def shown(actor: Actor, enquiries: Sequence[Enquiry]) -> dict[UUID, Shown]:
    """The band and the reasons of each, by its id; reasons are audited. A case that no rule has
    looked at yet has its band alone.

    Raises NotPermittedError.
    """
    rules = need_rules.current()
    rows = _kept(Need.objects.filter(enquiry__in=[enquiry.pk for enquiry in enquiries]))
    contents = access.read(actor, Permission.NEED_READ, rows, purpose=_PURPOSE)
    weighed = {row.enquiry_id: (row, said) for row, said in zip(rows, contents, strict=True)}
    by_hand = _latest(list(weighed), "band")
    opened = access.read(actor, Permission.NEED_READ, list(by_hand.values()), purpose=_PURPOSE)
    reasons = {
        row.enquiry_id: said["reason"] for row, said in zip(by_hand.values(), opened, strict=True)
    }
    found = {}
    for enquiry in enquiries:
        if enquiry.pk not in weighed:
            found[enquiry.pk] = Shown(Band(enquiry.need))
            continue
        row, said = weighed[enquiry.pk]
        held = (rules.named(name) for name in said["rules"])
        found[enquiry.pk] = Shown(
            Band(enquiry.need),
            tuple(rule for rule in held if rule is not None),
            tuple(said["unknown"]),
            row.rules_version,
            by_hand.get(enquiry.pk),
            reasons.get(enquiry.pk, ""),
        )
    return found


def statements(actor: Actor, enquiry_id: UUID) -> list[tuple[NeedStatement, dict[str, Any]]]:
    """All that was said about the need of a case, the latest first, opened and audited."""
    rows = NeedStatement.objects.filter(enquiry=enquiry_id).select_related("by", "undone_by")
    said = _kept(access.visible(actor, Permission.NEED_READ, rows).order_by("-at"))
    return list(
        zip(said, access.read(actor, Permission.NEED_READ, said, purpose=_PURPOSE), strict=True)
    )


def changed(enquiry_id: UUID) -> None:
    """Weigh it again soon: to be called in the transaction that changes what the rules read."""
    enqueue(JOB, str(enquiry_id), key=f"need {enquiry_id}")


def of_enquiries(attempts: Sequence[Run]) -> None:
    """The jobs after enquiries came in or changed, AT_ONCE at most."""
    weigh([UUID(attempt.subject_id) for attempt in attempts])


def of_batch(attempt: Run) -> None:
    """The job after a list of people sought came in."""
    batch = Batch.objects.get(id=attempt.subject_id)
    ids = list(_open().filter(sought__batch=batch).values_list("pk", flat=True))
    for done in range(0, len(ids), AT_ONCE):
        attempt.progress("weighing need", done / len(ids))
        weigh(ids[done : done + AT_ONCE])


def nightly() -> None:
    """All open cases: deadlines come nearer and waiting grows."""
    ids = list(_open().values_list("pk", flat=True))
    for done in range(0, len(ids), AT_ONCE):
        weigh(ids[done : done + AT_ONCE])


def weigh(enquiry_ids: Iterable[UUID]) -> None:
    """Apply the rules and keep what they say. The installation's own work: shown to nobody here."""
    rules, now = need_rules.current(), timezone.now()
    with transaction.atomic():
        rows = list(
            Enquiry.objects.select_for_update().filter(pk__in=list(enquiry_ids), removed_at=None)
        )
        said = _accounts(rows)
        rows = [row for row in rows if row.sought_id in said]
        ids = [row.pk for row in rows]
        stated, by_hand = _contents(_latest(ids, "facts")), _contents(_latest(ids, "band"))
        feared = _concerns(ids)
        weighed: dict[UUID, Weighed] = {}
        for row in rows:
            facts = _facts(
                row, said[row.sought_id], stated.get(row.pk, {}), feared.get(row.pk), now.date()
            )
            weighed[row.pk] = need_rules.weigh(rules, facts)
            hand = by_hand.get(row.pk)
            row.need = Band(hand["band"]) if hand else weighed[row.pk].band
            row.due_on = facts.deadline
        Enquiry.objects.bulk_update(rows, ["need", "due_on"], batch_size=AT_ONCE)
        _keep(rows, weighed, rules.version, now)


def _keep(
    enquiries: Sequence[Enquiry], weighed: Mapping[UUID, Weighed], version: str, now: dt.datetime
) -> None:
    """One sealed row a case, the reasons by their names."""
    known = {need.enquiry_id: need for need in Need.objects.filter(enquiry__in=weighed)}
    rows = [known.get(row.pk) or Need(enquiry=row) for row in enquiries]
    old: list[tuple[Need, dict[str, Any]]] = []
    new: list[tuple[Need, dict[str, Any]]] = []
    for need, enquiry in zip(rows, enquiries, strict=True):
        need.sought_id, need.rules_version, need.weighed_at = enquiry.sought_id, version, now
        said = weighed[enquiry.pk]
        content = {"rules": [rule.name for rule in said.rules], "unknown": list(said.unknown)}
        (old if enquiry.pk in known else new).append((need, content))
    sealing.reseal([need for need, _ in old], [content for _, content in old])
    Need.objects.bulk_update(
        [need for need, _ in old], ["sought", "rules_version", "weighed_at", "sealed"],
        batch_size=AT_ONCE,
    )  # fmt: skip
    sealing.seal([need for need, _ in new], [content for _, content in new])
    Need.objects.bulk_create([need for need, _ in new])


def _say(
    actor: Actor, enquiry_id: UUID, about: str, content: Mapping[str, Any], reason: str
) -> NeedStatement:
    if not reason.strip():
        raise CaseworkError(_("need: say on what this rests; colleagues will read it."))

    def keep() -> NeedStatement:
        enquiry = access.load(
            actor, Permission.NEED_STATE, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True
        )
        said = NeedStatement(
            enquiry=enquiry, sought_id=enquiry.sought_id, about=about,
            by_id=access.staff_id(actor), at=timezone.now(),
        )  # fmt: skip
        sealing.seal([said], [{**content, "reason": reason}])
        said.save(force_insert=True)
        audit.record(
            actor, Permission.NEED_STATE.action, Resource.of(enquiry), _PURPOSE,
            about=about, statement=str(said.pk),
        )  # fmt: skip
        claims.claim(actor, enquiry.pk)
        weigh([enquiry.pk])
        return said

    return commits.commit(keep)


def _accounts(enquiries: Sequence[Enquiry]) -> dict[UUID, dict[str, Any]]:
    """What is said of the people sought, by account; of those who were erased nothing."""
    rows = _kept(Account.objects.filter(pk__in=[enquiry.sought_id for enquiry in enquiries]))
    return dict(zip((row.pk for row in rows), sealing.unseal(rows), strict=True))


def _facts(
    enquiry: Enquiry,
    sought: Mapping[str, Any],
    stated: Mapping[str, Any],
    feared: Set[Concern] | None,
    on: dt.date,
) -> Facts:
    return Facts(
        on=on,
        received_on=enquiry.created_at.date(),
        age_years=age_years(sought, on),
        facts=frozenset(Fact(word) for word in stated.get("facts", ())),
        concerns=feared or frozenset(),
        deadline=_date(stated.get("deadline")),
        last_contact=_date(stated.get("last_contact")),
    )


def _latest(enquiry_ids: Sequence[UUID], about: str) -> dict[UUID, NeedStatement]:
    """The statement of that kind that holds, by enquiry."""
    rows = NeedStatement.objects.filter(enquiry__in=enquiry_ids, about=about, undone_at=None)
    return {row.enquiry_id: row for row in _kept(rows.select_related("by").order_by("at"))}


def _kept(rows: QuerySet[S]) -> list[S]:
    """Those that were not erased with the person."""
    found = list(rows)
    erased = set(
        Tombstone.objects.filter(
            model=rows.model._meta.label, row_id__in=[row.pk for row in found]
        ).values_list("row_id", flat=True)
    )
    return [row for row in found if row.pk not in erased]


def _contents(rows: Mapping[UUID, NeedStatement]) -> dict[UUID, dict[str, Any]]:
    return dict(zip(rows, sealing.unseal(list(rows.values())), strict=True))


def _concerns(enquiry_ids: Sequence[UUID]) -> dict[UUID, frozenset[Concern]]:
    """What the assessment that holds fears, of cases that are flagged."""
    rows = Assessment.objects.filter(
        enquiry__in=enquiry_ids, enquiry__risk=Risk.FLAGGED, about="risk", undone_at=None
    )
    latest = {row.enquiry_id: row for row in _kept(rows.order_by("at"))}
    contents = sealing.unseal(list(latest.values()))
    return {
        enquiry_id: frozenset(Concern(word) for word in said.get("concerns", ()))
        for enquiry_id, said in zip(latest, contents, strict=True)
    }


def _open() -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(removed_at=None, closed_at=None)


def _date(text: object) -> dt.date | None:
    return dt.date.fromisoformat(str(text)) if text else None
