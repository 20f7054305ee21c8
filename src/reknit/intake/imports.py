"""Lists come in: a people table in the contract's format becomes sealed accounts, all or nothing.

Rules: the upload is stored sealed and worked on by a job, so that nothing is lost when the machine
stops; rows are stored unseen, in parts, and become visible in one transaction; the same file for
the same source is imported once; bad rows are kept, with line, column and reason, to be corrected
and sent as a completion of the list; an import can be undone, whatever came after it. Whoever had
their record erased, or objects, is not brought in again: their row is set aside, its line and the
reason alone. Nothing of an upload is ever written to disk in clear.

    batch = start(actor, data, "port.csv", "Port of Zuwara", AccountKind.FOUND, purpose=…, why=…)
    …the worker runs `run`…
    report(actor, batch.id)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.exchange import (
    Counted,
    ExchangeError,
    Finding,
    PeopleTable,
    as_csv,
    read_people_bytes,
)
from reknit.guard import access, audit, commits, searching, vault
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake import enquiries, mirrors
from reknit.intake.errors import NotUndoableError, RefusedUploadError
from reknit.intake.uploads import place_of
from reknit.queue import enqueue
from reknit.queue.models import Job
from reknit.queue.worker import Run, work_through
from reknit.records import accounts, sources, statistics
from reknit.records.models import Account, AccountKind, Batch, BatchState, Source, User
from reknit.sealing import files
from reknit.sealing import records as sealing
from reknit.sealing.holders import current_holder
from reknit.vocabulary import Actor, LegalBasis, Purpose

MOST_BYTES = 20_000_000
MOST_COMMAND_BYTES = files.MOST_BYTES
ROWS_A_PART = 1_000
MOST_FINDINGS = 1_000
VAULT_COLUMNS = ("last_known_location", "phones")
KEPT_OUT = (
    "kept out: who has this id had their record erased, or objects to it; tell the list's source. "
    "If the row is about somebody else, give it an id of its own and send it again"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import left, for its importer.

    counted: what was read and set aside in numbers; None where nothing could be read.
    rejected: the rows set aside as CSV (line, column, reason, cells), b"" when none.
    findings: what was doubtful in fields, {line, column, value, rule, next_step, kept}.
    left: accounts on the list's version before that are not on this one.
    """

    batch: Batch
    file_name: str
    counted: Counted | None
    rejected: bytes
    findings: list[dict[str, Any]]
    error: str
    left: int


def start(
    actor: Actor,
    data: bytes,
    file_name: str,
    source_name: str,
    kind: AccountKind,
    *,
    purpose: Purpose,
    why: str,
    legal_basis: LegalBasis = LegalBasis.PUBLIC_INTEREST,
    completes: UUID | None = None,
    copies: Source | None = None,
    most_bytes: int = MOST_BYTES,
) -> Batch:
    """Take an upload; a job imports it.

    why: in the importer's words, for the audit. completes: the import whose rejected rows these
    are, corrected; they join that version of the list. copies: the source that this one copies
    (None: what was said of it before holds). The same bytes for the same source and kind
    give the batch that is there. Raises RefusedUploadError, MirrorError, NotPermittedError,
    LockedError.
    """
    access.require(actor, Permission.IMPORT_ADD)
    if len(data) > most_bytes:
        raise RefusedUploadError(
            _(
                "%(file_name)s: %(number)s MB; %(most_bytes)s MB is the most. Split the list, or "
                "let 'reknit import' read it."
            )
            % {
                "file_name": file_name,
                "number": f"{len(data) / 1e6:.0f}",
                "most_bytes": f"{most_bytes / 1e6:.0f}",
            }
        )
    if not source_name.strip():
        raise RefusedUploadError(
            _("%(file_name)s: say which list, desk or organisation it is from.")
            % {"file_name": file_name}
        )
    importer = User.objects.select_related("office").get(pk=actor.user_id or 0)
    if importer.office is None:
        raise RefusedUploadError(
            _("%(file_name)s: you belong to no office; ask to be put into one.")
            % {"file_name": file_name}
        )
    office = importer.office
    (digest,) = current_holder().digest("upload", [hashlib.sha256(data).digest()])

    def take() -> Batch:
        source = sources.find_or_add(source_name, office, legal_basis=legal_basis)
        same = Batch.objects.filter(source=source, kind=kind, content_digest=digest).exclude(
            state__in=[BatchState.UNDONE, BatchState.FAILED]
        )
        if (known := same.first()) is not None:
            if copies is not None:
                mirrors.declare_with(actor, known, copies)
            return known
        batch = Batch(
            source=source,
            kind=kind,
            office=office,
            imported_by=importer,
            purpose=purpose.value,
            content_digest=digest,
            list_version=_list_version(source.id, kind, completes),
        )
        sealing.seal([batch], [{"file_name": file_name, "why": why}])
        if copies is not None:
            mirrors.declare_with(actor, batch, copies)  # refused, it leaves no file behind
        files.seal(batch, data, place_of(batch))
        batch.save(force_insert=True)
        audit.record(
            actor, Permission.IMPORT_ADD.action, Resource.of(batch), purpose, bytes=len(data)
        )
        enqueue("import", str(batch.id), key=f"import {batch.id}")
        return batch

    return commits.commit(take)


