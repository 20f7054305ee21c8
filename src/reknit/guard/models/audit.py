"""The audit log: entries that are only ever appended, and the one signed head over them.

No foreign keys: an entry outlives what it speaks of, and stays as it was written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import models

from reknit.vocabulary import ActorKind, Purpose

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Entry(models.Model):
    """Who did what to which row, why, and when. Ids and codes only.

    seq: its place in the log, from 0. at_us: microseconds since 1970 (UTC), the same number on
    every database, since it is hashed. subject_id: the account of the person it concerns, if any.
    detail: canonical JSON. chain: SHA-256 over the chain of the entry before and this entry's leaf.
    """

    seq = models.BigIntegerField(primary_key=True)
    at_us = models.BigIntegerField()
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    user_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, blank=True)
    office_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    resource_id = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=36, blank=True)
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    detail = models.TextField()
    chain = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "seq"]),
            models.Index(fields=["user_id", "seq"]),
            models.Index(fields=["kind", "resource_id", "seq"]),
        ]

    @property
    def at(self) -> datetime:
        """When, in UTC."""
        return _EPOCH + timedelta(microseconds=self.at_us)


class Head(models.Model):
    """The one row that says where the log stands. The writer of an entry holds its lock.

    origin: which log this is. frontier: the roots of the perfect subtrees of the first `size`
    entries, largest first, 32 bytes each. signature: Ed25519 over the checkpoint's text.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    origin = models.CharField(max_length=60)
    size = models.BigIntegerField(default=0)
    at_us = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32, default=bytes(32))
    frontier = models.BinaryField(default=b"")
    signature = models.BinaryField(default=b"")
