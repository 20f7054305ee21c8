"""`reknit train`: a model to use again, from two tables and, where there are some, labels."""

from __future__ import annotations

from pathlib import Path

import click

from reknit.cli.arguments import EXISTING_FILE, OutputFile, places_option
from reknit.cli.outputs import outputs
from reknit.cli.places import open_places
from reknit.cli.progress import progress_shown
from reknit.cli.tables import read_and_report


@click.command("train", short_help="Estimate a model to use again.")
@click.argument("sought", type=EXISTING_FILE)
@click.argument("found", type=EXISTING_FILE)
@click.option(
    "--labels",
    type=EXISTING_FILE,
    metavar="FILE",
    help="Judged pairs: sought_id, found_id, match (1 or 0).",
)
@click.option(
    "--out",
    type=OutputFile(".json"),
    required=True,
    metavar="MODEL",
    help="Where to write the model, a readable .json file.",
)
@places_option
def command(sought: Path, found: Path, labels: Path | None, out: Path, places: Path | None) -> None:
    """Estimate a model from SOUGHT and FOUND, for --model of the other commands."""
    from reknit.exchange import read_pairs
    from reknit.matching import train

    judged = read_pairs(labels, ("sought_id", "found_id", "match")) if labels is not None else None
    people_sought, people_found = read_and_report(sought), read_and_report(found)
    gazetteer = open_places(places)
    with progress_shown() as progress:
        model = train(
            people_sought.rows,
            people_found.rows,
            labels=judged,
            gazetteer=gazetteer,
            progress=progress,
        )
    with outputs() as files:
        model.save(files.place(out))
    click.echo(f"The model: {out}")
