"""Gateways: who may hand in messages over HTTP, for which office."""

from __future__ import annotations

from django.db import models

from reknit.intake.models.messages import Channel
from reknit.records.models import Office, User
from reknit.sealing.models import Sealed


class Gateway(Sealed):
    """Sealed: secret (what requests are signed with), label. None, and nothing is taken."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
