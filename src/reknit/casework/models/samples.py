"""Samples: judgements that somebody looks at again, to see how well the work is done."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Judgement, Office, User, Verdict
from reknit.sealing.models import Sealed


class Sample(models.Model):
    """How it was drawn, so that the drawing can be done again: out of `population` judgements since
    `since`, by a generator that starts with `seed`. Names nobody whose work it is."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    since = models.DateTimeField()
    seed = models.BigIntegerField()
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()


class Look(Sealed):
    """One judgement of a sample, looked at again blind. Sealed: reason."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "judgement"], name="one_look_a_judgement")
        ]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: what was looked at."""
        return cls.objects.exclude(verdict="").values_list("id", "judgement", "verdict", "by")
