"""Where the ring comes from: a file, an environment variable, or a plug for a KMS or HSM.

Rules: `file:PATH`, `env:VARIABLE` (the ring's JSON, or that in base64), `plug:module:factory` (a
function without arguments that returns a KeyHolder). Only a file can be wrapped by passphrases and
written again by a rotation; the others are rotated where they live.

>>> source_of("plug:reknit.sealing.ring:KeyRing.new").open(()).verify_key().__len__()
32
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from reknit.sealing.errors import NoRingError
from reknit.sealing.holder import KeyHolder
from reknit.sealing.ring import KeyRing
from reknit.sealing.ring_file import OpenRing, RingFile


@dataclass(frozen=True)
class Variable:
    """A ring in an environment variable."""

    name: str

    def open(self, passphrases: Sequence[str] = ()) -> KeyRing:
        """The ring. Raises NoRingError."""
        text = os.environ.get(self.name, "").strip().encode()
        if not text:
            raise NoRingError(
                f"REKNIT_KEYRING: the variable {self.name} is empty; put the ring into it "
                "('reknit keys init' prints one)."
            )
        if not text.startswith(b"{"):
            try:
                text = base64.b64decode(text, validate=True)
            except ValueError:
                text = b""
        return KeyRing.from_json(text, f"the variable {self.name}")


@dataclass(frozen=True)
class Plug:
    """A holder that somebody else wrote."""

    place: str

    def open(self, passphrases: Sequence[str] = ()) -> KeyHolder:
        """The holder that the factory makes. Raises NoRingError where there is no such factory."""
        module, _, factory = self.place.partition(":")
        try:
            made: object = import_module(module)
            for name in factory.split("."):
                made = getattr(made, name)
        except (ImportError, AttributeError, ValueError) as failure:
            raise NoRingError(
                f"REKNIT_KEYRING: plug:{self.place} cannot be loaded ({type(failure).__name__}); "
                "name it as plug:module:factory."
            ) from None
        return cast(KeyHolder, made())  # type: ignore[operator]  # what the setting promises


Source = RingFile | Variable | Plug


def source_of(keyring: str) -> Source:
    """What the setting REKNIT_KEYRING points to."""
    kind, _, place = keyring.partition(":")
    if kind == "file":
        return RingFile(Path(place))
    return Variable(place) if kind == "env" else Plug(place)


def holder_of(source: Source) -> KeyHolder:
    """The holder, where no passphrase is needed. Raises LockedError."""
    opened = source.open(())
    return opened.ring if isinstance(opened, OpenRing) else opened
