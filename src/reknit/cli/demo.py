"""`reknit demo`: the application with a synthetic scenario, to be looked at on this machine."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path

import click

from reknit.cli.application import data_option, start_django
from reknit.cli.failures import RefusalError
from reknit.cli.progress import progress_shown
from reknit.cli.serve import host_option, port_option

_FOLDER = Path("demo-data")


@click.command("demo", short_help="Try the application with invented people.")
@data_option
@host_option
@port_option
@click.option(
    "--people",
    type=click.IntRange(min=50),
    default=1_000,
    show_default=True,
    help="How many people are sought in the scenario.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The same seed invents the same people.",
)
def command(data: Path | None, host: str | None, port: int | None, people: int, seed: int) -> None:
    """Fill an empty folder with a synthetic scenario, match it, serve it, and say how to sign in.

    Nobody in the scenario exists. Only this machine can reach it. The folder is --data, else
    REKNIT_DATA, else ./demo-data; a folder that a demonstration filled before is served as it is.
    """
    if not _is_loopback(host or "127.0.0.1"):
        raise RefusalError(
            f"--host {host}: a demonstration prints how to sign in, so it answers on this machine "
            "only. Use 'reknit serve' for others to reach it."
        )
    folder = data or Path(os.environ.get("REKNIT_DATA") or _FOLDER)
    os.environ["REKNIT_DEMO"] = "1"
    start_django(folder)
    from reknit.cli.serve import serve
    from reknit.jobs import demo
    from reknit.records.models import User

    if demo.is_empty():
        with progress_shown() as show:
            filled = demo.fill(people, seed, show)
        click.echo(
            f"{filled.sought:,} people sought and {filled.found:,} found, none of them real."
        )
    elif not User.objects.filter(email=f"{demo.STAFF[0][0]}@demo.example").exists():
        raise RefusalError(
            f"{folder}: this folder is no demonstration's. Name another: --data DIR."
        )
    serve(folder, host, port, 2, 1, ready=_say_how_to_sign_in)


def _say_how_to_sign_in(url: str) -> None:
    from reknit.guard.sign_in_links import demo_link
    from reknit.jobs.demo import STAFF
    from reknit.records.models import User

    click.echo("Open one of these, for a day, on this machine:")
    for key, name, role, _ in STAFF:
        user = User.objects.get(email=f"{key}@demo.example")
        click.echo(f"  {name}, {role.value.replace('_', ' ')}: {demo_link(user, url)}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
