"""What a member of staff opened today: for the quota and the alarms. Earlier days are forgotten
when the user's next day begins; the audit log keeps them."""

from __future__ import annotations

from django.db import models

from reknit.records.models import User
from reknit.sealing.models import Sealed


class Tally(models.Model):
    """One user's counts of one day."""

    user_id = models.BigIntegerField()
    day = models.DateField()
    people = models.PositiveIntegerField(default=0)
    off_case = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "day"], name="one_tally_a_day")]


class Revealed(models.Model):
    """One person whose content was shown to one user on one day.

    person_id: the identity. at: when first. opened_off_case: their record was opened though they
    are in none of the user's cases.
    """

    user_id = models.BigIntegerField()
    day = models.DateField()
    person_id = models.UUIDField()
    at = models.DateTimeField()
    opened_off_case = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "day", "person_id"], name="revealed_once")
        ]
        indexes = [models.Index(fields=["user_id", "at"])]


class QuotaGrant(Sealed):
    """So many more people for one user on one day. Sealed: reason."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    more = models.PositiveIntegerField()
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "day"])]
