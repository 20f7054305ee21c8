"""A minute of fuzzing over what reads places (make test-long)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing import fuzz_a_minute


@pytest.mark.long
def test_no_text_and_no_file_of_places_breaks_the_gazetteer(tmp_path: Path) -> None:
    fuzz_a_minute(Path(__file__).with_name("fuzz_places.py"), tmp_path, "-max_len=256")
