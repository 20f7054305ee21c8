"""A flood of invented messages, and what became of it; also a worker in a process of its own, for
the test that kills it: python flooding.py DATABASE-NAME KEY-STORE-NAME."""

from __future__ import annotations

import csv
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any


def texts(count: int) -> list[str]:
    """So many different messages, the calm ones first, three urgent ones last."""
    from reknit.synth import synthesise

    table = synthesise(60, 7, "crossing").messages
    said = [str(row["text"]) for row in table.iter_rows(named=True)]
    rows = [f"{said[n % len(said)]} ({n})" for n in range(count)]
    rows[-3:] = [f"Please help, my wife is bleeding, number {n}" for n in range(3)]
    return rows


def write_table(file: Path, count: int) -> None:
    """The flood as a table."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["message_id", "text", "channel"])
        writer.writerows([n, text, "sms"] for n, text in enumerate(texts(count)))


def waiting() -> int:
    """How many messages are still to be read."""
    from reknit.queue.models import Job

    return Job.objects.filter(name="read message", state__in=["waiting", "running"]).count()


def watch() -> None:
    """Say again and again how many messages are still to be read, a line each, until killed."""
    while True:
        print(waiting(), flush=True)  # noqa: T201 - for whoever reads the lines
        time.sleep(0.5)


def let_leases_end() -> int:
    """As if the dead workers' half minute were over; how many messages are still to be read."""
    from django.utils import timezone

    from reknit.queue.models import Job

    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(state="running").update(lease_until=past)
    return waiting()


def look() -> dict[str, Any]:
    """What became of the flood. late: urgent ones that were read after one that was not."""
    from reknit.guard import audit
    from reknit.guard.models import Entry
    from reknit.intake.models import Message
    from reknit.queue.models import Job
    from reknit.sealing import records

    rows = list(Message.objects.all())
    contents = records.unseal(rows)
    priorities = dict(Job.objects.values_list("subject_id", "priority"))
    order = [
        priorities[str(row.id)]
        for row in sorted(rows, key=lambda row: str(row.read_at))
        if row.read_at is not None
    ]
    calm = next((n for n, priority in enumerate(order) if priority > 2), len(order))
    return {
        "kept": len(rows),
        "read": sum("reading" in content for content in contents),
        "texts": len({content["text"] for content in contents}),
        "audited": Entry.objects.filter(action="message:add").count(),
        "suggested": Entry.objects.filter(action="message:suggest").count(),
        "failed": Job.objects.filter(state="failed").count(),
        "urgent": sum(priority <= 2 for priority in order),
        "late": sum(priority <= 2 for priority in order[calm:]),
        "findings": audit.verify().findings,
    }


def main() -> None:
    """Read messages until killed."""
    import django
    from django.conf import settings

    for alias, name in zip(("default", "keys"), sys.argv[1:], strict=True):
        settings.DATABASES[alias]["NAME"] = name
    django.setup()
    from reknit.intake import messages
    from reknit.jobs.handlers import HANDLERS
    from reknit.queue.worker import work

    work({messages.JOB: HANDLERS[messages.JOB]}, name="doomed", stop=threading.Event())


if __name__ == "__main__":
    main()
