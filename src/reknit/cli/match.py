"""`reknit match`: for each person sought, the ranked candidates among the found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from reknit.cli.arguments import (
    EXISTING_FILE,
    OutputFile,
    OutputTable,
    keeps_evidence,
    model_option,
    places_option,
    top_option,
)
from reknit.cli.failures import RefusalError
from reknit.cli.outputs import outputs
from reknit.cli.places import open_places
from reknit.cli.progress import progress_shown
from reknit.cli.tables import read_and_report, write_set_aside

if TYPE_CHECKING:
    import polars as pl

    from reknit.exchange import PeopleTable
    from reknit.matching import MatchResult
    from reknit.report.from_match import InputFile

LIKELY = 0.5


@click.command("match", short_help="Find the people sought among the found.")
@click.argument("sought", type=EXISTING_FILE)
@click.argument("found", type=EXISTING_FILE)
@click.option(
    "--out",
    type=OutputTable(),
    required=True,
    metavar="MATCHES",
    help="Where to write the candidates: .csv, .jsonl (with evidence) or .parquet.",
)
@top_option
@click.option(
    "--min-probability",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out candidates below this probability.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where to compute; spark is not built yet.",
)
@model_option
@places_option
@click.option(
    "--report",
    type=OutputFile(".html"),
    metavar="FILE.html",
    help="Also write a page that shows the run; it works offline.",
)
@click.option(
    "--truth",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The pairs known to be true (sought_id, found_id), to be shown in the report.",
)
def command(
    sought: Path,
    found: Path,
    out: Path,
    top: int,
    min_probability: float,
    engine: str,
    model: Path | None,
    places: Path | None,
    report: Path | None,
    truth: Path | None,
) -> None:
    """Find the people in SOUGHT among those in FOUND.

    Writes, for each person sought, the ranked candidates with a probability and, in JSON Lines,
    the evidence in sentences. No labels are needed: the model is estimated from the two files
    unless --model gives one. One found row may match several sought rows, and the other way round.
    """
    if engine == "spark":
        raise RefusalError(
            "--engine spark is not built yet. Leave it out to match on this machine."
        )
    if truth is not None and report is None:
        raise click.UsageError("--truth is shown in the report: add --report FILE.html")
    started = perf_counter()
    from reknit.exchange import read_pairs, write_table
    from reknit.matching import Model, match

    pairs = read_pairs(truth, ("sought_id", "found_id")) if truth is not None else None
    people_sought, people_found = read_and_report(sought), read_and_report(found)
    chosen = Model.load(model) if model is not None else None
    gazetteer = open_places(places)
    with progress_shown() as progress:
        result = match(
            people_sought.rows,
            people_found.rows,
            model=chosen,
            top=top,
            min_probability=min_probability,
            gazetteer=gazetteer,
            progress=progress,
        )
    listed = result.table_with_evidence() if keeps_evidence(out) else result.table
    with outputs() as files:
        write_table(listed, files.place(out))
        if report is not None:
            _write_report(
                result,
                _input_file(sought, people_sought),
                _input_file(found, people_found),
                pairs,
                perf_counter() - started,
                files.place(report),
            )
        write_set_aside(people_sought, out, "sought", files)
        write_set_aside(people_found, out, "found", files)
    click.echo(_summary(result.table, people_sought.rows.height, people_found.rows.height, out))


def _input_file(path: Path, table: PeopleTable) -> InputFile:
    """What the page says of a file: rows set aside, and fields that became unknown."""
    from reknit.report.from_match import InputFile

    lost = sum(not finding.kept for finding in table.findings)
    return InputFile(path.name, table.rejected.height, lost)


def _write_report(
    result: MatchResult,
    sought: InputFile,
    found: InputFile,
    truth: pl.DataFrame | None,
    seconds: float,
    path: Path,
) -> None:
    """The page that shows the run."""
    from reknit.report import write_report
    from reknit.report.from_match import report_of_match

    now = datetime.now(UTC)
    data = report_of_match(result, sought, found, created_at=now, seconds=seconds, truth=truth)
    write_report(data, path)


def _summary(listed: pl.DataFrame, sought: int, found: int, out: Path) -> str:
    """The run in a sentence: how many people have a likely candidate, a doubtful one, none."""
    import polars as pl

    best = listed.group_by("sought_id").agg(probability=pl.col("probability").max())["probability"]
    likely = int((best >= LIKELY).sum())
    return (
        f"{sought:,} people sought among {found:,} found: {likely:,} have a likely candidate "
        f"(probability {LIKELY} or more), {best.len() - likely:,} only doubtful ones, "
        f"{sought - best.len():,} none. The candidates: {out}"
    )
