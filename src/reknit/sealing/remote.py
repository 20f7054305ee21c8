"""The keeper as a KeyHolder: each question goes over its socket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from reknit.sealing.holder import WrappedKey
from reknit.sealing.line import Line

BATCH = 20_000
"""Keys asked for in one message: a few megabytes."""


@dataclass(frozen=True)
class SocketHolder:
    """See KeyHolder; raises LockedError, KeeperAwayError or LimitError besides."""

    line: Line

    def new_keys(self, key_ids: Sequence[str]) -> list[tuple[bytes, WrappedKey]]:
        """See KeyHolder."""
        return self.line.ask("new_keys", list(key_ids), list[tuple[bytes, WrappedKey]])

    def take_keys(self, count: int) -> list[tuple[UUID, bytes]]:
        """New data keys that are in the key store already, with their ids."""
        taken: list[tuple[UUID, bytes]] = []
        while len(taken) < count:
            wanted = min(BATCH, count - len(taken))
            taken += self.line.ask("take_keys", wanted, list[tuple[UUID, bytes]])
        return taken

    def unwrap(self, keys: Sequence[WrappedKey]) -> list[bytes]:
        """See KeyHolder."""
        opened: list[bytes] = []
        for at in range(0, len(keys), BATCH):
            opened += self.line.ask("unwrap", keys[at : at + BATCH], list[bytes])
        return opened

    def sign(self, message: bytes) -> bytes:
        """See KeyHolder."""
        return self.line.ask("sign", message, bytes)

    def verify_key(self) -> bytes:
        """See KeyHolder."""
        return self.line.ask("verify_key", None, bytes)

    def digest(self, domain: str, values: Sequence[bytes]) -> list[bytes]:
        """See KeyHolder."""
        return self.line.ask("digest", (domain, list(values)), list[bytes])
