"""`reknit users`: adding staff and the one-time links they sign in with first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def _users(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("REKNIT", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-m", "reknit", "users", *arguments, "--data", str(data)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_adds_somebody_and_prints_a_one_time_link(tmp_path: Path) -> None:
    added = _users(tmp_path, "add", "noor@nord.example", "--role", "caseworker", "--office", "Nord")
    assert added.returncode == 0, added.stderr
    assert "http://127.0.0.1:8000/welcome/" in added.stdout
    assert json.loads(_users(tmp_path, "list", "--json").stdout) == [
        {"email": "noor@nord.example", "name": "", "role": "caseworker", "office": "Nord",
         "active": True, "second_factor": False}
    ]  # fmt: skip


def test_it_refuses_in_one_line_what_cannot_be_done(tmp_path: Path) -> None:
    _users(tmp_path, "add", "root@nord.example", "--role", "administrator")
    for arguments, words in (
        (["add", "no address", "--role", "desk", "--office", "Nord"], "no e-mail address"),
        (["add", "root@nord.example", "--role", "administrator"], "is there already"),
        (["add", "noor@nord.example", "--role", "caseworker"], "--office NAME"),
        (["disable", "root@nord.example"], "last administrator"),
        (["reset", "rafi@outside.example"], "nobody has this address"),
    ):
        refused = _users(tmp_path, *arguments)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert words in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
