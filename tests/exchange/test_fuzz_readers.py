"""A minute of fuzzing: no input makes a reader fail in a way that is not promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing import fuzz_a_minute


@pytest.mark.long
def test_a_minute_of_fuzzing_finds_no_fault(tmp_path: Path) -> None:
    harness = Path(__file__).with_name("fuzz_readers.py")
    limits = ["-timeout=20", "-rss_limit_mb=4096", "-max_len=20000"]
    fuzz_a_minute(harness, tmp_path, str(tmp_path), *limits)
