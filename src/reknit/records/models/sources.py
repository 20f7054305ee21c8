"""Where accounts come from, and the lists that brought them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models

from reknit.records.models.staff import Office, User
from reknit.sealing.models import Sealed
from reknit.vocabulary import LegalBasis, Purpose


class Source(models.Model):
    """A list, desk, organisation or person that says something about people.

    mirrors: the source that this one copies; a mirror counts once.
    reliability: 0 to 1, how often what it says holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    mirrors = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reliability = models.FloatField(default=0.8)
    legal_basis = models.CharField(
        max_length=30,
        choices=[(b.value, b.value) for b in LegalBasis],
        default=LegalBasis.PUBLIC_INTEREST.value,
    )
    retention_category = models.CharField(max_length=30, default="standard")
    created_at = models.DateTimeField(auto_now_add=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: which source copies which."""
        return cls.objects.exclude(mirrors=None).values_list("id", "mirrors")


class BatchState(models.TextChoices):
    """Where an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class Batch(Sealed):
    """One import of one list. Sealed: file_name, content_file (the upload, sealed on disk),
    rejected (rows with line, column and reason), findings."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    content_digest = models.BinaryField(max_length=32, db_index=True)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    unknown_fields = models.PositiveIntegerField(default=0)
    list_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)


class Mirroring(models.Model):
    """Somebody said what a source copies (original; None: nobody). Any can be undone, the latest
    first; before: what it was held to copy until then. batch: the import with which it was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    original = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
