"""Where the sealed bytes of a row lie: DATA/files/ID."""

from __future__ import annotations

from pathlib import Path

from reknit.sealing.models import Sealed
from reknit.settings import CONFIG


def place_of(row: Sealed) -> Path:
    """The file of an upload or a document."""
    return CONFIG.files / str(row.pk)
