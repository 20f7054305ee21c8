"""`reknit search`: an index over people, and each query answered as the online search does."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.arguments import (
    EXISTING_FILE,
    OutputTable,
    json_option,
    keeps_evidence,
    model_option,
    places_option,
    top_option,
)
from reknit.cli.outputs import outputs
from reknit.cli.places import open_places
from reknit.cli.progress import progress_shown
from reknit.cli.tables import read_and_report, write_set_aside

if TYPE_CHECKING:
    import polars as pl

    from reknit.matching import Candidate


@click.command("search", short_help="Search an index, one query at a time.")
@click.argument("people", type=EXISTING_FILE)
@click.option(
    "--queries",
    type=EXISTING_FILE,
    required=True,
    metavar="FILE",
    help="A people table; each row is one search.",
)
@click.option(
    "--out",
    type=OutputTable(),
    required=True,
    metavar="FILE",
    help="Where to write the answers: .csv, .jsonl (with evidence) or .parquet.",
)
@top_option
@model_option
@places_option
@json_option
def command(
    people: Path,
    queries: Path,
    out: Path,
    top: int,
    model: Path | None,
    places: Path | None,
    as_json: bool,
) -> None:
    """Build an index over PEOPLE and answer each row of the queries, one at a time.

    Uses the model shipped with Reknit unless --model gives another. Prints how fast the index was
    built, its size, and the 50th and 95th percentile of the time an answer took.
    """
    import polars as pl

    from reknit.exchange import write_table
    from reknit.matching import Model, PeopleIndex

    table, asked = read_and_report(people), read_and_report(queries)
    chosen = Model.load(model) if model is not None else Model.default()
    gazetteer = open_places(places)
    answers: list[tuple[str, list[Candidate]]] = []
    seconds: list[float] = []
    with progress_shown() as progress:
        started = time.perf_counter()
        index = PeopleIndex.build(table.rows, chosen, gazetteer=gazetteer, progress=progress)
        built = time.perf_counter() - started
        for number, row in enumerate(asked.rows.iter_rows(named=True), 1):
            before = time.perf_counter()
            answers.append((row["person_record_id"], index.search(row, top=top)))
            seconds.append(time.perf_counter() - before)
            progress("Searching", number / asked.rows.height)
    with outputs() as files:
        write_table(_as_table(answers, with_evidence=keeps_evidence(out)), files.place(out))
        write_set_aside(asked, out, "sought", files)
        write_set_aside(table, out, "found", files)
    times = pl.Series(seconds, dtype=pl.Float64)
    figures: dict[str, float | int | None] = {
        "records": table.rows.height,
        "queries": asked.rows.height,
        "records_per_second": round(table.rows.height / built),
        "bytes_per_record": round(index.nbytes / max(table.rows.height, 1)),
        "p50_ms": _milliseconds(times, 0.5),
        "p95_ms": _milliseconds(times, 0.95),
    }
    if as_json:
        click.echo(json.dumps(figures, indent=2))
        return
    click.echo(
        f"{figures['records']:,} records indexed at {figures['records_per_second']:,} a second, "
        f"{figures['bytes_per_record']:,} bytes each; {figures['queries']:,} searches, "
        f"p50 {figures['p50_ms']} ms, p95 {figures['p95_ms']} ms: {out}"
    )


def _as_table(answers: list[tuple[str, list[Candidate]]], *, with_evidence: bool) -> pl.DataFrame:
    """The answers in the columns of MATCHES."""
    import polars as pl

    rows = [(asked, candidate) for asked, found in answers for candidate in found]
    columns: dict[str, list[object]] = {
        "sought_id": [asked for asked, _ in rows],
        "found_id": [one.found_id for _, one in rows],
        "rank": [one.rank for _, one in rows],
        "probability": [one.probability for _, one in rows],
        "match_weight": [one.match_weight for _, one in rows],
    }
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "sought_id": pl.String,
        "found_id": pl.String,
        "rank": pl.Int64,
        "probability": pl.Float64,
        "match_weight": pl.Float64,
    }
    if with_evidence:
        columns["evidence"] = [
            [
                {"field": said.field, "weight": said.weight, "sentence": said.sentence}
                for said in one.evidence
            ]
            for _, one in rows
        ]
        said = pl.Struct({"field": pl.String, "weight": pl.Float64, "sentence": pl.String})
        kinds["evidence"] = pl.List(said)
    return pl.DataFrame(columns, schema=kinds)


def _milliseconds(times: pl.Series, share: float) -> float | None:
    """The `share` quantile in milliseconds; None where nothing was asked."""
    seconds = times.quantile(share)
    return None if seconds is None else round(seconds * 1000, 2)
