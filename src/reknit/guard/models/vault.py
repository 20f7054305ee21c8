"""The vault's rows: where people are and how they are reached.

Only `reknit.guard.vault` imports this module (tests/boundaries/test_vault.py, .importlinter).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models import Account, Enquiry, Source
from reknit.sealing.models import Sealed


class Whereabouts(Sealed):
    """One sighting: an account × a place × a time × a source. Sealed: place.

    source: who says so; None is the account's own source. at: when the person was there.
    Rows are added, never changed.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: where people of accounts that count were seen; sealed, as it lies."""
        return cls.objects.filter(account__removed_at=None).values_list(
            "id", "account", "source", "at", "added_at", "key_id", "sealed"
        )


class Contact(Sealed):
    """How somebody is reached: a person with an account, or who made an enquiry.

    Sealed: phones, email, how_to_reach. The latest row is the one that holds.
    """

    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: contacts of accounts that count and of cases not taken back."""
        of_people = models.Q(account__isnull=False, account__removed_at=None)
        of_seekers = models.Q(enquiry__isnull=False, enquiry__removed_at=None)
        return cls.objects.filter(of_people | of_seekers).values_list(
            "id", "account", "enquiry", "added_at", "key_id", "sealed"
        )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=True) ^ models.Q(enquiry__isnull=True),
                name="guard_contact_of_one",
            )
        ]


class Sender(Sealed):
    """Who wrote a message: sealed address (a number, a mailbox) and name.

    digest: keyed digest of channel and address, so that one sender's messages are one thread.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    added_at = models.DateTimeField()
