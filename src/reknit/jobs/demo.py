"""Fill an empty installation with a synthetic scenario, imported and matched. Nobody in it exists.

Rules: it goes through the doors that people use (imports, assignments, the jobs), so that what a
demonstration shows is what the application does; it refuses an installation that has anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from reknit.casework.assignments import assign
from reknit.exchange import as_csv
from reknit.exchange.messages import MessageRow
from reknit.intake import imports, messages
from reknit.jobs import demo_work
from reknit.jobs.handlers import HANDLERS
from reknit.queue.models import Job, JobState
from reknit.queue.worker import work_through
from reknit.records.errors import RecordsError
from reknit.records.models import AccountKind, Batch, Enquiry, Office, User
from reknit.synth import synthesise
from reknit.vocabulary import Purpose, Role

Show = Callable[[str, float], None]
OFFICES = ("Nord", "Sud")
STAFF = (
    ("noor", "Noor", Role.CASEWORKER, "Nord"),
    ("maryam", "Maryam", Role.SUPERVISOR, "Nord"),
    ("dawit", "Dawit", Role.DESK, "Nord"),
    ("olena", "Olena", Role.CASEWORKER, "Sud"),
    ("coordinator", "Coordinator", Role.COORDINATOR, "Nord"),
    ("dpo", "Data-protection officer", Role.DATA_PROTECTION_OFFICER, "Nord"),
    ("admin", "Administrator", Role.ADMINISTRATOR, None),
)
FOUND_LIST, SOUGHT_LIST = "Registration desk of the port", "Families' enquiries"
CASES_OF_NOOR = 40
MESSAGES, MESSAGE_SENDERS = 40, 30
_WHY = "demonstration: a synthetic scenario, nobody in it exists"


@dataclass(frozen=True, slots=True)
class Filled:
    """Who works there, and how much was brought in."""

    staff: tuple[User, ...]
    sought: int
    found: int


def is_empty() -> bool:
    """Nothing was ever put in."""
    return not User.objects.exists() and not Office.objects.exists()


def fill(people: int, seed: int, show: Show) -> Filled:
    """Invent `people` sought and those found, import and match them. Raises RecordsError."""
    if not is_empty():
        raise RecordsError("this installation is not empty; a demonstration needs its own folder.")
    show("inventing people", 0.0)
    scenario = synthesise(people, seed, "crossing")
    staff = tuple(_staff())
    noor, supervisor = staff[0], staff[1]
    _bring_in(supervisor, scenario.found, FOUND_LIST, AccountKind.FOUND, show)
    _bring_in(noor, scenario.sought, SOUGHT_LIST, AccountKind.SOUGHT, show)
    first = Enquiry.objects.order_by("created_at", "id").values_list("id", flat=True)
    assign(supervisor.as_actor(), list(first[:CASES_OF_NOOR]), noor)
    _write_in(staff[2], scenario.messages)
    _work_off(show)
    named = {key: user for (key, *_), user in zip(STAFF, staff, strict=True)}
    demo_work.lay_out(noor, supervisor, named["coordinator"], named["olena"])
    _work_off(show)
    return Filled(staff, scenario.sought.height, scenario.found.height)


def _staff() -> list[User]:
    """Each with a second factor that nobody knows: the demonstration's links let them in."""
    offices = {name: Office.objects.create(name=name) for name in OFFICES}
    staff = []
    for key, name, role, office in STAFF:
        place = offices[office] if office else None
        user = User.objects.create_user(f"{key}@demo.example", role, place, name=name)
        TOTP.activate(user, generate_totp_secret())
        staff.append(user)
    return staff


def _bring_in(by: User, rows: pl.DataFrame, source: str, kind: AccountKind, show: Show) -> Batch:
    batch = imports.start(
        by.as_actor(),
        as_csv(rows),
        f"{kind.value}.csv",
        source,
        kind,
        purpose=Purpose.REGISTRATION,
        why=_WHY,
        most_bytes=imports.MOST_COMMAND_BYTES,
    )
    imports.wait_for(batch, show)
    return batch


def _write_in(by: User, rows: pl.DataFrame) -> None:
    """What people wrote to the desk over the last days, from numbers that nobody has."""
    assert by.office is not None  # noqa: S101 - the desk's, for mypy
    table = [
        MessageRow(row["message_id"], row["text"], dt.datetime.fromisoformat(row["received_at"]),
                   row["channel"], row["stated_language"])
        for row in rows.head(MESSAGES).iter_rows(named=True)
    ]  # fmt: skip
    latest = max(row.received_at for row in table if row.received_at is not None)
    now = timezone.now()
    incoming = [
        replace(
            one,
            sender=f"+999 000 {number % MESSAGE_SENDERS:04}",
            received_at=None if one.received_at is None else now - (latest - one.received_at),
        )
        for number, one in enumerate(messages.of_table(table))
    ]
    messages.take(by.as_actor(), by.office, incoming, why=_WHY)


def _work_off(show: Show) -> None:
    """All that waits, here and now, so that the first page shows candidates."""
    while (
        job := Job.objects.filter(state=JobState.WAITING).order_by("run_at").first()
    ) is not None:
        work_through(job.id, HANDLERS[job.name], show)
