"""Content is opened by guard, pages reach rows through access, logs carry ids and reasons.

These read the source: a new way past guard fails here until somebody has declared it, with a reason
that a reviewer can refuse.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from reknit.guard.models import Alarm, Entry, Revealed
from reknit.sealing.models import Sealed

SOURCE = Path(__file__).parents[2] / "src"

MAY_UNSEAL = {
    "reknit.records.accounts": "compares what a list says with what it said before",
    "reknit.intake.imports": "the job reads the list that it stores; an undo adds its reason",
    "reknit.intake.documents": "taking a document out adds the reason",
    "reknit.casework.candidates": "the job asks the index for the person who is sought",
    "reknit.cli.checks": "opens one data key, to see whether ring and key store fit; no row",
    "reknit.casework.review": "whether two must decide; an undo adds its reason",
}
"""Outside guard and sealing. Their content is never returned to whoever asks."""

MAY_BE_LOGGED = {
    "reknit.queue.worker": {"name", "job.name", "kind"},  # a worker, a handler, a kind of failure
    "reknit.guard.keeper.keeper": {"waiting", "refused"},  # the keeper's own sentences
    "reknit.guard.keeper.__main__": {"CONFIG.data", "weak"},  # the folder; a weakness of the host
    "reknit.guard.keeper.server": {"op or 'a request'", "kind_of"},  # a request's name
    "reknit.web.routes": {"view.__name__"},
}
"""What else than ids and kinds of failure a room logs: none of it comes from a person's record."""

LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}


@cache
def _modules() -> dict[str, ast.Module]:
    """Every module of the project by its name."""
    files = [file for file in (SOURCE / "reknit").rglob("*.py") if "node_modules" not in file.parts]
    assert len(files) > 200
    return {
        ".".join(file.relative_to(SOURCE).with_suffix("").parts): ast.parse(file.read_text("utf-8"))
        for file in files
    }


def _in(module: str, *rooms: str) -> bool:
    return any(module == f"reknit.{room}" or module.startswith(f"reknit.{room}.") for room in rooms)


def _names_unseal(tree: ast.Module) -> bool:
    """True where sealing.records.unseal (not the envelope's, which takes a key) is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"unseal", "open_keys"}:
            return True
        if isinstance(node, ast.ImportFrom) and node.module in {
            "reknit.sealing.records", "reknit.sealing.store"
        }:  # fmt: skip
            return True
    return False


def test_only_guard_opens_what_is_sealed() -> None:
    opens = {
        module
        for module, tree in _modules().items()
        if not _in(module, "guard", "sealing") and _names_unseal(tree)
    }
    assert not opens - set(MAY_UNSEAL), "declare it in MAY_UNSEAL, with the reason"


def test_only_the_vault_and_its_keeper_know_the_vaults_rows() -> None:
    knows = {
        module
        for module, tree in _modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.startswith("reknit.guard.models")
        and any("Whereabouts" in name.name or "Contact" in name.name for name in node.names)
    }
    assert all(_in(module, "guard") for module in knows)


@pytest.mark.parametrize("room", ["web", "api", "cli"])
def test_no_door_reaches_for_content_or_keys(room: str) -> None:
    """A door parses, calls one function, renders."""
    forbidden = ("reknit.guard.vault", "reknit.sealing.records", "reknit.sealing.store",
                 "reknit.sealing.models", "reknit.guard.log.heads")  # fmt: skip
    reaches = {
        (module, name)
        for module, tree in _modules().items()
        if _in(module, room) and module not in MAY_UNSEAL
        for name in _imported(tree)
        if name in forbidden
    }
    assert not reaches


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def _guarded() -> set[str]:
    """Models whose rows are about people, by name."""
    about_people = {Entry, Alarm, Revealed}
    return {
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Sealed) or model in about_people
    }


@pytest.mark.parametrize("room", ["web", "api"])
def test_pages_that_name_rows_about_people_go_through_access(room: str) -> None:
    """A page may narrow `Account.objects` for access.visible or access.load to judge; one that asks
    access nothing reads past it. What is sealed opens by access.read alone, as the tests above
    say."""
    guarded = _guarded()
    assert {"Account", "Enquiry", "Judgement", "Document", "Batch"} <= guarded
    past_access = []
    for module, tree in _modules().items():
        if not _in(module, room):
            continue
        names = {
            ast.unparse(node.value).split(".")[-1]
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager", "_base_manager"}
        }
        asks = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if names & guarded and not asks & {"access.visible", "access.load"}:
            past_access.append(f"{module}: {', '.join(sorted(names & guarded))}")
    assert not past_access


def _logging_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LEVELS
            and ast.unparse(node.func.value).split(".")[-1] in {"log", "_log", "logger", "logging"}
        ):
            yield node


def _is_harmless(value: ast.expr) -> bool:
    """Ids, counts, and the names of classes."""
    text = ast.unparse(value)
    last = text.split(".")[-1]
    return (
        isinstance(value, ast.Constant)
        or (text.startswith("type(") and text.endswith(").__name__"))
        or text.startswith("len(")
        or last in {"id", "pk", "attempts", "seq"}
        or last.endswith("_id")
    )


def test_logs_carry_ids_and_reasons_only() -> None:
    """A value out of a record, or an error's own text, would put people into a file in clear."""
    said = []
    for module, tree in _modules().items():
        for call in _logging_calls(tree):
            place = f"{module}, line {call.lineno}"
            assert call.args, place
            message, *values = call.args
            assert isinstance(message, ast.Constant), f"{place}: the message is a fixed text"
            assert not call.keywords, f"{place}: no exc_info, no extra"
            assert isinstance(call.func, ast.Attribute)
            assert call.func.attr != "exception", f"{place}: a traceback shows the error's text"
            said += [
                f"{place}: {ast.unparse(value)}"
                for value in values
                if not _is_harmless(value)
                and ast.unparse(value) not in MAY_BE_LOGGED.get(module, ())
            ]
    assert not said


def test_the_reader_of_logging_calls_sees_them() -> None:
    """A check that finds nothing must be one that could."""
    tree = ast.parse("_log.warning('%s %s', account.pk, content['full_name'])")
    (call,) = _logging_calls(tree)
    assert [_is_harmless(value) for value in call.args[1:]] == [True, False]
    assert sum(len(list(_logging_calls(tree))) for tree in _modules().values()) > 5


def test_nothing_but_a_log_prints() -> None:
    """Doors print on the command line; the rooms beneath have nothing to print to."""
    prints = {
        module
        for module, tree in _modules().items()
        if not _in(module, "cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
    }
    assert not prints
