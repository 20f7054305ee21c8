"""Enquiries: who seeks whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models.accounts import Account
from reknit.records.models.staff import Office, User
from reknit.sealing.models import Sealed


class EnquiryStatus(models.TextChoices):
    """Where the case is; casework.lifecycle says which step leads where, and what it takes."""

    DRAFT = "draft"
    OPEN = "open"
    SEARCHING = "searching"
    POSSIBLE_MATCH = "possible_match"
    VERIFYING = "verifying"
    AWAITING_ANSWER = "awaiting_answer"
    OUTCOME = "outcome"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class Outcome(models.TextChoices):
    """How an enquiry ends."""

    NONE = "none"
    CONTACT_RESTORED = "contact_restored"
    MESSAGE_ONLY = "message_only"
    ALIVE_NO_CONTACT_WISHED = "alive_no_contact_wished"
    DECEASED = "deceased"
    WITHDRAWN = "withdrawn"
    NOT_FOUND = "not_found"


class Proof(models.TextChoices):
    """How well the relationship is shown."""

    NONE = "none"
    STATED = "stated"
    DOCUMENTED = "documented"
    VERIFIED = "verified"


class Risk(models.TextChoices):
    """What an assessment by a person says; never a score."""

    NOT_ASSESSED = "not_assessed"
    NO_CONCERN = "no_concern"
    FLAGGED = "flagged"


class Enquiry(Sealed):
    """A seeker, the person sought, their relationship.

    Sealed: seeker_name, relationship, relationship_words, risk_reasons (abuse, trafficking,
    impostor), notes. The seeker's contact is in the vault.
    receipt_digest: keyed digest of the receipt code that the seeker holds.
    version: grows with every change by a person, so that nobody overwrites what they have not seen.
    need: the band by which the queue is ordered, 1 the most urgent; due_on: the next deadline. Why
    stands sealed in casework's Need.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sought = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    receipt_digest = models.BinaryField(max_length=32, null=True, unique=True)
    status = models.CharField(
        max_length=20, choices=EnquiryStatus.choices, default=EnquiryStatus.OPEN
    )
    outcome = models.CharField(max_length=30, choices=Outcome.choices, default=Outcome.NONE)
    proof = models.CharField(max_length=12, choices=Proof.choices, default=Proof.NONE)
    risk = models.CharField(max_length=12, choices=Risk.choices, default=Risk.NOT_ASSESSED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    need = models.PositiveSmallIntegerField(default=3)
    due_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "need", "created_at"])]

    def change(self, **columns: object) -> None:
        """Set columns of a row that the caller has locked, and count it as a change."""
        for name, value in columns.items():
            setattr(self, name, value)
        self.version += 1
        self.save(update_fields=[*columns, "version"])

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: enquiries that were not taken back with their list."""
        return cls.objects.filter(removed_at=None).values_list(
            "id", "office", "assigned_to", "sought", "status", "outcome", "proof", "risk",
            "closed_at", "key_id", "sealed",
        )  # fmt: skip
