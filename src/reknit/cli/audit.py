"""`reknit audit`: verify the log, keep checkpoints of it elsewhere, compare two of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reknit.cli.application import as_option, data_option, staff_named, start_django
from reknit.cli.arguments import EXISTING_FILE, json_option
from reknit.cli.failures import RefusalError

if TYPE_CHECKING:
    from reknit.guard.audit import Checkpoint

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group("audit", short_help="Verify the audit log, keep checkpoints, see who saw whom.")
def command() -> None:
    """The log of every sensitive read and every change.

    A checkpoint is the log's signed head. Kept where nobody of this installation can change it, it
    shows any later edit, deletion, truncation or rewrite.
    """


@command.command("verify", short_help="Check every entry, the tree over them and its signature.")
@click.option(
    "--checkpoint",
    "checkpoints",
    type=EXISTING_FILE,
    multiple=True,
    metavar="FILE",
    help="A checkpoint that was kept elsewhere; may be given several times.",
)
@click.option(
    "--key",
    "key_line",
    metavar="KEY",
    help="The key that 'reknit audit checkpoint' printed, where the key ring is not at hand.",
)
@json_option
@data_option
def verify(
    checkpoints: tuple[Path, ...], key_line: str | None, as_json: bool, data: Path | None
) -> int:
    """Check the whole log. Exit code 1 and one line a finding where something is wrong."""
    import json

    from reknit.cli.progress import progress_shown

    _start(data)
    from reknit.guard import audit

    key = audit.parse_key(key_line)[1] if key_line is not None else None
    kept = [_read(file) for file in checkpoints]
    with progress_shown() as progress:
        verified = audit.verify(kept, key, progress)
    entries = 0 if verified.head is None else verified.head.size
    if as_json:
        said = {"entries": entries, "checkpoints": len(kept), "findings": verified.findings}
        click.echo(json.dumps(said, indent=2))
    else:
        for finding in verified.findings:
            click.echo(finding)
        if verified.is_whole:
            held = f" and hold to {len(kept)} checkpoint{'s' * (len(kept) > 1)}" if kept else ""
            click.echo(f"{entries:,} entries are as they were written{held}.")
            if not kept:
                click.echo(
                    "Without a checkpoint kept elsewhere, an older state put back is not noticed."
                )
    return 0 if verified.is_whole else 1


@command.command("checkpoint", short_help="Write the log's signed head, to keep elsewhere.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where to write it; an existing file is not overwritten.",
)
@click.option(
    "--since",
    type=EXISTING_FILE,
    metavar="FILE",
    help="An older checkpoint; the new one proves that it continues it.",
)
@data_option
def checkpoint(out: Path, since: Path | None, data: Path | None) -> None:
    """Write the log's signed head, and print the key that it is signed with."""
    _start(data)
    from reknit.guard import audit
    from reknit.sealing.holders import current_holder

    made = audit.checkpoint(_read(since) if since is not None else None)
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(str(made))
    except FileExistsError:
        raise RefusalError(f"{out}: is there already; name another file for this one.") from None
    click.echo(f"{made.head.size:,} entries until {_time(made)}: {out}")
    click.echo(f"key: {audit.key_text(made.head.origin, current_holder().verify_key())}")


@command.command("compare", short_help="Check two checkpoints against each other, without the log.")
@click.argument("older", type=EXISTING_FILE)
@click.argument("newer", type=EXISTING_FILE)
@click.option(
    "--key",
    "key_line",
    required=True,
    metavar="KEY",
    help="What 'reknit audit checkpoint' printed.",
)
def compare(older: Path, newer: Path, key_line: str) -> int:
    """Check that the log of NEWER begins with that of OLDER.

    NEWER is a checkpoint made with --since OLDER. Needs no database: for whoever keeps checkpoints.
    """
    start_django(None, initialise=False)
    from reknit.guard import audit

    key = audit.parse_key(key_line)[1]
    first, second = _read(older), _read(newer)
    findings = [
        f"{file}: not signed by this key."
        for file, one in ((older, first), (newer, second))
        if not one.is_signed_by(key)
    ]
    if not findings and not second.continues(first):
        findings.append(
            f"{newer}: does not show that it continues {older}; ask for one made with "
            f"--since {older.name}, and if that cannot be made, the log was rewritten."
        )
    for finding in findings:
        click.echo(finding)
    if not findings:
        click.echo(
            f"The log of {second.head.size:,} entries begins with the {first.head.size:,} of "
            f"{older}."
        )
    return 1 if findings else 0


@command.command("browse", short_help="Who saw or changed whom, when and why.")
@as_option
@click.option("--person", type=click.UUID, metavar="ID", help="Of this account or identity.")
@click.option("--user", "user_email", metavar="EMAIL", help="Done by this member of staff.")
@click.option("--action", default="", metavar="TEXT", help="Beginning so, such as account:")
@click.option("--refused", is_flag=True, help="Refusals only.")
@click.option("--since", type=DAY, metavar="TIME", help="From this day or minute on (UTC).")
@click.option("--until", type=DAY, metavar="TIME", help="Before this day or minute (UTC).")
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=100,
    show_default=True,
    metavar="N",
    help="How many, latest first.",
)
@json_option
@data_option
def browse(
    as_email: str,
    person: object,
    user_email: str | None,
    action: str,
    refused: bool,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    as_json: bool,
    data: Path | None,
) -> None:
    """List entries, latest first; looking is itself an entry.

    For the data-protection officer all of them, for a supervisor those of their office.
    """
    import json
    from datetime import UTC
    from uuid import UUID

    _start(data)
    from reknit.guard import audit

    page = audit.browse(
        staff_named(as_email).as_actor(),
        person=person if isinstance(person, UUID) else None,
        user=None if user_email is None else _user_id(user_email),
        action=action,
        refused=refused,
        since=since and since.replace(tzinfo=UTC),
        until=until and until.replace(tzinfo=UTC),
        limit=limit,
    )
    columns = ("seq", "at", "user_id", "role", "office_id", "action", "kind", "resource_id")
    for entry in page.entries:
        row = {name: getattr(entry, name) for name in (*columns, "purpose", "detail")}
        row["at"] = entry.at.isoformat(timespec="seconds")
        if as_json:
            click.echo(json.dumps({**row, "detail": json.loads(entry.detail)}))
        else:
            click.echo("  ".join("-" if v is None else str(v) for v in row.values()))


def _start(data: Path | None) -> None:
    """Never initialises: a log that is not there is no empty log that holds."""
    start_django(data, initialise=False)
    from reknit.settings import CONFIG

    if not CONFIG.data.is_dir():
        raise RefusalError(f"{CONFIG.data}: no installation is here; say where with --data DIR.")


def _user_id(email: str) -> int:
    """Of staff who left, too."""
    from reknit.records.models import User

    found = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
    if found is None:
        raise RefusalError(f"--user {email}: nobody of this address was ever a member of staff.")
    return found


def _read(file: Path) -> Checkpoint:
    from reknit.guard import audit

    return audit.parse(file.read_text(encoding="utf-8", errors="replace"), str(file))


def _time(made: Checkpoint) -> str:
    from reknit.guard.log.entries import as_time

    return as_time(made.head.at_us).isoformat(timespec="seconds")
