"""`reknit messages`: read incoming messages, and learn from labelled ones."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reknit.cli.application import as_option, data_option, purpose_option, staff_named, start_django
from reknit.cli.arguments import EXISTING_FILE
from reknit.cli.failures import REFUSED, RefusalError
from reknit.cli.outputs import outputs
from reknit.cli.progress import ShowProgress, progress_shown

if TYPE_CHECKING:
    from reknit.exchange.messages import MessageRow
    from reknit.language.linear import MessageModel

URGENT = 4
_SHOWN_EVERY = 25


class MessagesFile(click.ParamType[Path]):
    """A JSON Lines file to write, in a folder that is there."""

    name = "file"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; wrong use, before any work, when nothing could be written there."""
        from reknit.exchange import OutputError, check_output_path
        from reknit.exchange.messages import MESSAGE_ENDINGS

        path = Path(str(value))
        try:
            check_output_path(path)
        except OutputError as error:
            self.fail(str(error), param, ctx)
        if path.suffix.lower() not in MESSAGE_ENDINGS:
            self.fail(f"{path}: messages are written as JSON Lines; name it .jsonl", param, ctx)
        return path


class AnyFile(click.ParamType[Path]):
    """A file of any name, in a folder that is there."""

    name = "file"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """The path; wrong use, before any work, when nothing could be written there."""
        path = Path(str(value))
        if path.is_dir():
            self.fail(f"{path}: this is a folder; name a file in it", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"{path}: its folder does not exist; make {path.parent}", param, ctx)
        return path


class InOrder(click.Group):
    """A group that lists its commands as they are met, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the module."""
        return list(self.commands)


@click.group(
    "messages", cls=InOrder, short_help="Read incoming messages, and learn from labelled ones."
)
def command() -> None:
    """Read incoming messages: language, categories, urgency, facts, a summary.

    By rules, offline; every result says which words gave it. Start with
    `reknit messages triage FILE --out FILE`.
    """


@command.command("triage", short_help="Read each message of a table.")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--out",
    type=MessagesFile(),
    required=True,
    metavar="FILE",
    help="Where to write what was read: .jsonl, a line a message.",
)
@click.option(
    "--to",
    "reader",
    default="en",
    show_default=True,
    metavar="LANGUAGE",
    help="The reader's language, for summary and gloss: en, fr, es, ar or uk.",
)
@click.option(
    "--model",
    type=EXISTING_FILE,
    metavar="FILE",
    help="A model that `reknit messages train` wrote, to be used beside the rules.",
)
@click.option(
    "--assisted",
    is_flag=True,
    help="Also ask the model and translators that the settings name; the model is tried first.",
)
def triage_command(file: Path, out: Path, reader: str, model: Path | None, assisted: bool) -> None:
    """Read each message of FILE: language, gloss, categories, urgency, facts, summary.

    FILE is a table with message_id and text and, where known, received_at, channel and
    stated_language. Nothing is decided, and nothing is sent anywhere without --assisted.
    """
    from reknit.exchange.messages import read_messages, write_messages
    from reknit.language.gloss import check_reader

    check_reader(reader)
    trained = _load(model)
    rows = read_messages(file)
    again = len(rows) - len({row.message_id for row in rows})
    if again:
        click.echo(f"  {again:,} messages bear an id that another has too; all are read", err=True)
    told: Counter[str] = Counter()
    with progress_shown() as progress:
        results = _read(rows, reader, trained, told, progress, assisted=assisted)
        with outputs() as files:
            count = write_messages(results, files.place(out))
    click.echo(
        f"{count:,} messages read: {told['urgent']:,} urgent ({URGENT} or 5), "
        f"{told['ask']:,} in a language to ask for. {out}"
    )


@command.command("train", short_help="Learn categories from labelled messages.")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--out",
    type=AnyFile(),
    required=True,
    metavar="MODEL",
    help="Where to write the model.",
)
def train_command(file: Path, out: Path) -> None:
    """Learn from FILE, messages with their categories, for `reknit messages triage --model`.

    FILE is a table with text and categories (separated by ";") and, where known, language and
    urgency. A category needs ten messages.
    """
    from reknit.exchange.messages import read_labelled_messages
    from reknit.language import Category
    from reknit.language.linear import URGENT_LABEL
    from reknit.language.training import Labelled, train_model

    rows = read_labelled_messages(file)
    labelled = [Labelled(row.text, row.categories, row.language, row.urgency) for row in rows]
    with progress_shown() as progress:
        trained = train_model(labelled, progress)
    for label, count in sorted(trained.left_out):
        click.echo(f"  {label}: {count:,} messages are too few or all; the rules decide", err=True)
    known = {str(category) for category in Category}
    own = [one for one in trained.model.labels if one not in known and one != URGENT_LABEL]
    if own:
        click.echo(f"  labels of your own, kept as they are: {', '.join(own)}", err=True)
    with outputs() as files:
        trained.model.save(files.place(out))
    click.echo(
        f"{len(labelled):,} messages, {len(trained.model.labels):,} labels learned. "
        f"The model: {out}"
    )


