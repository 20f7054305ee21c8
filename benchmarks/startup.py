"""How long a person waits for `reknit --help`, in a fresh process, beside Python doing nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.targets import SECONDS

NAME = "start-up"
TURNS = 10


def run(bench: Bench) -> Iterator[Figure]:
    """The median of ten, each a new process, after one that warms the disk."""
    contestants = {OURS: bench.reknit("--help"), "python -c pass": [sys.executable, "-c", "pass"]}
    for contestant, command in contestants.items():
        subprocess.run(command, capture_output=True, check=True)
        yield Figure(NAME, contestant, SECONDS, median(_timed(command) for _ in range(TURNS)))


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started
