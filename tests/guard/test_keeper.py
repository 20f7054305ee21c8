"""The keeper, as a real process on a real socket: it opens, searches, locks, and dies well."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from reknit.guard.keeper import hardening
from reknit.guard.keeper.errors import QuestionError
from reknit.guard.keeper.messages import Hit, Question, Questions
from reknit.sealing import frames
from reknit.sealing.errors import KeeperAwayError
from tests.cast import IDRIS_SOUGHT, RAFI
from tests.installation import Installation, new_installation, wait_for

if TYPE_CHECKING:
    import ctypes

pytestmark = pytest.mark.database

ADD = """
from django.db import transaction
from django.utils import timezone
from reknit.guard import searching
from reknit.records import accounts
from reknit.records.models import Account, AccountKind, Source
from tests.cast import IDRIS_FOUND, RAFI, crowd
from tests.staff import office

def add(*people):
    source, _ = Source.objects.get_or_create(name="desk", office=office())
    with transaction.atomic():
        made = accounts.add(people, kind=AccountKind.FOUND, source=source, office=office(),
                            at=timezone.now())
        transaction.on_commit(searching.changed)
    return made
"""
IDRIS = Question("found", {"full_name": IDRIS_SOUGHT["full_name"]}, 3)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    """An installation with Idris and the crowd in it."""
    with new_installation(tmp_path) as made:
        made.run(ADD + "print(add(IDRIS_FOUND, *crowd())[0].pk)")
        yield made


def _search(there: Installation, question: Question) -> list[Hit]:
    return there.line.ask("search", question, list[Hit])


def test_it_finds_a_person_across_scripts(there: Installation) -> None:
    with there.keeper():
        there.built()
        assert _search(there, IDRIS)[0].probability > 0.9


def test_several_people_asked_for_together_are_each_answered(there: Installation) -> None:
    with there.keeper():
        there.built()
        contents = [IDRIS.content, {"full_name": RAFI["full_name"]}, {}]
        answers = there.line.ask(
            "search_all", Questions("found", contents, 3, 0.5), list[list[Hit]]
        )
        alone = [_search(there, Question("found", content, 3)) for content in contents]
        assert answers == [[hit for hit in hits if hit.probability >= 0.5] for hits in alone]
        assert answers[0]
        with pytest.raises(QuestionError, match="ask for 100"):
            there.line.ask("search_all", Questions("found", [{}] * 101, 3, 0.5), list[Hit])


def test_it_follows_what_is_added_and_removed(there: Installation) -> None:
    with there.keeper():
        there.built()
        rafi = Question("found", {"full_name": RAFI["full_name"]}, 1)
        there.run(ADD + "add(RAFI)")
        (hit,) = _search(there, rafi)
        assert hit.probability > 0.9
        there.run(
            ADD + f"accounts.remove(Account.objects.filter(pk='{hit.account_id}'), timezone.now())"
        )
        assert hit.account_id not in {one.account_id for one in _search(there, rafi)}


def test_it_is_gone_for_those_who_ask_after_a_kill(there: Installation) -> None:
    with there.keeper() as keeper:
        there.built()
        os.kill(keeper.pid, signal.SIGKILL)
        keeper.wait()
        with pytest.raises(KeeperAwayError):
            there.line.ask("verify_key", None, bytes)
    with there.keeper():
        there.built()
        assert _search(there, IDRIS)[0].probability > 0.9


def test_it_ends_when_it_is_locked_and_stays_locked(there: Installation) -> None:
    with there.keeper() as keeper:
        there.built()
        there.line.ask("lock", None, type(None))
        assert keeper.wait(5) != 0
    with there.keeper():
        assert there.status().state == "locked"
        with pytest.raises(Exception, match="locked"):
            _search(there, IDRIS)
        assert there.line.ask("unlock", [], list[str]) == []
        there.built()
        assert _search(there, IDRIS)[0].probability > 0.9


def test_it_takes_no_second_keeper(there: Installation) -> None:
    with there.keeper():
        second = there.start("-m", "reknit.guard.keeper")
        assert second.wait(30) == 1
        assert "another keeper" in second.communicate()[1]


def test_it_answers_nonsense_with_a_refusal(there: Installation) -> None:
    with there.keeper(), socket.socket(socket.AF_UNIX) as line:
        with frames.address(there.data / "run" / "keeper.sock") as where:
            line.connect(where)
        for nonsense in (b"", b"\xc1", b"[1,2,3]", frames.encode_request("no such", "", None)):
            frames.send(line, nonsense or b"\x00")
            answer = frames.receive(line)
            assert answer is not None
            assert frames.decode_reply(answer).error == "SealingError"


def test_it_lets_only_its_owner_near_the_socket(there: Installation) -> None:
    with there.keeper():
        path = there.data / "run" / "keeper.sock"
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as a stranger")
def test_it_hangs_up_on_another_user(there: Installation) -> None:
    with there.keeper():
        path = there.data / "run" / "keeper.sock"
        for folder in (path.parent, *path.parent.parents):
            folder.chmod(folder.stat().st_mode | 0o055)
        path.chmod(0o666)  # the kernel's word about the peer has to be enough
        code = (
            "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX);"
            "s.settimeout(10); s.connect(sys.argv[1]); s.sendall(b'\\0\\0\\0\\1\\0');"
            "print(repr(s.recv(10)))"
        )
        stranger = there.start("-c", code, str(path))
        out, error = stranger.communicate(timeout=20)
        assert out == "b''\n" or "ConnectionResetError" in error or "BrokenPipe" in error


def test_it_stops_at_the_limit_of_one_asker(tmp_path: Path) -> None:
    with new_installation(tmp_path, REKNIT_OPENED_A_DAY="20") as small:
        small.run(ADD + "add(*crowd())")
        with small.keeper():
            said = small.run(
                """
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.asking import asking_for
from reknit.sealing.errors import LimitError
everyone = list(Account.objects.all())
with asking_for("user 7"):
    for one in everyone[:20] + everyone[:20]:
        records.unseal([one])
    try:
        records.unseal(everyone[20:21])
    except LimitError as refused:
        print(refused)
