"""Whom a found person does not want to be told anything."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Account, Enquiry, User
from reknit.sealing.models import Sealed
from reknit.vocabulary import Assurance


class Block(Sealed):
    """One named seeker whom one person blocks. Sealed: name, phones, email, words;
    lifted_words, what they said when they took it back.

    enquiry: where the person was told of one enquiry and blocks that one.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    assurance = models.PositiveSmallIntegerField(choices=[(a.value, a.name) for a in Assurance])
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
