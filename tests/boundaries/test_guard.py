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
    "reknit.casework.needs": "the rules of need read a case; reasons are shown through guard",
    "reknit.casework.saved_filters": "the name of a filter, to its owner and where they share it",
    "reknit.casework.transfers": "an answer is added to the offer's own row",
    "reknit.casework.bulk": "the job reads which cases somebody confirmed, in its own row",
    "reknit.casework.sampling": "what somebody saw is written into the look's own row",
    "reknit.casework.claims": "the reason of a takeover is sealed, never opened",
    "reknit.jobs.demo_work": "invented people only: who of them is certainly an adult",
    "reknit.records.accounts": "compares what a list says with what it said before",
    "reknit.intake.imports": "the job reads the list that it stores; an undo adds its reason",
    "reknit.intake.documents": "taking a document out adds the reason",
    "reknit.intake.reading": "the job reads a message, and fills that message's own row",
    "reknit.intake.assisting": "the job shows a message to a model, and fills its own row",
    "reknit.intake.sending": "the job sends an answer, and fills the answer's own row",
    "reknit.intake.desk": "the bytes of an attachment that access has just read",
    "reknit.intake.likeness": "the job compares messages, in its memory alone",
    "reknit.intake.learned": "the job learns from messages that people sorted",
    "reknit.intake.gateways": "the secret that a request is signed with; no person's row",
    "reknit.intake.enquiries": "what a seeker corrects is a new version of what they said",
    "reknit.intake.drafts": "what somebody typed so far, for whoever holds its cookie",
    "reknit.casework.correspondence": "what staff decide about a letter is added to it",
    "reknit.casework.candidates": "the job asks the index for the person who is sought",
    "reknit.cli.checks": "opens one data key, to see whether ring and key store fit; no row",
    "reknit.casework.edits": "an edit keeps what its form does not show",
    "reknit.casework.lifecycle": "whether a draft says who seeks; an undo adds its reason",
    "reknit.casework.notes": "seals what is written; opens nothing",
    "reknit.casework.tasks": "seals what is written; opens nothing",
    "reknit.casework.review": "whether two must decide; an undo adds its reason",
    "reknit.casework.companions": "the job compares relatives' names with a registration's",
    "reknit.casework.retraining": "the job learns from pairs that people judged",
    "reknit.records.weighing": "the model that a supervisor accepted; no person's row",
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


MAY_LIST = {
    "reknit.web.pages.people._identity": "the ids of the person's accounts, for the audit's page "
    "to judge, and how many there are; no row is shown",
}
"""Functions of pages that ask for guarded rows past access."""

JUDGES = {"access.visible", "access.load", "access.read", "access.about", "_visible"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}


def _unjudged(tree: ast.Module, guarded: set[str]) -> Iterator[tuple[str, int, str]]:
    """Queries on guarded models that access is not asked about: function, line and model.

    A query is judged where it is (part of) an argument of one of JUDGES; where it is given a name
    and each use of that name is judged; or where a function of the module makes it, and the
    module uses the function as such an argument only.
    """
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            model = ast.unparse(node.value).split(".")[-1]
            if model in guarded and not _is_judged(node, parents, tree, frozenset()):
                yield _function_of(node, parents), node.lineno, model


def _is_judged(
    node: ast.AST, parents: dict[ast.AST, ast.AST], tree: ast.Module, seen: frozenset[str]
) -> bool:
    inner: ast.AST = node
    while not isinstance(outer := parents[inner], ast.Module):
        if isinstance(outer, ast.Call) and inner is not outer.func:
            if ast.unparse(outer.func) in JUDGES:
                return True
        elif isinstance(outer, ast.Assign):
            function = _scope_of(outer, parents)
            names = [one for target in outer.targets for one in _names(target)]
            return bool(names) and all(
                _uses_judged(name, function, parents, tree, seen) for name in names
            )
        elif isinstance(outer, ast.Return):
            function = _scope_of(outer, parents)
            return isinstance(function, ast.FunctionDef) and _uses_judged(
                function.name, tree, parents, tree, seen
            )
        inner = outer
    return False


def _uses_judged(
    name: str, within: ast.AST, parents: dict[ast.AST, ast.AST], tree: ast.Module,
    seen: frozenset[str],
) -> bool:  # fmt: skip
    """Every use of the name is judged, and there is one; a name that is made of itself is."""
    if name in seen:
        return True
    uses = [
        node
        for node in ast.walk(within)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    return bool(uses) and all(_is_judged(use, parents, tree, seen | {name}) for use in uses)


def _names(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def _scope_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, ast.FunctionDef | ast.Module):
        node = parents[node]
    return node


def _function_of(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    scope = _scope_of(node, parents)
    return scope.name if isinstance(scope, ast.FunctionDef) else ""


@pytest.mark.parametrize("room", ["web", "api"])
def test_pages_ask_access_about_each_query_on_rows_about_people(room: str) -> None:
    """What a page lists was narrowed by access.visible or access.about; one row comes by
    access.load, content by access.read alone."""
    guarded = _guarded()
    assert {"Account", "Enquiry", "Judgement", "Document", "Batch", "Approval"} <= guarded
    past_access = [
        f"{module}.{function}, line {line}: {model}"
        for module, tree in _modules().items()
        if _in(module, room)
        for function, line, model in _unjudged(tree, guarded)
        if f"{module}.{function}" not in MAY_LIST
    ]
    assert not past_access, "ask access, or declare it in MAY_LIST, with the reason"


@pytest.mark.parametrize(
    ("body", "judged"),
    [
        ("return access.visible(a, p, Account.objects.filter(x=1)).order_by('y')", True),
        ("rows = Account.objects.all()\n rows = rows.all()\n access.load(a, p, rows, 1)", True),
        ("return access.about(a, p, _rows, 1)\ndef _rows(x):\n return Account.objects.all()", True),
        ("return list(Account.objects.all())", False),
        ("rows = Account.objects.all()\n access.load(a, p, rows, 1)\n return rows", False),
        ("access.visible(a, p, Enquiry.objects.all())\n return Account.objects.all()", False),
        ("access.read(a, p, _q())\n return _q()\ndef _q():\n return Account.objects.all()", False),
        ("Account.objects.get(pk=1)", False),
    ],
)  # fmt: skip
def test_the_reader_of_queries_sees_what_goes_past_access(body: str, judged: bool) -> None:
    """A check that finds nothing must be one that could."""
    tree = ast.parse(f"def page(a, p):\n {body}")
    assert bool(list(_unjudged(tree, {"Account", "Enquiry"}))) is not judged


def test_what_is_declared_to_go_past_access_does() -> None:
    """A declaration that nothing needs any more goes."""
    found = {
        f"{module}.{function}"
        for module, tree in _modules().items()
        for function, _, _ in _unjudged(tree, _guarded())
    }
    assert set(MAY_LIST) <= found


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
