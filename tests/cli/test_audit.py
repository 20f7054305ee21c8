"""`reknit audit` on a whole installation, with real processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, new_installation

pytestmark = pytest.mark.database

FILL = """
from reknit.guard import commits
from reknit.guard.audit import Resource, record
from reknit.vocabulary import SYSTEM, Purpose
for number in range({number}):
    commits.commit(lambda: record(SYSTEM, "job:run", Resource("job", str({number})),
                                  Purpose.OPERATIONS))
"""
OFFICER = """
from reknit.records.models import User
from reknit.vocabulary import Role
User.objects.create_user("officer@nord.example", Role.DATA_PROTECTION_OFFICER, None)
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a few entries in its log."""
    with new_installation(tmp_path_factory.mktemp("audit")) as installation:
        installation.run(OFFICER + FILL.format(number=5))
        yield installation


def test_checkpoints_are_written_verified_and_compared(there: Installation, tmp_path: Path) -> None:
    older, newer = tmp_path / "older.txt", tmp_path / "newer.txt"
    printed = there.reknit("audit", "checkpoint", "--out", str(older)).stdout
    key = printed.splitlines()[1].removeprefix("key: ")
    there.run(FILL.format(number=3))
    there.reknit("audit", "checkpoint", "--out", str(newer), "--since", str(older))
    held = there.reknit("audit", "verify", "--checkpoint", str(older), "--checkpoint", str(newer))
    assert "hold to 2 checkpoints" in held.stdout
    compared = there.reknit("audit", "compare", str(older), str(newer), "--key", key)
    assert "begins with the" in compared.stdout
    backwards = there.reknit("audit", "compare", str(newer), str(older), "--key", key, code=1)
    assert "does not show that it continues" in backwards.stdout


def test_it_does_not_overwrite_a_checkpoint(there: Installation, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("older")
    said = there.reknit("audit", "checkpoint", "--out", str(kept), code=1).stderr
    assert "is there already" in said
    assert kept.read_text() == "older"


def test_the_log_is_verified_with_the_key_alone(there: Installation, tmp_path: Path) -> None:
    printed = there.reknit("audit", "checkpoint", "--out", str(tmp_path / "a.txt")).stdout
    key = printed.splitlines()[1].removeprefix("key: ")
    ring = there.data / "keys" / "keyring.json"
    ring.rename(ring.with_suffix(".away"))
    try:
        assert there.reknit("audit", "verify", code=1).stderr
        assert "as they were written" in there.reknit("audit", "verify", "--key", key).stdout
    finally:
        ring.with_suffix(".away").rename(ring)


def test_it_names_the_entry_that_was_changed(tmp_path: Path) -> None:
    with new_installation(tmp_path) as installation:
        installation.run(FILL.format(number=4))
        installation.run(
            "from reknit.guard.models import Entry; Entry.objects.filter(seq=2).update(user_id=7)"
        )
        done = installation.reknit("audit", "verify", code=1)
        assert done.stdout.startswith("entry 2:")
        said = json.loads(installation.reknit("audit", "verify", "--json", code=1).stdout)
        assert (said["entries"], len(said["findings"])) == (4, 2)


def test_a_folder_without_an_installation_is_no_empty_log(tmp_path: Path) -> None:
    with new_installation(tmp_path) as installation:
        said = installation.reknit("audit", "verify", "--data", str(tmp_path / "typo"), code=1)
    assert "no installation is here" in said.stderr


def test_the_officer_browses_and_is_in_the_log_for_it(there: Installation) -> None:
    arguments = ["audit", "browse", "--as", "officer@nord.example", "--json"]
    there.reknit(*arguments, "--action", "job:")
    first = json.loads(there.reknit(*arguments).stdout.splitlines()[0])
    assert (first["action"], first["purpose"]) == ("audit:read", "data_protection")


def test_only_staff_browse(there: Installation) -> None:
    done = there.reknit("audit", "browse", "--as", "rafi@outside.example", code=1)
    assert "no active member of staff" in done.stderr
