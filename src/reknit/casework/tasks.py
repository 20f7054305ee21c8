"""What has to be done for a case: until when, by whom; done, and not done again.

Rules: a task's title is sealed; only staff of the case's office are given one; all of it is
audited; `undo` takes back what was last done with a task.

    task = add(noor, enquiry.id, "Call the hospital", due_at=tomorrow, to=noor_user)
    done(noor, task.id)
    undo(noor, task.id)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework import claims
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Task
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry, User
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

_PURPOSE = Purpose.FAMILY_TRACING


def add(
    actor: Actor, enquiry_id: UUID, title: str, due_at: dt.datetime | None, to: User | None
) -> Task:
    """A new task. Raises NotPermittedError, CaseworkError without a title or for an assignee of
    another office, LockedError, AuditUnavailableError."""
    if not title.strip():
        raise CaseworkError(_("task: say in a few words what is to be done."))

    def work() -> Task:
        enquiry = access.load(actor, Permission.TASK_CHANGE, Enquiry, enquiry_id, purpose=_PURPOSE)
        if to is not None and (to.office_id != enquiry.office_id or not to.is_active):
            raise CaseworkError(_("task: give it to somebody who works in the case's office."))
        task = Task(
            enquiry=enquiry, due_at=due_at, assigned_to=to, added_by_id=access.staff_id(actor),
            added_at=timezone.now(),
        )  # fmt: skip
        sealing.seal([task], [{"title": title.strip()}])
        task.save(force_insert=True)
        _audit(actor, "add", task)
        claims.claim(actor, enquiry_id)
        return task

    return commits.commit(work)


def done(actor: Actor, task_id: UUID) -> Task:
    """It is done. Raises NotPermittedError, CaseworkError where it was already."""

    def finish(task: Task) -> str:
        if task.done_at is not None or task.removed_at is not None:
            raise CaseworkError(_("task: it was done or taken away already; reload the page."))
        task.done_by_id, task.done_at = access.staff_id(actor), timezone.now()
        return "done"

    return _change(actor, task_id, finish)


def remove(actor: Actor, task_id: UUID) -> Task:
    """It was written by mistake. Raises NotPermittedError, CaseworkError where it is gone."""

    def take_away(task: Task) -> str:
        if task.removed_at is not None:
            raise CaseworkError(_("task: it was taken away already; reload the page."))
        task.removed_at = timezone.now()
        return "remove"

    return _change(actor, task_id, take_away)


def undo(actor: Actor, task_id: UUID) -> Task:
    """Take back that it was taken away, else that it was done.

    Raises NotPermittedError, CaseworkError where there is nothing to take back.
    """

    def back(task: Task) -> str:
        if task.removed_at is not None:
            task.removed_at = None
        elif task.done_at is not None:
            task.done_by, task.done_at = None, None
        else:
            raise CaseworkError(_("task: it is open; there is nothing to take back."))
        return "undo"

    return _change(actor, task_id, back)


def _change(actor: Actor, task_id: UUID, work: Callable[[Task], str]) -> Task:
    def change() -> Task:
        task = access.load(
            actor, Permission.TASK_CHANGE, Task, task_id, purpose=_PURPOSE, lock=True
        )
        what = work(task)
        task.save(update_fields=["done_by", "done_at", "removed_at"])
        _audit(actor, what, task)
        return task

    return commits.commit(change)


def _audit(actor: Actor, what: str, task: Task) -> None:
    audit.record(actor, f"task:{what}", Resource.of(task), _PURPOSE, enquiry=task.enquiry_id)
