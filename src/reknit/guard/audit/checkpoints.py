"""Checkpoints: the log's signed head as a small text, to be kept where nobody of this installation
can change it.

Rules: the form is a signed note (C2SP signed-note and tlog-checkpoint), and with an older one to
build on, the request of a witness (C2SP tlog-witness: `old N`, a proof, an empty line, the note),
so that others' tools read it; what is parsed is not yet believed: `is_signed_by` says whether it
may be.

    old 3                                  only with a proof: the older checkpoint's size
    8oSVqDUX…                              its consistency proof, a hash a line

    reknit/3f6c…                           which log
    7                                      entries
    Wj1lB3hW…                              the root of the tree over them
    chain …                                the last entry's chain value
    time 2026-11-26T06:00:00+00:00         and its time

    — reknit/3f6c… kq2XbgN…                the signature, after four bytes that name the key
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from reknit.guard.errors import CheckpointError
from reknit.guard.log.entries import microseconds
from reknit.guard.log.heads import HeadText
from reknit.guard.log.tree import is_consistent

_ED25519 = b"\x01"
_MOST_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head and its signature; with `since`, the proof that it continues the older one."""

    head: HeadText
    signature: bytes
    key_id: bytes
    since: int = 0
    proof: tuple[bytes, ...] = ()

    def __str__(self) -> str:
        signature = _base64(self.key_id + self.signature)
        note = f"{bytes(self.head).decode()}\n— {self.head.origin} {signature}\n"
        if not self.since:
            return note
        return "".join(
            [f"old {self.since}\n", *(f"{_base64(h)}\n" for h in self.proof), "\n", note]
        )

    def is_signed_by(self, verify_key: bytes) -> bool:
        """True when the holder of this Ed25519 key (32 bytes) signed exactly this head."""
        named = key_id(self.head.origin, verify_key)
        return named == self.key_id and self.head.is_signed(self.signature, verify_key)

    def continues(self, older: Checkpoint) -> bool:
        """True when the proof shows that this log begins with the older one. Signatures are not
        looked at here."""
        return (
            self.head.origin == older.head.origin
            and (self.since == older.head.size or self.head.size == older.head.size)
            and is_consistent(
                older.head.size, older.head.root, self.head.size, self.head.root, self.proof
            )
        )


def checkpoint_of(
    head: HeadText, signature: bytes, verify_key: bytes, since: int = 0, proof: Sequence[bytes] = ()
) -> Checkpoint:
    """A checkpoint of a signed head."""
    return Checkpoint(head, signature, key_id(head.origin, verify_key), since, tuple(proof))


def key_id(name: str, verify_key: bytes) -> bytes:
    """The four bytes by which a note names an Ed25519 key."""
    return sha256(name.encode() + b"\n" + _ED25519 + verify_key).digest()[:4]


def key_text(name: str, verify_key: bytes) -> str:
    """The key as others' tools take it (a `vkey`): name+id+key.

    >>> key_text("reknit/1", bytes(32))
    'reknit/1+196c04c1+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return f"{name}+{key_id(name, verify_key).hex()}+{_base64(_ED25519 + verify_key)}"


def parse_key(text: str) -> tuple[str, bytes]:
    """The log's name and its key out of what key_text gave. Raises CheckpointError."""
    name, _plus, rest = text.strip().partition("+")
    named, _plus, packed = rest.partition("+")
    key = _unbase64(packed)
    if len(key) != 33 or key[:1] != _ED25519 or key_id(name, key[1:]).hex() != named:
        raise CheckpointError(
            _(
                "%(text)s is no key of an audit log; copy the line that 'reknit audit checkpoint' "
                "prints."
            )
            % {"text": repr(text[:40])}
        )
    return name, key[1:]


def parse(text: str, place: str = "checkpoint") -> Checkpoint:
    """A checkpoint out of its text. Raises CheckpointError with the place."""
    if len(text) > _MOST_BYTES:
        raise _no_checkpoint(place, _("it is too long"))
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    since = 0
    proof: tuple[bytes, ...] = ()
    if lines[0].startswith("old "):
        end = lines.index("") if "" in lines else len(lines)
        since = _number(lines[0].removeprefix("old "), place)
        proof = tuple(_hash(line, place) for line in lines[1:end])
        lines = lines[end + 1 :]
    if len(lines) != 7 or lines[5] != "":
        raise _no_checkpoint(place, _("it has not the seven lines of one"))
    origin, size, root, chain, at, _empty, signature = lines
    dash, _space, rest = signature.partition(" ")
    signer, _space, packed = rest.partition(" ")
    signed = _unbase64(packed)
    if dash != "—" or signer != origin or len(signed) != 68:
        raise _no_checkpoint(place, _("its last line is no signature of this log"))
    head = HeadText(
        origin,
        _number(size, place),
        _hash(root, place),
        _hash(chain.removeprefix("chain "), place),
        _time(at, place),
    )
    if bytes(head).decode() != "\n".join([*lines[:5], ""]):
        raise _no_checkpoint(place, _("its lines are not as they were written"))
    return Checkpoint(head, signed[4:], signed[:4], since, proof)


def _time(line: str, place: str) -> int:
    try:
        return microseconds(datetime.fromisoformat(line.removeprefix("time ")))
    except (ValueError, TypeError):
        raise _no_checkpoint(place, _("%(text)s is no time") % {"text": repr(line[:40])}) from None


def _number(text: str, place: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _no_checkpoint(place, _("%(text)s is no size") % {"text": repr(text[:40])})
    return int(text)


def _hash(text: str, place: str) -> bytes:
    value = _unbase64(text)
    if len(value) != 32:
        raise _no_checkpoint(place, _("%(text)s is no hash") % {"text": repr(text[:40])})
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _no_checkpoint(place: str, why: str) -> CheckpointError:
    return CheckpointError(
        _(
            "%(place)s: no checkpoint, %(why)s; use a file that 'reknit audit checkpoint' wrote, "
            "unchanged."
        )
        % {"place": place, "why": why}
    )
