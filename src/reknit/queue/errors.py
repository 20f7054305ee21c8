"""What can go wrong with jobs."""

from __future__ import annotations


class QueueError(Exception):
    """Base of this room's errors."""


class CancelledError(QueueError):
    """Somebody asked for the job to stop; the handler lets this pass."""


class LostLeaseError(QueueError):
    """Another worker has taken the job over; this one stops without a further write."""
