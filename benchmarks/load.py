"""The application under load: `reknit serve` with 20,000 people, asked by wrk over HTTP.

Rules: each database is a fresh installation, SQLite with synchronous FULL, PostgreSQL with fsync
on; the people come in through an import, which is measured too. Then one load at a time, each from
CONNECTIONS browsers that ask again as soon as they are answered: a signed-in caseworker's pages of
distinct people, searches, enquiries filed at a desk. Sessions are the application's own, second
factor included; only the quotas of people a day are raised, by their settings, since a load test is
what they are there to stop. The job worker runs meanwhile and looks for each enquiry's candidates:
enquiries come last, since it goes on with them after the load; what is left then, and how long that
takes, are figures too. Before any load, ten enquiries come in one at a time, each when the one
before has its candidates: that is the wait for them where nobody floods the desk.
The disk's own rate (a page of 4,096 bytes appended and synced) is measured just before each load.
What was answered is held against the audit log: an answer without its entry ends the benchmark.

    python -m benchmarks --only load [--quick]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benchmarks.audit import binaries, cluster, syncs
from benchmarks.bench import DISK, OURS, ROOT, Bench, Figure
from benchmarks.targets import ANSWERS, CANDIDATES_SECONDS, ERRORS, IMPORTED, LOAD, P50, P99
from reknit.synth import synthesise

NAME = LOAD
READS, SEARCHES, ENQUIRIES = LOADS = ("record reads", "searches", "enquiries")
PEOPLE, QUICK_PEOPLE = 20_000, 1_000
SECONDS, QUICK_SECONDS = 30, 4
WARM_SECONDS = 2
CONNECTIONS = 16
CASEWORKERS = 8
WORKERS = 2
SEED = 61
PROCESSOR = "processor time an answer, ms"
LEFT, DONE_AFTER = "jobs left to do at the end", "all done after another, s"
ALONE = 10
PATIENCE_SECONDS = 1_800
COMMITS = "answers a sync of the disk"
RAISED = {
    "REKNIT_QUOTAS": "caseworker=10000000",
    "REKNIT_OPENED_A_DAY": "0",
    "REKNIT_OPENED_A_DAY_BY_JOBS": "0",
}


def run(bench: Bench) -> Iterator[Figure]:
    """SQLite, then PostgreSQL where it is installed. RuntimeError without wrk."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed; on Debian: apt-get install wrk.")
    folder = bench.scratch / NAME
    folder.mkdir(parents=True, exist_ok=True)
    people = bench.records or (QUICK_PEOPLE if bench.quick else PEOPLE)
    made = synthesise(people=people, seed=SEED, scenario="crossing")
    made.found.write_csv(folder / "found.csv")
    made.sought.write_csv(folder / "sought.csv")
    seconds = QUICK_SECONDS if bench.quick else SECONDS
    yield from _measured(folder, "SQLite", None, seconds)
    programs = binaries()
    if programs is not None:
        yield from _measured(folder, "PostgreSQL", programs, seconds)


def _measured(folder: Path, database: str, programs: Path | None, seconds: int) -> Iterator[Figure]:
    data = folder / database
    with cluster(programs) if programs else nullcontext(None) as url:
        environment = {**os.environ, **RAISED, "REKNIT_DATA": str(data), "PYTHONPATH": str(ROOT)}
        environment |= {"REKNIT_DATABASE": url} if url else {}
        said = json.loads(step(environment, "prepare", folder, data))
        yield Figure(f"import, {database}", OURS, IMPORTED, said["rows"] / said["seconds"])
        with served(environment) as (process, address):
            slowest = float(step(environment, "alone", folder))
            yield Figure(f"{ENQUIRIES}, {database}", OURS, CANDIDATES_SECONDS, slowest)
            for load in LOADS:
                asked = data / f"{load}.txt"
                _wrk(address, asked, WARM_SECONDS)
                disk = syncs(data / "disk", 1.0)
                before, took = int(step(environment, "count", load)), processor_seconds(process)
                answered = _wrk(address, asked, seconds)
                took = processor_seconds(process) - took
                entries = int(step(environment, "count", load)) - before
                good = answered["answers"] - answered["refused"]
                if entries < good:
                    raise RuntimeError(f"{load}: {good:.0f} answers and {entries} audit entries")
                yield from _figures(f"{load}, {database}", answered, disk, took)
                if load == ENQUIRIES:
                    left = float(step(environment, "left"))
                    yield Figure(f"{load}, {database}", OURS, LEFT, left)
                    after = float(step(environment, "finish"))
                    yield Figure(f"{load}, {database}", OURS, DONE_AFTER, after)


