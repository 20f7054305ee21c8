"""A minute of fuzzing over every reader of text (make test-long)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing import fuzz_a_minute


@pytest.mark.long
def test_no_text_breaks_a_reader(tmp_path: Path) -> None:
    fuzz_a_minute(Path(__file__).with_name("fuzz_standardise.py"), tmp_path, "-max_len=256")
