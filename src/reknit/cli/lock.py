"""`reknit lock`: under threat, drop keys and index and end all sessions."""

from __future__ import annotations

from pathlib import Path

import click

from reknit.cli.application import data_option, start_django
from reknit.cli.failures import RefusalError


@click.command("lock", short_help="Under threat: drop keys and index, end all sessions.")
@data_option
def command(data: Path | None) -> None:
    """Lock the installation at once; `reknit keys unlock` opens it again.

    The keeper ends with keys and index, all sessions end, and nothing opens any more, also after
    a restart of the machine. Takes no confirmation.
    """
    start_django(data, initialise=False)
    from django.db import Error

    from reknit.config import Config
    from reknit.guard.lockdown import drop_keys, end_sessions

    config = Config.read()
    if not config.run.is_dir():
        raise RefusalError(f"{config.data}: no installation here; name its folder with --data.")
    running = drop_keys(config.run)
    click.echo("Locked: " + ("keys and index are gone." if running else "no keeper was running."))
    try:
        users = end_sessions()
    except Error as failure:
        raise RefusalError(
            f"the keys are gone, but the sessions could not be ended ({type(failure).__name__}): "
            "stop 'reknit serve'."
        ) from None
    click.echo(f"The sessions of {users} users have ended.")