def _figures(
    benchmark: str, answered: dict[str, float], disk: float, processor_seconds: float
) -> Iterator[Figure]:
    rate = answered["answers"] / answered["seconds"]
    yield Figure(benchmark, OURS, ANSWERS, rate)
    yield Figure(benchmark, DISK, ANSWERS, disk)
    yield Figure(benchmark, OURS, P99, answered["p99"])
    yield Figure(benchmark, OURS, ERRORS, answered["refused"] + answered["broken"])
    yield Figure(benchmark, OURS, P50, answered["p50"])
    yield Figure(benchmark, OURS, COMMITS, rate / disk)
    yield Figure(benchmark, OURS, PROCESSOR, 1000 * processor_seconds / answered["answers"])


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, str]]:
    """A running `reknit serve` whose index is built: its process, and where it answers."""
    command = [sys.executable, "-m", "reknit", "serve", "--port", "0", "--workers", str(WORKERS)]
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        if not ready.startswith("READY "):
            raise RuntimeError("reknit serve does not start; the lines above say why.")
        step(environment, "wait")
        yield process.pid, ready.split()[1]
    finally:
        process.terminate()
        process.wait(60)


def _wrk(address: str, asked: Path, seconds: int) -> dict[str, float]:
    """What wrk saw: answers, seconds, p50, p99 and slowest in milliseconds, refused, broken."""
    script = ROOT / "benchmarks" / "load.lua"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s"]
    done = subprocess.run(
        [*command, "-s", str(script), address, "--", str(asked)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"wrk: {done.stderr[-2_000:] or done.stdout[-2_000:]}")
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def processor_seconds(process: int) -> float:
    """Seconds of processor time of a process and all under it, so far."""
    stats = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        stats[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    under, new = set[int](), {process}
    while new:
        under |= new
        new = {one for one, (parent, _) in stats.items() if parent in new}
    ticks = sum(stats[one][1] for one in under if one in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def step(
    environment: dict[str, str],
    *arguments: object,
    module: str = "benchmarks.load",
    shows: bool = False,
) -> str:
    """Run one step of a benchmark in a process of the installation; the last line it printed.

    shows: its standard error is this process's, for its progress.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=None if shows else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed:\n{(done.stderr or '')[-2_000:]}")
    return (done.stdout.splitlines() or [""])[-1]


def prepare(folder: Path, data: Path) -> None:
    """Import the people, and write down what each load asks. Prints rows and seconds as JSON."""
    from django.conf import settings
    from django.test import Client

    from reknit.intake import imports
    from reknit.records.models import Account, AccountKind, BatchState, User
    from reknit.vocabulary import Purpose, Role
    from tests.staff import office
    from tests.web.signing_in import signed_in

    staff = [
        User.objects.create_user(f"caseworker-{n}@nord.example", Role.CASEWORKER, office())
        for n in range(CASEWORKERS)
    ]
    started = time.perf_counter()
    batch = imports.start(
        staff[0].as_actor(),
        (folder / "found.csv").read_bytes(),
        "found.csv",
        "Port",
        AccountKind.FOUND,
        purpose=Purpose.REGISTRATION,
        why="a load test with invented people",
    )
    imports.wait_for(batch, lambda _step, _share: None)
    took = time.perf_counter() - started
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE, batch.state
    settings.ALLOWED_HOSTS.append("testserver")

    def browser(user: User) -> tuple[str, str]:
        client: Client = signed_in(user)
        client.get("/search/")
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        token = cookies[settings.CSRF_COOKIE_NAME]
        return "; ".join(f"{name}={value}" for name, value in cookies.items()), token

    browsers = [browser(user) for user in staff]
    ids = list(Account.objects.filter(batch=batch).values_list("id", flat=True))
    dice = Random(SEED)
    dice.shuffle(ids)
    asked = asked_of(folder / "sought.csv")
    why = f"purpose={Purpose.FAMILY_TRACING.value}"
    about = {
        READS: [("GET", f"/people/{one}/?{why}", "") for one in ids],
        ENQUIRIES: [
            ("POST", "/enquiries/new/",
             urlencode({**row, "seeker_name": "Amal Haddad", "relationship": "brother",
                        "phones": "+218 91 000 0000"}))
            for row in asked
        ],
        SEARCHES: [
            ("POST", "/search/",
             urlencode({**row, "kind": "found", "purpose": Purpose.FAMILY_TRACING.value}))
            for row in asked
        ],
    }  # fmt: skip
    for load, lines in about.items():
        with (data / f"{load}.txt").open("w") as file:
            for number, (method, path, body) in enumerate(lines):
                cookies, token = browsers[number % len(browsers)]
                file.write("\t".join((method, path, cookies, token, body)) + "\n")
    print(json.dumps({"rows": batch.accepted, "seconds": took}))


def asked_of(sought: Path) -> list[dict[str, str]]:
    """What is typed about each person sought: a name, the year of birth, the town."""
    import polars as pl

    rows = pl.read_csv(sought, infer_schema=False).fill_null("")
    typed = []
    for row in rows.iter_rows(named=True):
        parts = (row.get("given_name", ""), row.get("family_name", ""))
        name = row.get("full_name") or " ".join(filter(None, parts))
        if name:
            birth, town = row.get("date_of_birth", "")[:4], row.get("home_city", "")
            typed.append({"full_name": name, "date_of_birth": birth, "home_city": town})
    return typed


def count(load: str) -> None:
    """Print how many of a load's answers the audit log knows."""
    from reknit.guard.models import Entry

    actions = {READS: "account:read", ENQUIRIES: "enquiry:add", SEARCHES: "account:search"}
    entries = Entry.objects.filter(action=actions[load])
    if load == SEARCHES:
        entries = entries.filter(kind="search")
    print(entries.count())


def left() -> int:
    """How many jobs are due or run."""
    from django.db.models import Q
    from django.utils import timezone

    from reknit.queue.models import Job, JobState

    due = Q(state=JobState.WAITING, run_at__lte=timezone.now()) | Q(state=JobState.RUNNING)
    return Job.objects.filter(due).count()


def finish() -> float:
    """Wait until no job is left; how many seconds that took."""
    began = time.monotonic()
    while left():
        assert time.monotonic() < began + PATIENCE_SECONDS, "jobs do not come to an end"
        time.sleep(0.1)
    return time.monotonic() - began


def alone(folder: Path) -> float:
    """File enquiries one at a time; the longest time from one's receipt until it was looked for."""
    from reknit.intake import enquiries
    from reknit.queue.models import Job, JobState
    from reknit.vocabulary import PUBLIC
    from tests.staff import office

    slowest = 0.0
    for row in asked_of(folder / "sought.csv")[:ALONE]:
        began = time.monotonic()
        taken = enquiries.accept(PUBLIC, office(), row, {"seeker_name": "Amal Haddad"}, {})
        job = Job.objects.filter(key=f"candidates {taken.enquiry.id}")
        while not job.filter(state=JobState.DONE).exists():
            assert time.monotonic() < began + PATIENCE_SECONDS, "nobody looks for them"
            time.sleep(0.02)
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def wait() -> None:
    """Wait until the keeper's index is built."""
    from reknit.guard import searching

    until = time.monotonic() + 120
    while not searching.is_ready():
        assert time.monotonic() < until, "the index is not built after two minutes"
        time.sleep(0.1)


def main(arguments: list[str]) -> None:
    """One step, in a process of the installation that the environment names."""
    from reknit.cli.application import start_django

    start_django(Path(os.environ["REKNIT_DATA"]))
    match arguments:
        case ["prepare", folder, data]:
            prepare(Path(folder), Path(data))
        case ["count", load]:
            count(load)
        case ["wait"]:
            wait()
        case ["left"]:
            print(left())
        case ["finish"]:
            print(finish())
        case ["alone", folder]:
            print(alone(Path(folder)))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
