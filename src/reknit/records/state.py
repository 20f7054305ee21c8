"""One hash of the state that people see, to prove that undoing restores it (I8) and that a restored
backup is what was backed up.

Rules: every model of the application that has state says so by a class method `live_state` that
gives its live rows as tuples. What was undone or removed is no part of it; sealed values are, as
they stand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.apps import apps

Row = tuple[object, ...]


def state_hash() -> str:
    """SHA-256 (hex) over all live rows, whatever the order in which they were written."""
    total = hashlib.sha256()
    for label, rows in state_rows():
        total.update(label.encode())
        for row in rows:
            total.update(row)
    return total.hexdigest()


def state_rows() -> Iterator[tuple[str, list[bytes]]]:
    """For each model with state its rows, each as canonical JSON, sorted."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        live = getattr(model, "live_state", None)
        if live is not None:
            yield model._meta.label, sorted(_canonical(row) for row in live())


def _canonical(row: Row) -> bytes:
    return json.dumps(row, default=_plain, separators=(",", ":")).encode()


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
