"""Attachments: pictures and voice notes that came with a message."""

from __future__ import annotations

from django.db import models

from reknit.intake.models.messages import Message
from reknit.records.models import Account, Enquiry
from reknit.sealing.models import Sealed


class Attachment(Sealed):
    """Sealed: original_name. The bytes are sealed under the same key in files/ID.

    enquiry, account: the message's, so that erasing a person or a case erases these too.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    enquiry = models.ForeignKey(Enquiry, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
