"""Which account stood on which version of a list."""

from __future__ import annotations

from django.db import models

from reknit.records.models.accounts import Account
from reknit.records.models.sources import Batch


class Listing(models.Model):
    """An account × an import. A row that a later version of the list repeats unchanged keeps its
    account and gets one more listing; one that is gone has none: "left this list"."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "account"], name="one_listing_a_batch")
        ]
