"""Letters: what seekers, found people and staff write to each other on a case."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, Enquiry, User
from reknit.sealing.models import Sealed


class Side(models.TextChoices):
    """Who writes, who reads."""

    SEEKER = "seeker"
    FOUND = "found"
    STAFF = "staff"


class LetterState(models.TextChoices):
    """Between family members a letter waits until staff pass it on or withhold it; from and to
    staff it is passed on as it is written."""

    WAITING = "waiting"
    RELAYED = "relayed"
    WITHHELD = "withheld"


class Letter(Sealed):
    """One letter. Sealed: text (the original, always kept), relayed (what the reader is shown where
    staff redacted it), reason (why it was withheld).

    enquiry: None where a found person writes to staff outside any case. account: the found
    person's, None between seeker and staff. author: the member of staff who wrote it. published_at:
    from when a seeker is shown it, a fixed hour (trust: I3). seen_at: when its reader was first
    shown it. undone_at: its author took it back before that.
    """

    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    author_side = models.CharField(max_length=6, choices=Side.choices)
    to_side = models.CharField(max_length=6, choices=Side.choices)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=LetterState.choices)
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["enquiry", "at"]),
            models.Index(fields=["account", "at"]),
        ]

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: letters that were not taken back. What was written never changes;
        what was redacted or withheld goes with who decided it."""
        return cls.objects.filter(undone_at=None).values_list(
            "id", "enquiry", "account", "author_side", "to_side", "author", "state", "decided_by",
            "key_id",
        )  # fmt: skip
