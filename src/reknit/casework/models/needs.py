"""Need: how soon a case's turn comes, and why (docs/adr/0010-reasons-of-need-are-sealed.md)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, Enquiry, User
from reknit.sealing.models import Sealed


class Need(Sealed):
    """What the rules say of an enquiry, weighed anew with each change and each night. Sealed:
    rules (their names), unknown (what they could not look at). The band alone stands in the
    enquiry, for the order of the queue. sought: whom it is about, so that erasing them reaches it.
    """

    enquiry = models.OneToOneField(Enquiry, on_delete=models.PROTECT, related_name="+")
    sought = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=40)
    weighed_at = models.DateTimeField()


class NeedStatement(Sealed):
    """What a person said about the need of a case. The latest of its kind that is not undone holds.

    about: `facts` (sealed: facts, last_contact, deadline, reason) or `band`, which puts the case
    into a band by hand (sealed: band, reason).
    """

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="+")
    sought = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=5, choices=[("facts", "facts"), ("band", "band")])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: statements that were not undone."""
        return cls.objects.filter(undone_at=None).values_list(
            "id", "enquiry", "about", "by", "key_id", "sealed"
        )
