"""The audit log: entries a second, one by one and shared, beside what the disk can do.

Rules: each database is a fresh installation in a process of its own, SQLite with synchronous FULL,
PostgreSQL with fsync on; the disk's own rate (a page of 4,096 bytes appended and synced, again and
again) is measured in the same process, on the same disk, just before. An entry is a whole audited
commit: chained, hashed into the tree, the head signed.

    python -m benchmarks --only audit
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

from benchmarks.bench import DISK, OURS, ROOT, Bench, Figure
from benchmarks.targets import AUDIT, VERIFIED_RATE

sys.path.insert(0, str(ROOT / "tools"))
from with_postgres import binaries, cluster  # type: ignore[import-not-found]

SHARED, ALONE, READS = (
    "entries a second, 16 threads",
    "entries a second, one by one",
    "audited reads a second, 16 threads",
)
THREADS = 16
SECONDS, QUICK_SECONDS = 5.0, 0.5
ENTRIES, QUICK_ENTRIES = 200_000, 2_000
_KEYS = {"alone": ALONE, "shared": SHARED, "reads": READS, "verified": VERIFIED_RATE}


def run(bench: Bench) -> Iterator[Figure]:
    """SQLite, then PostgreSQL where it is installed."""
    yield from _measured(bench, "SQLite", None)
    programs = binaries()
    if programs is not None:
        yield from _measured(bench, "PostgreSQL", programs)


def _measured(bench: Bench, name: str, programs: Path | None) -> Iterator[Figure]:
    data = bench.scratch / f"audit-{name}"
    with cluster(programs) if programs else nullcontext(None) as url:
        environment = {**os.environ, "REKNIT_DATA": str(data), "PYTHONPATH": str(ROOT)}
        environment |= {"REKNIT_QUOTAS": "caseworker=1000000"}
        environment |= {"REKNIT_DATABASE": url} if url else {}
        seconds = QUICK_SECONDS if bench.quick else SECONDS
        entries = QUICK_ENTRIES if bench.quick else ENTRIES
        arguments = ["--seconds", str(seconds), "--entries", str(entries)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.audit", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    rates = json.loads(done.stdout.splitlines()[-1])
    benchmark = f"{AUDIT}, {name}"
    for key, measure in _KEYS.items():
        yield Figure(benchmark, OURS, measure, rates[key])
        if key != "verified":
            yield Figure(benchmark, DISK, measure, rates["disk"])


def main() -> int:
    """Measure the installation that the environment names; a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--entries", type=int, required=True)
    options = parser.parse_args()

    from reknit.cli.application import start_django

    start_django(Path(os.environ["REKNIT_DATA"]))
    from reknit.guard import access, audit, commits
    from reknit.guard.audit import Resource, record
    from reknit.guard.permissions import Permission
    from reknit.vocabulary import SYSTEM, Purpose
    from tests.guard.people import accounts
    from tests.staff import noor

    people, actor = accounts(200), noor().as_actor()
    folder = Path(os.environ["REKNIT_DATA"])

    def entry(number: int) -> None:
        resource = Resource("job", str(number))
        commits.commit(lambda: record(SYSTEM, "job:run", resource, Purpose.OPERATIONS))

    def read(number: int) -> None:
        row = people[number % len(people)]
        access.read(actor, Permission.ACCOUNT_READ, [row], purpose=Purpose.QUALITY)

    for warming in range(20):
        entry(warming)
        read(warming)
    rates = {"disk": syncs(folder / "sync", options.seconds)}
    rates["alone"] = _rate(entry, 1, options.seconds)
    rates["shared"] = _rate(entry, THREADS, options.seconds)
    rates["reads"] = _rate(read, THREADS, options.seconds)
    left = options.entries
    while left > 0:
        part = min(left, 1_000)
        commits.commit(lambda part=part: _fill(part))
        left -= part
    started = time.perf_counter()
    verified = audit.verify()
    seconds = time.perf_counter() - started
    assert verified.is_whole, verified.findings
    assert verified.head is not None
    rates["verified"] = verified.head.size / seconds
    commits.stop()
    print(json.dumps(rates))
    return 0


def _fill(number: int) -> None:
    from reknit.guard.audit import Resource, record
    from reknit.vocabulary import SYSTEM, Purpose

    for row in range(number):
        record(SYSTEM, "account:read", Resource("row", str(row)), Purpose.QUALITY, rows=row)


def _rate(work: Callable[[int], None], threads: int, seconds: float) -> float:
    """How often a second all threads together get it done."""
    counts = [0] * threads
    until = time.perf_counter() + seconds

    def loop(thread: int) -> None:
        while time.perf_counter() < until:
            work(counts[thread] * threads + thread)
            counts[thread] += 1

    running = [threading.Thread(target=loop, args=(thread,)) for thread in range(threads)]
    started = time.perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)


def syncs(file: Path, seconds: float) -> float:
    """Pages appended and synced a second: what a database can commit at most, one by one."""
    page, done = os.urandom(4_096), 0
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        started = time.perf_counter()
        while time.perf_counter() - started < seconds:
            os.write(handle, page)
            os.fdatasync(handle)
            done += 1
        return done / (time.perf_counter() - started)
    finally:
        os.close(handle)
        file.unlink()


if __name__ == "__main__":
    sys.exit(main())