def run(attempt: Run) -> None:
    """The job: read, store unseen, show. Running it twice has one effect."""
    batch = Batch.objects.select_related("source", "office", "imported_by").get(
        id=attempt.subject_id
    )
    if batch.state not in {BatchState.WAITING, BatchState.RUNNING}:
        return
    Batch.objects.filter(id=batch.id).update(state=BatchState.RUNNING)
    _drop_staged(batch)
    (content,) = sealing.unseal([batch])
    attempt.progress("reading", 0.0)
    try:
        data = files.unseal(batch, place_of(batch))
        # Only a command of the server's own can bring more than a page takes.
        was_sent = len(data) <= MOST_BYTES
        table = read_people_bytes(data, content["file_name"], was_sent=was_sent)
    except ExchangeError as failure:
        _fail(batch, content, str(failure))
        return
    total, done = table.rows.height, 0
    kept_out: list[int] = []
    for rows in _parts(table.rows):
        attempt.progress("storing", 0.1 + 0.8 * done / max(total, 1))
        kept_out += [done + row for row in _store(batch, rows)]
        done += len(rows)
    attempt.progress("showing", 0.95)
    _finish(batch, content, _without(table, kept_out))
    statistics.gather()
    searching.changed()
    attempt.progress("done", 1.0)


def wait_for(batch: Batch, show: Callable[[str, float], None]) -> None:
    """Import here and now, or watch the worker that does: for commands."""
    job = Job.objects.filter(name="import", subject_id=str(batch.id)).latest("created_at")
    work_through(job.id, run, show)


def undo(actor: Actor, batch_id: UUID, reason: str) -> Batch:
    """Take an import back: its accounts go, older versions count again, later ones stay.

    Raises NotPermittedError, NotUndoableError.
    """

    def take_back() -> Batch:
        batch = access.load(
            actor, Permission.IMPORT_UNDO, Batch, batch_id, purpose=Purpose.REGISTRATION, lock=True
        )
        if batch.state != BatchState.DONE:
            raise NotUndoableError(
                _("import %(batch_id)s: only one that is done can be undone; reload the page.")
                % {"batch_id": batch_id}
            )
        now = timezone.now()
        enquiries.take_back(batch)
        count = accounts.remove(Account.objects.filter(batch=batch), now)
        accounts.delist(batch)
        mirrors.undo_with(actor, batch)
        batch.state, batch.ended_at = BatchState.UNDONE, now
        batch.save(update_fields=["state", "ended_at"])
        (content,) = sealing.unseal([batch])
        sealing.reseal([batch], [content | {"undo_reason": reason}])
        batch.save(update_fields=["sealed"])
        audit.record(
            actor,
            Permission.IMPORT_UNDO.action,
            Resource.of(batch),
            Purpose.REGISTRATION,
            accounts=count,
        )
        enqueue("candidates of batch", str(batch.id), key=f"candidates of batch {batch.id}")
        transaction.on_commit(searching.changed)
        return batch

    return commits.commit(take_back)


def report(actor: Actor, batch_id: UUID) -> Report:
    """What an import left; its rows are for its importer alone. Raises NotPermittedError."""
    purpose = Purpose.REGISTRATION
    batch = access.load(actor, Permission.IMPORT_READ, Batch, batch_id, purpose=purpose)
    (content,) = access.read(actor, Permission.IMPORT_PEOPLE, [batch], purpose=purpose)
    return Report(
        batch,
        content["file_name"],
        Counted(**content["counted"]) if "counted" in content else None,
        content.get("rejected", "").encode(),
        content.get("findings", []),
        content.get("error", ""),
        accounts.left_the_list(batch).count() if batch.state == BatchState.DONE else 0,
    )


def _list_version(source_id: UUID, kind: AccountKind, completes: UUID | None) -> int:
    earlier = Batch.objects.filter(source_id=source_id, kind=kind).exclude(
        state__in=[BatchState.UNDONE, BatchState.FAILED]
    )
    if completes is not None:
        whole = earlier.filter(id=completes).first()
        if whole is None:
            raise RefusedUploadError(
                _("these rows complete no import of this source; send them as a list of their own.")
            )
        return whole.list_version
    return 1 + (earlier.order_by("-list_version").values_list("list_version", flat=True)[:1]
                .first() or 0)  # fmt: skip


