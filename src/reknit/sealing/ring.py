"""The key ring: versions of the wrapping key, the signing key and the digest key.

As JSON, for its owner's eyes only (mode 0600):

    {"format": 1, "active": 1, "wrapping": {"1": "<base64>"}, "signing": "…", "digest": "…"}
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reknit.sealing.envelope import Place, new_key, seal, unseal
from reknit.sealing.errors import LockedError
from reknit.sealing.holder import WrappedKey


@dataclass(frozen=True)
class KeyRing:
    """An open ring; a KeyHolder in this process."""

    active: int
    wrapping: dict[int, bytes]
    signing: bytes
    digests: bytes

    @classmethod
    def new(cls) -> KeyRing:
        """A ring with one version of the wrapping key."""
        return cls(1, {1: new_key()}, new_key(), new_key())

    @classmethod
    def load(cls, file: Path) -> KeyRing:
        """The ring that a file holds. Raises LockedError when there is none."""
        try:
            said = json.loads(file.read_text())
        except FileNotFoundError:
            raise LockedError(
                f"{file}: no key ring here; make one with 'reknit keys init'."
            ) from None
        return cls(
            said["active"],
            {int(version): base64.b64decode(key) for version, key in said["wrapping"].items()},
            base64.b64decode(said["signing"]),
            base64.b64decode(said["digest"]),
        )

    def save(self, file: Path) -> None:
        """Write the ring to a new file; an existing one is never overwritten."""
        said = {
            "format": 1,
            "active": self.active,
            "wrapping": {str(v): base64.b64encode(k).decode() for v, k in self.wrapping.items()},
            "signing": base64.b64encode(self.signing).decode(),
            "digest": base64.b64encode(self.digests).decode(),
        }
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(said, out)
            out.flush()
            os.fsync(out.fileno())

    def new_keys(self, key_ids: Sequence[str]) -> list[tuple[bytes, WrappedKey]]:
        """See KeyHolder."""
        ring_key = self.wrapping[self.active]
        made = []
        for key_id in key_ids:
            key = new_key()
            wrapped = seal(key, ring_key, _place(key_id, self.active))
            made.append((key, WrappedKey(key_id, self.active, wrapped)))
        return made

    def unwrap(self, keys: Sequence[WrappedKey]) -> list[bytes]:
        """See KeyHolder."""
        return [
            unseal(
                key.wrapped, self.wrapping[key.ring_version], _place(key.key_id, key.ring_version)
            )
            for key in keys
        ]

    def sign(self, message: bytes) -> bytes:
        """See KeyHolder."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)

    def verify_key(self) -> bytes:
        """See KeyHolder."""
        key = Ed25519PrivateKey.from_private_bytes(self.signing).public_key()
        return key.public_bytes_raw()

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """See KeyHolder."""
        key = hmac.digest(self.digests, domain.encode(), "sha256")
        return [hmac.digest(key, value, "sha256") for value in values]


def _place(key_id: str, ring_version: int) -> Place:
    return Place("data key", key_id, f"ring {ring_version}")
