"""Transfers: a case that one office asks another to take."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Enquiry, Office, User
from reknit.sealing.models import Sealed


class TransferState(models.TextChoices):
    """Where it is. The case stays where it was until it is accepted."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


class Transfer(Sealed):
    """Sealed: reason, answer. had: who worked on the case when it was accepted, so that undoing
    gives it back to them."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=TransferState.choices, default=TransferState.WAITING
    )
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    had = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: transfers that wait or were accepted."""
        counts = [TransferState.WAITING, TransferState.ACCEPTED]
        return cls.objects.filter(state__in=counts).values_list(
            "id", "enquiry", "from_office", "to_office", "state", "key_id", "sealed"
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry"], condition=models.Q(state="waiting"), name="one_transfer_waits"
            )
        ]
