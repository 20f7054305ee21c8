"""What every benchmark is given, and how a contestant is run: as a command of its own.

Rules: contestants read people tables from CSV and write pairs to CSV; the truth stays with the
benchmark. Each is a process of its own, started one at a time, so that its wall time and peak
memory are its own.

    usage = bench.measure(bench.reknit("match", sought, found, "--out", out))
    usage.seconds, usage.peak_mb
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = "reknit"
DISK = "the disk's syncs"
"""No peer: what the machine could do at most."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. Several of one measure (a scenario's seeds) are averaged in the table."""

    benchmark: str
    contestant: str
    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What a contestant took: wall seconds, processor seconds of all its threads, and megabytes
    (10^6 bytes) of memory at its peak."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str

    def figures(self, benchmark: str, contestant: str) -> Iterator[Figure]:
        """All as figures."""
        yield Figure(benchmark, contestant, "wall time, s", self.seconds)
        yield Figure(benchmark, contestant, "processor time, s", self.cpu_seconds)
        yield Figure(benchmark, contestant, "peak memory, MB", self.peak_mb)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the data lies, where to write, how much to do, and which `reknit` is measured.

    prepared: where what takes long to prepare is kept from one run to the next.
    """

    data: Path
    scratch: Path
    quick: bool
    command: str
    records: int | None = None
    prepared: Path | None = None

    def reknit(self, *arguments: object) -> list[str]:
        """The command line of ours."""
        return [self.command, *map(str, arguments)]

    def peer(self, module: str, *arguments: object) -> list[str]:
        """The command line of a module of benchmarks.peers."""
        return [sys.executable, "-m", f"benchmarks.peers.{module}", *map(str, arguments)]

    def measure(self, command: list[str]) -> Usage:
        """Run a contestant to its end. RuntimeError with its last words when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.measured", *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
        output, _, measured = done.stdout.rstrip().rpartition("\n")
        took = json.loads(measured)
        return Usage(took["seconds"], took["cpu_seconds"], took["peak_mb"], output)
