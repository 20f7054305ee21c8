"""`reknit dedupe`: which rows of one table are the same person."""

from __future__ import annotations

from pathlib import Path

import click

from reknit.cli.arguments import EXISTING_FILE, OutputTable, model_option, places_option
from reknit.cli.outputs import outputs
from reknit.cli.places import open_places
from reknit.cli.progress import progress_shown
from reknit.cli.tables import read_and_report, write_set_aside


@click.command("dedupe", short_help="Find the rows that are one person.")
@click.argument("people", type=EXISTING_FILE)
@click.option(
    "--out",
    type=OutputTable(),
    required=True,
    metavar="CLUSTERS",
    help="Where to write the clusters: .csv, .jsonl or .parquet.",
)
@model_option
@places_option
def command(people: Path, out: Path, model: Path | None, places: Path | None) -> None:
    """Find the rows of PEOPLE that are one person.

    Writes person_record_id, cluster_id and probability for every row; the probability is the
    weakest link that holds the row in its cluster, and 1 for a row alone.
    """
    from reknit.exchange import write_table
    from reknit.matching import Model, dedupe

    table = read_and_report(people)
    chosen = Model.load(model) if model is not None else None
    gazetteer = open_places(places)
    with progress_shown() as progress:
        result = dedupe(table.rows, model=chosen, gazetteer=gazetteer, progress=progress)
    with outputs() as files:
        write_table(result.table, files.place(out))
        write_set_aside(table, out, "found", files)
    clusters = result.table.get_column("cluster_id").n_unique()
    click.echo(f"{result.table.height:,} rows are {clusters:,} people: {out}")
