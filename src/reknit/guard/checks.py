"""What `reknit check` looks at, each a function that gives findings and changes nothing.

Rules: a finding says what is wrong, where, and how to mend it; a check that cannot look says so as
a finding; nothing of people or keys is read.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import Error, connections

from reknit.config import Config
from reknit.guard import operations
from reknit.guard.keeper.messages import KeeperStatus
from reknit.guard.models import Entry
from reknit.records.installation import pending
from reknit.records.models import Account
from reknit.sealing import locking, rotation
from reknit.sealing.durability import weakness
from reknit.sealing.errors import LockedError, NoRingError, SealingError
from reknit.sealing.holders import Status, current_holder, line_to
from reknit.sealing.models import DataKey
from reknit.sealing.ring_file import RingFile

LEAST_COMMITS = 200
"""Commits a second below which the disk, not Reknit, sets the pace (trust.md, test 19)."""
LEAST_FREE = 1_000_000_000
OLDEST_BACKUP_DAYS = 7
_SWAPS, _BLOCK_DEVICES = Path("/proc/swaps"), Path("/sys/block")
_TRIALS = 40
_UNSYNCHRONISED = 5
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where, what is wrong, how to mend it."""

    place: str
    wrong: str
    mend: str


Check = Callable[[Config], Iterator[Finding]]


def file_modes(config: Config) -> Iterator[Finding]:
    """Folders and files are their owner's alone."""
    paths = [config.data, config.run, config.files, config.secret_key_file.parent]
    paths += [config.secret_key_file, *config.data.glob("*.sqlite3*")]
    paths += config.secret_key_file.parent.iterdir()
    for path in paths:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            right = "700" if path.is_dir() else "600"
            yield Finding(str(path), "others than its owner may open it", f"chmod {right} {path}")


def key_ring(config: Config) -> Iterator[Finding]:
    """The ring is there, elsewhere than the data, and can be recovered."""
    kind, _, place = config.keyring.partition(":")
    if kind != "file":
        return
    file = RingFile(Path(place))
    try:
        wrapped = bool(file.holders())
    except NoRingError as lost:
        yield Finding("REKNIT_KEYRING", str(lost), "restore the ring before anything else")
        return
    except SealingError as refused:
        yield Finding("REKNIT_KEYRING", str(refused), "see docs/how-to/keys.md")
        return
    if config.demo:
        return
    if not wrapped and file.path.is_relative_to(config.data):
        yield Finding(
            str(file.path),
            "the key ring lies in clear in the data folder, so that one thief takes both",
            "keep it elsewhere (REKNIT_KEYRING), or wrap it: 'reknit keys init --holder NAME'",
        )
    if not file.recovery_path.exists():
        yield Finding(
            str(file.path),
            "no recovery code was printed: a lost ring or passphrase loses everything",
            "run 'reknit keys init' and keep the codes on paper",
        )


def swap(_config: Config) -> Iterator[Finding]:
    """Memory is not swapped to a disk in clear."""
    if not _SWAPS.exists():
        return
    for line in _SWAPS.read_text().splitlines()[1:]:
        name = line.split()[0]
        if not _is_encrypted(name):
            yield Finding(
                name,
                "swap on it is not encrypted, and may come to hold keys and names",
                "swapoff it, or encrypt it (dm-crypt with a random key)",
            )


def databases(config: Config) -> Iterator[Finding]:
    """They keep what they acknowledge, and have all their tables."""
    for alias in ("default", "keys"):
        try:
            weak = weakness(connections[alias], alias)
            waiting = pending(alias)
        except Error as failure:
            yield Finding(
                f"database {alias}",
                f"it cannot be reached ({type(failure).__name__})",
                "start it, or mend REKNIT_DATABASE or REKNIT_KEYSTORE",
            )
            continue
        if weak is not None:
            what, _, how = weak.removeprefix(f"database {alias}: ").rpartition(". Set ")
            yield Finding(f"database {alias}", what, f"set {how.rstrip('.')}")
        if waiting:
            yield Finding(
                f"database {alias}",
                f"{waiting} migrations wait",
                "any application command but this one runs them, such as 'reknit serve'",
            )


def disk(config: Config) -> Iterator[Finding]:
    """There is room, and the disk commits fast enough."""
    room = os.statvfs(config.data)
    if room.f_bavail * room.f_frsize < LEAST_FREE:
        yield Finding(str(config.data), "less than 1 GB is free", "make room: a full disk refuses")
    rate = commits_a_second(config.run)
    if rate < LEAST_COMMITS:
        yield Finding(
            str(config.data),
            f"the disk commits {rate:,.0f} times a second, fewer than {LEAST_COMMITS}",
            "expect slower writing, or use a disk with power-loss protection",
        )


