"""The reference of settings has a heading for each setting that the code reads, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
INSIDE = {"REKNIT_BENCH_DATA"}
"""Of the benchmarks, not of the application."""


def settings_of_the_code() -> set[str]:
    """Every variable of ours that is named as a whole string somewhere in the code."""
    files = [*(ROOT / "src" / "reknit").rglob("*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(r'"(REKNIT_[A-Z_]+)"', text)) - INSIDE


def test_each_setting_has_a_heading_and_no_heading_is_without_a_setting() -> None:
    headings = re.findall(r"^## `(REKNIT_[A-Z_]+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(settings_of_the_code())
