"""Nobody overwrites what they have not seen: a change says which version of the case it was made
from.

Rules: each change by a person counts the enquiry's version up (`Enquiry.change`); a change that was
made from an earlier one does nothing and says so, and the page shows both, field by field; the
comparison is made on the locked row, so that of two who save at once one is told.

    unless_changed(noor, Permission.RISK_ASSESS, enquiry.id, seen=3, work=lambda: assess_risk(…))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from reknit.guard import access, commits
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.vocabulary import Actor, Purpose

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed the case since; nothing was done. version: the one it has now."""

    version: int


def unless_changed(
    actor: Actor, permission: Permission, enquiry_id: UUID, seen: int, work: Callable[[], T]
) -> T | Changed:
    """Do the work if the case is still as it was seen, in one commit.

    Raises NotPermittedError, and what the work raises.
    """

    def check() -> T | Changed:
        enquiry = access.load(
            actor, permission, Enquiry, enquiry_id, purpose=Purpose.FAMILY_TRACING, lock=True
        )
        return Changed(enquiry.version) if enquiry.version != seen else work()

    return commits.commit(check)
