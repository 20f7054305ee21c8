"""Run one command with a throwaway PostgreSQL cluster: python tools/with_postgres.py COMMAND…

The cluster lives in a temporary folder, listens on a Unix socket there and on a free loopback port,
keeps fsync on, and goes when the command ends. REKNIT_DATABASE tells the command where it is.
PostgreSQL refuses to run as root: root runs it as the user `postgres` that Debian's package made.
Without PostgreSQL the command is not run; a line says so, and the exit code is 0.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of the newest installed PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    return found[-1].parent if found else None


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A running cluster with a database `reknit`; gives its URL."""
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="reknit-postgres-"))
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        done = subprocess.run([*prefix, *command], capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise SystemExit(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    initdb = ["--auth=trust", "--username=reknit", "--encoding=UTF8", "--locale=C.UTF-8"]
    run(str(programs / "initdb"), "--pgdata", str(data), *initdb)
    listen = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
    run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", listen, "start")
    try:
        run(
            str(programs / "createdb"), "-h", str(folder), "-p", str(port), "-U", "reknit", "reknit"
        )
        yield f"postgresql://reknit@:{port}/reknit?host={folder}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-m", "fast", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main(command: Sequence[str]) -> int:
    """Run the command; its exit code."""
    if not command:
        print(__doc__)
        return 2
    programs = binaries()
    if programs is None:
        print("SKIPPED: PostgreSQL is not installed here; not run: " + " ".join(command))
        return 0
    with cluster(programs) as url:
        print(f"PostgreSQL: {url}")
        return subprocess.run(command, env={**os.environ, "REKNIT_DATABASE": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
