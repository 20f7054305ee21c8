"""Candidates: found accounts that may be the person an enquiry seeks."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Account, Enquiry
from reknit.sealing.models import Sealed


class CandidateState(models.TextChoices):
    """Whether the latest search brings it. What people judged stands in the judgements alone
    (casework.review), so that undoing one needs nothing undone here."""

    OPEN = "open"
    GONE = "gone"


class Candidate(Sealed):
    """Enquiry × account, by which model, how likely. Sealed: evidence, {field, weight, sentence}.

    sought: the version of the person sought that was compared. returned: the candidate that was
    refused before one of the two changed. version: grows with each change of what a reviewer is
    shown of it. Sealed besides: prior_weight, log2 odds before any evidence.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    sought = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField()
    match_weight = models.FloatField()
    model_version = models.CharField(max_length=60)
    state = models.CharField(
        max_length=10, choices=CandidateState.choices, default=CandidateState.OPEN
    )
    version = models.PositiveIntegerField(default=1)
    returned = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "sought", "account"], name="one_candidate_a_pair"
            )
        ]
        indexes = [models.Index(fields=["enquiry", "state"])]
