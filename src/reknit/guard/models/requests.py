"""What people ask about their own data; what was erased, and the runs of retention."""

from __future__ import annotations

import uuid

from django.db import models

from reknit.records.models import Account, Office, User
from reknit.sealing.models import Sealed
from reknit.vocabulary import Assurance


class RequestKind(models.TextChoices):
    """What somebody asks for."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    OBJECTION = "objection"
    NOT_MISSING = "not_missing"
    TAKEDOWN = "takedown"


class RequestState(models.TextChoices):
    """Where a request is."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class SubjectRequest(Sealed):
    """One request of one person. Sealed: words, contact (where to answer), answer.

    accounts: the records that the data-protection officer found to be theirs. assurance: how sure
    it is who asks. due_at: the last day to answer; extended_at: when that was put off, once.
    restricted: accounts taken out of search while an objection is weighed, as a list of ids.
    """

    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    accounts = models.ManyToManyField(Account, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    assurance = models.PositiveSmallIntegerField(choices=[(a.value, a.name) for a in Assurance])
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    extended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    restricted = models.JSONField(default=list)
    reason = models.CharField(max_length=30, blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)


class Tombstone(models.Model):
    """A row whose content is to be erased, or was: which, why and when; nothing of what it said.

    because: `request` or the retention rule. done_at: when its key went; None until then, so that
    an erasure that a crash cut off is finished by the next run.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.CharField(max_length=80)
    row_id = models.UUIDField()
    because = models.CharField(max_length=60)
    request = models.ForeignKey(
        SubjectRequest, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "row_id"], name="guard_tombstone_once")
        ]


class RetentionRun(models.Model):
    """What one run of the retention rules did, or would do. report: for each rule how many rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rules_version = models.CharField(max_length=40)
    dry = models.BooleanField()
    at = models.DateTimeField()
    report = models.JSONField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
