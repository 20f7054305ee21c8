"""What commands do to the whole installation: who did it and why, in the audit log (trust: I13).

Rules: a command on keys, locks, backups and restores leaves a note on the disk before it begins
(`…:begun`, which its end replaces), and the note becomes an audit entry as soon as the log can be
signed and written: at once where the installation is open, else when it opens again (the job
workers see to it). So nothing waits for a database when there is a threat, and nothing is done
without a trace. A note holds ids, codes and a staff member's address; who acts is who `--as` names,
else the account of the operating system by its number; why is a code, since a text could be sealed
by nobody while the keys are gone.

    with operations.begun(config.run, "keys:rotate", as_email, Because.ROUTINE) as operation:
        ...
        operation.says(version=3)
    left = operations.write(config.run)
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import Error
from django.utils import timezone

from reknit.guard import commits
from reknit.guard.errors import GuardError
from reknit.guard.log import Resource, record
from reknit.guard.models import Entry
from reknit.records.models import User
from reknit.sealing.errors import SealingError
from reknit.sealing.locking import held, sync_folder
from reknit.vocabulary import SYSTEM, Actor, Purpose

FOLDER = "operations"
KIND = "operation"
BEGUN = ":begun"


class Because(StrEnum):
    """Why a command is run on the whole installation."""

    ROUTINE = "routine"
    SET_UP = "set_up"
    THREAT = "threat"
    HOLDER_CHANGED = "holder_changed"
    COPY_ASTRAY = "copy_astray"
    LOST = "lost"
    DRILL = "drill"


@dataclass
class Operation:
    """One command on the installation, as its note says it."""

    action: str
    as_email: str | None
    because: Because
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    detail: dict[str, object] = field(default_factory=dict)

    def says(self, **detail: object) -> None:
        """Ids, counts and codes that the entry carries as well."""
        self.detail |= detail


@contextmanager
def begun(
    run: Path, action: str, as_email: str | None, because: Because, **detail: object
) -> Iterator[Operation]:
    """Note it before it begins; what fails is noted as such. Raises OSError where nothing can be
    written."""
    operation = Operation(f"{action}{BEGUN}", as_email, because, detail=detail)
    note(run, operation)
    try:
        yield operation
    except BaseException:
        operation.action = f"{action}:failed"
        note(run, operation)
        raise
    operation.action = action
    note(run, operation)


def note(run: Path, operation: Operation) -> None:
    """Write the operation's note, whole and safe against a loss of power. Raises OSError."""
    folder = run / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    said = {
        "id": str(operation.id),
        "action": operation.action,
        "as": operation.as_email or "",
        "because": operation.because.value,
        "at": timezone.now().isoformat(timespec="seconds"),
        "uid": os.getuid(),
        "sudo_uid": _number(os.environ.get("SUDO_UID", "")),
        "detail": operation.detail,
    }
    begun = folder / f"{operation.id}.begun.json"
    place = begun if operation.action.endswith(BEGUN) else folder / f"{operation.id}.json"
    part = place.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(said, out)
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)
    if place != begun:
        begun.unlink(missing_ok=True)
    sync_folder(folder)


def write(run: Path) -> int:
    """Write what was noted into the audit log, oldest first; how many notes are left. Where another
    process is at it, nothing is done."""
    if not (run / FOLDER).is_dir():
        return 0
    with held(run / f"{FOLDER}.lock") as alone:
        return _write(run) if alone else 0


def _write(run: Path) -> int:
    notes = list((run / FOLDER).glob("*.json"))
    if not notes:
        return 0
    try:
        notes.sort(key=lambda file: file.stat().st_mtime_ns)
        said = [json.loads(file.read_text()) for file in notes]
        commits.commit(lambda: _record(said))
    except (GuardError, SealingError, Error, OSError, ValueError):
        return len(notes)
    for file in notes:
        file.unlink(missing_ok=True)
    return 0


def _record(notes: list[dict[str, Any]]) -> None:
    """An entry for each; one that was written before a crash is not written again."""
    ids = [said["id"] for said in notes]
    written = Entry.objects.filter(kind=KIND, resource_id__in=ids)
    known = set(written.values_list("resource_id", "action"))
    for said in notes:
        if (said["id"], said["action"]) in known:
            continue
        more = {name: said[name] for name in ("because", "at", "uid", "sudo_uid")}
        actor = _actor(said["as"])
        if said["as"] and actor is SYSTEM:
            more["named"] = "nobody_of_the_staff"
        record(
            actor, said["action"], Resource(KIND, said["id"]), Purpose.OPERATIONS,
            **{**said["detail"], **more},
        )  # fmt: skip


def _actor(email: str) -> Actor:
    user = User.objects.filter(email__iexact=email).first() if email else None
    return SYSTEM if user is None else user.as_actor()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
