"""People tables in, and what was met in them said on stderr."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reknit.cli.outputs import Outputs

if TYPE_CHECKING:
    from reknit.exchange import Finding, PeopleTable

SHOWN_FINDINGS = 20
NAMED_VALUES = 3
_DIGITS = re.compile(r"\d+")


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

    The same thing met again is counted, and some of its other values are named; after 20 kinds
    the rest is counted.
    """
    kinds: dict[tuple[bool, str, str], list[Finding]] = {}
    for finding in findings:
        shape = _DIGITS.sub("0", finding.rule.replace(finding.value, ""))
        kinds.setdefault((finding.kept, finding.column, shape), []).append(finding)
    for kind in sorted(kinds, key=lambda kind: kind[0])[:SHOWN_FINDINGS]:
        yield _line(kinds[kind])
    more = len(kinds) - SHOWN_FINDINGS
    if more > 0:
        yield f"… and {more:,} more kinds."


def _line(alike: list[Finding]) -> str:
    first = alike[0]
    place = f"line {first.line}" + (f", {first.column}" if first.column else "")
    value = f"{first.value!r}: " if first.value and first.value not in first.rule else ""
    rule, step = (text.strip().rstrip(".") for text in (first.rule, first.next_step))
    said = f"{place}: {value}{rule}." + (f" {step}." if step else "")
    if len(alike) == 1:
        return said
    others = Counter(one.value for one in alike if one.value not in {first.value, ""})
    named = ", ".join(repr(other) for other, _ in others.most_common(NAMED_VALUES))
    also = f": also {named}" + (", …" if len(others) > NAMED_VALUES else "") if named else ""
    return f"{said} ({len(alike) - 1:,} more{also})"
