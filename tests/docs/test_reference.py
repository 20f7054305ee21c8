"""The reference says all that the command line has, and nothing that it has not."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from reknit import matching
from reknit.cli import reknit
from reknit.cli.app import COMMANDS
from reknit.exchange import PEOPLE_COLUMNS

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def command_of(name: str) -> click.Command:
    found: click.Command | None = reknit
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), word)
    assert found is not None
    return found


def all_commands() -> list[str]:
    """Every command, those of a group after the group: `keys`, `keys init`, …"""
    names = []
    for name in COMMANDS:
        names.append(name)
        command = command_of(name)
        if isinstance(command, click.Group):
            names += [f"{name} {inner}" for inner in command.list_commands(click.Context(command))]
    return names


ALL_COMMANDS = all_commands()


def section_of(name: str) -> str:
    """The part of the page under the command's own heading (`##`, in a group `###`)."""
    parts = re.split(r"^###? ", REFERENCE, flags=re.MULTILINE)
    (section,) = [part for part in parts if re.match(rf"`reknit {name}(?![a-z ]*[a-z])", part)]
    return section


def test_the_page_has_a_heading_for_each_command_and_for_no_other() -> None:
    said = re.findall(r"^###? `reknit ([a-z]+(?: [a-z]+)?)", REFERENCE, re.MULTILINE)
    assert said == ALL_COMMANDS


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_the_page_names_each_option_and_no_other(name: str) -> None:
    options = {
        option
        for parameter in command_of(name).params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    table = re.findall(r"^\| `(--[a-z-]+)", section_of(name), re.MULTILINE)
    assert sorted(table) == sorted(options)
    said = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section_of(name)))
    assert said <= options | {"--help"}


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_the_page_says_the_arguments_in_their_order(name: str) -> None:
    arguments = [
        (parameter.metavar or parameter.human_readable_name).upper()
        for parameter in command_of(name).params
        if isinstance(parameter, click.Argument)
    ]
    heading = section_of(name).splitlines()[0]
    assert [word for word in arguments if word in heading.split("--")[0]] == arguments


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_the_page_says_each_default(name: str) -> None:
    for parameter in command_of(name).params:
        if isinstance(parameter, click.Option) and parameter.show_default:
            (row,) = re.findall(rf"^\| `{parameter.opts[0]}.*$", section_of(name), re.MULTILINE)
            default = parameter.default
            shown = (
                f"{default:,}"
                if isinstance(default, int)
                else f"{default:g}"
                if isinstance(default, float)
                else str(default)
            )
            assert f"default {shown}" in row.replace("`", "")


def test_the_reference_of_tables_names_each_column() -> None:
    page = (ROOT / "docs/reference/tables.md").read_text(encoding="utf-8")
    for column in PEOPLE_COLUMNS:
        assert f"`{column}`" in page


def test_the_reference_names_all_that_matching_offers() -> None:
    page = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
    assert set(re.findall(r"reknit\.matching\.([A-Za-z_]+)$", page, re.MULTILINE)) - {
        "evaluate"
    } == set(matching.__all__)


def test_each_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PROSE:
        for target in re.findall(r"`?make ([a-z][a-z-]+)`", page.read_text(encoding="utf-8")):
            assert target in targets, f"{page.name} names make {target}"


def test_each_relative_link_leads_somewhere() -> None:
    for page in PROSE:
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.relative_to(ROOT)} links to {link}"


def test_the_readme_stays_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"<!-- benchmarks -->.*?<!-- /benchmarks -->", "", text, flags=re.DOTALL)
    assert len(text.split()) < 600
