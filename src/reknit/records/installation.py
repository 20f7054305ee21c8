"""Make a new data folder usable: a key ring where none was ever made, and all tables.

Rules: a ring is only made for an installation that has no database yet, so that a lost ring is
never papered over by a new one; migrations run once, also when two commands start together.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from reknit.config import Config
from reknit.sealing.ring import KeyRing


def prepare(config: Config) -> None:
    """Key ring and tables, if they are not there. Raises what the database raises."""
    with (config.run / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if never_used():
            kind, _, place = config.keyring.partition(":")
            if kind == "file" and not Path(place).exists():
                KeyRing.new().save(Path(place))
        for alias in ("keys", "default"):
            if pending(alias):
                call_command("migrate", database=alias, verbosity=0, interactive=False)


def pending(alias: str) -> int:
    """How many migrations a database waits for."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def never_used() -> bool:
    """True where neither database was ever set up."""
    return not any("django_migrations" in connections[a].introspection.table_names()
                   for a in ("default", "keys"))  # fmt: skip
