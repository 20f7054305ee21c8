"""`reknit serve`, `worker`, `keys`, `lock` and `check`, as a person runs them: real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reknit.guard.keeper.messages import Rotated
from tests.guard.test_keeper import ADD
from tests.installation import SETUP, Installation, new_installation, stop, wait_for

pytestmark = pytest.mark.database
DONE = """
import json
from reknit.guard.models import Entry
said = [(e, json.loads(e.detail)) for e in Entry.objects.filter(kind="operation")
        .exclude(action__endswith=":begun").order_by("seq")]
print(json.dumps([[e.action, e.role, d["because"], d["uid"], d.get("named")] for e, d in said]))
"""
BEGUN = """
from reknit.guard.models import Entry
print(Entry.objects.filter(action="keys:rotate:begun").count())
"""
OPENED = """
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.models import DataKey
from tests.guard.people import accounts
wrapped = dict(DataKey.objects.values_list("pk", "ring_version"))
for version in (1, 2):
    rows = [row for row in Account.objects.all() if wrapped[row.key_id] == version]
    print(len(records.unseal(rows[:100])))
print(len(records.unseal(accounts(1))))
"""
"""How many rows open under the old version of the ring, how many under the new, and a new one."""
FILE = """
from reknit.intake import enquiries
from reknit.vocabulary import PUBLIC
from tests.cast import IDRIS_SOUGHT
from tests.staff import office
seeker = {"seeker_name": "Amal Haddad", "relationship": "sister"}
print(enquiries.accept(PUBLIC, office(), IDRIS_SOUGHT, seeker, {}).enquiry.pk)
"""
WAITED = """
from reknit.casework.models import Candidate
for one in Candidate.objects.filter(enquiry="{}").order_by("created_at")[:1]:
    print((one.created_at - one.enquiry.created_at).total_seconds())
"""
"""How many seconds after the enquiry its first candidate was there."""
TWO = ["correct horse battery", "staple of another kind"]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as made:
        yield made


@contextmanager
def served(there: Installation, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `reknit serve` and its address."""
    process = there.start("-m", "reknit", "serve", "--port", "0", "--workers", "1", *more)
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        assert ready.startswith("READY "), ready + process.communicate()[1]
        yield process, ready.split()[1]
    finally:
        stop(process)


