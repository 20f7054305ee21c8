"""Seal a file's bytes under a row's key: documents, photos, uploads.

Rules: the bytes are bound to the row's table and id; a file appears whole or not at all, for its
owner only, safe against a loss of power; it is at most MOST_BYTES long, sealed in memory, so that
no clear byte is ever on the disk. Erasing the row's key erases the file with it.

    files.seal(document, data, CONFIG.files / str(document.id))     # after records.seal
    files.unseal(document, CONFIG.files / str(document.id))
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reknit.sealing.envelope import seal as seal_bytes
from reknit.sealing.envelope import unseal as unseal_bytes
from reknit.sealing.errors import SealingError
from reknit.sealing.models import Sealed
from reknit.sealing.records import open_keys, place_of
from reknit.sealing.replacing import replace_file

MOST_BYTES = 32 * 1024 * 1024


def seal(row: Sealed, data: bytes, path: Path) -> None:
    """Write `data` sealed under the key that `row` has. Raises ErasedError, LockedError, and
    SealingError for more than MOST_BYTES; OSError leaves what was there as it was."""
    if len(data) > MOST_BYTES:
        raise SealingError(
            f"{path.name}: {len(data):,} bytes; a sealed file has at most {MOST_BYTES:,}."
        )
    (key,) = open_keys([row])
    replace_file(path, seal_bytes(data, key, replace(place_of(row), field="file")))


def unseal(row: Sealed, path: Path) -> bytes:
    """The bytes again. Raises ErasedError, LockedError, TamperedError, FileNotFoundError."""
    (key,) = open_keys([row])
    return unseal_bytes(path.read_bytes(), key, replace(place_of(row), field="file"))
