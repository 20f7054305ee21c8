"""Edits: what an enquiry said before somebody changed it; nothing is overwritten."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Account, Enquiry, User
from reknit.sealing.models import Sealed


class Edit(Sealed):
    """Sealed: the enquiry's own content as it was before. What it said of the person sought is in
    `sought_before`, an earlier version of their account.

    version: the enquiry's, before the edit.
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    sought_before = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "version"], name="one_edit_a_version")
        ]
