"""Companions: who was registered together with a candidate and may be a relative of the sought."""

from __future__ import annotations

from django.db import models

from reknit.casework.models.candidates import Candidate
from reknit.records.models import Account


class Companion(models.Model):
    """An account beside a candidate's, whose name is that of a relative whom the family named.

    line: which of the sought person's relatives, counted from 0, in the version compared.
    similarity: 0 to 1, of the two names.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveSmallIntegerField()
    similarity = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "account", "line"], name="one_companion_a_relative"
            )
        ]
