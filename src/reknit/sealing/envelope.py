"""Seal bytes to one place with AES-256-GCM; nothing else opens them, nowhere else.

Sources: NIST SP 800-38D (GCM, 96-bit random nonces; a data key seals few values, so that they
never repeat in practice).

>>> key = new_key()
>>> place = Place("records_account", "2f1c", "sealed")
>>> unseal(seal(b"Idris", key, place), key, place)
b'Idris'
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reknit.sealing.errors import TamperedError

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs: the associated data that binds it."""

    table: str
    row: str
    field: str

    def __bytes__(self) -> bytes:
        return "\x1f".join((self.table, self.row, self.field)).encode()


def new_key() -> bytes:
    """A random 256-bit key."""
    return os.urandom(KEY_BYTES)


def seal(value: bytes, key: bytes, place: Place) -> bytes:
    """Encrypt and bind to the place: format byte, nonce (12 bytes), ciphertext with its tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, value, _FORMAT + bytes(place))


def unseal(sealed: bytes, key: bytes, place: Place) -> bytes:
    """What was sealed here. Raises TamperedError for anything else."""
    if sealed[:1] != _FORMAT:
        raise TamperedError(f"{place.table} {place.row}: not a sealed value of format 1.")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, _FORMAT + bytes(place))
    except InvalidTag:
        raise TamperedError(
            f"{place.table} {place.row} {place.field}: the sealed value was changed or moved; "
            "restore it from a backup."
        ) from None
