"""Models of the matching engine that were made here, out of what people judged."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models.staff import User
from reknit.sealing.models import Sealed


class ModelState(models.TextChoices):
    """What became of a model. SET_ASIDE: too little to go by, or no better: not to be accepted."""

    PROPOSED = "proposed"
    SET_ASIDE = "set_aside"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class MatchingModel(Sealed):
    """Of the accepted ones the latest is in use; where there is none, the packaged model is.

    Sealed: model (its JSON text; "" where none was made), figures (before and after, with what
    they rest on), reason (of who decided). version: as it stands on each candidate.
    """

    version = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=ModelState.choices, default=ModelState.PROPOSED)
    judgements = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: those that were accepted, in whose order the one in use is found."""
        return cls.objects.filter(state=ModelState.ACCEPTED).values_list("id", "version", "state")
