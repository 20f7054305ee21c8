"""`reknit keys`: make the ring, open it, turn it over, get it back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from reknit.cli.application import (
    because_option,
    data_option,
    operator_option,
    start_django,
    write_operations,
)
from reknit.cli.failures import RefusalError
from reknit.cli.progress import progress_shown

if TYPE_CHECKING:
    from reknit.config import Config
    from reknit.guard.keeper.rotating import Rotation
    from reknit.guard.operations import Operation
    from reknit.sealing.ring import KeyRing
    from reknit.sealing.ring_file import RingFile

passphrases_option = click.option(
    "--passphrases-from",
    "passphrases_from",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Passphrases, one a line (- for stdin), instead of asking for them.",
)
holder_option = click.option(
    "--holder",
    "holders",
    multiple=True,
    metavar="NAME",
    help="A key holder, who gives a passphrase; twice for two who must both give theirs.",
)


@click.group("keys", short_help="Make, open, rotate and recover the key ring.")
def command() -> None:
    """Look after the key ring, which opens everything that is stored."""


@command.command("init", short_help="Make the key ring, or wrap it anew.")
@data_option
@holder_option
@passphrases_option
@click.option("--no-recovery", is_flag=True, help="Make no recovery codes.")
@operator_option
@because_option("set_up")
def init(
    data: Path | None,
    holders: tuple[str, ...],
    passphrases_from: TextIO | None,
    no_recovery: bool,
    as_email: str | None,
    because: str,
) -> None:
    """Make the key ring, in clear or under the passphrases of one or two key holders.

    Where there is one already, it is kept as it is and only wrapped anew. Prints the recovery codes
    (one for each key holder), once: write them down. Stop the application first.
    """
    config = _settings(data)
    if config.keyring.startswith("plug:"):
        raise RefusalError("REKNIT_KEYRING: a plug's keys are made where they live, not here.")
    _check_holders(holders)
    if config.keyring.startswith("env:"):
        _print_for_variable(holders)
        return
    from reknit.sealing import recovery as codes
    from reknit.sealing.ring_file import RingFile

    _refuse_while_serving(config)
    config.initialise()
    file = RingFile(Path(config.keyring.partition(":")[2]))
    given = _Passphrases(passphrases_from)
    ring = _existing(file, given) or _new(config, file)
    printed = [codes.new_code() for _ in holders or ("",)] if not no_recovery else []
    ring = _with_recovery(ring, codes.public_half(printed) if printed else b"")
    chosen = {holder: given.choose(holder) for holder in holders}
    with _begun(config, "keys:init", as_email, because, holders=len(holders)):
        if file.exists():
            file.rewrap(ring, chosen)
        else:
            file.make(ring, chosen)
        if no_recovery:
            file.recovery_path.unlink(missing_ok=True)
    how = f"under the passphrase of {' and '.join(holders)}" if holders else "in clear"
    click.echo(f"The key ring is at {file.path}, {how}.")
    if printed:
        click.echo(
            f"A copy that only these codes open is at {file.recovery_path}; keep it in the backups."
        )
        click.echo("Recovery codes, shown once. Write each on paper, for its holder alone:")
        for holder, code in zip(holders or ("",), printed, strict=True):
            click.echo(f"{holder}: {code}".removeprefix(": "))
    write_operations(config.run)


@command.command("unlock", short_help="Open the key ring.")
@data_option
@passphrases_option
@operator_option
@because_option("routine")
def unlock(
    data: Path | None, passphrases_from: TextIO | None, as_email: str | None, because: str
) -> None:
    """Open a ring that is locked or waits for passphrases.

    With two key holders each may run this for themselves, within ten minutes; the first is told
    whom the ring still waits for.
    """
    config = _settings(data)
    from reknit.guard.keeper.messages import KeeperStatus
    from reknit.sealing import locking
    from reknit.sealing.holders import line_to

    given = _Passphrases(passphrases_from)
    line = line_to(config.run)
    if not line.is_open():
        with _begun(config, "keys:unlock", as_email, because):
            _open_here(config, given)
            locking.unlock(config.run)
        click.echo("Unlocked: it opens when 'reknit serve' starts and the passphrases are given.")
        write_operations(config.run)
        return
    status = line.ask("status", None, KeeperStatus)
    waits_for = status.waits_for
    if status.state == "open":
        click.echo("The key ring is open already.")
        return
    passphrases = given.all_or_one(waits_for)
    with _begun(config, "keys:unlock", as_email, because) as operation:
        missing = line.ask("unlock", passphrases, list[str])
        operation.says(waits_for=len(missing))
    if missing:
        click.echo(f"Taken. The ring still waits for {' and '.join(missing)}.")
        raise SystemExit(1)
    click.echo("Unlocked: the search index is being built.")
    write_operations(config.run)


@command.command("rotate", short_help="Give the ring a new version.")
@data_option
@passphrases_option
@operator_option
@because_option("routine")
def rotate(
    data: Path | None, passphrases_from: TextIO | None, as_email: str | None, because: str
) -> None:
    """Make a new version of the wrapping key and rewrap every data key by it.

    May run while the application serves; one that was cut off goes on where it stopped. The old
    version stays in the ring for 30 days, as long as backups of the key store may need it.
    """
    start_django(data)
    from reknit.config import Config
    from reknit.guard.keeper.messages import Rotated
    from reknit.sealing.holders import line_to

    config = Config.read()
    if config.keyring.startswith("env:") and _turned_variable(config):
        return
    line = line_to(config.run)
    if line.is_open():

        def step(begin: bool) -> Rotated:
            return line.ask("rotate", begin, Rotated)

    else:
        step = _open_here(config, _Passphrases(passphrases_from)).step
    with _begun(config, "keys:rotate", as_email, because) as operation:
        at = step(True)
        total, done = at.left, 0
        with progress_shown() as progress:
            while at.left:
                at = step(False)
                done += at.done
                progress("Rewrapping", done / max(total, 1))
        operation.says(version=at.active, rewrapped=done)
    click.echo(f"Version {at.active} of the ring wraps all data keys ({done:,} rewrapped).")
    write_operations(config.run)


@command.command("recover", short_help="Get the ring back with the recovery codes.")
@data_option
@click.option(
    "--from",
    "copy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The copy that the codes open; the one beside the ring unless said.",
)
@click.option(
    "--codes-from",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Recovery codes, one a line (- for stdin), instead of asking for them.",
)
@holder_option
@passphrases_option
@operator_option
@because_option("lost")
def recover(
    data: Path | None,
    copy: Path | None,
    codes_from: TextIO | None,
    holders: tuple[str, ...],
    passphrases_from: TextIO | None,
    as_email: str | None,
    because: str,
) -> None:
    """Write the key ring anew from the copy that the recovery codes open.

    For a lost ring file or forgotten passphrases. An old ring file is set aside, not deleted. Stop
    the application first.
    """
    config = _settings(data)
    _refuse_while_serving(config)
    _check_holders(holders)
    from reknit.sealing.ring_file import RingFile
    from reknit.sealing.rotation import versions_in_use

    kind, _, place = config.keyring.partition(":")
    if kind != "file":
        raise RefusalError("REKNIT_KEYRING: only a ring in a file has recovery codes.")
    file = RingFile(Path(place))
    codes = _lines(codes_from) if codes_from else _asked_codes()
    with _begun(config, "keys:recover", as_email, because, holders=len(holders)):
        ring = file.recover(codes, copy)
        missing = versions_in_use() - set(ring.wrapping)
        if missing:
            raise RefusalError(
                f"{copy or file.recovery_path}: this copy is older than the key store (version "
                f"{max(missing)} is missing); use a newer one."
            )
        given = _Passphrases(passphrases_from)
        chosen = {holder: given.choose(holder) for holder in holders}
        if file.exists():
            file.path.replace(file.path.with_name(f"{file.path.name}.before-recovery"))
        file.make(ring, chosen)
    click.echo(f"The key ring is back at {file.path}.")
    write_operations(config.run)


class _Passphrases:
    """Passphrases out of a file, one after the other, or asked for at the terminal."""

    def __init__(self, file: TextIO | None) -> None:
        self._said = None if file is None else _lines(file)

    def choose(self, holder: str) -> str:
        """A new one of a holder, asked for twice."""
        if self._said is not None:
            return self._next(holder)
        return str(
            click.prompt(
                f"New passphrase of {holder}", hide_input=True, confirmation_prompt=True, err=True
            )
        )

    def ask(self, holder: str) -> str:
        """The one that a holder has."""
        if self._said is not None:
            return self._next(holder)
        return str(click.prompt(f"Passphrase of {holder}", hide_input=True, err=True))

    def all_or_one(self, holders: Sequence[str]) -> list[str]:
        """All that a file has; at a terminal those of the holders who are there."""
        if self._said is not None:
            return self._said
        given = [
            click.prompt(
                f"Passphrase of {holder} (empty when not here)",
                hide_input=True, default="", show_default=False, err=True,
            )
            for holder in holders
        ]  # fmt: skip
        return [passphrase for passphrase in given if passphrase]

    def _next(self, holder: str) -> str:
        if not self._said:
            raise RefusalError(f"--passphrases-from: no line is left for {holder}; add one.")
        return self._said.pop(0)


def _lines(file: TextIO) -> list[str]:
    return [line.rstrip("\r\n") for line in file if line.strip()]


def _asked_codes() -> list[str]:
    codes: list[str] = []
    while code := click.prompt(
        "Recovery code (empty when that was all)", default="", show_default=False, err=True
    ):
        codes.append(str(code))
    return codes


def _settings(data: Path | None) -> Config:
    start_django(data, initialise=False)
    from reknit.config import Config

    return Config.read()


def _begun(
    config: Config, action: str, as_email: str | None, because: str, **detail: object
) -> AbstractContextManager[Operation]:
    from reknit.guard.operations import Because, begun

    return begun(config.run, action, as_email, Because(because), **detail)


def _check_holders(holders: Sequence[str]) -> None:
    from reknit.sealing.passphrases import MOST_HOLDERS

    if len(holders) > MOST_HOLDERS or len(set(holders)) < len(holders):
        raise click.UsageError("--holder: one key holder, or two of different names")


def _refuse_while_serving(config: Config) -> None:
    from reknit.sealing.holders import line_to

    if line_to(config.run).is_open():
        raise RefusalError(f"{config.data}: the application runs; stop 'reknit serve' first.")


def _existing(file: RingFile, given: _Passphrases) -> KeyRing | None:
    """The ring that is there already, opened."""
    if not file.exists():
        return None
    return file.open([given.ask(holder) for holder in file.holders()]).ring


def _new(config: Config, file: RingFile) -> KeyRing:
    from reknit.records.installation import never_used
    from reknit.sealing.ring import KeyRing

    if not never_used():
        raise RefusalError(
            f"{file.path}: the key ring of this installation is lost, and a new one would open "
            "nothing. Restore it, or run 'reknit keys recover'."
        )
    return KeyRing.new()


def _with_recovery(ring: KeyRing, public: bytes) -> KeyRing:
    from dataclasses import replace

    return replace(ring, recovery=public)


def _print_for_variable(holders: Sequence[str]) -> None:
    import base64

    from reknit.sealing.ring import KeyRing

    if holders:
        raise RefusalError("--holder: only a ring in a file is wrapped by passphrases.")
    click.echo(base64.b64encode(KeyRing.new().to_json()).decode())
    if sys.stdout.isatty():
        click.echo("Put this into the variable that REKNIT_KEYRING names.", err=True)


def _turned_variable(config: Config) -> bool:
    """Print the ring of a variable with one more version; False while data keys wait for that."""
    import base64
    from datetime import UTC, datetime

    from reknit.sealing.rotation import left, versions_in_use
    from reknit.sealing.sources import Variable

    ring = Variable(config.keyring.partition(":")[2]).open()
    if left(ring.active):
        return False
    today = datetime.now(UTC).date()
    turned = ring.without_old(today, versions_in_use()).rotated(today)
    click.echo(base64.b64encode(turned.to_json()).decode())
    click.echo(
        "Put this into the variable, start the application again, and run this command once more.",
        err=True,
    )
    return True


def _open_here(config: Config, given: _Passphrases) -> Rotation:
    """What the keeper would hold, in this process: it opens the ring, or LockedError."""
    from reknit.guard.keeper.rotating import Rotation
    from reknit.sealing.ring_file import RingFile
    from reknit.sealing.sources import source_of

    source = source_of(config.keyring)
    holders = source.holders() if isinstance(source, RingFile) else []
    return Rotation(source, source.open([given.ask(holder) for holder in holders]))
