"""Whom a found person does not want to be told anything."""

from __future__ import annotations

from collections.abc import Iterable

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

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: blocks that hold, on accounts that count."""
        return cls.objects.filter(lifted_at=None, account__removed_at=None).values_list(
            "id", "account", "enquiry", "assurance", "at", "key_id", "sealed"
        )
