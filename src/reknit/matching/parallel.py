"""All cores for one compiled loop; the answer does not depend on how many there are.

Rule: each index writes only its own part of the output, so chunks may run in any order.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

CORES = max(1, int(os.environ.get("REKNIT_CORES", 0)) or len(os.sched_getaffinity(0)))
SMALL = 64


def in_chunks(kernel: Callable[..., Any], n: int, *arguments: Any) -> None:
    """Run kernel(*arguments, begin, end) over 0..n on all cores; the kernel releases the GIL."""
    if n <= SMALL or CORES == 1:
        kernel(*arguments, 0, n)
        return
    pieces = min(n // SMALL + 1, CORES * 16)
    bounds = [n * piece // pieces for piece in range(pieces + 1)]
    kernel(*arguments, 0, bounds[1])
    with ThreadPoolExecutor(CORES) as pool:
        runs = [pool.submit(kernel, *arguments, begin, end) for begin, end in pairwise(bounds[1:])]
        for run in runs:
            run.result()
