"""The keeper over many encrypted people: how fast its index is there, how fast it answers.

An installation of its own is filled with a synthetic scenario's found people; the keeper is a
process of its own and is asked over its socket, as the web workers ask it. A query is a person
sought of the same scenario.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.bench import OURS, ROOT, Bench, Figure
from benchmarks.targets import INDEX_SECONDS, P50, P95, UNWRAPPED_RATE
from reknit.synth import synthesise

NAME = "keeper"
SEED = 47
RECORDS, QUICK_RECORDS = 100_000, 5_000
QUERIES = 300


def run(bench: Bench) -> Iterator[Figure]:
    """The keeper's figures; `--records` sets how many people are found."""
    folder = bench.scratch / NAME
    folder.mkdir(parents=True, exist_ok=True)
    people = bench.records or (QUICK_RECORDS if bench.quick else RECORDS)
    made = synthesise(people=people, seed=SEED, scenario="crossing")
    found, asked = folder / "found.parquet", folder / "asked.parquet"
    made.found.write_parquet(found)
    made.sought.head(QUERIES).write_parquet(asked)
    environment = {
        **os.environ,
        "REKNIT_DATA": str(folder / "data"),
        "REKNIT_OPENED_A_DAY_BY_JOBS": "0",
        "DJANGO_SETTINGS_MODULE": "reknit.settings",
    }
    step = [sys.executable, "-m", "benchmarks.keeper"]
    _run([*step, "fill", str(found)], environment)
    started = time.perf_counter()
    keeper = subprocess.Popen([sys.executable, "-m", "reknit.guard.keeper"], env=environment)
    try:
        figures = json.loads(_run([*step, "ask", str(asked)], environment))
        whole = figures.pop("built_at") - started
    finally:
        keeper.terminate()
        keeper.wait()
    yield Figure(NAME, OURS, "people in the index", figures.pop("people"))
    yield Figure(NAME, OURS, "from start to first answer, s", whole)
    for measure, value in figures.items():
        yield Figure(NAME, OURS, measure, value)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[2:4])} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def fill(found: Path) -> None:
    """Store the people, sealed, as an import would."""
    from django.db import transaction
    from django.utils import timezone

    from reknit.cli.application import start_django

    start_django(None)
    from reknit.records import accounts
    from reknit.records.models import AccountKind, Office, Source

    office = Office.objects.create(name="Benchmark")
    source = Source.objects.create(name="Benchmark", office=office)
    rows = pl.read_parquet(found).drop("last_known_location", "phones", strict=False)
    for batch in rows.fill_null("").iter_slices(5_000):
        with transaction.atomic():
            accounts.add(
                batch.to_dicts(), kind=AccountKind.FOUND, source=source, office=office,
                at=timezone.now(),
            )  # fmt: skip


def ask(asked: Path) -> None:
    """Wait for the index, then ask; prints the figures as JSON."""
    from reknit.guard.keeper.messages import COLUMNS, Hit, KeeperStatus, Question
    from reknit.sealing.holder import WrappedKey
    from reknit.sealing.line import Line

    line = Line(Path(os.environ["REKNIT_DATA"]) / "run")
    while not line.is_open():
        time.sleep(0.02)
    while not (status := line.ask("status", None, KeeperStatus)).index.built:
        time.sleep(0.02)
    built_at = time.perf_counter()
    times = []
    for row in pl.read_parquet(asked).fill_null("").iter_rows(named=True):
        content = {name: str(row[name]) for name in COLUMNS[1:] if name in row}
        before = time.perf_counter()
        line.ask("search", Question("found", content, 10), list[Hit])
        times.append(time.perf_counter() - before)
    keys = line.ask("new_keys", [str(n) for n in range(1_000)], list[tuple[bytes, WrappedKey]])
    wrapped = [key for _, key in keys]
    before, rounds = time.perf_counter(), 20
    for _ in range(rounds):
        line.ask("unwrap", wrapped, list[bytes])
    many = rounds * len(wrapped) / (time.perf_counter() - before)
    before = time.perf_counter()
    for key in wrapped:
        line.ask("unwrap", [key], list[bytes])
    one_by_one = len(wrapped) / (time.perf_counter() - before)
    milliseconds = pl.Series(times) * 1000
    print(
        json.dumps(
            {
                "built_at": built_at,
                "people": status.index.people,
                INDEX_SECONDS: status.index.seconds,
                P50: milliseconds.quantile(0.5),
                P95: milliseconds.quantile(0.95),
                UNWRAPPED_RATE: many,
                "data keys opened a second, one by one": one_by_one,
            }
        )
    )


if __name__ == "__main__":
    {"fill": fill, "ask": ask}[sys.argv[1]](Path(sys.argv[2]))
