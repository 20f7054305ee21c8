"""`reknit import`, in processes of its own on an installation of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, new_installation

pytestmark = pytest.mark.database
LIST = """person_record_id,full_name,date_of_birth,phones
idris-found,Idris Haddad Al-Shami,1987-04-02,+961 3 123 456
rafi,Rafi Mardirosian,31/02/1990,
,Nobody's Id,,
"""
WHO = ("--as", "noor@nord.example", "--purpose", "the morning's list")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as installation:
        installation.reknit(
            "users", "add", "noor@nord.example", "--role", "caseworker", "--office", "Nord"
        )
        yield installation


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "port.csv"
    file.write_text(LIST, "utf-8")
    return file


def test_it_brings_a_list_in_names_the_bad_rows_and_takes_it_back(
    there: Installation, people: Path
) -> None:
    done = there.reknit("import", str(people), "--source", "Port", *WHO, code=1)
    assert "3 rows read, 1 set aside (1 without an id), 1 field unknown (1 date)" in done.stdout
    aside = people.with_name("port.csv.rejected.csv").read_text("utf-8")
    assert "Nobody's Id" in aside
    batch = re.search(r"Import ([0-9a-f-]{36})", done.stdout)
    assert batch is not None
    undone = there.reknit("import", "undo", batch[1], *WHO)
    assert "was undone" in undone.stdout
    again = there.reknit("import", "undo", batch[1], *WHO, code=1)
    assert "only one that is done can be undone" in again.stderr
    assert "Traceback" not in again.stderr


def test_it_leaves_nothing_of_the_list_in_clear_in_the_data_folder(
    there: Installation, people: Path
) -> None:
    """I7, for database, write-ahead log, key store and files."""
    there.reknit("import", str(people), "--source", "Port", *WHO, code=1)
    canaries = [
        text.encode(encoding)
        for text in ("Haddad", "Mardirosian", "3 123 456", "Nobody's Id")
        for encoding in ("utf-8", "utf-16-le")
    ]
    files = [file for file in there.data.rglob("*") if file.is_file()]
    embedded = not there.environment.get("REKNIT_DATABASE", "").startswith("postgres")
    assert (there.data / "keys" / "keystore.sqlite3") in files
    assert ((there.data / "reknit.sqlite3") in files) is embedded
    for file in files:
        content = file.read_bytes()
        assert not [c for c in canaries if c in content], file.name


def test_it_takes_a_list_as_a_copy_of_another_that_is_known(
    there: Installation, people: Path
) -> None:
    unknown = there.reknit(
        "import", str(people), "--source", "Partner", "--mirrors", "Port", *WHO, code=1
    )
    assert "No source is called “Port”" in unknown.stderr
    assert unknown.stderr.count("\n") == 1
    there.reknit("import", str(people), "--source", "Port", *WHO, code=1)
    copied = there.reknit(
        "import", str(people), "--source", "Partner", "--mirrors", "port", *WHO, code=1
    )
    assert "3 rows read" in copied.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("--as", "rafi@nowhere.example"), "no active member of staff"),
        (("--source", " "), "say which list"),
    ],
)
def test_it_refuses_in_one_line(
    there: Installation, people: Path, change: tuple[str, str], said: str
) -> None:
    options = {"--source": "Port", "--as": "noor@nord.example", "--purpose": "why"}
    options[change[0]] = change[1]
    flat = [word for pair in options.items() for word in pair]
    refused = there.reknit("import", str(people), *flat, code=1)
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1
