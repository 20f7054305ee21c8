"""`reknit backup`: records and keys, in two archives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from reknit.cli.application import (
    because_option,
    data_option,
    operator_option,
    start_django,
    write_operations,
)
from reknit.cli.failures import RefusalError


@click.command("backup", short_help="Back up records and keys, apart.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="The folder to write both archives into.",
)
@data_option
@operator_option
@because_option("routine")
def command(out: Path, data: Path | None, as_email: str | None, because: str) -> None:
    """Write records-TIME.tar and keys-TIME.tar into DIR, while the application serves.

    Keep them on different media: neither opens without the other and the key ring, which is in
    neither. Archives of keys in DIR that are older than 30 days are deleted.
    """
    start_django(data, initialise=False)
    from reknit.guard.operations import Because, begun
    from reknit.records.backup import back_up
    from reknit.settings import CONFIG

    if not CONFIG.run.is_dir():
        raise RefusalError(f"{CONFIG.data}: no installation here; name its folder with --data.")
    with begun(CONFIG.run, "installation:backup", as_email, Because(because)) as operation:
        made = back_up(CONFIG, out, datetime.now(UTC))
        operation.says(state=made.state[:16], pruned=made.pruned)
    click.echo(f"Records: {made.records}\nKeys:    {made.keys}\nState:   {made.state}")
    if made.pruned:
        click.echo(f"Deleted {made.pruned} archives of keys older than 30 days.")
    write_operations(CONFIG.run)
