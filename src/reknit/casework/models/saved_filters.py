"""Saved filters of the queue."""

from __future__ import annotations

from django.db import models

from reknit.records.models import Office, User
from reknit.sealing.models import Sealed


class SavedFilter(Sealed):
    """One person's, or shared with their office. Sealed: name (free words may name anybody) and
    filter (closed values, no search)."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
