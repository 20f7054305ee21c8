"""Answers that an office wrote for itself, to be used again."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Office, User
from reknit.sealing.models import Sealed


class ReplyTemplate(Sealed):
    """Sealed: title, text. language: of the text, ISO 639-1."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
