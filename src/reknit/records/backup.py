"""Back an installation up in two archives, and build one from them again.

Rules: records and keys are apart. `records-TIME.tar` has the database and the sealed files,
`keys-TIME.tar` the key store; neither opens without the other and the key ring, which is in
neither. Both are taken while the application serves: the database first, the key store after it,
so that every row's key is there. Archives of keys older than KEYS_KEPT are deleted, because with
the last of them an erased person's content is gone for good; a restore replays the erasure ledger.

    made = back_up(CONFIG, Path("/mnt/backup"), now)
    restore(made.records, made.keys, CONFIG, now)  # into an empty data folder
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from reknit import __version__
from reknit.config import Config
from reknit.records import accounts
from reknit.records.errors import RecordsError
from reknit.records.models import Account
from reknit.records.state import state_hash
from reknit.sealing import erasure
from reknit.sealing.models import Erasure

KEYS_KEPT = timedelta(days=30)
_TIME = "%Y%m%dT%H%M%SZ"
_FORMAT = 1
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Made:
    """The two archives, the state they hold, and how many old archives of keys went."""

    records: Path
    keys: Path
    state: str
    pruned: int


@dataclass(frozen=True, slots=True)
class Restored:
    """The state hash after the restore; whether what was restored, before anything was erased
    again, was the state that was backed up; what was erased again."""

    state: str
    as_backed_up: bool
    erased_again: int


def back_up(config: Config, folder: Path, now: datetime) -> Made:
    """Write both archives into `folder`. Raises RecordsError, OSError; then neither stays."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = now.strftime(_TIME)
    records, keys = folder / f"records-{stamp}.tar", folder / f"keys-{stamp}.tar"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as scratch:
        dumped, state = _dump_with_state(Path(scratch) / "default")
        files = {"database": dumped} | {
            f"files/{file.name}": file for file in sorted(config.files.iterdir()) if file.is_file()
        }
        _pack(records, files, {"kind": "records", "state": state, "engine": _engine("default")})
        key_dump = Path(scratch) / "keys"
        _dump("keys", key_dump)
        _pack(keys, {"database": key_dump}, {"kind": "keys", "engine": _engine("keys")})
    return Made(records, keys, state, _prune(folder, now))


def restore(records: Path, keys: Path, config: Config, now: datetime) -> Restored:
    """Fill an installation that holds nothing from two archives, then erase again what its ledger
    says. Raises RecordsError when the installation is not empty or an archive is not whole."""
    manifest, key_manifest = _check(records, "records"), _check(keys, "keys")
    for alias, said in (("default", manifest), ("keys", key_manifest)):
        if said["engine"] != _engine(alias):
            raise RecordsError(
                f"{records.name}: it was made on {said['engine']}, and this installation uses "
                f"{_engine(alias)}; set REKNIT_DATABASE to the same kind."
            )
        if connections[alias].introspection.table_names():
            raise RecordsError(
                f"the {alias} database here is not empty; restore into a new data folder."
            )
    connections.close_all()
    with tempfile.TemporaryDirectory(dir=config.data, prefix=".restore-") as scratch:
        for alias, archive in (("default", records), ("keys", keys)):
            with tarfile.open(archive) as tar:
                for member in tar.getmembers():
                    _take(tar, member, Path(scratch) / alias, config.files)
            _load(alias, Path(scratch) / alias)
    as_backed_up = state_hash() == manifest["state"]
    again = erasure.replay()
    _take_out_erased(now)
    return Restored(state_hash(), as_backed_up, again)


def _take_out_erased(now: datetime) -> None:
    """Accounts that were erased after the backup leave the state again, and no list brings them in:
    the backup does not know whether the person asked for it."""
    erased = Erasure.objects.filter(table=Account._meta.db_table).values_list("row_id", flat=True)
    ids = list(erased)
    with transaction.atomic():
        for at in range(0, len(ids), _AT_ONCE):
            back = Account.objects.filter(id__in=ids[at : at + _AT_ONCE], removed_at=None)
            accounts.keep_out(back)
            accounts.remove(back, now)


def _dump_with_state(to: Path) -> tuple[Path, str]:
    """The database and its state hash, of one moment."""
    if connections["default"].vendor == "sqlite":
        _dump("default", to)
        return to, _state_of(to)
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _dump("default", to, snapshot)
        return to, state_hash()


