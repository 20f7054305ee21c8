"""What people did with messages; each act can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models

from reknit.intake.models.messages import Message
from reknit.records.models import Account, Enquiry, Office, User


class ActKind(models.TextChoices):
    """What somebody did."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    LINK = "link"
    PLACE = "place"
    REPLY = "reply"
    HAND_OVER = "hand_over"
    CLOSE = "close"


class Act(models.Model):
    """One act on one message: ids and codes only. before: the message's columns as they were, by
    name; undoing puts them back. made: what came into being (an account, a sighting, a reply)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ActKind.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: acts that were not undone."""
        return cls.objects.filter(undone_at=None).values_list(
            "id", "message", "kind", "enquiry", "account", "made", "by"
        )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="one_act_a_number")
        ]
