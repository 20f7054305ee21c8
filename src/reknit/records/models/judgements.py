"""Judgements: what a person decided about two accounts. Any can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models.accounts import Account
from reknit.records.models.enquiries import Enquiry
from reknit.records.models.staff import User
from reknit.sealing.models import Sealed


class Verdict(models.TextChoices):
    """Whether the two are one person."""

    MATCH = "match"
    NO_MATCH = "no_match"
    UNSURE = "unsure"


class Judgement(Sealed):
    """Sealed: reason, undo_reason. probability, match_weight, model_version: what was shown.

    together: equal for judgements that were made as one, of a family; they are undone as one.
    A match of a minor, a death or a flagged case counts only once confirmed_by, who is not by.
    """

    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    needs_two = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    probability = models.FloatField(null=True)
    match_weight = models.FloatField(null=True)
    model_version = models.CharField(max_length=60, blank=True)
    together = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(auto_now_add=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: judgements that were not undone, on accounts that count."""
        there = cls.objects.filter(undone_at=None, one__removed_at=None, other__removed_at=None)
        return there.values_list(
            "id", "enquiry", "one", "other", "verdict", "by", "needs_two", "confirmed_by",
            "key_id", "sealed",
        )  # fmt: skip