def clock(_config: Config) -> Iterator[Finding]:
    """Time goes forward, and somebody keeps it."""
    later = datetime.now(UTC) + timedelta(minutes=5)
    try:
        ahead = Account.objects.filter(created_at__gt=later).exists()
    except Error:
        ahead = False  # `databases` says what is wrong with it
    if ahead:
        yield Finding(
            "clock",
            "there are records of a later time: the clock was set back",
            "set it, and keep it by NTP: consents and sessions end by it",
        )
    if _clock_state() == _UNSYNCHRONISED:
        yield Finding(
            "clock",
            "no time service keeps it",
            "run chrony or systemd-timesyncd: consents and sessions end by it",
        )


def keeper(config: Config) -> Iterator[Finding]:
    """It runs where it should, is open, and its memory is closed."""
    line = line_to(config.run)
    if not line.is_open():
        if locking.is_locked(config.run):
            yield Finding("keeper", "the installation is locked", "'reknit keys unlock'")
        return
    try:
        status = line.ask("status", None, KeeperStatus)
    except LockedError as away:
        yield Finding("keeper", str(away), "see what 'reknit serve' says on stderr")
        return
    if status.state is not Status.OPEN:
        wrong = "the key ring is not open"
        if status.waits_for:
            wrong = f"the key ring is not open, it waits for {' and '.join(status.waits_for)}"
        yield Finding("keeper", wrong, "'reknit keys unlock'")
    elif not status.index.built:
        share = f"{status.index.share:.0%}"
        yield Finding("keeper", f"the search index is being built ({share})", "wait")
    for weak in status.weaknesses:
        yield Finding(
            "keeper", weak, "let the service lock memory: LimitMEMLOCK=infinity for systemd"
        )


def keys(config: Config) -> Iterator[Finding]:
    """The ring opens the key store, and no rotation is unfinished."""
    try:
        used = rotation.versions_in_use()
        any_key = DataKey.objects.order_by("ring_version").values_list("pk", flat=True).first()
    except Error:
        return  # `databases` says what is wrong with it
    if len(used) > 1:
        yield Finding(
            "key store",
            f"{DataKey.objects.exclude(ring_version=max(used)).count():,} data keys are wrapped "
            "by an old version of the ring",
            "finish it: 'reknit keys rotate'",
        )
    if any_key is None:
        return
    from reknit.sealing.store import open_keys

    try:
        current_holder()
        open_keys([any_key])
    except LockedError:
        return  # `key_ring` and `keeper` say so
    except SealingError as refused:
        yield Finding("key store", str(refused), "restore ring and key store of one time")


def web(config: Config) -> Iterator[Finding]:
    """Strangers reach it by an encrypted line only."""
    if config.host not in _LOOPBACK and not config.secure:
        yield Finding(
            "REKNIT_HOST",
            f"it listens on {config.host}, and REKNIT_HTTPS does not say that a proxy encrypts",
            "put a proxy with TLS before it, listen on 127.0.0.1, and set REKNIT_HTTPS=1",
        )
    if config.secure and not config.allowed_hosts:
        yield Finding("REKNIT_HOSTS", "no host name is allowed", "name the host that people use")


def backup(config: Config) -> Iterator[Finding]:
    """There is one, of this week; and what commands noted is in the audit log."""
    if config.demo:
        return
    try:
        done = Entry.objects.filter(kind=operations.KIND, action="installation:backup")
        last = done.order_by("-seq").first()
    except Error:
        return  # `databases` says what is wrong with it
    how = "'reknit backup --out DIR' each night, onto another disk"
    if last is None:
        yield Finding("backup", "none was ever made: a lost disk loses everything", how)
    elif (days := (datetime.now(UTC) - last.at).days) >= OLDEST_BACKUP_DAYS:
        yield Finding("backup", f"the last one is {days} days old", how)
    if any((config.run / operations.FOLDER).glob("*.json")):
        yield Finding(
            "audit log",
            "it has not yet taken in what commands did while it could not be written",
            "open the installation: 'reknit keys unlock', and see that a job worker runs",
        )


CHECKS: dict[str, Check] = {
    "file modes": file_modes,
    "key ring": key_ring,
    "keys": keys,
    "keeper": keeper,
    "databases": databases,
    "disk": disk,
    "swap": swap,
    "clock": clock,
    "web": web,
    "backup": backup,
}


def commits_a_second(folder: Path) -> float:
    """How often the disk under `folder` can make a small write last, one after the other."""
    path = folder / f"commit-rate.{os.getpid()}"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        started = time.perf_counter()
        for _ in range(_TRIALS):
            os.pwrite(handle, bytes(4096), 0)
            os.fdatasync(handle)
        return _TRIALS / (time.perf_counter() - started)
    finally:
        os.close(handle)
        path.unlink()


def _is_encrypted(swap_name: str) -> bool:
    """Compressed memory, or a device that dm-crypt made."""
    device = Path(swap_name).resolve().name
    if device.startswith("zram"):
        return True
    uuid = _BLOCK_DEVICES / device / "dm" / "uuid"
    return uuid.exists() and uuid.read_text().startswith("CRYPT-")


def _clock_state() -> int:
    """The kernel's word on its clock (adjtimex(2)): 5 where nothing keeps it."""
    if sys.platform != "linux":
        return 0
    said = ctypes.create_string_buffer(256)
    return int(ctypes.CDLL(None).adjtimex(said))
