"""No code path but disclosure opens the vault (trust: I1).

Imports are held by `.importlinter` (Nothing but the vault names the vault's rows). Here: which of
the vault's functions each module uses, no way round through Django's registry, raw SQL or a reverse
accessor, and no column in clear.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, ManyToManyField

from reknit.guard import vault
from reknit.guard.models.vault import Contact, Whereabouts

ROOT = Path(__file__).parents[2] / "src" / "reknit"

MAY_USE = {
    "put": {
        "intake/imports.py",
        "intake/enquiries.py",
        "intake/placing.py",
        "intake/registrations.py",
        "guard/rights.py",
    },
    "put_senders": {"intake/messages.py"},
    "put_sighting": {"intake/placing.py"},
    "take_sighting_back": {"intake/desk.py"},
    "_open_sender": {"guard/senders.py"},
    "_senders": {"guard/retention.py"},
    "_sender_rows": {"guard/retention.py"},
    "put_seeker_contact": {"intake/enquiries.py"},
    "forget": {"intake/imports.py"},
    "phones_for_index": {"guard/keeper/index.py", "guard/keeper/reading.py"},
    "_open_places": {"guard/disclosure.py", "guard/holdings.py"},
    "_open_contact": {"guard/disclosure.py"},
    "_open_contacts": {"guard/holdings.py"},
    "_open_seeker_contact": {"guard/disclosure.py", "guard/blocks.py"},
    "_rows": {"guard/retention.py"},
    "_added_before": {"guard/retention.py"},
    "_seen_since": {"guard/retention.py"},
}
"""Which modules may use which of the vault's functions; the underlined ones give what it holds."""

NAMES_NOTHING = {"COLUMNS", "PLACE_COLUMN", "CONTACT_COLUMNS", "Opened"}

ROWS = ("guard_whereabouts", "guard_contact", "guard_sender", "guard.Whereabouts", "guard.Contact",
        "guard.Sender")  # fmt: skip
MAY_SAY_ROWS = {
    "guard/retention.py": "the label under which tombstones are kept; opens nothing",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the application but the vault and the migrations, as a tree."""
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name not in {"guard/vault.py", "guard/models/vault.py"} and "migrations/" not in name:
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def uses_of_the_vault(tree: ast.Module) -> Iterator[str]:
    """The names that a module takes from the vault, as attributes or by `from … import`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "vault":
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and node.module == "reknit.guard.vault":
            yield from (alias.name for alias in node.names)


def test_each_function_of_the_vault_is_used_only_where_it_may_be() -> None:
    found = [
        (name, used)
        for name, tree in modules()
        for used in uses_of_the_vault(tree)
        if used not in NAMES_NOTHING
    ]
    assert found
    wrong = [(name, used) for name, used in found if name not in MAY_USE.get(used, set())]
    assert wrong == []


def test_every_function_of_the_vault_is_in_the_list() -> None:
    own = {
        name
        for name, value in vars(vault).items()
        if callable(value) and getattr(value, "__module__", "") == vault.__name__
    }
    helpers = {"_plain_address", "_unsealed", "_parts", "_when", "_time", "_iso"}
    assert own - helpers - NAMES_NOTHING == set(MAY_USE)


def test_no_module_names_the_vaults_tables_or_models() -> None:
    wrong = [
        (name, node.value)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(row in node.value for row in ROWS)
        and name not in MAY_SAY_ROWS
    ]
    assert wrong == []


def test_no_module_imports_the_vault_under_another_name() -> None:
    """`from reknit.guard import vault as v` would hide from the test above."""
    wrong = [
        (name, alias.asname)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name.rpartition(".")[2] == "vault" and alias.asname not in {None, "vault"}
    ]
    assert wrong == []


def test_the_check_notices_a_leak() -> None:
    tree = ast.parse("from reknit.guard import vault\nvault._open_places([1])")
    assert list(uses_of_the_vault(tree)) == ["_open_places"]
    tree = ast.parse("from reknit.guard.vault import _open_contact")
    assert list(uses_of_the_vault(tree)) == ["_open_contact"]


@pytest.mark.parametrize("label", ["guard", "records", "casework", "intake"])
def test_no_reverse_accessor_leads_into_guarded_rows(label: str) -> None:
    """`account.whereabouts_set` would pass every rule on imports by."""
    for model in apps.get_app_config(label).get_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                related = field.remote_field.related_name or ""
                assert related.endswith("+"), f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("model", [Whereabouts, Contact])
def test_the_vault_keeps_no_text_in_clear(model: type[Whereabouts | Contact]) -> None:
    kinds = {
        field.get_internal_type() for field in model._meta.get_fields() if isinstance(field, Field)
    }
    assert kinds <= {"UUIDField", "BinaryField", "DateTimeField", "ForeignKey"}
