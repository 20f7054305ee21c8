"""Run one command and say, as the last line, how long it took and its peak memory, as JSON.

    python -m benchmarks.measured reknit match sought.csv found.csv --out matches.csv

A process of its own, of the standard library alone: Linux counts what the starting process held
at its peak towards the one it starts, so the one that starts a contestant must be small.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time


def main() -> int:
    """The exit status of the command."""
    started = time.perf_counter()
    status = subprocess.run(sys.argv[1:], check=False).returncode
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured = {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps(measured))
    return status


if __name__ == "__main__":
    sys.exit(main())