with asking_for("user 8"):
    print(len(records.unseal(everyone[20:22])))
"""
            )
    assert said.startswith("user 7 has opened 20 rows today")
    assert said.endswith("\n2\n")


def test_it_cannot_be_dumped_or_attached_to(there: Installation) -> None:
    with there.keeper() as keeper:
        there.built()
        limits = Path(f"/proc/{keeper.pid}/limits").read_text()
        (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]
    wait_for(lambda: keeper.poll() is not None)


def test_its_memory_is_locked_or_it_says_that_it_is_not(there: Installation) -> None:
    """Locked wherever this machine lets a process lift its own limit (setrlimit(2))."""
    lift = "import resource as r; r.setrlimit(r.RLIMIT_MEMLOCK, (r.RLIM_INFINITY,) * 2)"
    may_lock = there.start("-c", lift).wait(30) == 0
    with there.keeper() as keeper:
        there.built()
        said = Path(f"/proc/{keeper.pid}/status").read_text()
        (line,) = [line for line in said.splitlines() if line.startswith("VmLck")]
        weak = any("swapped to disk" in one for one in there.status().weaknesses)
        assert (int(line.split()[1]) > 0, weak) == (may_lock, not may_lock)
        assert ("swapped to disk" in there.reknit("check", code=1).stdout) is weak


@pytest.mark.parametrize(("answer", "locked"), [(0, True), (-1, False)])
def test_what_it_has_and_will_have_is_locked_where_no_limit_is_in_the_way(
    answer: int, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mlockall(2), answered by a stand-in: few machines let a test's process lock its memory."""
    asked: list[int] = []

    class Kernel:
        def mlockall(self, flags: int) -> int:
            asked.append(flags)
            return answer

    unlimited = (hardening.resource.RLIM_INFINITY,) * 2
    monkeypatch.setattr(hardening.resource, "getrlimit", lambda _: unlimited)
    assert hardening._lock_memory(cast("ctypes.CDLL", Kernel())) is locked
    current, future, on_fault = 1, 2, 4
    assert asked == [current | future | on_fault]


