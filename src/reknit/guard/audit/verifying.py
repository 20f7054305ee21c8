"""Verify the log: every entry, the chain through them, the tree over them, the signed head, and the
checkpoints that were kept elsewhere.

Rules: entries are read once, in order, without holding them; each finding is one sentence with the
entry's number. What a log without a checkpoint cannot show is said in docs/trust/audit.md: whoever
holds the database can put an older state back, with the head that was signed then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from reknit.guard.audit.checkpoints import Checkpoint, checkpoint_of
from reknit.guard.errors import BrokenLogError, CheckpointError
from reknit.guard.log.entries import HASHED, entry_bytes
from reknit.guard.log.heads import HeadText, next_chain, text_of
from reknit.guard.log.tree import Frontier, leaf_hash, prove_consistency
from reknit.guard.models import Entry, Head
from reknit.sealing.holders import current_holder

MOST_FINDINGS = 20
_CHUNK = 5_000

ShowProgress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying found: the head as stored (None where the log is empty) and what is wrong."""

    head: HeadText | None
    findings: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """True when nothing is wrong."""
        return not self.findings


@dataclass
class _Findings:
    said: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        if len(self.said) < MOST_FINDINGS:
            self.said.append(sentence)


def verify(
    checkpoints: Sequence[Checkpoint] = (),
    verify_key: bytes | None = None,
    progress: ShowProgress | None = None,
) -> Verified:
    """Check the whole log.

    verify_key: the key that heads are signed with; by default the installation's own, which raises
    LockedError when the ring is not open.
    """
    key = current_holder().verify_key() if verify_key is None else verify_key
    findings = _Findings()
    head = Head.objects.first()
    if head is None:
        _verify_empty(checkpoints, findings)
        return Verified(None, tuple(findings.said))
    try:
        text = text_of(head)
    except BrokenLogError as error:
        return Verified(None, (str(error),))
    if head.size and not text.is_signed(bytes(head.signature), key):
        findings.add("the head: its signature is not by this key; it was written by someone else.")
    roots = {c.head.size: b"" for c in checkpoints}
    counted = _verify_entries(text, roots, findings, progress)
    if counted.root() != text.root and counted.size == text.size:
        findings.add("the head: its root is not that of the entries.")
    if counted.size != text.size:
        findings.add(f"the head: it speaks of {text.size:,} entries, the log has {counted.size:,}.")
    beyond = Entry.objects.filter(seq__gte=text.size).count()
    if beyond:
        findings.add(f"entry {text.size}: here and after stand {beyond:,} that no head covers.")
    for checkpoint in checkpoints:
        _verify_checkpoint(checkpoint, text, roots, key, findings)
    return Verified(text, tuple(findings.said))


def checkpoint(since: Checkpoint | None = None) -> Checkpoint:
    """The log's head now, as it is signed; with `since`, the proof that it continues that one.

    Raises CheckpointError where the log is empty or does not continue `since`.
    """
    head = Head.objects.first()
    if head is None or not head.size:
        raise CheckpointError(
            _("the audit log is empty: there is nothing to make a checkpoint of.")
        )
    text, key = text_of(head), current_holder().verify_key()
    if since is None:
        return checkpoint_of(text, bytes(head.signature), key)
    if since.head.origin != text.origin or not 0 < since.head.size <= text.size:
        raise CheckpointError(
            _(
                "the older checkpoint (%(older)s, %(number)s entries) is not of this log (%(log)s, "
                "%(size)s entries)."
            )
            % {
                "older": since.head.origin,
                "number": f"{since.head.size:,}",
                "log": text.origin,
                "size": f"{text.size:,}",
            }
        )
    leaves = (leaf_hash(entry_bytes(row[:-1])) for row in _rows(text.size))
    proof = prove_consistency(since.head.size, text.size, leaves)
    made = checkpoint_of(text, bytes(head.signature), key, since.head.size, proof)
    if not made.continues(since):
        raise CheckpointError(
            _(
                "the log does not begin as the older checkpoint says: it was rewritten. Run "
                "'reknit audit verify' with that checkpoint, and restore from a backup."
            )
        )
    return made


def check(checkpoint: Checkpoint) -> tuple[str, ...]:
    """What is wrong with the log by one checkpoint, whole log included; nothing when it holds."""
    return verify([checkpoint]).findings


def _verify_entries(
    head: HeadText, roots: dict[int, bytes], findings: _Findings, progress: ShowProgress | None
) -> Frontier:
    """Walk the entries; fills in the root at each size that was asked for."""
    frontier, chain, expected = Frontier(), bytes(32), 0
    for row in _rows(head.size):
        *values, stored = row
        seq = values[0]
        if seq != expected:
            missing = (
                f"entry {expected}" if seq == expected + 1 else f"entries {expected}–{seq - 1}"
            )
            findings.add(f"{missing}: missing from the log.")
        leaf = leaf_hash(entry_bytes(values))
        if next_chain(chain, leaf) != bytes(stored) and seq == expected:
            findings.add(f"entry {seq}: it, or its chain value, is not what was written.")
        chain, expected = bytes(stored), seq + 1
        frontier.append(leaf)
        if frontier.size in roots:
            roots[frontier.size] = frontier.root()
        if progress is not None and not frontier.size % _CHUNK:
            progress("Verifying the audit log", frontier.size / head.size)
    if chain != head.chain:
        findings.add("the head: its chain value is not the last entry's.")
    return frontier


def _rows(size: int) -> Iterator[tuple[Any, ...]]:
    rows = Entry.objects.filter(seq__lt=size).order_by("seq").values_list(*HASHED, "chain")
    return rows.iterator(chunk_size=_CHUNK)


def _verify_checkpoint(
    checkpoint: Checkpoint, head: HeadText, roots: dict[int, bytes], key: bytes, findings: _Findings
) -> None:
    said = checkpoint.head
    name = f"the checkpoint of {said.size:,} entries"
    if not checkpoint.is_signed_by(key):
        findings.add(f"{name}: it is not signed by this installation's key.")
    elif said.origin != head.origin:
        findings.add(f"{name}: it is of another log, {said.origin}; this is {head.origin}.")
    elif said.size > head.size:
        findings.add(
            f"{name}: the log has only {head.size:,} now; its end was cut off, or an older state "
            "was put back."
        )
    elif roots[said.size] != said.root:
        findings.add(f"{name}: the log's first {said.size:,} entries are not those; rewritten.")


def _verify_empty(checkpoints: Sequence[Checkpoint], findings: _Findings) -> None:
    if Entry.objects.exists():
        findings.add("the head: it is missing, and the log has entries.")
    for checkpoint in checkpoints:
        findings.add(f"the checkpoint of {checkpoint.head.size:,} entries: the log is empty now.")
