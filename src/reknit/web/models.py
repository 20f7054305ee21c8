"""The room's one table: counts of attempts and used codes, which every process must see."""

from __future__ import annotations

from django.db import models


class CacheEntry(models.Model):
    """A row of Django's database cache, in the shape that its backend reads and writes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
