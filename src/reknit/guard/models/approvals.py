"""What needs a second person, and what people decided about proof and risk."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.guard.models.consents import VitalInterest
from reknit.records.models import Account, Enquiry, Judgement, User
from reknit.sealing.models import Sealed


class Matter(models.TextChoices):
    """What two people must agree on (trust: I11, I1)."""

    IDENTIFICATION = "identification"
    DEATH = "death"
    FLAGGED_CASE = "flagged_case"
    LOWER_RISK = "lower_risk"
    VITAL_INTEREST = "vital_interest"


class Approval(Sealed):
    """One person proposes, another confirms. Sealed: reason, answer (of the second, or why undone).

    resource_kind, resource_id: what it is about. It lapses at `expires_at` unless confirmed.
    """

    matter = models.CharField(max_length=20, choices=Matter.choices)
    resource_kind = models.CharField(max_length=30)
    resource_id = models.CharField(max_length=60)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: what waits or was agreed to, about what was neither undone nor taken
        back."""
        live = cls.objects.filter(refused_at=None, undone_at=None)
        gone = {
            "judgement": Judgement.objects.exclude(
                undone_at=None, one__removed_at=None, other__removed_at=None
            ),
            "account": Account.objects.exclude(removed_at=None),
            "enquiry": Enquiry.objects.exclude(removed_at=None),
            "vital_interest": VitalInterest.objects.exclude(
                ended_at=None, account__removed_at=None
            ),
        }
        ids = {
            kind: set(map(str, rows.values_list("pk", flat=True))) for kind, rows in gone.items()
        }
        for row in live.values_list(
            "resource_kind", "resource_id", "id", "matter", "proposed_by", "proposed_at",
            "expires_at", "confirmed_by", "confirmed_at", "key_id", "sealed",
        ):  # fmt: skip
            if row[1] not in ids.get(row[0], ()):
                yield row

    class Meta:
        indexes = [models.Index(fields=["matter", "resource_kind", "resource_id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="guard_approval_by_two",
            )
        ]


class Assessment(Sealed):
    """What a person found about a relationship's proof or a case's risk; never a score.

    Sealed: reason, concerns (abuse, trafficking, impostor), documents (ids of what was seen).
    value: a Proof or a Risk. The latest that is not undone holds.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=6, choices=[("proof", "proof"), ("risk", "risk")])
    value = models.CharField(max_length=20)
    before = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: assessments that were not undone, of cases that were not taken
        back."""
        return cls.objects.filter(undone_at=None, enquiry__removed_at=None).values_list(
            "id", "enquiry", "about", "value", "before", "by", "at", "key_id", "sealed"
        )
