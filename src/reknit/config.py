"""One frozen Config, read once from the environment and the command line.

Rules: a malformed setting stops start-up by its name, with the rule and the next step; nothing here
opens a database or a key. docs/reference/settings.md lists every setting.

>>> Config.read({"REKNIT_DATA": "/srv/reknit"}).database_url
'sqlite:////srv/reknit/reknit.sqlite3'
"""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from reknit.vocabulary import Role

QUOTAS: Mapping[Role, int] = {
    Role.DESK: 100,
    Role.CASEWORKER: 300,
    Role.SUPERVISOR: 300,
    Role.DATA_PROTECTION_OFFICER: 300,
    Role.COORDINATOR: 100,
    Role.ADMINISTRATOR: 0,
}
"""Distinct people that one member of staff may be shown in a day, unless REKNIT_QUOTAS says
otherwise."""


_COLLECT = (100_000, 20, 20)


def collect_seldom() -> None:
    """Have this process, which goes on for long, look for cycles of garbage after so many new
    objects, and so many such times: a page makes tens of thousands that go by themselves, and an
    index is built of millions that stay (a quarter of the time went into looking at them)."""
    gc.set_threshold(*_COLLECT)


class ConfigError(Exception):
    """A setting that cannot be used; the text names it, the rule and the next step."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the installation was told.

    data: the folder with database, files and, unless told otherwise, the keys.
    database_url, keystore_url: `sqlite:///path` or `postgresql://user:password@host:port/name`.
    keyring: `file:PATH`, `env:VARIABLE` or `plug:module:factory` (docs/reference/settings.md).
    opened_a_day, opened_a_day_by_jobs: rows that the keeper opens for one user, and for all jobs.
    proof_bits, proof_wait: what the public doors ask of a browser, in zero bits, or, without
    JavaScript, in seconds. door_office: the name of the office that the doors belong to.
    """

    data: Path
    database_url: str
    keystore_url: str
    keyring: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    allowed_hosts: tuple[str, ...] = ()
    secure: bool = False
    opened_a_day: int = 10_000
    opened_a_day_by_jobs: int = 1_000_000
    proof_bits: int = 15
    proof_wait: int = 5
    door_office: str = ""
    quotas: Mapping[Role, int] = field(default_factory=lambda: dict(QUOTAS))

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Config:
        """The configuration that the environment gives. Raises ConfigError by setting."""
        said = os.environ if environment is None else environment
        data = Path(said.get("REKNIT_DATA") or "reknit-data").expanduser().absolute()
        return cls(
            data=data,
            database_url=_database(said, "REKNIT_DATABASE", data / "reknit.sqlite3"),
            keystore_url=_database(said, "REKNIT_KEYSTORE", data / "keys" / "keystore.sqlite3"),
            keyring=_keyring(said, data),
            host=said.get("REKNIT_HOST") or "127.0.0.1",
            port=_port(said),
            demo=_yes(said, "REKNIT_DEMO"),
            allowed_hosts=tuple(filter(None, said.get("REKNIT_HOSTS", "").split(","))),
            secure=_yes(said, "REKNIT_HTTPS"),
            opened_a_day=_count(said, "REKNIT_OPENED_A_DAY", 10_000),
            opened_a_day_by_jobs=_count(said, "REKNIT_OPENED_A_DAY_BY_JOBS", 1_000_000),
            proof_bits=_count(said, "REKNIT_PROOF_BITS", 15, most=24),
            proof_wait=_count(said, "REKNIT_PROOF_WAIT", 5, most=600),
            door_office=(said.get("REKNIT_DOOR_OFFICE") or "").strip(),
            quotas=_quotas(said),
        )

    @property
    def files(self) -> Path:
        """Where sealed documents lie."""
        return self.data / "files"

    @property
    def run(self) -> Path:
        """Where sockets and locks of the running processes lie."""
        return self.data / "run"

    @property
    def secret_key_file(self) -> Path:
        """Django's signing key, made at initialisation."""
        return self.data / "keys" / "secret-key"

    def initialise(self) -> None:
        """Make the folders and the signing key, if they are not there; for the owner only.

        What this process and its children write from now on is for the owner only, too.
        """
        os.umask(0o077)
        for folder in (self.data, self.data / "keys", self.files, self.run):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        try:
            handle = os.open(self.secret_key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))


def _database(said: Mapping[str, str], name: str, otherwise: Path) -> str:
    url = said.get(name) or f"sqlite:///{otherwise}"
    if urlsplit(url).scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ConfigError(
            f"{name}: {url.split(':', 1)[0]!r} is no database that Reknit knows; "
            "use sqlite:///path or postgresql://user@host/name."
        )
    return url


def _keyring(said: Mapping[str, str], data: Path) -> str:
    keyring = said.get("REKNIT_KEYRING") or f"file:{data / 'keys' / 'keyring.json'}"
    if keyring.split(":", 1)[0] not in {"file", "env", "plug"}:
        keyring = f"file:{Path(keyring).expanduser().absolute()}"
    return keyring


def _port(said: Mapping[str, str]) -> int:
    text = said.get("REKNIT_PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) < 65536:
        raise ConfigError(f"REKNIT_PORT: {text!r} is no port; use a number from 0 to 65535.")
    return int(text)


def _count(said: Mapping[str, str], name: str, otherwise: int, *, most: int | None = None) -> int:
    text = said.get(name) or str(otherwise)
    if not text.isascii() or not text.isdigit():
        raise ConfigError(f"{name}: {text!r} is no number; use 0 (no limit) or more.")
    if most is not None and int(text) > most:
        raise ConfigError(f"{name}: {text} is too much; use 0 to {most}.")
    return int(text)


def _quotas(said: Mapping[str, str]) -> dict[Role, int]:
    """`caseworker=200,desk=50`: people a day; roles that are not named keep theirs."""
    quotas = dict(QUOTAS)
    for part in filter(None, said.get("REKNIT_QUOTAS", "").split(",")):
        role, _, number = (word.strip() for word in part.partition("="))
        if role not in quotas or not (number.isascii() and number.isdigit()):
            raise ConfigError(
                f"REKNIT_QUOTAS: {part.strip()!r} is no quota; use ROLE=NUMBER, with a role out of "
                f"{', '.join(role.value for role in QUOTAS)}."
            )
        quotas[Role(role)] = int(number)
    return quotas


def _yes(said: Mapping[str, str], name: str) -> bool:
    text = (said.get(name) or "0").lower()
    if text not in {"0", "1", "no", "yes", "false", "true"}:
        raise ConfigError(f"{name}: {text!r} is neither yes nor no; use 1 or 0.")
    return text in {"1", "yes", "true"}
