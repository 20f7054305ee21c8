"""Accounts: what one source said about one person at one time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models.sources import Batch, Source
from reknit.records.models.staff import Office
from reknit.sealing.models import Sealed


class AccountKind(models.TextChoices):
    """Of a person who is sought, or who was found."""

    SOUGHT = "sought"
    FOUND = "found"


class Account(Sealed):
    """Never overwritten, never merged: a new version follows the old.

    Sealed: the contract's columns of a people table, without `last_known_location` and `phones`,
    which the vault holds.
    external_digest: keyed digest of source and person_record_id (unique values only).
    identity_id: the set of accounts that judgements hold together; its own id when alone.
    superseded_by: the later version; removed_at: an undone import, a withdrawal or an erasure.
    kept_out: the person had it erased, or objects: what its list says of them again is set aside.
    change: grows with every change of any account, so that the search index can follow.
    """

    kind = models.CharField(max_length=6, choices=AccountKind.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    external_digest = models.BinaryField(max_length=32, null=True, db_index=True)
    group_digest = models.BinaryField(max_length=32, null=True, db_index=True)
    identity_id = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField(default=1)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    kept_out = models.BooleanField(default=False)
    change = models.BigIntegerField(default=0, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    @property
    def is_current(self) -> bool:
        """Neither removed nor followed by a later version."""
        return self.removed_at is None and self.superseded_by_id is None

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: accounts that count."""
        live = cls.objects.filter(removed_at=None)
        return live.values_list(
            "id", "kind", "source", "office", "identity_id", "version", "follows", "superseded_by",
            "key_id", "sealed",
        )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["kind", "removed_at", "superseded_by"])]
