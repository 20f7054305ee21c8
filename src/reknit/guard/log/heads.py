"""The log's head: locked, grown, signed.

Rules: whoever appends holds the head's row lock (on SQLite the database's one write lock), so that
entries have one order; a head that this installation did not sign is not continued; what is signed
is the text of a checkpoint (C2SP tlog-checkpoint), so that an exported head can be checked by
others' tools too.

    origin line        reknit/<id of the log>
    size               entries, decimal
    root               base64 of the RFC 6962 root
    chain, time        two extension lines: the last entry's chain value and time
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from reknit.guard.errors import AuditUnavailableError, BrokenLogError
from reknit.guard.log.entries import HASHED, as_time, entry_bytes
from reknit.guard.log.tree import Frontier, leaf_hash
from reknit.guard.models.audit import Entry, Head
from reknit.sealing.bulk import insert, update
from reknit.sealing.errors import SealingError
from reknit.sealing.holder import KeyHolder
from reknit.sealing.holders import current_holder
from reknit.sealing.prepared import Prepared


@dataclass(frozen=True, slots=True)
class HeadText:
    """What a head says, before it is signed."""

    origin: str
    size: int
    root: bytes
    chain: bytes
    at_us: int

    def __bytes__(self) -> bytes:
        return (
            f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"
            f"chain {_base64(self.chain)}\ntime {as_time(self.at_us).isoformat()}\n"
        ).encode()

    def is_signed(self, signature: bytes, verify_key: bytes) -> bool:
        """True when the holder of the key signed exactly this."""
        try:
            Ed25519PublicKey.from_public_bytes(verify_key).verify(signature, bytes(self))
        except InvalidSignature:
            return False
        return True


def text_of(head: Head) -> HeadText:
    """What the stored head says. Raises BrokenLogError where it cannot be a head."""
    try:
        frontier = Frontier.from_bytes(head.size, bytes(head.frontier))
    except ValueError as error:
        raise _broken(str(error)) from None
    return HeadText(head.origin, head.size, frontier.root(), bytes(head.chain), head.at_us)


def lock() -> Head:
    """The head, locked until the transaction ends; made on the first use."""
    head = _THE_HEAD.first()
    if head is not None:
        return head
    if Entry.objects.exists():
        raise _broken("it has entries and no head")
    Head.objects.bulk_create([Head(origin=f"reknit/{uuid.uuid4()}")], ignore_conflicts=True)
    return _the_head().get()


def _the_head() -> QuerySet[Head]:
    return Head.objects.select_for_update().filter(pk=1)


_THE_HEAD = Prepared(_the_head)


def append(entries: Sequence[Entry], head: Head | None = None) -> None:
    """Append to the log and sign its new head, in the open transaction. head: as `lock` gave it.

    Raises AuditUnavailableError when the head cannot be signed or the rows cannot be written.
    """
    if not entries:
        return
    try:
        # The writer of commits, which gives the head, lets nothing stand where this fails.
        with transaction.atomic(savepoint=head is None):
            _append(head or lock(), entries)
    except SealingError as error:
        raise AuditUnavailableError(f"the audit log cannot be signed: {error}") from error
    except DatabaseError as error:
        raise AuditUnavailableError("the audit log cannot be written; check the disk.") from error


def _append(head: Head, entries: Sequence[Entry]) -> None:
    holder = current_holder()
    text = text_of(head)
    if head.size and not _is_ours(text, bytes(head.signature), holder):
        raise _broken("its head carries no signature of this installation's key")
    frontier = Frontier.from_bytes(head.size, bytes(head.frontier))
    chain = text.chain
    for entry in entries:
        entry.seq = frontier.size
        leaf = leaf_hash(entry_bytes([getattr(entry, name) for name in HASHED]))
        chain = entry.chain = next_chain(chain, leaf)
        frontier.append(leaf)
    insert(entries)
    at_us = entries[-1].at_us
    signed = HeadText(head.origin, frontier.size, frontier.root(), chain, at_us)
    head.size, head.at_us, head.chain = signed.size, signed.at_us, signed.chain
    head.frontier, head.signature = bytes(frontier), holder.sign(bytes(signed))
    update([head], _GROWN)


_GROWN = ("size", "at_us", "chain", "frontier", "signature")
_known_key = b""


def _is_ours(text: HeadText, signature: bytes, holder: KeyHolder) -> bool:
    """True when the holder's key signed this; the key, which stays with an installation, is asked
    for anew only where the one that was known did not."""
    global _known_key
    if _known_key and text.is_signed(signature, _known_key):
        return True
    _known_key = holder.verify_key()
    return text.is_signed(signature, _known_key)


def next_chain(before: bytes, leaf: bytes) -> bytes:
    """SHA-256(chain of the entry before ‖ this entry's leaf hash)."""
    return sha256(before + leaf).digest()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _broken(what: str) -> BrokenLogError:
    return BrokenLogError(
        f"the audit log was changed from outside: {what}. Nothing is appended to it; run "
        "'reknit audit verify' with the last checkpoint, and restore from a backup."
    )
