"""Killed at any moment, a change and its audit entry are both there or neither (I5, I9, test 4)."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, new_installation

pytestmark = pytest.mark.database

ROUNDS, LONG_ROUNDS = 3, 60

WORK = """
import sys, threading, uuid
from reknit.guard import access, commits
from reknit.guard.audit import Resource, record
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Office, Source, User
from reknit.vocabulary import Purpose

office = Office.objects.get()
noor = User.objects.get().as_actor()
people = list(Account.objects.all())
said = threading.Lock()

def say(word, value):
    with said:
        sys.stdout.write(f"{word} {value}\\n")
        sys.stdout.flush()

def change():
    source = Source.objects.create(name=uuid.uuid4().hex, office=office)
    record(noor, "source:add", Resource.of(source), Purpose.OPERATIONS)
    return source.pk

def work(number):
    while True:
        if number % 2:
            say("changed", commits.commit(change))
        else:
            account = people[number % len(people)]
            access.read(noor, Permission.ACCOUNT_READ, [account], purpose=Purpose.QUALITY)
            say("read", account.pk)

for number in range(6):
    threading.Thread(target=work, args=(number,), daemon=True).start()
say("READY", 0)
threading.Event().wait()
"""

PREPARE = """
from tests.guard.people import accounts
from tests.staff import noor
noor()
accounts(3)
"""

LOOK = """
import json
from collections import Counter
from reknit.guard import audit
from reknit.guard.models import Entry
from reknit.records.models import Source
entries = Entry.objects.all()
print(json.dumps({
    "findings": audit.verify().findings,
    "changed": sorted(str(pk) for pk in Source.objects.exclude(name__startswith="Desk")
                      .values_list("pk", flat=True)),
    "changes": sorted(entries.filter(action="source:add").values_list("resource_id", flat=True)),
    "reads": Counter(entries.filter(action="account:read").values_list("resource_id", flat=True)),
}))
"""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a caseworker and three people."""
    with new_installation(tmp_path) as installation:
        installation.run(PREPARE)
        yield installation


def _killed(there: Installation, answers: int, seconds: float) -> list[tuple[str, str]]:
    """Let it give so many answers and work on for a moment, kill it; what it had said was done."""
    code = "import os\nfrom pathlib import Path\nfrom reknit.cli.application import start_django\n"
    code += "start_django(Path(os.environ['REKNIT_DATA']))\n" + WORK
    process = there.start("-c", code)
    try:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(answers)]
        assert all(said), "it ended by itself"
        time.sleep(seconds)
    finally:
        process.kill()
    out, errors = process.communicate(timeout=30)
    assert process.returncode == -9, errors
    whole = [line for line in [*said, *out.splitlines(keepends=True)] if line.endswith("\n")]
    return [(word, value) for word, value in (line.split() for line in whole)]


def _run_rounds(there: Installation, rounds: int) -> None:
    lots = random.Random(4)
    acknowledged: list[tuple[str, str]] = []
    for _ in range(rounds):
        acknowledged += _killed(there, lots.randint(2, 40), lots.uniform(0, 0.1))
        seen: dict[str, Any] = json.loads(there.run(LOOK))
        assert seen["findings"] == []
        assert seen["changed"] == seen["changes"]
        assert {pk for word, pk in acknowledged if word == "changed"} <= set(seen["changed"])
        for account in {pk for word, pk in acknowledged if word == "read"}:
            answered = sum(1 for said in acknowledged if said == ("read", account))
            assert answered <= seen["reads"][account]
    assert sum(word == "changed" for word, _ in acknowledged) >= rounds
    assert sum(word == "read" for word, _ in acknowledged) >= rounds


def test_a_kill_leaves_change_and_audit_agreed_and_loses_nothing_answered(
    there: Installation,
) -> None:
    _run_rounds(there, ROUNDS)


@pytest.mark.long
def test_sixty_kills_do_too(there: Installation) -> None:
    _run_rounds(there, LONG_ROUNDS)


FULL = """
import resource, os
from reknit.guard import commits
from reknit.guard.audit import Resource, record
from reknit.guard.errors import AuditUnavailableError
from reknit.records.models import Office, Source
from reknit.vocabulary import SYSTEM, Purpose
office = Office.objects.get()

def change(name):
    source = Source.objects.create(name=name, office=office)
    record(SYSTEM, "source:add", Resource.of(source), Purpose.OPERATIONS)

commits.commit(lambda: change("before"))
wal = max(os.path.getsize(p) for p in map(str, __import__("pathlib").Path(
    os.environ["REKNIT_DATA"]).glob("reknit.sqlite3*")))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (wal, resource.RLIM_INFINITY))
refused = 0
for number in range(40):
    try:
        commits.commit(lambda: change(f"full {number}"))
    except AuditUnavailableError:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
commits.commit(lambda: change("after"))
print(refused)
"""


def test_a_full_disk_refuses_both_and_work_goes_on_when_there_is_room(there: Installation) -> None:
    """No file may grow: SQLite meets what it meets on a full disk."""
    if "REKNIT_DATABASE" in there.environment:
        pytest.skip("PostgreSQL's server writes, not this process")
    assert int(there.run(FULL)) > 0
    seen: dict[str, Any] = json.loads(there.run(LOOK))
    assert seen["findings"] == []
    assert seen["changed"] == seen["changes"]
    assert len(seen["changes"]) >= 2
