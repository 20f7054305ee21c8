"""Notes: what staff want to remember about a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Enquiry, User
from reknit.sealing.models import Sealed


class Note(Sealed):
    """Sealed: text. Never changed; removed_at: it was written by mistake."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["enquiry", "at"])]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: notes that were not taken away."""
        return cls.objects.filter(removed_at=None).values_list(
            "id", "enquiry", "by", "key_id", "sealed"
        )
