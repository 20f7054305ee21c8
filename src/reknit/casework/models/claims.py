"""Claims: who works on an enquiry at this moment."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Enquiry, User
from reknit.sealing.models import Sealed


class Claim(models.Model):
    """One row an enquiry, so that two holders cannot be. Holds ids and times only.

    until: when it ends by itself; one that was given back ends at once and stays as a row.
    acted_at: when its holder last did something on the case.
    """

    enquiry = models.OneToOneField(
        Enquiry, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    acted_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["held_by", "until"])]


class Takeover(Sealed):
    """A claim that somebody was relieved of. Sealed: reason."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
