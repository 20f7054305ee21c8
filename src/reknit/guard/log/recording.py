"""Record what was done, in the transaction that does it.

Rules: outside a transaction nothing can be recorded; in a shared commit (guard/commits.py) the
entries of all are appended together just before the commit, elsewhere at once; an entry whose
savepoint is rolled back is not appended, since Django itself keeps count of it as a callback.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from reknit.guard.errors import AuditUnavailableError
from reknit.guard.log import heads
from reknit.guard.log.entries import Detail, Refusal, Resource, new_entry
from reknit.guard.models.audit import Entry
from reknit.vocabulary import Actor, Purpose


class PendingEntry:
    """An entry that waits for its shared commit. Called after the commit, it has nothing to do."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __call__(self) -> None:
        return None


_this_thread = threading.local()


@contextmanager
def entries_collected() -> Iterator[None]:
    """Entries recorded by this thread wait, as PendingEntry, among the connection's callbacks."""
    _this_thread.collects = True
    try:
        yield
    finally:
        _this_thread.collects = False


def record(
    actor: Actor,
    action: str,
    resource: Resource,
    purpose: Purpose,
    *,
    subject: object | None = None,
    **detail: Detail,
) -> None:
    """Add an entry to the audit log, in the open transaction.

    action: words joined by `:`, such as "account:read". subject: the id of the account of the
    person concerned, where the resource is not that account itself. detail: ids, counts, codes; a
    reason that somebody wrote is sealed in its own row, and the entry names that row.

    Raises AuditUnavailableError when it cannot be kept, EntryError for what it may not say.

        with transaction.atomic():
            account.save()
            record(actor, "account:add", Resource.of(account), Purpose.REGISTRATION)
    """
    if subject is None and resource.kind == "account":
        subject = resource.id
    _keep([new_entry(actor, action, resource, purpose, _text(subject), detail)])


def record_refusal(refusal: Refusal) -> None:
    """Add the entry of a refusal: the action's name with `:refused`, and the reason's code."""
    resource = refusal.resource
    action = f"{refusal.action}:refused"
    detail = {**refusal.detail, "reason": refusal.reason}
    _keep([new_entry(refusal.actor, action, resource, refusal.purpose, "", detail)])


def _keep(entries: Iterable[Entry]) -> None:
    if not connection.in_atomic_block:
        raise AuditUnavailableError(
            "an audit entry outside a transaction: run the work by guard.commits.commit."
        )
    if getattr(_this_thread, "collects", False):
        for entry in entries:
            transaction.on_commit(PendingEntry(entry))
    else:
        heads.append(list(entries))


def _text(subject: object | None) -> str:
    return "" if subject is None else str(subject)
