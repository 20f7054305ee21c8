"""A minute of coverage-guided fuzzing (atheris) over what a harness reads.

fuzz_a_minute(Path(__file__).with_name("fuzz_names.py"), tmp_path, "-max_len=256")
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, PATIENCE_S = 60, 600
LEAST_TRIED = 1_000
"""Inputs: fewer, and the harness hardly ran (a quiet core tries tens of thousands)."""


def fuzz_a_minute(harness: Path, folder: Path, *options: str) -> None:
    """Run it in `folder`; no input may fail. options: the harness's own and libFuzzer's."""
    pytest.importorskip("atheris", reason="atheris is not installed: uv sync --group fuzz")
    limits = [f"-max_total_time={SECONDS}", "-print_final_stats=1", "-verbosity=0"]
    run = subprocess.run(
        [sys.executable, str(harness), *options, *limits],
        cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    tried = re.search(r"^stat::number_of_executed_units: (\d+)$", run.stderr, re.MULTILINE)
    assert tried is not None, run.stderr[-4000:]
    assert int(tried[1]) >= LEAST_TRIED
