"""`reknit lock`: under threat, drop keys and index and end all sessions."""

from __future__ import annotations

from pathlib import Path

import click

from reknit.cli.application import because_option, data_option, operator_option, start_django
from reknit.cli.failures import RefusalError


@click.command("lock", short_help="Under threat: drop keys and index, end all sessions.")
@data_option
@operator_option
@because_option("threat")
def command(data: Path | None, as_email: str | None, because: str) -> None:
    """Lock the installation at once; `reknit keys unlock` opens it again.

    The keeper ends with keys and index, all sessions end, and nothing opens any more, also after
    a restart of the machine. Takes no confirmation, and waits for no database: who locked and why
    is noted at once, and in the audit log once the keys are open again.
    """
    start_django(data, initialise=False)
    from django.db import Error

    from reknit.config import Config
    from reknit.guard.lockdown import drop_keys, end_sessions
    from reknit.guard.operations import Because, Operation, note

    config = Config.read()
    if not config.run.is_dir():
        raise RefusalError(f"{config.data}: no installation here; name its folder with --data.")
    running = drop_keys(config.run)
    click.echo("Locked: " + ("keys and index are gone." if running else "no keeper was running."))
    operation = Operation("installation:lock", as_email, Because(because))
    operation.says(keeper_ran=running)
    try:
        note(config.run, operation)
    except OSError as failure:
        click.echo(f"It could not be noted for the audit: {failure.strerror}.", err=True)
    try:
        users = end_sessions()
    except Error as failure:
        raise RefusalError(
            f"the keys are gone, but the sessions could not be ended ({type(failure).__name__}): "
            "stop 'reknit serve'."
        ) from None
    click.echo(f"The sessions of {users} users have ended.")
