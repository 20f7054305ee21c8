"""What can go wrong with keys and sealed values."""

from __future__ import annotations


class SealingError(Exception):
    """Base of this room's errors."""


class LockedError(SealingError):
    """The keys are not at hand: the installation is locked or its key ring was not found."""


class KeeperAwayError(LockedError):
    """The keeper of the keys should run and does not answer; it is being restarted."""


class NoRingError(LockedError):
    """There is no key ring where the setting says."""


class PassphraseError(LockedError):
    """A passphrase or recovery code opens nothing, or cannot be taken."""


class LimitError(SealingError):
    """More was asked of the keeper than one may ask in a day."""


class RotationError(SealingError):
    """The ring cannot be given a new version here."""


class TamperedError(SealingError):
    """A sealed value is not what was written at this place."""


class ErasedError(SealingError):
    """The value's key was erased on purpose; the value is gone."""


class DurabilityError(SealingError):
    """The database would lose acknowledged writes at a loss of power."""
