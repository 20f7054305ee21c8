"""Each promise of docs/trust/promises.md is held by tests that are there, look at something, and
run each time."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| \*\*([\w-]+)\*\* \| (.+) \| (.+) \| (.+) \|$",
    (ROOT / "docs/trust/promises.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
NAMED = [(row, named) for row, _, _, tests in ROWS for named in re.findall(r"`([^`]+)`", tests)]


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef]:
    """The functions of a file, by name."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def looks_at_something(name: str, file: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a function asserts or expects something, itself or through one of its file's."""
    functions = functions_of(file)
    if name not in functions or name in seen:
        return False
    for node in ast.walk(functions[name]):
        match node:
            case ast.Assert():
                return True
            case ast.Call(func=ast.Attribute(attr="raises" | "to_be_visible" | "to_contain_text")):
                return True
            case ast.Call(func=ast.Name(id=called)) | ast.Name(id=called):
                if looks_at_something(called, file, seen | {name}):
                    return True
    return False


def always_runs(name: str, file: str) -> bool:
    """Whether no mark of its own keeps a test from the run that each change passes."""
    marks = [ast.unparse(mark) for mark in functions_of(file)[name].decorator_list]
    return not any(re.match(r"pytest\.mark\.(long|skip|xfail)", mark) for mark in marks)


def test_every_invariant_has_a_row() -> None:
    invariants = [row for row, *_ in ROWS if row.startswith("I") and row[1:].isdigit()]
    assert invariants == [f"I{number}" for number in range(1, 15)]


def test_every_promise_says_in_which_files_it_is_kept() -> None:
    for row, _, files, _ in ROWS:
        named = re.findall(r"`([^`]+)`", files)
        assert named, row
        for file in named:
            assert (ROOT / "src/reknit" / file).is_file(), f"{row}: {file}"


def test_every_promise_has_a_test() -> None:
    assert {row for row, _ in NAMED} == {row for row, *_ in ROWS}


@pytest.mark.parametrize(("row", "named"), NAMED)
def test_each_named_test_exists_and_looks_at_something(row: str, named: str) -> None:
    file, _, name = named.partition("::")
    assert name.startswith("test_"), row
    assert name in functions_of(file), f"{row}: {named}"
    assert looks_at_something(name, file), f"{row}: {named} asserts nothing"


@pytest.mark.parametrize("row", [row for row, *_ in ROWS])
def test_every_promise_is_held_by_tests_that_run_each_time(row: str) -> None:
    held = [named.partition("::") for invariant, named in NAMED if invariant == row]
    assert [name for file, _, name in held if always_runs(name, file)], row
