"""`reknit explain`: the evidence for one pair, as a waterfall and in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.arguments import EXISTING_FILE, model_option, places_option
from reknit.cli.failures import RefusalError
from reknit.cli.places import open_places
from reknit.cli.progress import progress_shown
from reknit.cli.tables import read_and_report

if TYPE_CHECKING:
    from reknit.exchange import PeopleTable


@click.command("explain", short_help="Show the evidence for one pair.")
@click.argument("sought", type=EXISTING_FILE)
@click.argument("found", type=EXISTING_FILE)
@click.argument("sought_id")
@click.argument("found_id")
@model_option
@places_option
def command(
    sought: Path,
    found: Path,
    sought_id: str,
    found_id: str,
    model: Path | None,
    places: Path | None,
) -> None:
    """Explain how SOUGHT_ID in SOUGHT compares with FOUND_ID in FOUND.

    Each line is one question and its weight: log2, so that each whole unit doubles the odds that
    the two are one person, or halves them below zero. Without --model the model is estimated from
    the two files, as `reknit match` does, so that both say the same.
    """
    from reknit.cli.waterfall import draw
    from reknit.matching import Model, explain_pair, train

    people_sought, people_found = read_and_report(sought), read_and_report(found)
    one = _row(people_sought, sought, sought_id)
    other = _row(people_found, found, found_id)
    gazetteer = open_places(places)
    with progress_shown() as progress:
        chosen = (
            Model.load(model)
            if model is not None
            else train(
                people_sought.rows, people_found.rows, gazetteer=gazetteer, progress=progress
            )
        )
    explained = explain_pair(one, other, chosen, among=people_found.rows, gazetteer=gazetteer)
    draw(sought_id, found_id, explained)


def _row(table: PeopleTable, path: Path, record_id: str) -> dict[str, object]:
    rows = table.rows.filter(person_record_id=record_id.strip())
    if rows.height == 0:
        raise RefusalError(
            f"{path}: no usable row has the person_record_id {record_id!r}. "
            "Take the id as the file writes it."
        )
    return rows.row(0, named=True)
