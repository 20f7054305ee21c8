"""Killed in mid-work or failed by the disk, nothing acknowledged is lost (I9; trust: tests 8, 17).

Real processes, really killed; real system calls that fail, by strace. What was answered to a person
must be there afterwards, change and audit must agree, and a refusal must be a refusal of ours.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cli.test_serve import children, served
from tests.installation import SETUP, Installation, new_installation, wait_for

pytestmark = pytest.mark.database

ROWS, LONG_ROWS = 2_500, 20_000
LEFT = 1_500
"""Rows that a doomed import still has to store, so that it cannot be faster than the kill."""
PATIENCE_S = 120
"""For an import to come as far as it is to be killed, and for a service whose keeper died ten times
to start it the last time: after ten seconds, and on a shared machine."""
LONG_ROUNDS = 20

STAFF = """
from tests.staff import noor, office
actor = noor().as_actor()
"""

LOOK = """
import json
from django.db import connection
from reknit.guard import audit
from reknit.guard.models import Entry
from reknit.records.models import Account, Enquiry
from reknit.sealing import records
from reknit.sealing.holders import current_holder
records.unseal(list(Enquiry.objects.all()))
entries = Entry.objects.filter(action="enquiry:add")
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
codes = json.loads(input())
receipts = current_holder().digest("receipt", [c.replace("-", "").encode() for c in codes])
stored = {bytes(d) for d in Enquiry.objects.values_list("receipt_digest", flat=True)}
print(json.dumps({
    "findings": audit.verify().findings,
    "enquiries": sorted(str(pk) for pk in Enquiry.objects.values_list("pk", flat=True)),
    "entries": sorted(entries.values_list("resource_id", flat=True)),
    "lost": [code for code, receipt in zip(codes, receipts) if receipt not in stored],
}))
"""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    """An installation with a caseworker."""
    with new_installation(tmp_path) as installation:
        installation.run(STAFF)
        yield installation


def _look(there: Installation, codes: list[str]) -> dict[str, Any]:
    """What is stored, and which of the receipts lead nowhere."""
    done = subprocess.run(
        [sys.executable, "-c", SETUP + LOOK],
        env=there.environment, cwd=Path(__file__).parents[2], input=json.dumps(codes) + "\n",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def _agree(there: Installation, codes: list[str]) -> None:
    """Nothing acknowledged is lost; change and audit agree; the log verifies."""
    seen = _look(there, codes)
    assert seen["lost"] == []
    assert seen["findings"] == []
    assert seen["enquiries"] == seen["entries"]
    assert len(seen["enquiries"]) >= len(codes) > 0


# An import


IMPORT = (
    STAFF
    + """
from reknit.intake import imports
from reknit.records.models import AccountKind, Batch
from reknit.queue.models import Job
from reknit.vocabulary import Purpose
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_once

def start(rows):
    lines = ["person_record_id,full_name,date_of_birth,phones"]
    lines += [f"p{n},Person {n},19{n % 90 + 10}-01-01,+21891{n:07}" for n in range(rows)]
    return imports.start(actor, "\\n".join(lines).encode(), "list.csv", "Port", AccountKind.FOUND,
                         purpose=Purpose.REGISTRATION, why="a test")
"""
)


WATCH = """
import time
from reknit.records import accounts
from reknit.records.models import Account, Batch
batch = Batch.objects.get()
left = set(accounts.staged(batch).values_list("pk", flat=True))
print("READY", flush=True)
until, mine = time.monotonic() + {patience_s}, set()
while len(mine) < {enough} and batch.state != "done" and time.monotonic() < until:
    time.sleep(0.01)
    batch.refresh_from_db()
    mine = set(accounts.staged(batch).values_list("pk", flat=True)) - left
