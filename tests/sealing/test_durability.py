"""A database that would forget acknowledged writes is refused at the start."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from reknit.sealing.durability import require_durable
from reknit.sealing.errors import DurabilityError
from tests.installation import new_installation
from tools.with_postgres import binaries, cluster


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_sqlite_below_full_is_refused() -> None:
    require_durable()
    with connections["keys"].cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
        try:
            with pytest.raises(DurabilityError, match="database keys: SQLite's synchronous"):
                require_durable()
        finally:
            cursor.execute("PRAGMA synchronous=FULL")


@pytest.mark.long
@pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")
@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_postgresql_that_forgets_is_refused_by_serve_and_worker(
    tmp_path: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = binaries()
    assert programs is not None
    with cluster(programs) as url:
        monkeypatch.setitem(os.environ, "REKNIT_DATABASE", url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        with new_installation(tmp_path) as there:
            for command in ("serve", "worker"):
                refused = there.reknit(command, code=1).stderr
                assert refused.startswith(
                    f"reknit: database default: PostgreSQL's {setting} is off"
                )
                assert len(refused.splitlines()) == 1
            (tmp_path / "list.csv").write_text("person_record_id,full_name\n1,A B\n")
            listed = ("import", str(tmp_path / "list.csv"), "--source", "Port")
            who = ("--as", "noor@example.org", "--purpose", "a list came")
            assert f"{setting} is off" in there.reknit(*listed, *who, code=1).stderr
            assert setting in there.reknit("check", code=1).stdout
