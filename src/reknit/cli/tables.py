"""People tables in, and what was met in them said on stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reknit.cli.outputs import Outputs

if TYPE_CHECKING:
    from reknit.exchange import Finding, PeopleTable

SHOWN_FINDINGS = 20


def read_and_report(path: Path) -> PeopleTable:
    """The people in `path`; stderr hears what was read and the first of what was doubtful."""
    from reknit.exchange import read_people

    table = read_people(path)
    click.echo(f"{path.name}: {table.summary()}", err=True)
    for line in finding_lines(table.findings):
        click.echo(f"  {line}", err=True)
    return table


def write_set_aside(
    table: PeopleTable, out: Path, side: Literal["sought", "found"], files: Outputs
) -> None:
    """The rows set aside, beside `out`; where there are none, none of an earlier run stay."""
    from reknit.exchange import write_rejected

    if write_rejected(table, files.place(out), side) is None:
        files.remove(out.with_name(f"{out.name}.{side}.rejected.csv"))


def finding_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """A line for each kind of finding, what was lost before what was only remarked on.

    The same thing met again is counted, not said again; after 20 kinds the rest is counted.
    """
    firsts: dict[tuple[bool, str, str, str], Finding] = {}
    met: Counter[tuple[bool, str, str, str]] = Counter()
    for finding in findings:
        kind = (finding.kept, finding.column, finding.value, finding.rule)
        firsts.setdefault(kind, finding)
        met[kind] += 1
    for kind in sorted(firsts, key=lambda kind: kind[0])[:SHOWN_FINDINGS]:
        yield _line(firsts[kind], met[kind] - 1)
    more = len(firsts) - SHOWN_FINDINGS
    if more > 0:
        yield f"… and {more:,} more of other kinds."


def _line(finding: Finding, again: int) -> str:
    place = f"line {finding.line}" + (f", {finding.column}" if finding.column else "")
    value = f"{finding.value!r}: " if finding.value and finding.value not in finding.rule else ""
    times = f" (and {again:,} more)" if again else ""
    rule, step = (text.strip().rstrip(".") for text in (finding.rule, finding.next_step))
    return f"{place}: {value}{rule}{times}." + (f" {step}." if step else "")