print("NOW" if time.monotonic() < until else "IN VAIN", flush=True)
"""
"""Waits until a worker, as nobody else before it, has stored `enough` rows."""


def _killed_import(there: Installation, rows: int, rounds: int) -> None:
    there.run(IMPORT + f"start({rows})")
    shown = (
        "from reknit.records.models import Account, Batch\nfrom reknit.records import accounts\n"
    )
    shown += "b = Batch.objects.get()\nstaged = accounts.staged(b).values('pk')\n"
    shown += "print(Account.objects.filter(batch=b).exclude(pk__in=staged).count(), b.state, "
    shown += "staged.count())"
    lots, killed = random.Random(8), 0
    for number in range(rounds):
        # Anywhere in the list; the last time, where all of it is stored and shown next.
        enough = rows if number + 1 == rounds > 1 else lots.randint(1, rows - LEFT)
        watching = there.start("-c", SETUP + WATCH.format(enough=enough, patience_s=PATIENCE_S))
        assert watching.stdout is not None
        assert watching.stdout.readline() == "READY\n"
        worker = there.start("-c", SETUP + IMPORT + "work_once(HANDLERS, name='doomed')")
        assert watching.stdout.readline() == "NOW\n", watching.communicate()
        time.sleep(lots.uniform(0, 0.05))
        worker.kill()
        for process in (worker, watching):
            process.communicate()
        count, state, stored = there.run(shown).split()
        if state == "done":
            break
        assert (count, state) == ("0", "running"), "an import is all or nothing"
        assert int(stored) > 0
        killed += 1
        # The dead worker's lease runs out; here at once.
        there.run("from reknit.queue.models import Job; from django.utils import timezone\n"
                  "Job.objects.filter(name='import').update(lease_until=timezone.now(), "
                  "attempts=1)")  # fmt: skip
    assert killed >= max(1, rounds - 1), "it was faster than the kill"
    there.run(IMPORT + "work_once(HANDLERS, name='next')")
    assert there.run(shown).split() == [str(rows), "done", "0"]
    said = there.run(
        "from reknit.guard import audit; from reknit.guard.models import Entry\n"
        "from reknit.guard.models.vault import Contact\n"
        "print(len(audit.verify().findings), Entry.objects.filter(action='import:done').count(), "
        "Contact.objects.count())"
    )
    assert said.split() == ["0", "1", str(rows)]


def test_a_killed_import_shows_nothing_and_finishes_after_the_restart(there: Installation) -> None:
    _killed_import(there, ROWS, 1)


@pytest.mark.long
def test_a_large_import_that_is_killed_again_and_again_does_too(there: Installation) -> None:
    _killed_import(there, LONG_ROWS, LONG_ROUNDS)


# The served application


COOKIES = """
from django.conf import settings
from tests.staff import noor
from tests.web.signing_in import signed_in
settings.ALLOWED_HOSTS.append("testserver")
client = signed_in(noor())
client.get("/enquiries/new/")
print("; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))
print(client.cookies[settings.CSRF_COOKIE_NAME].value)
"""
FILED = {
    "full_name": "Idris Haddad", "seeker_name": "Amal Haddad", "relationship": "brother",
    "phones": "+218 91 000 0000",
}  # fmt: skip
_RECEIPT = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


def _killed_service(there: Installation, rounds: int, seconds: float) -> None:
    cookies, token = there.run(COOKIES).split("\n")[:2]
    headers = {"Cookie": cookies, "X-CSRFToken": token}
    codes: list[str] = []
    odd: list[int] = []
    over = threading.Event()

    def file(url: str) -> None:
        while not over.is_set():
            asked = urllib.request.Request(  # noqa: S310 - our own address
                f"{url}/enquiries/new/", urlencode(FILED).encode(), headers
            )
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
                    codes.extend(_RECEIPT.findall(answer.read().decode()))
            except urllib.error.HTTPError as refused:
                if refused.code != 503:
                    odd.append(refused.code)
                time.sleep(0.05)
            except (OSError, HTTPException):  # its worker was killed, perhaps in mid-answer
                time.sleep(0.05)

    def filed_more_than(number: int) -> bool:
        assert odd == [], f"refused in another way than 503, after {len(codes)} filed"
        return len(codes) > number

    with served(there) as (process, url):
        seekers = [threading.Thread(target=file, args=(url,)) for _ in range(4)]
        for seeker in seekers:
            seeker.start()
        try:
            for number in range(rounds):
                wait_for(partial(filed_more_than, len(codes) + 2), PATIENCE_S)
                time.sleep(seconds)
                os.kill(_victim(there, process.pid, keeper=number % 2 == 1), signal.SIGKILL)
            wait_for(partial(filed_more_than, len(codes) + 2), PATIENCE_S)
        finally:
            over.set()
            for seeker in seekers:
                seeker.join()
    assert odd == []
    _agree(there, codes)


def _victim(there: Installation, supervisor: int, *, keeper: bool) -> int:
    """The keeper, or a web worker (gunicorn's child)."""
    if keeper:
        return wait_for(there.line.keeper_process)
    named = {one: Path(f"/proc/{one}/cmdline").read_bytes() for one in children(supervisor)}
    masters = [one for one, line in named.items() if b"gunicorn" in line]
    workers = [one for one in masters if children(one) == {one} or not children(one)]
    return max(workers)


def test_no_filed_enquiry_is_lost_when_web_worker_and_keeper_are_killed(
    there: Installation,
) -> None:
    _killed_service(there, 2, 0.2)


@pytest.mark.long
def test_none_is_lost_when_they_are_killed_twenty_times(there: Installation) -> None:
    _killed_service(there, LONG_ROUNDS, 0.5)


# A disk that fails


ACCEPT = (
    STAFF
    + """
import sys, threading
from reknit.intake import enquiries
place, said = office(), threading.Lock()

def say(*words):
    with said:
        print(*words, flush=True)

def accept(times):
    for _ in range(times):
        try:
            taken = enquiries.accept(
                actor, place, {"full_name": "Idris Haddad"},
                {"seeker_name": "Amal Haddad", "relationship": "brother"},
                {"phones": "+218 91 000 0000"})
        except Exception as refused:
            say("refused", type(refused).__name__)
        else:
            say("accepted", taken.receipt_code)

threads = [threading.Thread(target=accept, args=(TIMES,)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
say("end")
"""
)
TIMES = 15
FAULTS = [("pwrite64", "EIO", 30), ("pwrite64", "ENOSPC", 30), ("fdatasync,fsync", "EIO", 2)]
"""Calls that fail, how, and how many in a row: a commit writes many pages and syncs once."""


def _strace() -> str:
    """Where strace is; the test is skipped where it is absent or may not trace."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    tried = subprocess.run([strace, "-qq", "-o", os.devnull, "true"], capture_output=True)
    if tried.returncode:
        pytest.skip("strace may not trace here (ptrace is forbidden)")
    return strace


def _failed_by_the_disk(
    there: Installation, calls: str, error: str, when: str, times: int = TIMES
) -> None:
    if "REKNIT_DATABASE" in there.environment:
        pytest.skip("PostgreSQL's server writes, not this process")
    database = there.data / "reknit.sqlite3"
    there.run("from reknit.records.models import Office; Office.objects.create(name='warm')")
    only = [word for name in (f"{database}-wal", str(database)) for word in ("-P", name)]
    code = SETUP + ACCEPT.replace("TIMES", str(times))
    done = subprocess.run(
        [_strace(), "-f", "-qq", "-o", os.devnull, *only, "-e", f"trace={calls}",
         "-e", f"inject={calls}:error={error}:when={when}", sys.executable, "-c", code],
        env=there.environment, cwd=Path(__file__).parents[2], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[-1:] == ["end"], done.stderr
    refused = [line.split()[1] for line in lines if line.startswith("refused")]
    codes = [line.split()[1] for line in lines if line.startswith("accepted")]
    assert refused, "the disk did not fail"
    assert set(refused) == {"AuditUnavailableError"}
    assert len(refused) + len(codes) == 4 * times
    _agree(there, codes)


@pytest.mark.parametrize(("calls", "error", "burst"), FAULTS)
def test_a_failing_disk_is_a_refusal_and_loses_nothing(
    there: Installation, calls: str, error: str, burst: int
) -> None:
    _failed_by_the_disk(there, calls, error, f"{3 * burst}..{4 * burst}")


@pytest.mark.long
@pytest.mark.parametrize("start", range(1, 8))
@pytest.mark.parametrize(("calls", "error", "burst"), FAULTS)
def test_whenever_it_fails(
    there: Installation, calls: str, error: str, burst: int, start: int
) -> None:
    # One burst, and many enquiries: where each write that fails ends a commit for four, a burst
    # refuses over a hundred, and some must be left that can be lost.
    when = f"{start * burst + 1}..{(start + 1) * burst + 1}"
    _failed_by_the_disk(there, calls, error, when, 4 * TIMES)