def _store(batch: Batch, rows: list[dict[str, str]]) -> list[int]:
    """One part, unseen, in a transaction of its own; which rows are about people kept out."""
    contents, elsewhere = zip(*(_split(row, batch) for row in rows), strict=True)
    with transaction.atomic():
        staged = accounts.stage(contents, batch, timezone.now())
        vault.put([account.id for account in staged.added], [elsewhere[row] for row in staged.rows])
    return staged.kept_out


def _split(row: dict[str, str], batch: Batch) -> tuple[dict[str, str], dict[str, str]]:
    """What the account holds, and what the vault does. The account keeps a digest of the vault's
    part, sealed with it, so that a new telephone makes a new version too."""
    elsewhere = {name: row[name] for name in VAULT_COLUMNS if row.get(name)}
    content = {name: value for name, value in row.items() if value and name not in elsewhere}
    if elsewhere:
        told = json.dumps(elsewhere, sort_keys=True).encode()
        content["vault_digest"] = hashlib.sha256(told).hexdigest()
        elsewhere |= {"at": row.get("source_date", ""), "source_id": str(batch.source_id)}
    return content, elsewhere


def _parts(rows: pl.DataFrame) -> Iterator[list[dict[str, str]]]:
    for part in rows.drop("line").iter_slices(ROWS_A_PART):
        yield part.to_dicts()


def _without(table: PeopleTable, kept_out: list[int]) -> PeopleTable:
    """The table with these rows set aside; of what they say nothing is kept."""
    if not kept_out:
        return table
    lines = table.rows["line"].gather(kept_out)
    column, reason = pl.lit("person_record_id"), pl.lit(KEPT_OUT)
    aside = lines.to_frame().select("line", column.alias("column"), reason.alias("reason"))
    rejected = pl.concat([table.rejected, aside], how="diagonal_relaxed").fill_null("")
    held = set(lines.to_list())
    return replace(
        table,
        rows=table.rows.filter(~pl.col("line").is_in(lines.implode())),
        rejected=rejected.sort("line"),
        findings=tuple(finding for finding in table.findings if finding.line not in held),
    )


def _finish(batch: Batch, content: dict[str, Any], table: PeopleTable) -> None:
    """Show all that was stored, and say so, in one transaction."""
    told = table.findings[:MOST_FINDINGS]
    content = content | {
        "counted": asdict(table.counted()),
        "rejected": as_csv(table.rejected).decode() if table.rejected.height else "",
        "findings": [_plain(finding) for finding in told],
    }

    def show() -> None:
        late = accounts.kept_out_since(batch)
        vault.forget([account.id for account in late])
        accounts.drop(late)
        accepted = accounts.show(batch)
        if batch.kind == AccountKind.SOUGHT:
            enquiries.open_for(batch, list(Account.objects.filter(batch=batch)))
        sealing.reseal([batch], [content])
        batch.state, batch.ended_at = BatchState.DONE, timezone.now()
        batch.accepted, batch.rejected = table.rows.height - len(late), table.rejected.height
        batch.unknown_fields = sum(not finding.kept for finding in table.findings)
        batch.save()
        audit.record(
            _importer(batch),
            "import:done",
            Resource.of(batch),
            Purpose(batch.purpose),
            accounts=accepted,
            rejected=batch.rejected,
        )
        enqueue("need of batch", str(batch.id), key=f"need of batch {batch.id}")
        enqueue("candidates of batch", str(batch.id), key=f"candidates of batch {batch.id}")

    commits.commit(show)
    place_of(batch).unlink(missing_ok=True)


def _fail(batch: Batch, content: dict[str, Any], error: str) -> None:
    def say() -> None:
        sealing.reseal([batch], [content | {"error": error}])
        batch.state, batch.ended_at = BatchState.FAILED, timezone.now()
        batch.save()
        mirrors.undo_with(_importer(batch), batch)
        audit.record(_importer(batch), "import:failed", Resource.of(batch), Purpose(batch.purpose))

    commits.commit(say)
    place_of(batch).unlink(missing_ok=True)


def _drop_staged(batch: Batch) -> None:
    """What an attempt that died had stored."""
    staged = list(accounts.staged(batch).values_list("id", flat=True))
    if staged:
        vault.forget(staged)
        accounts.drop_staged(batch)


def _importer(batch: Batch) -> Actor:
    return batch.imported_by.as_actor()


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "line": finding.line,
        "column": finding.column,
        "value": finding.value,
        "rule": finding.rule,
        "next_step": finding.next_step,
        "kept": finding.kept,
    }
