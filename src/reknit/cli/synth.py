"""`reknit synth`: invented people, families, lists and their errors."""

from __future__ import annotations

from pathlib import Path

import click

from reknit.cli.outputs import outputs

SCENARIOS = ("crossing", "flood", "earthquake", "latin")


@click.command("synth", short_help="Invent people, families and lists.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--people",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="How many people are sought.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The same seed invents the same people.",
)
@click.option(
    "--scenario",
    type=click.Choice(SCENARIOS),
    default="crossing",
    show_default=True,
    help="What happened, and so who was displaced and who wrote the lists.",
)
def command(folder: Path, people: int, seed: int, scenario: str) -> None:
    """Invent a scenario in DIR: sought.csv, found.csv, truth.csv, messages.csv.

    Nobody in it exists. The same options give the same files, to the byte.
    """
    from reknit.synth import synthesise, write_scenario

    invented = synthesise(people, seed, scenario)
    folder.mkdir(parents=True, exist_ok=True)
    with outputs() as files:
        write_scenario(invented, files.place(folder / "sought.csv").parent)
    click.echo(
        f"{invented.sought.height:,} people sought, {invented.found.height:,} found, "
        f"{invented.truth.height:,} true pairs, {invented.messages.height:,} messages: {folder}"
    )
