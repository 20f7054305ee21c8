"""Erase rows for good: their data keys go, and a ledger keeps their ids so that no restore brings
them back.

Rules: the ledger is written before the keys go, in a file of its own (`DATA/erased`, which no
restore touches) and in the key store, so that an erasure cut off is finished by `replay`; it holds
ids and times, nobody's data; backups of the key store are kept at most 30 days, and with the last
of them the erased content is gone everywhere. An erasure cannot be undone: call it when the change
that it belongs to has been committed.

    transaction.on_commit(lambda: erase(rows))
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone

from reknit.sealing.locking import sync_folder
from reknit.sealing.models import DataKey, Erasure, Sealed

FILE = "erased"
_BATCH = 1_000


def erase(rows: Sequence[Sealed], *, now: datetime | None = None) -> None:
    """Make the rows' content, and the files sealed under their keys, unreadable for good."""
    at = now or timezone.now()
    entries = [
        Erasure(key_id=row.key_id, table=row._meta.db_table, row_id=row.pk, at=at) for row in rows
    ]
    if entries:
        _append(ledger_file(), entries)
        _carry_out(entries)


def replay() -> int:
    """Erase again what the file or the key store says was erased; how many keys were there still.

    Every restore runs it, and the keeper at its start: an erasure that a kill cut off is finished.
    """
    written = {one.key_id: one for one in _read(ledger_file())}
    stored = {one.key_id: one for one in Erasure.objects.all()}
    unwritten = [one for key_id, one in stored.items() if key_id not in written]
    if unwritten:
        _append(ledger_file(), unwritten)
    entries = {**stored, **written}.values()
    back = _present(one.key_id for one in entries)
    missing = [one for one in entries if one.key_id in back or one.key_id not in stored]
    if missing:
        _carry_out(missing)
    return len(back)


def ledger_file() -> Path:
    """Where the ledger lies apart from the databases."""
    from reknit.settings import CONFIG

    return CONFIG.data / FILE


def _carry_out(entries: Sequence[Erasure]) -> None:
    """Ledger rows in, keys out, in one commit; then out of the write-ahead log as well."""
    with transaction.atomic(using="keys"):
        for at in range(0, len(entries), _BATCH):
            some = entries[at : at + _BATCH]
            Erasure.objects.bulk_create(some, ignore_conflicts=True)
            DataKey.objects.filter(id__in=[one.key_id for one in some]).delete()
    keys = connections["keys"]
    if keys.vendor == "sqlite" and not keys.in_atomic_block:
        with keys.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _present(key_ids: Iterable[UUID]) -> set[UUID]:
    wanted, found = list(key_ids), set[UUID]()
    for at in range(0, len(wanted), _BATCH):
        some = DataKey.objects.filter(id__in=wanted[at : at + _BATCH])
        found.update(some.values_list("id", flat=True))
    return found


def _append(file: Path, entries: Sequence[Erasure]) -> None:
    lines = "".join(
        f"{one.key_id} {one.table} {one.row_id} {one.at.isoformat()}\n" for one in entries
    )
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as out:
        # It begins with an end of line: a line that a full disk cut short is passed over when read.
        out.write(b"\n" + lines.encode())
        out.flush()
        os.fsync(out.fileno())
    sync_folder(file.parent)


def _read(file: Path) -> Iterable[Erasure]:
    """The entries of the file; an unfinished last line is none."""
    if not file.exists():
        return
    for line in file.read_text("utf-8").splitlines():
        parts = line.split(" ")
        if len(parts) != 4:
            continue
        try:
            key_id, row_id, at = UUID(parts[0]), UUID(parts[2]), datetime.fromisoformat(parts[3])
        except ValueError:
            continue
        yield Erasure(key_id=key_id, table=parts[1], row_id=row_id, at=at)
