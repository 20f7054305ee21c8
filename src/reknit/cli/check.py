"""`reknit check`: what is misconfigured, and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from reknit.cli.application import data_option, start_django
from reknit.cli.arguments import json_option
from reknit.cli.failures import RefusalError


@click.command("check", short_help="Look for what is misconfigured.")
@data_option
@json_option
def command(data: Path | None, as_json: bool) -> int:
    """Check the installation itself; changes nothing, and ends with 1 where something is to mend.

    Looks at file modes, the key ring and where it lies, the keeper, what the databases promise, the
    disk, swap, the clock, how strangers reach the application, and how old the last backup is.
    """
    start_django(data, initialise=False)
    from reknit.config import Config
    from reknit.guard.checks import CHECKS

    config = Config.read()
    if not config.run.is_dir():
        raise RefusalError(f"{config.data}: no installation here; name its folder with --data.")
    findings = {name: list(look(config)) for name, look in CHECKS.items()}
    if as_json:
        said = [{"check": name, **asdict(one)} for name, found in findings.items() for one in found]
        click.echo(json.dumps({"findings": said}, indent=2))
    else:
        for name, found in findings.items():
            click.echo(f"{'mend' if found else 'good'}  {name}")
            for one in found:
                click.echo(f"      {one.place}: {one.wrong}. To mend it: {one.mend}.")
    return 1 if any(findings.values()) else 0
