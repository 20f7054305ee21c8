"""What can go wrong with keys and sealed values."""

from __future__ import annotations


class SealingError(Exception):
    """Base of this room's errors."""


class LockedError(SealingError):
    """The keys are not at hand: the installation is locked or its key ring was not found."""


class TamperedError(SealingError):
    """A sealed value is not what was written at this place."""


class ErasedError(SealingError):
    """The value's key was erased on purpose; the value is gone."""
