"""Models of messages that were learned from what people corrected."""

from __future__ import annotations

from django.db import models

from reknit.records.models import User
from reknit.sealing.models import Sealed


class LearnedState(models.TextChoices):
    """Waits for a supervisor, is used, was replaced, was refused, or fell below the rules."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RETIRED = "retired"
    REFUSED = "refused"
    BELOW = "below"


class LearnedModel(Sealed):
    """Sealed: figures (beside the rules'). The model's bytes, which hold words of messages, are
    sealed under the same key in files/ID. labels: how many messages it was learned from."""

    state = models.CharField(
        max_length=10, choices=LearnedState.choices, default=LearnedState.PROPOSED
    )
    labels = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
