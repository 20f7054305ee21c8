"""`reknit name`: how two names compare, and why."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reknit.cli.arguments import EXISTING_FILE, OutputTable, json_option
from reknit.cli.outputs import outputs


@click.command("name", short_help="Compare two names in any script.")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option(
    "--pairs",
    type=EXISTING_FILE,
    metavar="FILE",
    help="Compare each row's name1 and name2 instead of A and B.",
)
@click.option(
    "--out",
    type=OutputTable(),
    metavar="FILE",
    help="With --pairs: where to write its rows with their similarity.",
)
@json_option
def command(
    a: str | None, b: str | None, pairs: Path | None, out: Path | None, as_json: bool
) -> None:
    """Compare the names A and B, in any script.

    Prints a similarity from 0 to 1, the probability that they are forms of one name, and why.
    """
    if pairs is None:
        if a is None or b is None or out is not None:
            raise click.UsageError("give two names, or --pairs FILE with --out FILE")
        _compare_two(a, b, as_json)
    else:
        if out is None or a is not None:
            raise click.UsageError("--pairs FILE goes with --out FILE and without two names")
        _compare_rows(pairs, out)


def _compare_two(a: str, b: str, as_json: bool) -> None:
    from reknit.matching import compare_names

    result = compare_names(a, b)
    if as_json:
        figures = {
            "similarity": result.similarity,
            "probability": result.probability,
            "reasons": list(result.reasons),
        }
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    click.echo(f"similarity {result.similarity:.3f}, probability {result.probability:.3f}")
    for reason in result.reasons:
        click.echo(f"  {reason}")


def _compare_rows(pairs: Path, out: Path) -> None:
    import polars as pl

    from reknit.exchange import read_pairs, write_table
    from reknit.matching.names import NamePairs
    from reknit.standardise import standardise_name

    table = read_pairs(pairs, ("name1", "name2"))
    compared = NamePairs()
    similarities = [
        compared.compare(standardise_name(one), standardise_name(other)).similarity
        for one, other in zip(table["name1"].to_list(), table["name2"].to_list(), strict=True)
    ]
    with outputs() as files:
        write_table(table.with_columns(pl.Series("similarity", similarities)), files.place(out))
    click.echo(f"{table.height:,} pairs of names compared: {out}")
