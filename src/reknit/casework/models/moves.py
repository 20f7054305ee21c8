"""Moves: each step that a case took, by whom, why; what it was before, so that it can go back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Enquiry, EnquiryStatus, Outcome, User
from reknit.sealing.models import Sealed


class Move(Sealed):
    """One step of the lifecycle. Sealed: reason, undo_reason. by: None where the search took it."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=20, choices=EnquiryStatus.choices)
    after = models.CharField(max_length=20, choices=EnquiryStatus.choices)
    outcome_before = models.CharField(max_length=30, choices=Outcome.choices)
    outcome = models.CharField(max_length=30, choices=Outcome.choices)
    closed_before = models.DateTimeField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["enquiry", "at"])]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: steps that were not taken back."""
        return cls.objects.filter(undone_at=None).values_list(
            "id", "enquiry", "before", "after", "outcome", "by", "key_id", "sealed"
        )
