"""The key ring: versions of the wrapping key, the signing key and the digest key.

Rules: a new version wraps from the day it is made, the older ones open what they wrapped; one that
wraps nothing any more stays KEPT_DAYS, as long as backups of the key store may need it, and then
goes.

>>> ring = KeyRing.new()
>>> [(key, wrapped)] = ring.new_keys(["2f1c"])
>>> ring.unwrap([wrapped]) == [key]
True
>>> ring.rotated(date(2026, 11, 26)).active
2
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reknit.sealing.envelope import KEY_BYTES, Place, new_key, seal, unseal
from reknit.sealing.errors import NoRingError, TamperedError
from reknit.sealing.holder import WrappedKey

KEPT_DAYS = 30
"""How long backups of the key store are kept at most, and a wrapping version with them."""


class _Written(msgspec.Struct):
    """The ring as JSON; keys in base64."""

    format: Literal[1]
    active: int
    wrapping: dict[int, bytes]
    signing: bytes
    digest: bytes
    retired: dict[int, date] = {}
    recovery: bytes = b""

    def is_whole(self) -> bool:
        """Every key is there and has its length."""
        keys = (*self.wrapping.values(), self.signing, self.digest)
        return self.active in self.wrapping and {len(key) for key in keys} == {KEY_BYTES}


@dataclass(frozen=True)
class KeyRing:
    """An open ring; a KeyHolder in this process.

    wrapping: the wrapping keys by version. retired: when a version stopped to be the active one.
    recovery: the public half of the recovery code (32 bytes), b"" where none was made.
    """

    active: int
    wrapping: Mapping[int, bytes] = field(repr=False)
    signing: bytes = field(repr=False)
    digests: bytes = field(repr=False)
    retired: Mapping[int, date] = field(default_factory=dict)
    recovery: bytes = b""

    @classmethod
    def new(cls) -> KeyRing:
        """A ring with one version of the wrapping key."""
        return cls(1, {1: new_key()}, new_key(), new_key())

    @classmethod
    def load(cls, file: Path) -> KeyRing:
        """The ring of a file without passphrases. Raises NoRingError, LockedError."""
        from reknit.sealing.ring_file import RingFile

        return RingFile(file).open(()).ring

    def save(self, file: Path) -> None:
        """Write the ring to a new file; an existing one is never overwritten."""
        from reknit.sealing.ring_file import RingFile

        RingFile(file).make(self, {})

    def to_json(self) -> bytes:
        """The ring with its keys in clear: for its owner's eyes only."""
        written = _Written(
            1, self.active, dict(self.wrapping), self.signing, self.digests, dict(self.retired),
            self.recovery,
        )  # fmt: skip
        return msgspec.json.encode(written)

    @classmethod
    def from_json(cls, text: bytes, where: str) -> KeyRing:
        """The ring that `to_json` wrote. Raises NoRingError, without a word of the text."""
        try:
            said = msgspec.json.decode(text, type=_Written)
        except msgspec.DecodeError:
            said = None
        if said is None or not said.is_whole():
            raise NoRingError(
                f"{where}: this is no key ring; restore it, or run 'reknit keys recover'."
            )
        return cls(
            said.active, said.wrapping, said.signing, said.digest, said.retired, said.recovery
        )

    def rotated(self, today: date) -> KeyRing:
        """The same ring with one more version, which is active from now on."""
        newest = max(self.wrapping) + 1
        return replace(
            self,
            active=newest,
            wrapping={**self.wrapping, newest: new_key()},
            retired={**self.retired, self.active: today},
        )

    def without_old(self, today: date, in_use: set[int]) -> KeyRing:
        """The ring without versions that wrap nothing and were retired KEPT_DAYS ago."""
        gone = {
            version
            for version, day in self.retired.items()
            if version not in in_use and today - day > timedelta(days=KEPT_DAYS)
        }
        return replace(
            self,
            wrapping={v: k for v, k in self.wrapping.items() if v not in gone},
            retired={v: d for v, d in self.retired.items() if v not in gone},
        )

    def new_keys(self, key_ids: Sequence[str]) -> list[tuple[bytes, WrappedKey]]:
        """See KeyHolder."""
        keys = [new_key() for _ in key_ids]
        return list(zip(keys, self.wrap(key_ids, keys), strict=True))

    def wrap(self, key_ids: Sequence[str], keys: Sequence[bytes]) -> list[WrappedKey]:
        """Data keys wrapped by the active version."""
        ring_key, version = self.wrapping[self.active], self.active
        return [
            WrappedKey(key_id, version, seal(key, ring_key, _place(key_id, version)))
            for key_id, key in zip(key_ids, keys, strict=True)
        ]

    def unwrap(self, keys: Sequence[WrappedKey]) -> list[bytes]:
        """See KeyHolder. Raises TamperedError, also for a version that is not in the ring."""
        opened = []
        for key in keys:
            ring_key = self.wrapping.get(key.ring_version)
            if ring_key is None:
                raise TamperedError(
                    f"data key {key.key_id}: version {key.ring_version} is not in the ring; "
                    "restore the ring that belongs to this key store."
                )
            place = _place(key.key_id, key.ring_version)
            opened.append(unseal(key.wrapped, ring_key, place))
        return opened

    @cached_property
    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    def sign(self, message: bytes) -> bytes:
        """See KeyHolder."""
        return self._signer.sign(message)

    def verify_key(self) -> bytes:
        """See KeyHolder."""
        return self._signer.public_key().public_bytes_raw()

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """See KeyHolder."""
        key = hmac.digest(self.digests, domain.encode(), "sha256")
        return [hmac.digest(key, value, "sha256") for value in values]


def _place(key_id: str, ring_version: int) -> Place:
    return Place("data key", key_id, f"ring {ring_version}")
