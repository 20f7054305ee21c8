"""A minute of coverage-guided fuzzing over what reads places (make test-long)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("fuzz_places.py")
SECONDS = 60


@pytest.mark.long
def test_no_text_and_no_file_of_places_breaks_the_gazetteer(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: uv sync --group fuzz")
    limits = [f"-max_total_time={SECONDS}", "-max_len=256", "-verbosity=0"]
    command = [sys.executable, str(HARNESS), *limits]
    run = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=10 * SECONDS, check=False
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