@command.command("try", short_help="Try the model that the settings name against the rules.")
def try_command() -> int:
    """Give the model behind REKNIT_MODEL_URL labelled messages and compare it with the rules.

    It is admitted where it is at least as good in all four figures. Exit 1 where it is refused.
    """
    from functools import partial

    from reknit.cli.assisted import shown, tried
    from reknit.language import triage
    from reknit.places import Gazetteer

    with progress_shown() as progress:
        gazetteer = Gazetteer.open(progress=lambda part, what: progress(what, 0.0))
        verdict = tried(partial(triage, gazetteer=gazetteer), progress)
    click.echo("\n".join(shown(verdict)))
    return 0 if verdict.admitted else REFUSED


def _load(model: Path | None) -> MessageModel | None:
    if model is None:
        return None
    from reknit.language.linear import MessageModel

    return MessageModel.load(model)


def _read(
    rows: Sequence[MessageRow],
    reader: str,
    model: MessageModel | None,
    told: Counter[str],
    progress: ShowProgress,
    *,
    assisted: bool,
) -> Iterator[dict[str, Any]]:
    from functools import partial

    from reknit.adapters.rows import as_row
    from reknit.cli.assisted import assistant_of_settings
    from reknit.language import UNDETERMINED, triage
    from reknit.places import Gazetteer

    progress("Opening the gazetteer", 0.0)
    gazetteer = Gazetteer.open(progress=lambda part, what: progress(what, 0.0))
    rules = partial(triage, reader=reader, gazetteer=gazetteer)
    assistant = assistant_of_settings(reader, rules, progress) if assisted else None
    for number, row in enumerate(rows):
        if number % _SHOWN_EVERY == 0:
            progress("Reading messages", number / len(rows))
        read = rules(
            row.text,
            stated=row.stated_language,
            received=None if row.received_at is None else row.received_at.date(),
            model=model,
        )
        if assistant is not None:
            read = assistant.assist(row.text, read).triage
        told["urgent"] += read.urgency.level >= URGENT
        told["ask"] += read.detection.language == UNDETERMINED
        yield as_row(row.message_id, read)


@command.command("import", short_help="Bring a table of messages into the application.")
@click.argument("file", type=EXISTING_FILE)
@as_option
@purpose_option
@data_option
def import_command(file: Path, as_email: str, purpose: str, data: Path | None) -> None:
    """Keep each message of FILE for the office of whoever acts; the workers read them.

    FILE is a table as for triage. Brought in twice, it is kept once.
    """
    start_django(data)
    from reknit.exchange.messages import read_messages
    from reknit.intake import messages

    user = staff_named(as_email)
    if user.office is None:
        raise RefusalError(f"--as {as_email}: belongs to no office; messages need one.")
    rows = messages.of_table(read_messages(file))
    with progress_shown() as show:
        taken = messages.take(user.as_actor(), user.office, rows, why=purpose, show=show)
    click.echo(f"{len(taken.added):,} messages kept, {taken.known:,} were here already.")


@command.command("fetch", short_help="Fetch e-mails from the mailbox that the settings name.")
@as_option
@purpose_option
@data_option
def fetch_command(as_email: str, purpose: str, data: Path | None) -> None:
    """Keep the unread e-mails of the mailbox in REKNIT_MAILBOX, and mark them as read there.

    Without that setting nothing is connected to. Its password is in REKNIT_MAILBOX_PASSWORD.
    """
    start_django(data)
    from reknit.intake import mailbox
    from reknit.intake.mailbox import Mailbox

    user = staff_named(as_email)
    if user.office is None:
        raise RefusalError(f"--as {as_email}: belongs to no office; messages need one.")
    box = Mailbox.read(os.environ)
    if box is None:
        raise RefusalError(
            "REKNIT_MAILBOX is not set; name the mailbox as imaps://USER@HOST/FOLDER."
        )
    with progress_shown() as show:
        fetched = mailbox.fetch(user.as_actor(), user.office, box, why=purpose, show=show)
    click.echo(
        f"{fetched.added:,} e-mails kept, {fetched.known:,} were here already, "
        f"{len(fetched.refused):,} set aside."
    )
    for line in fetched.refused:
        click.echo(f"  {line}", err=True)