def test_what_an_older_key_store_brings_back_is_erased_at_its_start(there: Installation) -> None:
    """The ledger beside the databases is not in a backup, and knows of the erasure."""
    account = there.run(
        ADD
        + """
from reknit.sealing.erasure import erase
from reknit.sealing.models import DataKey, Erasure
(rafi,) = add(RAFI)
key = DataKey.objects.get(pk=rafi.key_id)
erase([rafi])
Erasure.objects.all().delete()
key.save(force_insert=True)
print(rafi.pk)
"""
    ).strip()
    read = f"""
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
try:
    print(len(records.unseal([Account.objects.get(pk="{account}")])))
except ErasedError:
    print("erased")
"""
    assert there.run(read) == "1\n", "the old key store opens it"
    with there.keeper():
        there.built()
        assert there.run(read) == "erased\n"


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "as any other"])
def test_another_process_of_its_user_reads_nothing_of_it(closed: bool) -> None:
    """What the keeper does to itself at its start, as a user who is not root: root may do all."""
    close = "from reknit.guard.keeper.hardening import harden; harden(); " if closed else ""
    code = f"{close}import time; print('ready', flush=True); time.sleep(60)"
    secret = {**os.environ, "SECRET_OF_MINE": "a ring"}
    as_nobody = []
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        assert setpriv is not None
        as_nobody = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    process = subprocess.Popen(
        [*as_nobody, sys.executable, "-c", code], env=secret, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        read = subprocess.run(
            [*as_nobody, "cat", f"/proc/{process.pid}/environ"], capture_output=True, check=False
        )
        mapped = subprocess.run(
            [*as_nobody, "cat", f"/proc/{process.pid}/maps"], capture_output=True, check=False
        )
    finally:
        process.kill()
        process.wait()
    assert (b"SECRET_OF_MINE" in read.stdout) is not closed
    assert (b"python" in mapped.stdout) is not closed


def test_two_processes_build_the_index_that_one_would(there: Installation) -> None:
    code = """
from reknit.guard.keeper import index
from reknit.guard.keeper.messages import Question
from tests.cast import IDRIS_SOUGHT, crowd

said, result = [], index.Second.result
index.Second.result = lambda self: said.append(result(self)) or said[-1]

def answers(worth):
    index.WORTH_A_SECOND = worth
    made = index.SearchIndex()
    made.build()
    asked = [IDRIS_SOUGHT, *crowd()[::9]]
    return [
        [(hit.account_id, hit.match_weight) for hit in made.search(
            Question("found", {"full_name": one["full_name"]}, 5))] for one in asked
    ]

alone, helped = answers(1000), answers(10)
assert alone == helped and len(alone[0]) > 0
assert len(said) == 2 and None not in said  # the other process read the homes of both kinds
index.Second = lambda Second=index.Second: Second("reknit.guard.keeper.nowhere")
assert answers(10) == alone  # the other process has failed, and nothing is missing
print("same")
"""
    assert there.run(code).strip() == "same"


def test_a_commit_takes_any_number_of_keys_without_waiting_for_itself(there: Installation) -> None:
    """Found under load: the writer held the key store's only write lock while the keeper, asked
    for keys, waited for it to commit them; both gave up after 20 seconds."""
    with there.keeper():
        taken = there.run("""
import time
from reknit.guard import commits
from reknit.records.models import Account
from reknit.sealing import records
from tests.guard.people import accounts
before = time.monotonic()
for number in (3, 300):
    records.unseal(commits.commit(lambda: accounts(number)))
print(time.monotonic() - before)
""")
        assert float(taken) < 10
