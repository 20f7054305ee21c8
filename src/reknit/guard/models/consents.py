"""What people agreed to or refused, and what two others decided for those who cannot be asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, User
from reknit.sealing.models import Sealed
from reknit.vocabulary import Answer, Assurance, GivenBy, How, LegalBasis, Purpose, Scope


class Consent(Sealed):
    """One answer: subject × purpose × recipient × scope, until when.

    Sealed: words (what was said), representative (name and relation), child_view (what the child
    itself said about it), message (for the scope "message").
    recipient: `kind:id`. withdrawn_at: from then on it holds no more, whoever withdrew it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Answer])
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    recipient = models.CharField(max_length=80)
    scope = models.CharField(max_length=30, choices=[(s.value, s.value) for s in Scope])
    given_by = models.CharField(max_length=20, choices=[(g.value, g.value) for g in GivenBy])
    how = models.CharField(max_length=20, choices=[(h.value, h.value) for h in How])
    assurance = models.PositiveSmallIntegerField(choices=[(a.value, a.name) for a in Assurance])
    child_heard = models.BooleanField(default=False)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=20, blank=True)
    withdrawal_assurance = models.PositiveSmallIntegerField(null=True)
    withdrawal_recorded_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["account", "scope"])]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: answers on accounts that count; one that was taken back is part of
        it, since it still silences what was agreed to before."""
        return cls.objects.filter(account__removed_at=None).values_list(
            "id", "account", "answer", "purpose", "recipient", "scope", "given_by", "how",
            "assurance", "child_heard", "at", "until", "withdrawn_at", "key_id", "sealed",
        )  # fmt: skip


class CannotBeAsked(models.TextChoices):
    """Why somebody cannot be asked."""

    UNCONSCIOUS = "unconscious"
    INFANT = "infant"
    DEAD = "dead"


class VitalInterest(Sealed):
    """A decision in place of somebody who cannot be asked. Sealed: reason.

    It counts once two people agreed (an Approval), until `until`, and ends at `ended_at`: when the
    person can be asked, or says anything.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=20, choices=CannotBeAsked.choices)
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    recipient = models.CharField(max_length=80)
    scope = models.CharField(max_length=30, choices=[(s.value, s.value) for s in Scope])
    legal_basis = models.CharField(max_length=30, default=LegalBasis.VITAL_INTEREST.value)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: decisions that nobody ended, about accounts that count."""
        return cls.objects.filter(ended_at=None, account__removed_at=None).values_list(
            "id", "account", "because", "purpose", "recipient", "scope", "decided_by", "at",
            "until", "key_id", "sealed",
        )  # fmt: skip
