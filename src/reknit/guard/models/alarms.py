"""Alarms about how records are read, and the records that nobody has a reason to read."""

from __future__ import annotations

import uuid

from django.db import models

from reknit.records.models import Office, User
from reknit.sealing.models import Sealed


class AlarmKind(models.TextChoices):
    """What was noticed."""

    OFF_CASE = "off_case"
    SPEED = "speed"
    CANARY = "canary"
    REFUSALS = "refusals"
    QUOTA = "quota"


class Alarm(models.Model):
    """Something that the data-protection officer and the supervisor of the office must look at.

    once: one alarm of a kind, user and day, however often its rule is met (canaries: each).
    count: the figure that met the rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=AlarmKind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()
    once = models.CharField(max_length=120, unique=True)
    acknowledged_at = models.DateTimeField(null=True)


class Acknowledgement(Sealed):
    """Somebody looked into an alarm. Sealed: reason, what they found."""

    alarm = models.OneToOneField(Alarm, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Canary(models.Model):
    """A record of nobody. Only the keyed digest of its account's id is kept, so that whoever reads
    the database cannot tell which it is."""

    digest = models.BinaryField(max_length=32, unique=True)
    planted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planted_at = models.DateTimeField()
