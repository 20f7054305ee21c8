"""Each promise of docs/trust/promises.md is held by tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| \*\*(I\d+)\*\* \| (.+) \| (.+) \|$",
    (ROOT / "docs/trust/promises.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
NAMED = [(row, named) for row, _, tests in ROWS for named in re.findall(r"`([^`]+)`", tests)]


@cache
def names_in(file: str) -> set[str]:
    """The names of a file's tests."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_invariant_has_a_row() -> None:
    assert [row for row, _, _ in ROWS] == [f"I{number}" for number in range(1, 15)]


def test_every_invariant_has_a_test() -> None:
    assert {row for row, _ in NAMED} == {row for row, _, _ in ROWS}


@pytest.mark.parametrize(("row", "named"), NAMED)
def test_each_named_test_exists(row: str, named: str) -> None:
    file, _, name = named.partition("::")
    assert name.startswith("test_"), row
    assert name in names_in(file), f"{row}: {named}"
