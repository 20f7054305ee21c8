"""The file that keeps the ring: in clear for its owner's eyes, or wrapped by passphrases.

Rules: the file is its owner's alone (mode 0600), or it is not opened; it is replaced in one step,
and never lost in between; where a recovery code was printed, a copy sealed to it lies beside the
file (`.recovery`) and is renewed with it.

In clear it is the ring's JSON (`ring.py`); wrapped:

    {"format": 2, "shares": [{"holder": "Noor", "salt": …, "sealed": …}], "sealed": "<base64>"}
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from reknit.sealing import recovery
from reknit.sealing.envelope import Place, seal, unseal
from reknit.sealing.errors import LockedError, NoRingError
from reknit.sealing.locking import sync_folder
from reknit.sealing.passphrases import Share, content_key, new_shares, share_of
from reknit.sealing.replacing import replace_file
from reknit.sealing.ring import KeyRing

_PLACE = Place("key ring", "", "content")


class _Wrapped(msgspec.Struct):
    """A wrapped ring as JSON; bytes in base64."""

    format: Literal[2]
    shares: list[Share]
    sealed: bytes


@dataclass(frozen=True)
class OpenRing:
    """The ring of a file, and what is needed to write it there again.

    key, shares: the content key and the holders' shares; none where the file is in clear.
    """

    ring: KeyRing
    key: bytes | None = None
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True)
class RingFile:
    """Where the ring lies."""

    path: Path

    @property
    def recovery_path(self) -> Path:
        """The copy for the recovery codes."""
        return self.path.with_name(f"{self.path.name}.recovery")

    def exists(self) -> bool:
        """Is there a ring?"""
        return self.path.exists()

    def holders(self) -> list[str]:
        """Who must give a passphrase; nobody where the ring is in clear. Raises NoRingError."""
        return [share.holder for share in self.shares()]

    def shares(self) -> list[Share]:
        """The holders' sealed shares; none where the ring is in clear. Raises NoRingError."""
        said = self._read()
        return [] if isinstance(said, KeyRing) else said.shares

    def open(self, passphrases: Sequence[str]) -> OpenRing:
        """The ring, given every holder's passphrase in any order. Raises PassphraseError for a
        wrong one, LockedError naming who is missing, NoRingError."""
        shares = self.shares()
        return self.open_with_shares(dict(share_of(one, shares) for one in passphrases if shares))

    def open_with_shares(self, given: Mapping[str, bytes]) -> OpenRing:
        """The ring, given the open share of every holder by name. Raises LockedError."""
        said = self._read()
        if isinstance(said, KeyRing):
            return OpenRing(said)
        missing = [share.holder for share in said.shares if share.holder not in given]
        if missing:
            raise LockedError(
                f"the key ring waits for the passphrase of {' and '.join(missing)}: "
                "'reknit keys unlock'."
            )
        key = content_key([given[share.holder] for share in said.shares])
        ring = KeyRing.from_json(unseal(said.sealed, key, _PLACE), str(self.path))
        return OpenRing(ring, key, tuple(said.shares))

    def make(self, ring: KeyRing, passphrases: Mapping[str, str]) -> OpenRing:
        """Keep a new ring, under the holders' passphrases if there are any; an existing file is
        never overwritten (FileExistsError)."""
        opened = _wrapped(ring, passphrases)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(_as_file(opened))
            out.flush()
            os.fsync(out.fileno())
        sync_folder(self.path.parent)
        self._renew_recovery(ring)
        return opened

    def rewrap(self, ring: KeyRing, passphrases: Mapping[str, str]) -> OpenRing:
        """Keep the ring under other passphrases, or in clear where there are none."""
        opened = _wrapped(ring, passphrases)
        self.replace(opened)
        return opened

    def replace(self, opened: OpenRing) -> None:
        """Write the ring in the place of the file, under the same shares, in one step."""
        replace_file(self.path, _as_file(opened))
        self._renew_recovery(opened.ring)

    def recover(self, codes: Sequence[str], copy: Path | None = None) -> KeyRing:
        """The ring out of the copy for the recovery codes. Raises PassphraseError, NoRingError."""
        path = copy or self.recovery_path
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            raise NoRingError(
                f"{path}: no copy for the recovery codes here; name it with --from."
            ) from None
        return KeyRing.from_json(recovery.opened_with(codes, sealed), str(path))

    def _renew_recovery(self, ring: KeyRing) -> None:
        if ring.recovery:
            replace_file(self.recovery_path, recovery.sealed_to(ring.recovery, ring.to_json()))

    def _read(self) -> _Wrapped | KeyRing:
        try:
            with self.path.open("rb") as file:
                _check_mode(self.path, os.fstat(file.fileno()))
                text = file.read()
        except FileNotFoundError:
            raise NoRingError(
                f"{self.path}: no key ring here; make one with 'reknit keys init', "
                "or get it back with 'reknit keys recover'."
            ) from None
        try:
            return msgspec.json.decode(text, type=_Wrapped)
        except msgspec.DecodeError:
            return KeyRing.from_json(text, str(self.path))


def _wrapped(ring: KeyRing, passphrases: Mapping[str, str]) -> OpenRing:
    if not passphrases:
        return OpenRing(ring)
    key, shares = new_shares(passphrases)
    return OpenRing(ring, key, tuple(shares))


def _as_file(opened: OpenRing) -> bytes:
    if opened.key is None:
        return opened.ring.to_json()
    sealed = seal(opened.ring.to_json(), opened.key, _PLACE)
    return msgspec.json.encode(_Wrapped(2, list(opened.shares), sealed))


def _check_mode(path: Path, status: os.stat_result) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise LockedError(f"{path}: others than its owner may read the key ring; chmod 600 it.")
    if status.st_uid not in {os.geteuid(), 0}:
        raise LockedError(f"{path}: the key ring belongs to another user; chown it.")
