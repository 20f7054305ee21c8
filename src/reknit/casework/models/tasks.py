"""Tasks: what somebody has to do for a case, until when."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Enquiry, User
from reknit.sealing.models import Sealed


class Task(Sealed):
    """Sealed: title. removed_at: it was written by mistake."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["enquiry", "added_at"]),
            models.Index(fields=["assigned_to", "done_at", "due_at"]),
        ]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: tasks that were not taken away."""
        return cls.objects.filter(removed_at=None).values_list(
            "id", "enquiry", "due_at", "assigned_to", "done_by", "done_at", "key_id", "sealed"
        )
