"""A minute of fuzzing over what compares names and numbers (make test-long)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing import fuzz_a_minute


@pytest.mark.long
def test_no_two_texts_break_a_comparison(tmp_path: Path) -> None:
    fuzz_a_minute(Path(__file__).with_name("fuzz_names.py"), tmp_path, "-max_len=256")
