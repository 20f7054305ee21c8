"""`reknit synth`: invented people, families, lists and their errors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("synth", short_help="Invent people, families and lists.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--people",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="How many people to invent.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The same seed invents the same people.",
)
@click.option("--scenario", metavar="NAME", help="Which scenario.")
def command(folder: Path, people: int, seed: int, scenario: str | None) -> None:
    """Invent a scenario in DIR: sought.csv, found.csv, truth.csv, messages.csv.

    Nobody in it exists. The same numbers give the same files.
    """
