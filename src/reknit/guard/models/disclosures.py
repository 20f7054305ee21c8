"""What left, to whom, on what ground; and the one word that each seeker sees."""

from __future__ import annotations

import uuid

from django.db import models

from reknit.guard.models.consents import Consent, VitalInterest
from reknit.records.models import Account, Enquiry, User
from reknit.vocabulary import LegalBasis, Purpose, Scope


class Disclosure(models.Model):
    """One thing about one person that was told to one recipient.

    It names rows, not what they say: `rows` are the ids of what was read (whereabouts and contacts
    are never changed, so that what left can be told later, until it is erased).
    consent, decision: on what ground; both None for staff who ask, and for the person's own.
    published_at: from when a seeker's page may show it (trust: I3, a fixed schedule).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    recipient = models.CharField(max_length=80, db_index=True)
    scope = models.CharField(max_length=30, choices=[(s.value, s.value) for s in Scope])
    legal_basis = models.CharField(max_length=30, choices=[(b.value, b.value) for b in LegalBasis])
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(
        VitalInterest, null=True, on_delete=models.PROTECT, related_name="+"
    )
    rows = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    published_at = models.DateTimeField(null=True)


class SeekerAnswer(models.Model):
    """What an enquiry's page says, as of the last fixed hour. Every enquiry has one such row, of
    one size, whatever is known: reading it takes the same time (trust: I3)."""

    enquiry = models.OneToOneField(
        Enquiry, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    word = models.CharField(max_length=30)
    needs_something = models.BooleanField(default=False)
    as_of = models.DateTimeField(null=True)
