"""The key store: wrapped data keys, in a database of their own (`keys`), backed up apart."""

from __future__ import annotations

import uuid

from django.db import models


class DataKey(models.Model):
    """One record's data key, wrapped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ring_version = models.PositiveIntegerField(db_index=True)
    wrapped = models.BinaryField()


class Sealed(models.Model):
    """A row whose personal content is one sealed value, a JSON object, under a key of its own.

    Subclasses add only columns that name nobody: ids, states, counts, times.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = models.UUIDField(editable=False)
    sealed = models.BinaryField(editable=False)

    class Meta:
        abstract = True


class Erasure(models.Model):
    """The erasure ledger: what was erased, so that a restore erases it again. Ids and a time."""

    key_id = models.UUIDField(primary_key=True, editable=False)
    table = models.CharField(max_length=60)
    row_id = models.UUIDField()
    at = models.DateTimeField()
