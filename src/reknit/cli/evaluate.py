"""`reknit evaluate`: how good a run was, against a truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.arguments import EXISTING_FILE, json_option

if TYPE_CHECKING:
    import polars as pl

    from reknit.matching.evaluate import MatchEvaluation


@click.command("evaluate", short_help="Count a run against a truth.")
@click.argument("matches", type=EXISTING_FILE)
@click.argument("truth", type=EXISTING_FILE)
@click.option(
    "--sought",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The people sought: the same figures for each script of their names.",
)
@click.option(
    "--found",
    type=EXISTING_FILE,
    metavar="FILE",
    help="The people found: with --sought, for each pair of scripts.",
)
@json_option
def command(
    matches: Path, truth: Path, sought: Path | None, found: Path | None, as_json: bool
) -> None:
    """Count MATCHES against TRUTH, a table of sought_id and found_id.

    Prints precision, recall (of all pairs in TRUTH) and F1 at probability 0.5 and at the best
    threshold, how often a true person stands first or among the first five, and the expected
    calibration error. Takes the CLUSTERS of `reknit dedupe` too, with a TRUTH of
    person_record_id and cluster_id.
    """
    if found is not None and sought is None:
        raise click.UsageError("--found needs --sought as well")
    from reknit.cli import figures
    from reknit.exchange import read_pairs
    from reknit.matching.evaluate import evaluate_by_script, evaluate_clusters, evaluate_matches

    if _has_clusters(truth):
        if sought is not None:
            raise click.UsageError("--sought goes with MATCHES; clusters have no side sought")
        columns = ("person_record_id", "cluster_id")
        clusters = evaluate_clusters(read_pairs(matches, columns), read_pairs(truth, columns))
        shown = figures.clusters_as_json(clusters), figures.clusters_as_text(clusters)
    else:
        listed = _read_matches(matches)
        pairs = read_pairs(truth, ("sought_id", "found_id"))
        whole = evaluate_matches(listed, pairs)
        parts: dict[str, MatchEvaluation] = {}
        if sought is not None:
            others = _scripts(found, "found_id") if found is not None else None
            parts = evaluate_by_script(listed, pairs, _scripts(sought, "sought_id"), others)
        shown = figures.matches_as_json(whole, parts), figures.matches_as_text(whole, parts)
    click.echo(json.dumps(shown[0], ensure_ascii=False, indent=2) if as_json else shown[1])


def _has_clusters(truth: Path) -> bool:
    from reknit.exchange import read_pairs

    columns = {name.strip().lower() for name in read_pairs(truth, ()).columns}
    return "cluster_id" in columns and "sought_id" not in columns


def _read_matches(matches: Path) -> pl.DataFrame:
    """With the rank where the file has one; it then goes before the order of probabilities."""
    import polars as pl

    from reknit.exchange import read_pairs

    table = read_pairs(matches, ("sought_id", "found_id", "probability"))
    if "rank" in table.columns:
        table = table.with_columns(pl.col("rank").cast(pl.Int64))
    return table


def _scripts(people: Path, id_column: str) -> pl.DataFrame:
    """The script of each person's name, by id."""
    import polars as pl

    from reknit.exchange import read_people
    from reknit.standardise.scripts import script_of

    rows = read_people(people).rows
    parts = pl.concat_str("given_name", "family_name", separator=" ")
    whole = pl.when(pl.col("full_name") != "").then(pl.col("full_name")).otherwise(parts)
    named = rows.select(pl.col("person_record_id").alias(id_column), whole.alias("name"))
    scripts = [script_of(name).value for name in named["name"].to_list()]
    return named.select(id_column, pl.Series("script", scripts, pl.String))
