"""Nothing leaves the machine: the guard that the whole test run stands under."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

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


def test_it_lets_this_machine_talk_to_itself() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as line,
    ):
        assert line.getpeername() == server.getsockname()
