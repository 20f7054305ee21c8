"""A whole installation for a test: a data folder, its databases, and real processes on it.

With PostgreSQL (tools/with_postgres.py) it gets a database of its own in that cluster.

    with new_installation(tmp_path) as there:
        there.run("from tests.people import add; add(10)")
        with there.keeper():
            there.line.ask("status", None, KeeperStatus)
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from reknit.guard.keeper.messages import KeeperStatus
from reknit.sealing.errors import KeeperAwayError
from reknit.sealing.line import Line

ROOT = Path(__file__).parents[1]
SETUP = """
import os, sys
from pathlib import Path
from reknit.cli.application import start_django
start_django(Path(os.environ["REKNIT_DATA"]))
"""
Value = TypeVar("Value")


@dataclass(frozen=True)
class Installation:
    """Where it lies and how its processes are told."""

    data: Path
    environment: dict[str, str]

    @property
    def line(self) -> Line:
        """A line to its keeper, from this process."""
        return Line(self.data / "run")

    def run(self, code: str, *, check: bool = True) -> str:
        """What a Python process of the installation, with Django ready, prints."""
        done = subprocess.run(
            [sys.executable, "-c", SETUP + code],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.stdout if check else done.stdout + done.stderr

    def reknit(
        self, *arguments: str, given: str = "", code: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """A command of the installation, in a process of its own, with text on its stdin."""
        done = subprocess.run(
            [sys.executable, "-m", "reknit", *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
            input=given,
        )  # fmt: skip
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done

    def start(self, *command: str) -> subprocess.Popen[str]:
        """A Python process of the installation that goes on running."""
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    @contextmanager
    def keeper(self) -> Iterator[subprocess.Popen[str]]:
        """Its keeper, running by itself until the block ends."""
        process = self.start("-m", "reknit.guard.keeper")
        try:
            wait_for(lambda: self.line.is_open() or process.poll() is not None)
            yield process
        finally:
            stop(process)

    def status(self) -> KeeperStatus:
        """What its keeper says of itself."""
        return self.line.ask("status", None, KeeperStatus)

    def built(self) -> KeeperStatus:
        """The keeper's status once its index is there."""

        def state() -> KeeperStatus | None:
            try:
                said = self.status()
            except KeeperAwayError:  # being restarted
                return None
            return said if said.index.built else None

        return wait_for(state)


def stop(process: subprocess.Popen[str]) -> None:
    """Ask a process to end; kill it where it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
    process.communicate()


def wait_for(found: Callable[[], Value | None], seconds: float = 40.0) -> Value:
    """The first answer that is true; the machine may be slow."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
    return value


@contextmanager
def new_installation(folder: Path, **settings: str) -> Iterator[Installation]:
    """A prepared installation in `folder`, gone when the block ends."""
    prepared = _prepared(os.environ.get("REKNIT_DATABASE", ""))
    data = folder / "data"
    shutil.copytree(prepared.data, data)
    environment = {**prepared.environment, "REKNIT_DATA": str(data), **settings}
    with _database(prepared.environment.get("REKNIT_DATABASE", "")) as own:
        if own:
            environment["REKNIT_DATABASE"] = own
        yield Installation(data, environment)


@cache
def _prepared(url: str) -> Installation:
    """One, in the cluster of `url`, that is copied for each test; it goes when the tests end."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reknit-prepared-")))
    environment = {**os.environ, "REKNIT_DATA": str(data / "data")}
    own = stack.enter_context(_database(url, empty=True))
    if own:
        environment["REKNIT_DATABASE"] = own
    made = Installation(data / "data", environment)
    made.run("")
    return made


@contextmanager
def _database(url: str, *, empty: bool = False) -> Iterator[str]:
    """A database of its own in the cluster of `url`, a copy of that one unless `empty`; nothing
    to do for SQLite."""
    if not url.startswith("postgres"):
        yield ""
        return
    name, like = f"reknit_{uuid.uuid4().hex}", "template1" if empty else urlsplit(url).path[1:]
    there = urlsplit(url)._replace(path="/postgres").geturl()
    with psycopg.connect(there, autocommit=True) as connection:
        made = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(like))
        connection.execute(made)
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            with contextlib.suppress(psycopg.OperationalError):  # its cluster has gone already
                connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
