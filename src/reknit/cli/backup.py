"""`reknit backup`: records and keys, in two archives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from reknit.cli.application import data_option, start_django


@click.command("backup", short_help="Back up records and keys, apart.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="The folder to write both archives into.",
)
@data_option
def command(out: Path, data: Path | None) -> None:
    """Write records-TIME.tar and keys-TIME.tar into DIR, while the application serves.

    Keep them on different media: neither opens without the other and the key ring, which is in
    neither. Archives of keys in DIR that are older than 30 days are deleted.
    """
    start_django(data, initialise=False)
    from reknit.guard import audit, commits
    from reknit.guard.audit import Resource
    from reknit.records.backup import back_up
    from reknit.settings import CONFIG
    from reknit.vocabulary import SYSTEM, Purpose

    made = back_up(CONFIG, out, datetime.now(UTC))
    commits.commit(
        lambda: audit.record(
            SYSTEM,
            "installation:backup",
            Resource("installation", "any"),
            Purpose.OPERATIONS,
            state=made.state[:16],
            pruned=made.pruned,
        )
    )
    click.echo(f"Records: {made.records}\nKeys:    {made.keys}\nState:   {made.state}")
    if made.pruned:
        click.echo(f"Deleted {made.pruned} archives of keys older than 30 days.")
