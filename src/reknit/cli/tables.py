"""People tables in, and what was met in them said on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from reknit.exchange import PeopleTable

SHOWN_FINDINGS = 20


def read_and_report(path: Path) -> PeopleTable:
    """The people in `path`; stderr hears what was read and the first of what was doubtful."""
    from reknit.exchange import read_people

    table = read_people(path)
    click.echo(f"{path.name}: {table.summary()}", err=True)
    for finding in table.findings[:SHOWN_FINDINGS]:
        place = f"{path.name}, line {finding.line}, {finding.column or 'the whole line'}"
        said = f"  {place}: {finding.value!r}: {finding.rule}. {finding.next_step}"
        click.echo(said.rstrip(". ") + ".", err=True)
    more = len(table.findings) - SHOWN_FINDINGS
    if more > 0:
        click.echo(f"  … and {more:,} more of the like.", err=True)
    return table
