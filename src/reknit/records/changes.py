"""Number the changes of accounts, so that the search index can follow them.

Rules: numbers are given inside the changing transaction and become visible in their order.
"""

from __future__ import annotations

from django.db.models import F

from reknit.records.models.changes import ChangeCounter

_ONLY = 1


def next_change() -> int:
    """The number of the change that the current transaction makes, greater than all before."""
    if not ChangeCounter.objects.filter(id=_ONLY).update(latest=F("latest") + 1):
        ChangeCounter.objects.get_or_create(id=_ONLY)
        ChangeCounter.objects.filter(id=_ONLY).update(latest=F("latest") + 1)
    return ChangeCounter.objects.get(id=_ONLY).latest