def _state_of(file: Path) -> str:
    """The state hash of a copy: read by a connection of its own."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    live = connections["default"]
    copy = DatabaseWrapper({**live.settings_dict, "NAME": str(file)}, "default")
    connections["default"] = copy
    try:
        return state_hash()
    finally:
        connections["default"] = live
        copy.close()


def _dump(alias: str, to: Path, snapshot: str = "") -> None:
    live = connections[alias]
    if live.vendor == "sqlite":
        # SQLite's own online backup: whole and of one moment, while others write.
        with (
            closing(sqlite3.connect(str(live.settings_dict["NAME"]))) as source,
            closing(sqlite3.connect(to)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    of_moment = [f"--snapshot={snapshot}"] if snapshot else []
    _run(["pg_dump", "--format=custom", f"--file={to}", *of_moment, *_place(alias)], alias)


def _load(alias: str, dumped: Path) -> None:
    live = connections[alias]
    if live.vendor == "sqlite":
        place = Path(live.settings_dict["NAME"])
        for ending in ("", "-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        dumped.chmod(0o600)
        dumped.replace(place)
        return
    _run(["pg_restore", "--exit-on-error", "--no-owner", *_place(alias), str(dumped)], alias)


def _place(alias: str) -> list[str]:
    said = connections[alias].settings_dict
    parts = {"host": said["HOST"], "port": said["PORT"], "username": said["USER"]}
    return [
        *(f"--{name}={value}" for name, value in parts.items() if value),
        f"--dbname={said['NAME']}",
    ]


def _run(command: list[str], alias: str) -> None:
    password = connections[alias].settings_dict["PASSWORD"]
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise RecordsError(
            f"{command[0]} is not installed here; install PostgreSQL's client programs."
        ) from None
    if done.returncode:
        raise RecordsError(f"{command[0]}: {done.stderr.strip().splitlines()[-1]}")


def _engine(alias: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connections[alias].vendor]


def _pack(archive: Path, files: dict[str, Path], said: dict[str, Any]) -> None:
    """A tar for its owner only, whole or not at all, its manifest last."""
    digests = {}
    with _whole(archive) as out, tarfile.open(fileobj=out, mode="w") as tar:
        for name, file in files.items():
            try:
                tar.add(file, name, recursive=False)
            except FileNotFoundError:
                continue  # an upload that was imported, or a document erased, in the meantime
            digests[name] = _digest(file)
        manifest = {**said, "format": _FORMAT, "version": __version__, "sha256": digests}
        text = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))


@contextmanager
def _whole(path: Path) -> Iterator[Any]:
    part = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check(archive: Path, kind: str) -> dict[str, Any]:
    """The manifest, once every file has the digest that it says."""
    try:
        with tarfile.open(archive) as tar:
            manifest: dict[str, Any] = json.load(_opened(tar, "manifest.json"))
            for name, digest in manifest["sha256"].items():
                if _digest_of(_opened(tar, name)) != digest:
                    raise RecordsError(f"{archive.name}: {name} is damaged; use another backup.")
    except (tarfile.TarError, KeyError, ValueError):
        raise RecordsError(
            f"{archive.name}: not a whole backup of Reknit's; use another."
        ) from None
    if manifest.get("kind") != kind or manifest.get("format") != _FORMAT:
        raise RecordsError(f"{archive.name}: not an archive of {kind} in format {_FORMAT}.")
    return manifest


def _opened(tar: tarfile.TarFile, name: str) -> Any:
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, database: Path, files: Path) -> None:
    """Only what an archive of ours has: the database, and files by their plain names."""
    folder, _, name = member.name.rpartition("/")
    if member.name == "database":
        with database.open("wb") as out:
            shutil.copyfileobj(_opened(tar, member.name), out)
    elif folder == "files" and name == Path(name).name and member.isfile():
        target = files / name
        target.write_bytes(_opened(tar, member.name).read())
        target.chmod(0o600)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return _digest_of(stream)


def _digest_of(stream: Any) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _prune(folder: Path, now: datetime) -> int:
    """Archives of keys that are older than an erasure may take to be complete."""
    old = [
        archive
        for archive in folder.glob("keys-*.tar")
        if datetime.strptime(archive.stem.removeprefix("keys-"), _TIME).replace(tzinfo=now.tzinfo)
        < now - KEYS_KEPT
    ]
    for archive in old:
        archive.unlink()
    return len(old)
