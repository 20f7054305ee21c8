"""The commands, each in a module of its own that is loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

from reknit import __version__

COMMANDS = (
    "match",
    "dedupe",
    "train",
    "evaluate",
    "search",
    "explain",
    "name",
    "messages",
    "synth",
    "demo",
    "import",
    "users",
    "audit",
    "serve",
    "worker",
    "keys",
    "lock",
    "check",
    "backup",
    "restore",
)


class LazyCommands(click.Group):
    """A group that finds `reknit NAME` in the module reknit.cli.NAME, as its `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order a newcomer meets them, not the alphabet's."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        # `reknit import` lives in import_.py: Python keeps the word for itself.
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = import_module(f"reknit.cli.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101 - each module's promise, for mypy
        return command


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="reknit %(version)s")
def reknit() -> None:
    """Find who is whom across lists, scripts and spellings, and say why and how sure.

    Start with `reknit match SOUGHT FOUND --out MATCHES`. Tables are CSV, XLSX, Parquet or
    JSON Lines. These commands send nothing anywhere.
    """
