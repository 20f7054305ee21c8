"""Skips: a candidate that a reviewer put off. A row each, so that a skip can be undone as well."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models

from reknit.casework.models.candidates import Candidate
from reknit.records.models import User


class Skip(models.Model):
    """Holds for the one who skipped, for as long as the candidate's version is the same."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: skips that were not undone."""
        return cls.objects.filter(undone_at=None).values_list("id", "candidate", "version", "by")

    class Meta:
        indexes = [models.Index(fields=["by", "at"])]