def children(process: int) -> set[int]:
    """All processes under one."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    found, new = set[int](), {process}
    while new:
        new = {child for child, parent in parents.items() if parent in new}
        found |= new
    return found


def alive(processes: set[int]) -> set[int]:
    return {one for one in processes if Path(f"/proc/{one}/cmdline").exists() and not _dead(one)}


def _dead(process: int) -> bool:
    try:
        return " Z " in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
        return int(answer.status)


def test_it_says_ready_when_it_answers_and_leaves_nothing_behind(there: Installation) -> None:
    with served(there) as (process, url):
        assert get(f"{url}/healthz") == 200
        under = children(process.pid)
        assert len(under) >= 4  # keeper, gunicorn, its worker, a job worker
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert alive(under) == set()
        assert not (there.data / "run" / "keeper.sock").exists()


def test_ctrl_c_stops_it_as_well(there: Installation) -> None:
    with served(there) as (process, _):
        under = children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert alive(under) == set()


def test_its_children_end_when_it_is_killed(there: Installation) -> None:
    with served(there) as (process, _):
        under = children(process.pid)
        process.kill()
        process.wait()
        wait_for(lambda: not alive(under))


def test_it_starts_a_killed_keeper_again_and_the_index_is_rebuilt(there: Installation) -> None:
    there.run(ADD + "add(IDRIS_FOUND, *crowd())")
    with served(there) as (_, url):
        there.built()
        before = there.line.keeper_process()
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert there.built().index.people == 51
        assert there.line.keeper_process() != before
        assert get(f"{url}/healthz") == 200


def test_a_new_enquiry_has_its_candidate_within_seconds(there: Installation) -> None:
    """Of an installation that has nothing else to do; ten, since machines are shared."""
    there.run(ADD + "add(IDRIS_FOUND, *crowd())")
    with served(there):
        there.built()
        case = there.run(FILE).strip()
        assert float(wait_for(lambda: there.run(WAITED.format(case)))) <= 10


def test_lock_drops_everything_within_five_seconds_and_over_restarts(there: Installation) -> None:
    there.run(ADD + "add(IDRIS_FOUND, *crowd())")
    there.run(
        "from tests.staff import noor; from django.contrib.sessions.models import Session\n"
        "from django.utils import timezone; noor()\n"
        "Session.objects.create(session_key='x', session_data='', expire_date=timezone.now())"
    )
    with served(there):
        there.built()
        started = time.monotonic()
        said = there.reknit("lock", "--as", "caseworker@nord.example").stdout
        assert time.monotonic() - started < 5
        assert "keys and index are gone" in said
        assert "The sessions of 1 users have ended." in said
        assert there.run("from reknit.sealing import status; print(status())").strip() == "locked"
    left = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    assert there.run(left).strip() == "0"
    with served(there):
        assert there.status().state == "locked"
        there.reknit("keys", "unlock", "--because", "drill")
        assert there.built().index.people == 51
        locked, unlocked = wait_for(lambda: done_by_commands(there, 2))
    assert locked[:3] == ["installation:lock", "caseworker", "threat"]
    assert unlocked[:3] == ["keys:unlock", "", "drill"]
    assert unlocked[3] == os.getuid()


def done_by_commands(there: Installation, least: int) -> list[list[Any]]:
    """What the audit says that commands did: action, role, why, by which account of the system."""
    done: list[list[Any]] = json.loads(there.run(DONE))
    return done if len(done) >= least else []


def test_a_lock_waits_for_no_database_and_is_audited_when_it_is_back(there: Installation) -> None:
    there.run("")  # the tables are there
    away = {**there.environment, "REKNIT_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}
    refused = Installation(there.data, away).reknit("lock", code=1)
    assert "Locked" in refused.stdout
    assert "the keys are gone, but the sessions could not be ended" in refused.stderr
    assert there.run("from reknit.sealing import status; print(status())").strip() == "locked"
    assert done_by_commands(there, 0) == []
    assert "not yet taken in what commands did" in there.reknit("check", code=1).stdout
    there.reknit("keys", "unlock", "--as", "nobody@example.org")
    assert [done[:2] for done in done_by_commands(there, 2)] == [
        ["installation:lock", ""], ["keys:unlock", ""],
    ]  # fmt: skip
    assert "nobody_of_the_staff" in there.run(DONE)


def test_a_locked_installation_opens_nothing_without_a_keeper_either(there: Installation) -> None:
    there.run(ADD + "add(IDRIS_FOUND)")
    there.reknit("lock")
    read = "from reknit.sealing import records\nfrom reknit.records.models import Account\n"
    refused = there.run(read + "records.unseal(list(Account.objects.all()))", check=False)
    assert "LockedError" in refused
    there.reknit("keys", "unlock")
    there.run(read + "records.unseal(list(Account.objects.all()))")


def test_two_key_holders_must_both_give_theirs(there: Installation, tmp_path: Path) -> None:
    there.run(ADD + "add(IDRIS_FOUND, *crowd())")
    holders = ["--holder", "Noor", "--holder", "Rafi", "--passphrases-from", "-"]
    printed = there.reknit("keys", "init", *holders, given="\n".join(TWO)).stdout
    assert b"wrapping" not in (there.data / "keys" / "keyring.json").read_bytes()
    with served(there):
        assert there.status().waits_for == ["Noor", "Rafi"]
        unlock = ["keys", "unlock", "--passphrases-from", "-"]
        wrong = there.reknit(*unlock, given="no such passphrase\n", code=1)
        assert "no key holder's" in wrong.stderr
        first = there.reknit(*unlock, given=TWO[1], code=1)
        assert first.stdout == "Taken. The ring still waits for Noor.\n"
        assert there.status().state == "locked"
        there.reknit(*unlock, given=TWO[0])
        assert there.built().index.people == 51
    # Neither alone, nor one recovery code of the two, opens it.
    codes = [line.split(": ")[1] for line in printed.splitlines() if line[-5:-4] == "-"]
    recover = ["keys", "recover", "--codes-from", "-"]
    assert len(codes) == 2
    assert "do not open" in there.reknit(*recover, given=codes[0], code=1).stderr
    there.reknit(*recover, given="\n".join(codes))
    with there.keeper():
        assert there.built().index.people == 51


def test_it_does_not_make_a_new_ring_for_a_lost_one(there: Installation) -> None:
    (there.data / "keys" / "keyring.json").unlink()
    assert "lost" in there.reknit("keys", "init", code=1).stderr
    assert not (there.data / "keys" / "keyring.json").exists()


MIDST = """
import time
from django.db import connections, transaction
from reknit.sealing.models import DataKey
keys = connections["keys"]
with transaction.atomic(using="keys"):
    if keys.vendor == "postgresql":
        keys.cursor().execute(f"LOCK TABLE {DataKey._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    DataKey.objects.filter(ring_version=-1).update(ring_version=-1)  # SQLite's lock for writing
    print(*sorted(DataKey.objects.values_list("ring_version", flat=True).distinct()), flush=True)
    time.sleep(300)
"""
"""Holds the key store, so that the next batch of keys has to wait."""


def test_a_rotation_that_is_killed_in_its_midst_goes_on_and_nothing_is_lost(
    there: Installation,
) -> None:
    there.run(ADD + "for _ in range(100): add(*crowd())")
    with served(there):
        there.built()
        there.line.ask("rotate", True, Rotated)
        assert 0 < there.line.ask("rotate", False, Rotated).left < 5000
        assert there.run(OPENED).split() == ["100", "100", "1"], "old, new and just filed"
        midst = there.start("-c", SETUP + MIDST)
        try:
            assert midst.stdout is not None
            assert midst.stdout.readline().split() == ["1", "2"]
            command = there.start("-m", "reknit", "keys", "rotate")
            notes = there.data / "run" / "operations"
            wait_for(lambda: any(notes.glob("*.json")) or there.run(BEGUN) == "1\n")
            time.sleep(0.5)  # it has asked the keeper for the next batch, and waits
            assert command.poll() is None
            command.kill()
            command.communicate()
            keeper = there.line.keeper_process()
            assert keeper is not None
            os.kill(keeper, signal.SIGKILL)  # in the midst of it, too
        finally:
            stop(midst)
        said = there.reknit("keys", "rotate").stdout
        assert said.startswith("Version 2 ")
        # The one that was killed began, and never said that it was done.
        assert [done[0] for done in done_by_commands(there, 1)] == ["keys:rotate"]
        assert there.run(BEGUN) == "1\n"
        there.built()
        left = there.run(
            "from reknit.sealing.models import DataKey\n"
            "from reknit.sealing import records\nfrom reknit.records.models import Account\n"
            "print(*DataKey.objects.values_list('ring_version', flat=True).distinct(),"
            "len(records.unseal(list(Account.objects.all()))))"
        )
    assert left.split() == ["2", "5001"]


def test_check_says_what_to_mend_and_how(there: Installation) -> None:
    (there.data / "reknit.sqlite3").touch()
    (there.data / "reknit.sqlite3").chmod(0o644)
    said = there.reknit("check", code=1).stdout
    assert f"chmod 600 {there.data / 'reknit.sqlite3'}" in said
    assert "the key ring lies in clear in the data folder" in said
    found = json.loads(there.reknit("check", "--json", code=1).stdout)["findings"]
    assert {"check", "place", "wrong", "mend"} == set(found[0])


def test_check_names_a_keeper_that_waits(there: Installation) -> None:
    there.reknit("lock")
    assert "the installation is locked" in there.reknit("check", code=1).stdout


def test_a_second_serve_on_the_same_folder_is_refused(there: Installation) -> None:
    with served(there):
        second = there.reknit("serve", "--port", "0", code=1)
        assert "runs on this folder already" in second.stderr
        assert len(second.stderr.splitlines()) == 1


def test_a_port_in_use_is_refused_in_one_line(there: Installation) -> None:
    with served(there) as (_, url):
        port = url.rpartition(":")[2]
        with new_installation(there.data.parent / "other") as other:
            second = other.reknit("serve", "--port", port, code=1)
    assert "cannot listen there" in second.stderr
    assert len(second.stderr.splitlines()) == 1
