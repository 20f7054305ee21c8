"""Registrations: people who said themselves that they are safe, and whom they registered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models

from reknit.guard.models import SubjectRequest
from reknit.records.models import Account, Office, User
from reknit.vocabulary import Assurance


class Registration(models.Model):
    """One person's, for themselves and their family. What they said is in their accounts.

    receipt_digest: keyed digest of the receipt code. assurance: how sure staff are that whoever
    holds the code is the person (trust: I14); only staff raise it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    receipt_digest = models.BinaryField(max_length=32, unique=True)
    assurance = models.PositiveSmallIntegerField(
        choices=[(a.value, a.name) for a in Assurance], default=Assurance.UNVERIFIED.value
    )
    verified_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    requests = models.ManyToManyField(SubjectRequest, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash."""
        return cls.objects.values_list("id", "office", "assurance", "verified_by")


class Registered(models.Model):
    """An account that a registration brought. is_self: of whoever registered."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    is_self = models.BooleanField()
