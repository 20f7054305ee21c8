"""What guard refuses, and what it cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reknit.guard.log import Refusal


class GuardError(Exception):
    """Base of this room's errors."""


class RefusedError(GuardError):
    """An expected refusal. What was attempted is rolled back, the refusal itself is kept in the
    audit log: `commits.commit` writes `refusal`, if there is one, before it raises this again."""

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.refusal = refusal


class NotPermittedError(RefusedError):
    """Not permitted, or not there: the two are told apart nowhere (I4)."""


class QuotaExceededError(RefusedError):
    """More distinct people in a day than the role may open."""


class AuditUnavailableError(GuardError):
    """The audit entry could not be signed or written, so nothing is shown and nothing changed (I5).
    The web answers 503."""


class BrokenLogError(AuditUnavailableError):
    """The log's head is not one that this installation signed; nothing is appended to it."""


class EntryError(GuardError):
    """An audit entry that cannot be kept: free text where a code or an id belongs."""


class UndeclaredError(GuardError):
    """A model whose rows belong to nobody that guard knows of (guard/scoping.py)."""


class UnusableConsentError(GuardError):
    """An answer that cannot be recorded as it stands; the text says which rule and what to do."""


class CheckpointError(GuardError):
    """A file that is no checkpoint, or none of this log."""


class AlarmError(GuardError):
    """An alarm that cannot be acknowledged so."""


class GrantError(GuardError):
    """More people for a day than may be granted; the text says why and what to do."""


class StaffError(GuardError):
    """A change of staff that cannot be made; the text says why and what to do."""
