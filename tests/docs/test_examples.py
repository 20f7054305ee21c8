"""Every example in the documentation and the README runs and prints what it says it prints.

In a block of the language `console`, a line that begins with `$ ` is a command and the lines up
to the next one are what it prints (stdout and stderr together); `…` stands for anything. `reknit`
runs in this process (what works on an installation's data, in one of its own); `cat`, `head`, `ls`
and `wc` as programs. Python blocks run as doctests or as they stand. Blocks of the language `sh`
are for what cannot run in a test, such as an installation.
A block of the language `csv` is saved under the name that the text before it gives (`name.csv`:).
The examples of one page share a folder, which starts empty, and their Python names.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from reknit.cli import run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
APPLICATION = {"audit", "users"}
"""Commands on an installation's data: each a process of its own, on ./reknit-data of the page."""
SETTINGS = {"REKNIT_DATA", "REKNIT_DATABASE"}
PROGRAMS = {"cat", "head", "ls", "wc"}


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it is said to print."""

    command: str
    expected: str


def steps_of(block: str) -> Iterator[Step]:
    """The commands of a console block, each with the lines under it."""
    joined = re.sub(r"\\\n *", "", block)
    assert joined.startswith("$ "), f"a console block begins with a command: {block!r}"
    for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield Step(command, expected)


def run_step(step: Step) -> str | None:
    """None when the command ends well and prints what is said; else what is wrong."""
    line = shlex.split(step.command)
    if line[:1] == ["reknit"] and line[1] in APPLICATION:
        done = subprocess.run(
            [sys.executable, "-m", *line],
            env={name: value for name, value in os.environ.items() if name not in SETTINGS},
            capture_output=True,
            text=True,
            check=False,
        )
        code, printed = done.returncode, done.stdout + done.stderr
    elif line[0] == "reknit":
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard), contextlib.redirect_stderr(heard):
            code = run(line[1:])
        printed = heard.getvalue()
    else:
        assert line[0] in PROGRAMS, f"the documentation may not run {line[0]!r}"
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        code, printed = done.returncode, done.stdout + done.stderr
    if code != 0:
        return f"$ {step.command}\nended with {code}:\n{printed}"
    if not is_as_said(step.expected, printed):
        return f"$ {step.command}\nis said to print:\n{step.expected}\nbut printed:\n{printed}"
    return None


def is_as_said(expected: str, printed: str) -> bool:
    """True when `printed` is `expected`; `…` is any text, and blanks at line ends are free."""
    want, have = (
        "\n".join(line.rstrip() for line in text.strip().splitlines())
        for text in (expected, printed)
    )
    pattern = ".*".join(re.escape(part) for part in re.split(" ?… ?", want))
    return re.fullmatch(pattern, have, re.DOTALL) is not None


def run_console(example: Example) -> str | None:
    """Run a block; the first step that is not as said ends it."""
    return next(filter(None, map(run_step, steps_of(str(example.parsed)))), None)


def save_table(example: Example) -> None:
    """Save a block as the file that the text before it names."""
    named = re.search(r"`([\w.-]+\.csv)`:\n+$", example.document.text[: example.start])
    assert named is not None, "the text before a csv block ends with the file's name: `name.csv`:"
    Path(named[1]).write_text(str(example.parsed), encoding="utf-8")


EXAMPLES = Sybil(
    [
        CodeBlockParser(language="csv", evaluator=save_table),
        CodeBlockParser(language="console", evaluator=run_console),
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_example_is_as_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for example in EXAMPLES.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a … c", "a b c\n", True),
        ("a: …\nc", "a:   \n  b\nc", True),
        ("", "\n", True),
        ("first\n…\nlast", "first\n2\n3\nlast", True),
        ("(1+1)", "(1+1)", True),
        ("(1+1)", "11", False),
        ("", "anything", False),
    ],
)
def test_what_is_printed_must_be_what_is_said(expected: str, printed: str, same: bool) -> None:
    assert is_as_said(expected, printed) is same


def test_a_wrong_example_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ reknit --version\nreknit of long ago\n```\n", encoding="utf-8")
    (example,) = EXAMPLES.parse(page).examples()
    with pytest.raises(Exception, match="reknit of long ago"):
        example.evaluate()
    page.write_text("```console\n$ reknit nosuch\n```\n", encoding="utf-8")
    (example,) = EXAMPLES.parse(page).examples()
    with pytest.raises(Exception, match="ended with 2"):
        example.evaluate()
