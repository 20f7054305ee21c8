"""Back up, restore, and have the same state with an audit log that verifies (trust: test 18)."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, _database, new_installation

pytestmark = pytest.mark.database
FILL = """
from reknit.intake import imports
from reknit.records.models import AccountKind
from reknit.vocabulary import Purpose
from tests.cast import IDRIS_FOUND, RAFI
from tests.intake.test_imports import as_csv
from tests.staff import noor
batch = imports.start(noor().as_actor(), as_csv([IDRIS_FOUND, RAFI]), "port.csv", "Port",
                      AccountKind.FOUND, purpose=Purpose.REGISTRATION, why="")
imports.wait_for(batch, lambda *_: None)
"""
DECIDE = """
from tests.guard.test_state import a_block, a_decision, a_judgement_of_two, an_approval
from tests.guard.scene import a_scene
scene = a_scene()
scene.agree()
for decide in (a_block, a_decision, an_approval, a_judgement_of_two):
    decide(scene)
"""
ERASE_RAFI = """
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.erasure import erase
erase([a for a in Account.objects.all() if "Rafi" in records.unseal([a])[0]["full_name"]])
"""
SCAN = """
import io
from PIL import Image
from reknit.intake import documents
from reknit.records.models import Account
from tests.staff import noor
picture = io.BytesIO()
Image.new("RGB", (8, 8), "grey").save(picture, "PNG")
documents.add(noor().as_actor(), picture.getvalue(), "Identity card", "card.png",
              account=Account.objects.order_by("change")[0])
"""
SCANS = """
import hashlib
from reknit.intake import documents
from reknit.records.models import Document
from tests.staff import noor
for one in Document.objects.all():
    opened = documents.open(noor().as_actor(), one.pk)
    print(opened.title, len(opened.data), hashlib.sha256(opened.data).hexdigest())
"""
NAMES = """
from reknit.records.models import Account
from reknit.sealing import records
from reknit.sealing.errors import ErasedError
for account in Account.objects.all():
    try:
        print(records.unseal([account])[0]["full_name"])
    except ErasedError:
        print("(erased)")
"""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path / "first") as installation:
        installation.run(FILL)
        yield installation


def backed_up(there: Installation, folder: Path) -> tuple[Path, Path]:
    there.reknit("backup", "--out", str(folder))
    (records,), (keys,) = folder.glob("records-*.tar"), folder.glob("keys-*.tar")
    return records, keys


def empty_copy(there: Installation, data: Path) -> Iterator[Installation]:
    """A folder with nothing but the key ring, and on PostgreSQL an empty database."""
    (data / "keys").mkdir(parents=True)
    shutil.copy(there.data / "keys" / "keyring.json", data / "keys")
    environment = {**there.environment, "REKNIT_DATA": str(data)}
    with _database(there.environment.get("REKNIT_DATABASE", ""), empty=True) as own:
        if own:
            environment["REKNIT_DATABASE"] = own
        yield Installation(data, environment)


@pytest.fixture
def elsewhere(there: Installation, tmp_path: Path) -> Iterator[Installation]:
    yield from empty_copy(there, tmp_path / "second")


def test_it_restores_the_same_state_and_a_log_that_verifies(
    there: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    there.run(DECIDE)
    records, keys = backed_up(there, tmp_path / "backup")
    done = elsewhere.reknit("restore", str(records), str(keys))
    assert "It is the state that was backed up." in done.stdout
    assert "Audit log: verified." in done.stdout
    assert sorted(elsewhere.run(NAMES).splitlines()) == sorted(there.run(NAMES).splitlines())
    there.reknit("audit", "verify")
    elsewhere.reknit("audit", "verify")


def test_a_document_opens_where_it_was_restored(
    there: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """Its row lies in the database, its bytes in a sealed file beside it: neither is enough."""
    there.run(SCAN)
    records, keys = backed_up(there, tmp_path / "backup")
    elsewhere.reknit("restore", str(records), str(keys))
    (sealed,) = (elsewhere.data / "files").iterdir()
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert elsewhere.run(SCANS).startswith("Identity card ")
    assert elsewhere.run(SCANS) == there.run(SCANS)


def test_it_keeps_ring_and_keys_out_of_the_archive_of_records_and_nothing_in_clear(
    there: Installation, tmp_path: Path
) -> None:
    records, keys = backed_up(there, tmp_path / "backup")
    for archive in (records, keys):
        assert archive.stat().st_mode & 0o077 == 0
        content = archive.read_bytes()
        assert b"Haddad" not in content
        assert "Haddad".encode("utf-16-le") not in content
        with tarfile.open(archive) as tar:
            assert not [name for name in tar.getnames() if "keyring" in name or "secret" in name]


def test_it_erases_again_what_was_erased_after_the_backup(
    there: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    records, keys = backed_up(there, tmp_path / "backup")
    there.run(ERASE_RAFI)
    shutil.copy(there.data / "erased", elsewhere.data / "erased")
    done = elsewhere.reknit("restore", str(records), str(keys))
    assert "It is the state that was backed up." in done.stdout
    assert "Erased again: 1" in done.stdout
    assert sorted(elsewhere.run(NAMES).split("\n"))[1] == "(erased)"
    # The same list, sent again, brings nobody in whom the backup had and the ledger has not.
    said = elsewhere.run(
        FILL.replace('"port.csv"', '"again.csv"')
        .replace("RAFI]", "RAFI, *crowd()[:1]]")
        .replace("IDRIS_FOUND, RAFI\n", "IDRIS_FOUND, RAFI, crowd\n")
        + "batch.refresh_from_db(); print(batch.state, batch.accepted, batch.rejected)\n"
    )
    assert said.split() == ["done", "2", "1"]


def test_it_restores_into_nothing_but_an_empty_installation(
    there: Installation, tmp_path: Path
) -> None:
    records, keys = backed_up(there, tmp_path / "backup")
    refused = there.reknit("restore", str(records), str(keys), code=1)
    assert "not empty" in refused.stderr
    assert there.run(NAMES).count("Haddad") == 1


def test_it_refuses_a_damaged_archive_before_it_writes_anything(
    there: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    records, keys = backed_up(there, tmp_path / "backup")
    content = bytearray(records.read_bytes())
    content[len(content) // 2] ^= 1
    records.write_bytes(content)
    refused = elsewhere.reknit("restore", str(records), str(keys), code=1)
    assert "damaged" in refused.stderr
    assert not (elsewhere.data / "reknit.sqlite3").exists()


def test_it_deletes_archives_of_keys_that_are_too_old_to_be_kept(
    there: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    old, recent = folder / "keys-20200101T000000Z.tar", folder / "records-20200101T000000Z.tar"
    old.touch()
    recent.touch()
    assert "none was ever made" in there.reknit("check", code=1).stdout
    done = there.reknit("backup", "--out", str(folder))
    assert "Deleted 1 archives of keys" in done.stdout
    assert not old.exists()
    assert recent.exists()
    assert "none was ever made" not in there.reknit("check", code=1).stdout
    aged = "from reknit.guard.models import Entry; from django.db.models import F\n"
    aged += "Entry.objects.filter(action='installation:backup')"
    there.run(aged + ".update(at_us=F('at_us') - 9 * 86_400_000_000)")
    assert "the last one is 9 days old" in there.reknit("check", code=1).stdout
