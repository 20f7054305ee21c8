"""What was done to many cases at once."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Office, User
from reknit.sealing.models import Sealed


class BulkKind(models.TextChoices):
    """What is done to each."""

    ASSIGN = "assign"
    TASK = "task"
    TRANSFER = "transfer"


class BulkState(models.TextChoices):
    """Where it is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class Bulk(Sealed):
    """Sealed: cases (their ids, as they were when somebody confirmed), made (what came of each, by
    case: whose it was before, the task, the transfer); until it is done also title and reason,
    which may name somebody: from then on they stand only where they belong to a case, and are
    erased with it.

    total, done, left: how many cases, how many of them are done (or undone), and how many an undo
    left as they are, since somebody has changed them since.
    """

    kind = models.CharField(max_length=10, choices=BulkKind.choices)
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.WAITING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
