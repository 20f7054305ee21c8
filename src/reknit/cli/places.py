"""An operator's own places, for the commands that compare where people come from and were seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from reknit.places import Gazetteer

SHOWN_PROBLEMS = 20


def open_places(path: Path | None) -> Gazetteer | None:
    """The gazetteer with the places of `path`, None without one; stderr hears which rows were
    left out."""
    if path is None:
        return None
    from reknit.places import Gazetteer

    gazetteer = Gazetteer.open().with_operator_places(path)
    problems = gazetteer.operator_problems
    for problem in problems[:SHOWN_PROBLEMS]:
        said = f"{path.name}: line {problem.line}: {problem.rule} {problem.next_step}"
        click.echo(f"{said} The row is left out.", err=True)
    if len(problems) > SHOWN_PROBLEMS:
        more = len(problems) - SHOWN_PROBLEMS
        click.echo(f"{path.name}: … and {more:,} more rows left out.", err=True)
    return gazetteer
