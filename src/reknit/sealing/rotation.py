"""Give the ring a new version and rewrap every data key by it, while the installation serves.

Rules: the new version is safe on the disk before it wraps anything; data keys are rewrapped in
batches, each one commit, and a rotation cut off goes on where it stopped; the data keys
themselves, and so the rows, stay as they are. A version that wraps nothing goes 30 days later, when
no backup of the key store needs it any more.

    turn = begin(ring_file, opened, today)
    while rewrap(turn.ring):
        ...
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from reknit.sealing.holder import Rotating, WrappedKey
from reknit.sealing.models import DataKey
from reknit.sealing.ring_file import OpenRing, RingFile

BATCH = 2_000


def begin(file: RingFile, opened: OpenRing, today: date) -> OpenRing:
    """The ring with a new version, written; the same where a rotation is yet to be finished."""
    if left(opened.ring.active):
        return opened
    ring = opened.ring.without_old(today, versions_in_use()).rotated(today)
    turned = OpenRing(ring, opened.key, opened.shares)
    file.replace(turned)
    return turned


def left(active: int) -> int:
    """How many data keys another version than the active one still wraps."""
    return DataKey.objects.exclude(ring_version=active).count()


def versions_in_use() -> set[int]:
    """The versions that wrap a data key."""
    return set(DataKey.objects.values_list("ring_version", flat=True).distinct())


def rewrap(holder: Rotating, most: int = BATCH) -> int:
    """Rewrap some data keys by the active version; how many, 0 when all are done.

    One that is erased meanwhile stays erased: only rows that are there are written.
    """
    with transaction.atomic(using="keys"):
        rows = list(
            DataKey.objects.select_for_update()
            .exclude(ring_version=holder.active)
            .order_by("ring_version", "id")[:most]
        )
        ids = [str(row.id) for row in rows]
        keys = holder.unwrap(
            [WrappedKey(str(row.id), row.ring_version, bytes(row.wrapped)) for row in rows]
        )
        wrapped: dict[UUID, WrappedKey] = {
            row.id: new for row, new in zip(rows, holder.wrap(ids, keys), strict=True)
        }
        for row in rows:
            row.ring_version = wrapped[row.id].ring_version
            row.wrapped = wrapped[row.id].wrapped
        DataKey.objects.bulk_update(rows, ["ring_version", "wrapped"], batch_size=500)
    return len(rows)
