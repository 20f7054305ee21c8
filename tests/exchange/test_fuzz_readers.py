"""A minute of fuzzing (atheris): no input makes a reader fail in a way that is not promised."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("fuzz_readers.py")


@pytest.mark.long
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris (group `fuzz`) is not installed"
)
def test_a_minute_of_fuzzing_finds_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, str(HARNESS), str(tmp_path), "-max_total_time=60", "-timeout=20"]
    limits = ["-rss_limit_mb=4096", "-max_len=20000", f"-artifact_prefix={tmp_path}/"]
    run = subprocess.run(command + limits, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-4000:]
