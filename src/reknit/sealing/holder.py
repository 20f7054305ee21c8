"""Who holds the key ring: the one interface between records and keys.

A holder makes data keys, unwraps them, signs tree heads and makes keyed digests. It may be the ring
opened in this process, the keeper asked over its socket, or a plug for a KMS or HSM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as the key store keeps it: wrapped by version `ring_version` of the ring."""

    key_id: str
    ring_version: int
    wrapped: bytes


class KeyHolder(Protocol):
    """What every holder answers. Each method raises LockedError when the ring is not open."""

    def new_keys(self, key_ids: Sequence[str]) -> list[tuple[bytes, WrappedKey]]:
        """For each id a new data key (32 bytes) and its wrapped form."""

    def unwrap(self, keys: Sequence[WrappedKey]) -> list[bytes]:
        """The data keys, in the same order. Raises TamperedError for a changed one."""

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature (64 bytes) with the installation's signing key."""

    def verify_key(self) -> bytes:
        """The public half of the signing key (32 bytes)."""

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """HMAC-SHA-256 under a key of the ring, separate for each domain: for unique values only,
        since equal values give equal digests."""


@runtime_checkable
class Rotating(KeyHolder, Protocol):
    """A holder whose wrapping key has versions: its data keys can be rewrapped."""

    @property
    def active(self) -> int:
        """The version that wraps new data keys."""

    def wrap(self, key_ids: Sequence[str], keys: Sequence[bytes]) -> list[WrappedKey]:
        """Given data keys wrapped by the active version."""
