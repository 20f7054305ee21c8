"""Nothing leaves the machine: the guard that the whole test run stands under."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.boundaries.test_faults import _strace as tracer
from tests.installation import ROOT, new_installation, stop

OUTSIDE = "192.0.2.1"  # RFC 5737: an address for documents, nobody's host


def test_it_refuses_a_connection_that_leaves_the_machine() -> None:
    with socket.socket() as line, pytest.raises(PermissionError, match="may not reach"):
        line.connect((OUTSIDE, 80))


def test_it_refuses_to_look_a_name_up() -> None:
    with pytest.raises(PermissionError, match="may not reach"):
        socket.getaddrinfo("reknit.invalid", 443)


def test_it_holds_programs_that_the_tests_start_to_the_same_rule() -> None:
    code = f"import socket; socket.create_connection(({OUTSIDE!r}, 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "may not reach" in done.stderr


LIST = "person_record_id,full_name\n1,Idris Haddad Al-Shami\n"


@pytest.mark.database
def test_the_kernel_sees_no_connection_that_leaves_the_machine(tmp_path: Path) -> None:
    """The hook sees what Python opens; strace, what any program or library of ours does: the
    server with its keeper and worker, a list that comes in, the public door, its own search."""
    trace = tmp_path / "trace"
    strace = [
        tracer(), "-D", "-f", "-qq", "-o", str(trace),
        "-e", "trace=connect,sendto,sendmsg,sendmmsg",
    ]  # fmt: skip # -D: what is started is ours, so that a signal ends it and not strace alone
    people = tmp_path / "port.csv"
    people.write_text(LIST, "utf-8")
    with new_installation(tmp_path) as there:
        there.reknit(
            "users", "add", "noor@nord.example", "--role", "caseworker", "--office", "Nord"
        )
        process = subprocess.Popen(
            [*strace, sys.executable, "-m", "reknit", "serve", "--port", "0", "--workers", "1"],
            env=there.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[1]
            for place in ("/doors/", "/seek/", "/sign-in/"):
                with urllib.request.urlopen(url + place) as answer:  # noqa: S310 - ours
                    assert answer.status == 200
            there.reknit(
                "import", str(people), "--source", "Port", "--as", "noor@nord.example",
                "--purpose", "the morning's list",
            )  # fmt: skip
        finally:
            stop(process)
    told = trace.read_text("utf-8", errors="replace")
    assert "connect(" in told, "strace saw nothing at all"
    hosts = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', told)
    outside = {a or b for a, b in hosts if not ip_address(a or b).is_loopback}
    assert outside == set()


def test_it_lets_this_machine_talk_to_itself() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as line,
    ):
        assert line.getpeername() == server.getsockname()
