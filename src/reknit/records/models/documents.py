"""Documents and photos: re-encoded, without metadata, sealed on disk. No face recognition."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from reknit.records.models.accounts import Account
from reknit.records.models.enquiries import Enquiry
from reknit.records.models.staff import User
from reknit.sealing.models import Sealed


class Document(Sealed):
    """Sealed: title, original_name. The bytes are sealed under the same key in files/ID."""

    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    @classmethod
    def live_state(cls) -> Iterable[tuple[object, ...]]:
        """For the state hash: documents that were not removed."""
        return cls.objects.filter(removed_at=None).values_list(
            "id", "account", "enquiry", "media_type", "size", "key_id", "sealed"
        )
