"""What commands do to the whole installation is noted before it begins, and audited once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reknit.guard import operations
from reknit.guard.errors import AuditUnavailableError
from reknit.guard.models import Entry
from reknit.guard.operations import Because, begun, write
from tests.staff import noor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def audited() -> list[tuple[str, str]]:
    rows = Entry.objects.filter(kind=operations.KIND).order_by("seq")
    return list(rows.values_list("action", "role"))


def test_it_says_who_did_it_and_why_once(tmp_path: Path) -> None:
    with begun(tmp_path, "keys:rotate", noor().email, Because.HOLDER_CHANGED) as operation:
        operation.says(version=2)
    assert (write(tmp_path), write(tmp_path)) == (0, 0)
    assert audited() == [("keys:rotate", "caseworker")]
    said = json.loads(Entry.objects.get(action="keys:rotate").detail)
    assert (said["because"], said["version"], said["uid"]) == ("holder_changed", 2, os.getuid())


def test_what_is_written_while_it_goes_on_is_followed_by_its_end(tmp_path: Path) -> None:
    with begun(tmp_path, "installation:backup", None, Because.ROUTINE):
        assert write(tmp_path) == 0
    write(tmp_path)
    assert audited() == [("installation:backup:begun", ""), ("installation:backup", "")]


def test_what_failed_or_was_cut_off_leaves_its_trace(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), begun(tmp_path, "keys:init", None, Because.SET_UP):
        raise OSError("full")
    write(tmp_path)
    assert audited() == [("keys:init:failed", "")]


def test_it_waits_where_the_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(work: object) -> None:
        raise AuditUnavailableError("the database is down")

    with begun(tmp_path, "installation:lock", "gone@example.org", Because.THREAT):
        pass
    with monkeypatch.context() as patch:
        patch.setattr(operations.commits, "commit", unavailable)
        assert write(tmp_path) == 1
    assert audited() == []
    assert write(tmp_path) == 0
    assert "nobody_of_the_staff" in Entry.objects.get(action="installation:lock").detail
