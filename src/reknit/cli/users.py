"""`reknit users`: who works here, and the one-time links they sign in with first.

Rules: nobody signs up; a link works once and for a day; a disabled account's sessions end at once;
every change is audited, under the name of whoever acts (`--as`), else as the installation's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.application import data_option, start_django
from reknit.vocabulary import Role

if TYPE_CHECKING:
    from reknit.records.models import User

_as_option = click.option(
    "--as", "as_email", metavar="EMAIL", help="Who acts, for the audit; else the installation."
)
_url_option = click.option(
    "--url", metavar="URL", help="Where the application is reached; else http://HOST:PORT."
)


@click.group("users")
def command() -> None:
    """Add staff, list them, disable them, give them a new sign-in link."""


@command.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--office", "office_name", metavar="NAME", help="Made if it is not there yet.")
@click.option("--name", default="", help="How colleagues see them.")
@_as_option
@_url_option
@data_option
def add(
    email: str,
    role: str,
    office_name: str | None,
    name: str,
    as_email: str | None,
    url: str | None,
    data: Path | None,
) -> None:
    """Add EMAIL and print their one-time sign-in link."""
    start_django(data)
    from reknit.guard import staff

    user = staff.add(_actor(as_email), email, Role(role), office_name, name=name)
    _print_link(user, url)


@command.command("reset")
@click.argument("email")
@_as_option
@_url_option
@data_option
def reset(email: str, as_email: str | None, url: str | None, data: Path | None) -> None:
    """Take EMAIL's password and second factors away and print a new sign-in link."""
    start_django(data)
    from reknit.guard import staff

    user = staff.named(email)
    staff.reset(_actor(as_email), user)
    _print_link(user, url)


@command.command("disable")
@click.argument("email")
@_as_option
@data_option
def disable(email: str, as_email: str | None, data: Path | None) -> None:
    """Close EMAIL's account; their sessions end at once."""
    start_django(data)
    from reknit.guard import staff

    staff.set_active(_actor(as_email), staff.named(email), active=False)
    click.echo(f"{email}: disabled; every session has ended.")


@command.command("enable")
@click.argument("email")
@_as_option
@data_option
def enable(email: str, as_email: str | None, data: Path | None) -> None:
    """Open EMAIL's account again."""
    start_django(data)
    from reknit.guard import staff

    staff.set_active(_actor(as_email), staff.named(email), active=True)
    click.echo(f"{email}: may sign in again.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@data_option
def list_users(as_json: bool, data: Path | None) -> None:
    """List staff with role, office and whether they can sign in."""
    start_django(data)
    from reknit.guard import staff

    rows = staff.overview()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo("No staff yet. Add the first: reknit users add EMAIL --role administrator")
    for row in rows:
        click.echo(
            f"{row['email']}\t{row['role']}\t{row['office'] or '-'}\t"
            f"{'active' if row['active'] else 'disabled'}\t"
            f"{'second factor' if row['second_factor'] else 'no second factor yet'}"
        )


def _actor(as_email: str | None) -> User | None:
    from reknit.cli.application import staff_named

    return None if as_email is None else staff_named(as_email)


def _print_link(user: User, url: str | None) -> None:
    from reknit.guard.sign_in_links import sign_in_link
    from reknit.settings import CONFIG

    base = url or f"http://{CONFIG.host}:{CONFIG.port}"
    click.echo(f"{user.email}: {user.role}{f', {user.office.name}' if user.office else ''}.")
    click.echo("One-time sign-in link, good for 24 hours (hand it over by a channel you trust):")
    click.echo(sign_in_link(user, base))
