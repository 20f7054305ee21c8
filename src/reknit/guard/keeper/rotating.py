"""One rotation of a ring, step by step: the keeper's, or a command's on a stopped installation."""

from __future__ import annotations

from datetime import UTC, date, datetime

from reknit.guard.keeper.messages import Rotated
from reknit.sealing import rotation
from reknit.sealing.errors import RotationError
from reknit.sealing.holder import KeyHolder, Rotating
from reknit.sealing.ring_file import OpenRing, RingFile
from reknit.sealing.sources import Source


class Rotation:
    """An opened ring and where it lies. holder: the ring as it stands after the last step."""

    def __init__(self, source: Source, opened: OpenRing | KeyHolder) -> None:
        self._source = source
        self._opened = opened

    @property
    def holder(self) -> KeyHolder:
        """What opens data keys now."""
        return self._opened.ring if isinstance(self._opened, OpenRing) else self._opened

    def step(self, begin: bool) -> Rotated:
        """Give the ring a new version (`begin`; nothing while a rotation is unfinished), or rewrap
        one batch of data keys.

        A ring that is not a file's is given its new version where it lives; here its data keys are
        rewrapped. Raises RotationError where there is nothing to rewrap and no file to write.
        """
        if begin and isinstance(self._opened, OpenRing) and isinstance(self._source, RingFile):
            self._opened = rotation.begin(self._source, self._opened, _today())
        holder = self.holder
        if not isinstance(holder, Rotating):
            raise RotationError(
                "REKNIT_KEYRING: the plug's key has no versions that Reknit knows of; "
                "rotate it where it lives."
            )
        left = rotation.left(holder.active)
        if begin and not left and not isinstance(self._opened, OpenRing):
            raise RotationError(
                "REKNIT_KEYRING: a ring that is not in a file gets its new version where it lives; "
                "then run 'reknit keys rotate' again."
            )
        done = 0 if begin else rotation.rewrap(holder)
        return Rotated(done, left - done, holder.active)


def _today() -> date:
    return datetime.now(UTC).date()
