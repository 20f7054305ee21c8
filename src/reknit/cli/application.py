"""What every command on the application's data shares: `--data`, and a Django that is ready.

Rules: `--data DIR` goes before REKNIT_DATA, that before ./reknit-data; the first command
initialises an empty folder; every command on the database names who acts (`--as`) and why.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reknit.cli.failures import RefusalError

if TYPE_CHECKING:
    from reknit.records.models import User

Command = TypeVar("Command", bound=Callable[..., Any])

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder with database, files and keys; else REKNIT_DATA, else ./reknit-data.",
)
as_option = click.option(
    "--as", "as_email", required=True, metavar="EMAIL", help="Who acts: a member of staff."
)
purpose_option = click.option(
    "--purpose", required=True, metavar="TEXT", help="Why; it is written into the audit."
)


operator_option = click.option(
    "--as",
    "as_email",
    metavar="EMAIL",
    help="Who acts; unless said, the account of this system that runs the command.",
)


def because_option(usual: str) -> Callable[[Command], Command]:
    """Why a command on the whole installation is run, as a code of the audit log."""
    return click.option(
        "--because",
        type=click.Choice(
            ["routine", "set_up", "threat", "holder_changed", "copy_astray", "lost", "drill"]
        ),
        default=usual,
        show_default=True,
        help="Why; it is written into the audit.",
    )


def write_operations(run: Path) -> None:
    """Let the audit log take in what was noted; say so where it has to wait."""
    from reknit.guard import operations

    if operations.write(run):
        click.echo(
            "It is noted, and will be in the audit log once the installation is open.", err=True
        )


def name_data(data: Path | None) -> None:
    """Let the settings, and every process started from here, find the data folder."""
    if data is not None:
        os.environ["REKNIT_DATA"] = str(data.expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reknit.settings")


def start_django(data: Path | None, *, initialise: bool = True) -> None:
    """Set Django up on the data folder; an empty one gets its folders, keys and tables first.

    initialise: False leaves a folder that is not there as it is (and most commands then refuse).
    Raises RefusalError where the server part is not installed.
    """
    if importlib.util.find_spec("django") is None:
        raise RefusalError(
            "the application is not installed here. Run: pip install 'reknit[server]'"
        )
    name_data(data)
    from reknit.config import Config

    config = Config.read()
    if initialise:
        config.initialise()
    import django

    django.setup()
    if initialise:
        from reknit.records.installation import prepare

        prepare(config)


def staff_named(email: str) -> User:
    """The active member of staff with this address. Raises RefusalError for any other."""
    from reknit.records.models import User

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise RefusalError(
            f"--as {email}: no active member of staff has this address. "
            "Add one with 'reknit users add'."
        )
    return user
