"""One decision for many cases: give them to somebody, add a task to each, offer them to an office.

Rules: it is about the cases of the whole filter, as many as somebody was told and confirmed: if the
filter holds other cases by then, nothing is done; up to AT_ONCE cases are one commit, all or none;
more are a job with progress, AT_ONCE to a commit, which a crash resumes and which stops where it
may not go on; each case is audited as if it were alone; once it is done it holds ids alone, and its
words stand on the cases only, to be erased with them; undoing puts back each case that nobody has
changed since, and says how many it left.

    plan = Plan(BulkKind.ASSIGN, to_user=noor)
    ids = cases(supervisor, Filter(View.NOBODYS), plan.kind, now)       # shown: how many
    done = start(supervisor, Filter(View.NOBODYS), plan, confirmed=fingerprint(ids), now=now)
    undo(supervisor, done.id)
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import queue, tasks, transfers
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Bulk, BulkKind, BulkState, Task, Transfer, TransferState
from reknit.casework.queue import Filter
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.errors import NotPermittedError
from reknit.guard.permissions import Permission
from reknit.queue import enqueue
from reknit.queue.errors import CancelledError
from reknit.queue.worker import Run
from reknit.records.models import Enquiry, Office, User
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

AT_ONCE = 100
"""Cases in one commit; others wait for it."""
MOST = 10_000
JOB = "bulk"
_PURPOSE = Purpose.FAMILY_TRACING
_FREE_WORDS = frozenset({"title", "reason"})
"""What may name somebody; a job needs it until it is done."""

PERMISSIONS: Mapping[BulkKind, Permission] = {
    BulkKind.ASSIGN: Permission.ENQUIRY_ASSIGN,
    BulkKind.TASK: Permission.TASK_CHANGE,
    BulkKind.TRANSFER: Permission.TRANSFER_ASK,
}
"""What it takes to do it to one case, and so to many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to each. to_user: of an assignment or a task; to_office, reason: of a
    transfer; title, due_at: of a task."""

    kind: BulkKind
    to_user: User | None = None
    to_office: Office | None = None
    title: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    due_at: dt.datetime | None = None


def cases(actor: Actor, wanted: Filter, kind: BulkKind, now: dt.datetime) -> list[UUID]:
    """Those of the filter to which the actor may do it, in the queue's order.

    Raises CaseworkError for more than MOST.
    """
    rows = access.visible(actor, PERMISSIONS[kind], queue.rows(actor, wanted, now))
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise CaseworkError(
            _("bulk: more than %(most)s cases; narrow the filter.") % {"most": f"{MOST:,}"}
        )
    return ids


def fingerprint(ids: Sequence[UUID]) -> str:
    """What somebody confirms: these cases and no others, whatever their order."""
    return hashlib.sha256("".join(sorted(map(str, ids))).encode()).hexdigest()


def start(actor: Actor, wanted: Filter, plan: Plan, *, confirmed: str, now: dt.datetime) -> Bulk:
    """Do it to all cases of the filter, at once or by a job. confirmed: the fingerprint of those
    that somebody was told of.

    Raises NotPermittedError, CaseworkError where the plan lacks something, or where the filter
    holds other cases than were confirmed: nothing was done then.
    """
    check(plan)
    access.require(actor, PERMISSIONS[plan.kind], purpose=_PURPOSE)
    ids = cases(actor, wanted, plan.kind, now)
    if not ids:
        raise CaseworkError(_("bulk: there is no case to do it to; choose another filter."))
    if fingerprint(ids) != confirmed:
        raise CaseworkError(
            _(
                "bulk: the filter holds other cases now (%(number)s) than were confirmed; nothing "
                "was done. Look again and confirm."
            )
            % {"number": len(ids)}
        )

    def begin() -> Bulk:
        row = Bulk(
            kind=plan.kind, by_id=access.staff_id(actor), office_id=actor.office_id,
            to_user=plan.to_user, to_office=plan.to_office, due_at=plan.due_at,
            total=len(ids), at=now,
        )  # fmt: skip
        content = {
            "cases": [str(pk) for pk in ids], "made": {}, "title": plan.title,
            "reason": plan.reason,
        }  # fmt: skip
        sealing.seal([row], [content])
        row.save(force_insert=True)
        audit.record(actor, f"bulk:{plan.kind.value}", Resource.of(row), _PURPOSE, cases=len(ids))
        if len(ids) <= AT_ONCE:
            _do(actor, row, content, ids)
            _save(row, content, BulkState.DONE)
        else:
            enqueue(JOB, str(row.pk), key=f"bulk {row.pk}")
        return row

    return commits.commit(begin)


def undo(actor: Actor, bulk_id: UUID) -> Bulk:
    """Put back what it did to each case that nobody has changed since.

    Raises NotPermittedError, CaseworkError where there is nothing to take back or it still runs.
    """

    def back() -> Bulk:
        row = access.load(actor, Permission.BULK_READ, Bulk, bulk_id, purpose=_PURPOSE, lock=True)
        access.require(actor, PERMISSIONS[BulkKind(row.kind)], purpose=_PURPOSE)
        if row.state not in {BulkState.DONE, BulkState.FAILED} or not row.done:
            raise CaseworkError(_("bulk: it still runs, or there is nothing to take back."))
        row.undone_by_id, row.undone_at = access.staff_id(actor), timezone.now()
        audit.record(actor, "bulk:undo", Resource.of(row), _PURPOSE, cases=row.done)
        (content,) = sealing.unseal([row])
        if row.done <= AT_ONCE:
            _take_back(actor, row, content, list(content["made"]))
            _save(row, content, BulkState.UNDONE)
        else:
            row.state = BulkState.UNDOING
            row.save()
            enqueue(JOB, str(row.pk), key=f"bulk undo {row.pk}")
        return row

    return commits.commit(back)


def run(attempt: Run) -> None:
    """The job: AT_ONCE cases to a commit, until all are done or undone."""
    while True:
        row = Bulk.objects.select_related("by", "undone_by").get(pk=attempt.subject_id)
        undoing = row.state == BulkState.UNDOING
        if row.state not in {BulkState.WAITING, BulkState.UNDOING}:
            return
        share = row.done / row.total
        by = row.undone_by if undoing and row.undone_by is not None else row.by
        try:
            attempt.progress("many cases", 1 - share if undoing else share)
            commits.commit(lambda: _step(attempt.subject_id))
        except CancelledError as stopped:
            _fail(by.as_actor(), attempt.subject_id, stopped)
            raise
        except (CaseworkError, NotPermittedError) as refused:
            _fail(by.as_actor(), attempt.subject_id, refused)
            return


def _step(bulk_id: str) -> None:
    row = Bulk.objects.select_for_update().get(pk=bulk_id)
    (content,) = sealing.unseal([row])
    if row.state == BulkState.WAITING:
        by = _active(row.by_id)
        left = [UUID(pk) for pk in content["cases"] if pk not in content["made"]]
        _do(by, row, content, left[:AT_ONCE])
        _save(row, content, BulkState.WAITING if left[AT_ONCE:] else BulkState.DONE)
    elif row.state == BulkState.UNDOING:
        by = _active(row.undone_by_id or 0)
        _take_back(by, row, content, list(content["made"])[:AT_ONCE])
        _save(row, content, BulkState.UNDOING if content["made"] else BulkState.UNDONE)


def _fail(by: Actor, bulk_id: str, refused: Exception) -> None:
    """It may not go on: what is done stays and can be undone."""

    def stop() -> None:
        row = Bulk.objects.select_for_update().get(pk=bulk_id)
        _save(row, sealing.unseal([row])[0], BulkState.FAILED)
        audit.record(
            by, "bulk:failed", Resource.of(row), _PURPOSE, done=row.done,
            because=type(refused).__name__,
        )  # fmt: skip

    commits.commit(stop)


def _active(user_id: int) -> Actor:
    """Who asked, as they are now: a job does nothing for somebody who may no longer."""
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        raise CaseworkError(_("bulk: the account of whoever asked for it was closed."))
    return user.as_actor()


def _do(actor: Actor, row: Bulk, content: dict[str, Any], ids: list[UUID]) -> None:
    for enquiry_id in ids:
        content["made"][str(enquiry_id)] = _DO[BulkKind(row.kind)](actor, row, content, enquiry_id)
    row.done = len(content["made"])


def _take_back(actor: Actor, row: Bulk, content: dict[str, Any], ids: list[str]) -> None:
    for enquiry_id in ids:
        made = content["made"].pop(enquiry_id)
        if not _UNDO[BulkKind(row.kind)](actor, row, UUID(enquiry_id), made):
            row.left += 1
    row.done = len(content["made"])


def _save(row: Bulk, content: Mapping[str, Any], state: BulkState) -> None:
    row.state = state
    spent = frozenset[str]() if state == BulkState.WAITING else _FREE_WORDS
    sealing.reseal([row], [{name: content[name] for name in content.keys() - spent}])
    row.save()


def check(plan: Plan) -> None:
    """Raises CaseworkError where the plan lacks something."""
    match plan.kind:
        case BulkKind.ASSIGN if plan.to_user is None:
            raise CaseworkError(_("bulk: say who is to work on the cases."))
        case BulkKind.TASK if not plan.title.strip():
            raise CaseworkError(_("bulk: say in a few words what is to be done."))
        case BulkKind.TRANSFER if plan.to_office is None or not plan.reason.strip():
            raise CaseworkError(_("bulk: say which office is to take the cases, and why."))


def _assign(actor: Actor, row: Bulk, content: Mapping[str, Any], enquiry_id: UUID) -> int | None:
    enquiry = _case(actor, Permission.ENQUIRY_ASSIGN, enquiry_id)
    to = row.to_user
    if to is None or to.office_id != enquiry.office_id or not to.is_active:
        raise CaseworkError(
            _(
                "bulk: some of the cases belong to another office than the person they would go "
                "to; "
                "nothing was done. Filter by office, or transfer them first."
            )
        )
    before = enquiry.assigned_to_id
    _give(actor, enquiry, to.pk)
    return before


def _unassign(actor: Actor, row: Bulk, enquiry_id: UUID, before: Any) -> bool:
    enquiry = _case(actor, Permission.ENQUIRY_ASSIGN, enquiry_id)
    if enquiry.assigned_to_id != row.to_user_id:
        return False
    _give(actor, enquiry, before)
    return True


def _give(actor: Actor, enquiry: Enquiry, to: int | None) -> None:
    enquiry.change(assigned_to_id=to)
    audit.record(
        actor, Permission.ENQUIRY_ASSIGN.action, Resource.of(enquiry), _PURPOSE,
        subject=enquiry.sought_id, to=to,
    )  # fmt: skip


def _add_task(actor: Actor, row: Bulk, content: Mapping[str, Any], enquiry_id: UUID) -> str:
    to = row.to_user
    if to is None:
        to = Enquiry.objects.select_related("assigned_to").get(pk=enquiry_id).assigned_to
    return str(tasks.add(actor, enquiry_id, content["title"], row.due_at, to).pk)


def _remove_task(actor: Actor, row: Bulk, enquiry_id: UUID, made: Any) -> bool:
    if Task.objects.filter(pk=made, done_at=None, removed_at=None).exists():
        tasks.remove(actor, UUID(made))
        return True
    return False


def _offer(actor: Actor, row: Bulk, content: Mapping[str, Any], enquiry_id: UUID) -> str:
    assert row.to_office is not None  # noqa: S101 - check saw to it
    return str(transfers.ask(actor, enquiry_id, row.to_office, content["reason"]).pk)


def _withdraw(actor: Actor, row: Bulk, enquiry_id: UUID, made: Any) -> bool:
    if Transfer.objects.filter(pk=made, state=TransferState.WAITING).exists():
        transfers.withdraw(actor, UUID(made))
        return True
    return False


def _case(actor: Actor, permission: Permission, enquiry_id: UUID) -> Enquiry:
    return access.load(actor, permission, Enquiry, enquiry_id, purpose=_PURPOSE, lock=True)


_DO: Mapping[BulkKind, Callable[[Actor, Bulk, Mapping[str, Any], UUID], Any]] = {
    BulkKind.ASSIGN: _assign,
    BulkKind.TASK: _add_task,
    BulkKind.TRANSFER: _offer,
}
_UNDO: Mapping[BulkKind, Callable[[Actor, Bulk, UUID, Any], bool]] = {
    BulkKind.ASSIGN: _unassign,
    BulkKind.TASK: _remove_task,
    BulkKind.TRANSFER: _withdraw,
}
