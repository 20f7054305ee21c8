"""`reknit restore`: an installation out of a backup."""

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
from reknit.cli.arguments import EXISTING_FILE
from reknit.cli.failures import RefusalError


@click.command("restore", short_help="Build an installation from a backup.")
@click.argument("records", type=EXISTING_FILE)
@click.argument("keys", type=EXISTING_FILE)
@data_option
@operator_option
@because_option("lost")
def command(
    records: Path, keys: Path, data: Path | None, as_email: str | None, because: str
) -> None:
    """Fill a new data folder from RECORDS and KEYS, the two archives of a backup.

    Put the key ring in its place first. What was erased since the backup is erased again: copy
    DATA/erased of the installation that was, if it is not this one.
    """
    start_django(data, initialise=False)
    from reknit.guard import audit
    from reknit.guard.operations import Because, begun
    from reknit.records.backup import restore
    from reknit.settings import CONFIG

    CONFIG.initialise()
    with begun(CONFIG.run, "installation:restore", as_email, Because(because)) as operation:
        done = restore(records, keys, CONFIG, datetime.now(UTC))
        operation.says(
            state=done.state[:16], as_backed_up=done.as_backed_up, erased_again=done.erased_again
        )
    verdict = audit.verify()
    if verdict.findings:
        raise RefusalError(f"restored, but the audit log does not verify: {verdict.findings[0]}")
    click.echo(f"State: {done.state}")
    click.echo(
        "It is the state that was backed up."
        if done.as_backed_up
        else "It differs from the state that was backed up: use another backup."
    )
    click.echo(f"Erased again: {done.erased_again}. Audit log: verified.")
    write_operations(CONFIG.run)
