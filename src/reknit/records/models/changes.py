"""The number of the latest change to any account."""

from __future__ import annotations

from django.db import models


class ChangeCounter(models.Model):
    """One row. Its lock orders the transactions that change accounts, so that numbers become
    visible in their order and whoever follows them misses none."""

    latest = models.BigIntegerField(default=0)
