"""`reknit import`: a people table into the application's database, and back out again."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from reknit.cli.application import (
    as_option,
    data_option,
    purpose_option,
    staff_named,
    start_django,
)
from reknit.cli.arguments import EXISTING_FILE
from reknit.cli.failures import RefusalError
from reknit.cli.progress import progress_shown


class FileOrUndo(click.Group):
    """`reknit import FILE …` is `reknit import file FILE …`, so that `undo` can stand beside it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The first word is a command's name or a file's."""
        if args and args[0] not in self.commands:
            args = ["file", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options may stand before the file."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            args = ["file", *args]
        return super().parse_args(ctx, args)


@click.group("import", cls=FileOrUndo, short_help="Bring a list in, or take it back out.")
def command() -> None:
    """Bring a people table into the application, as the page does: `reknit import FILE …`."""


@command.command("file", short_help="Bring a list in (the word may be left out).")
@click.argument("file", type=EXISTING_FILE)
@click.option("--source", required=True, metavar="NAME", help="The list, desk or organisation.")
@click.option(
    "--kind",
    type=click.Choice(["sought", "found"]),
    default="found",
    show_default=True,
    help="Whether the list names people who are sought or people who were found.",
)
@click.option(
    "--mirrors",
    default="",
    metavar="NAME",
    help="The source that this list copies; the two then count as one. Reknit has to know it.",
)
@as_option
@purpose_option
@data_option
def bring_in(
    file: Path, source: str, kind: str, mirrors: str, as_email: str, purpose: str, data: Path | None
) -> int:
    """Bring FILE in, and show what was read, set aside and doubtful.

    Exit code 1 when rows were set aside; `FILE.rejected.csv` then has them, to be corrected.
    """
    start_django(data)
    from reknit.intake import imports
    from reknit.intake import mirrors as lineage
    from reknit.intake.imports import MOST_COMMAND_BYTES
    from reknit.records.models import AccountKind, BatchState
    from reknit.sealing.durability import require_durable
    from reknit.vocabulary import Purpose

    require_durable()
    actor = staff_named(as_email).as_actor()
    batch = imports.start(
        actor, file.read_bytes(), file.name, source, AccountKind(kind),
        purpose=Purpose.REGISTRATION, why=purpose, most_bytes=MOST_COMMAND_BYTES,
        copies=lineage.named(mirrors) if mirrors.strip() else None,
    )  # fmt: skip
    with progress_shown() as show:
        imports.wait_for(batch, show)
    report = imports.report(actor, batch.id)
    if report.batch.state == BatchState.FAILED:
        raise RefusalError(report.error)
    click.echo(f"Import {report.batch.id}: {report.counted}")
    if report.left:
        click.echo(f"{report.left} on the list before are not on this one.")
    if not report.rejected:
        return 0
    beside = file.with_name(f"{file.name}.rejected.csv")
    beside.write_bytes(report.rejected)
    click.echo(f"Set aside, to be corrected and imported: {beside}")
    return 1


@command.command("undo", short_help="Take an import back.")
@click.argument("batch", type=click.UUID)
@as_option
@purpose_option
@data_option
def take_back(batch: UUID, as_email: str, purpose: str, data: Path | None) -> None:
    """Take the import BATCH back: its people go, what they were before counts again."""
    start_django(data)
    from reknit.intake import imports
    from reknit.sealing.durability import require_durable

    require_durable()
    imports.undo(staff_named(as_email).as_actor(), batch, purpose)
    click.echo(f"Import {batch} was undone.")
