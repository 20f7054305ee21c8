"""All that the rooms below say in English and a page shows has its sentence in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import reknit
from reknit.casework import need_rules
from reknit.exchange.files import _SIGNATURES
from reknit.exchange.people import _REASON_NOUNS
from reknit.guard import rules_file
from reknit.guard.checks import CHECKS
from reknit.guard.permissions import Permission
from reknit.intake.imports import KEPT_OUT
from reknit.jobs.handlers import HANDLERS
from reknit.vocabulary.columns import PEOPLE_COLUMNS
from reknit.vocabulary.dates import Calendar
from reknit.web import sentences, words
from reknit.web.templatetags.reknit import why_urgent

SRC = Path(reknit.__file__).parent
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]

SPEAKING = (
    "exchange/csv_reader", "exchange/csv_table", "exchange/encodings", "exchange/fields",
    "exchange/files", "exchange/findings", "exchange/jsonl_reader", "exchange/limits",
    "exchange/messages", "exchange/pairs", "exchange/parquet_reader", "exchange/people",
    "exchange/readers", "exchange/xlsx_reader", "standardise/ages", "standardise/dates",
    "standardise/relatives", "casework/need_rules", "guard/rules_file", "guard/checks",
    "guard/audit/verifying", "guard/keeper/hardening", "sealing/durability",
)  # fmt: skip
"""Modules whose English a page shows."""
SILENT = {
    "__init__": "names", "errors": "kinds", "cells": "values", "columns": "names of columns",
    "csv_records": "cells", "legacy": "encodings", "parquet_pages": "sizes",
    "writing": "writes for commands", "xlsx_texts": "lengths",
}  # fmt: skip
"""Modules of exchange that say nothing to a page, and what they hold instead."""
NOT_TO_A_PAGE = {
    ("exchange/files", "FileKind"): "a format's name",
    ("exchange/files", "load"): "reads a file by its path, for commands",
    ("exchange/messages", "read_labelled_messages"): "`reknit messages train`",
    ("exchange/messages", "_urgency"): "`reknit messages train`",
    ("exchange/messages", "write_messages"): "`reknit messages triage`",
    ("exchange/people", "read_people"): "what it is at, on a command's line",
    ("exchange/people", "__str__"): "a command's line; a page says sentences.understood",
    ("exchange/people", "_count"): "a command's line",
    ("exchange/people", "_REASON_NOUNS"): "a command's line",
    ("exchange/people", "_rejected"): "a column of the file of rows set aside",
    ("guard/checks", "CHECKS"): "what a check is called in the code",
    ("guard/audit/verifying", "progress"): "what it is at, on a command's line",
}
"""Where English is read by nobody at a page, and why."""
CODE = re.compile(
    r"\^.*\$|.*\\[dn].*|PRAGMA .*|SHOW .*|chmod .*|'reknit keys unlock'"
    r"|line \{\}, column \{\}|at its end|7: 7|rule 7: 7|7: rule 7: 7|without a name|set 7"
    r"|database 7: |\. Set "
)
"""Patterns, commands, and the joints between a place and what is said of it."""
SAMPLES = {
    ("exchange/files", "other"): [what for _signature, what in _SIGNATURES],
    ("standardise/dates", "name"): [
        calendar.value.capitalize() for calendar in Calendar if calendar is not Calendar.GREGORIAN
    ],
}
"""Values that are words of ours, by the name that they have where they are put in."""


def spoken(module: str) -> Iterator[tuple[str, int, list[str]]]:
    """Each text of a module that has words: where, its line, and what it may come out as."""
    yield from _texts(ast.parse((SRC / f"{module}.py").read_text("utf-8")), module, "")


def _texts(node: ast.AST, module: str, inside: str) -> Iterator[tuple[str, int, list[str]]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Expr(value=ast.Constant()):  # a docstring
                continue
            case ast.Call(func=ast.Name(id="_")):  # said in the reader's language where it is
                continue
            case ast.Call(func=ast.Name(id=name)) if (module, name) in NOT_TO_A_PAGE:
                continue
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                within = name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                within = inside or name
            case _:
                within = inside
        if (module, within) in NOT_TO_A_PAGE:
            continue
        if isinstance(child, ast.JoinedStr):
            yield within, child.lineno, list(_outcomes(child, module))
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield within, child.lineno, [child.value]
        else:
            yield from _texts(child, module, within)


def _outcomes(text: ast.JoinedStr, module: str) -> Iterator[str]:
    found = [""]
    for part in text.values:
        if isinstance(part, ast.Constant):
            values = [str(part.value)]
        else:
            assert isinstance(part, ast.FormattedValue)
            values = SAMPLES.get((module, ast.unparse(part.value)), ["7"])
        found = [before + value for before in found for value in values]
    yield from found


def is_known(text: str) -> bool:
    return sentences._find(text) is not None or (
        sentences._one_of(sentences._PLACES, text) is not None
    )


@pytest.mark.parametrize("module", SPEAKING)
def test_each_text_of_a_room_that_a_page_shows_is_one_that_pages_know(module: str) -> None:
    wanting = [
        (line, text)
        for _inside, line, texts in spoken(module)
        for text in texts
        if " " in text.strip(" ,…")
        and not CODE.fullmatch(text)
        and not is_known(text)
        # What durability says, the check takes apart and goes on with a small letter.
        and not is_known(text.replace(". Set ", ". set "))
    ]
    assert wanting == [], "add it to web/sentences.py, or say here why no page shows it"


def test_the_search_for_texts_finds_them() -> None:
    found = {text for module in SPEAKING for _i, _l, texts in spoken(module) for text in texts}
    assert {"the file is empty", "7 is no age; taken as unknown", "less than 1 GB is free"} < found
    assert "this is a PDF file, not 7" in found
    assert len(found) > 250


def test_each_finding_of_the_check_is_one_that_pages_know() -> None:
    """Also those of one word, which the test above takes for a name."""
    said = [
        (node.lineno, argument)
        for node in ast.walk(ast.parse((SRC / "guard/checks.py").read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    ]
    assert len(said) > 30
    names = re.compile(r"REKNIT_\w+|'reknit keys unlock'")
    wanting = [
        (line, one.value)
        for line, one in said
        if not names.fullmatch(str(one.value)) and not is_known(str(one.value))
    ]
    assert wanting == []
    assert CHECKS


def test_a_module_that_reads_lists_is_listed_here() -> None:
    modules = {file.stem for file in (SRC / "exchange").glob("*.py")}
    listed = {name.partition("/")[2] for name in SPEAKING if name.startswith("exchange/")}
    assert modules == listed | set(SILENT)


def test_what_is_exempt_is_there() -> None:
    for module, name in NOT_TO_A_PAGE:
        assert re.search(rf"\b{name}\b", (SRC / f"{module}.py").read_text("utf-8")), name


def test_every_reason_for_setting_a_row_aside_has_its_word() -> None:
    assert set(_REASON_NOUNS) | {KEPT_OUT.partition(":")[0]} == set(sentences.REASONS)
    assert is_known(KEPT_OUT)
    assert set(PEOPLE_COLUMNS) <= set(words.WORDS)


def test_the_packaged_rules_have_their_words() -> None:
    names = {rule.name for rule in need_rules.packaged().rules}
    assert names == set(words.NEED_RULES) == set(words.NEED_BECAUSE)
    for rule in need_rules.packaged().rules:
        with translation.override("en"):
            assert (words.rule(rule), words.because(rule)) == (rule.says, rule.because)
    assert {rule.name for rule in rules_file.packaged().rules} == set(words.RETENTION_RULES)


def test_every_job_and_whatever_the_audit_is_about_has_its_word() -> None:
    assert set(HANDLERS) == set(words.JOBS)
    named = r'Resource\(\s*"(\w+)"'
    kinds = {permission.resource for permission in Permission} | {
        kind for file in SRC.rglob("*.py") for kind in re.findall(named, file.read_text("utf-8"))
    }
    assert {"account", "vital_interest"} < kinds <= words.KINDS.keys() | words.WORDS.keys()
    steps = {
        step
        for room in ("intake", "casework")
        for file in (SRC / room).rglob("*.py")
        for step in re.findall(r'attempt\.progress\(\s*"([^"]+)"', file.read_text("utf-8"))
    }
    assert {"reading", "weighing need"} < steps <= words.STEPS.keys() | words.WORDS.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_is_said_with_its_place_its_values_and_the_next_step(language: str) -> None:
    english = "list.csv, line 3: too many cells: 5 in this row, 4 in the header. Correct this row."
    with translation.override(language):
        told = sentences.said(english, marks=False)
    assert not re.search("cells|header|row|line|Correct", told)
    for value in ("list.csv", "3", "5", "4"):
        assert value in told


def test_a_column_is_named_in_the_language_of_each_reader() -> None:
    english = "age: 12: 3 is no age; taken as unknown. Write years as N or N-N."
    for language, named in (("fr", "Âge"), ("ar", "العمر"), ("fr", "Âge")):
        with translation.override(language):
            assert sentences.said(english).startswith(f"\u2068{named}\u2069")


def test_in_english_it_reads_as_the_room_said_it() -> None:
    for text in (
        "needs.toml: rule 'x': band = 'later: x' is not known; use now, soon, in_turn.",
        "x.csv: this is a PDF file, not CSV. Export the list as CSV and try again.",
        KEPT_OUT,
    ):
        with translation.override("en"):
            assert sentences.said(text, marks=False) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_was_written_is_quoted_whole_and_escaped(value: str) -> None:
    with translation.override("uk"):
        plain = sentences.said(f"{value} is no age; taken as unknown", marks=False)
        shown = sentences.said_in_html(f"{value} is no age; taken as unknown")
    assert plain == f"{value} — не вік; вважається невідомим"
    assert "<" not in re.sub(r"</?bdi[^>]*>", "", shown)


def test_what_it_does_not_know_stays_as_it_was_said() -> None:
    with translation.override("ar"):
        assert sentences.said("Something new: <b>.") == "Something new: <b>."
        assert sentences.said_in_html("Something new: <b>.") == "Something new: &lt;b&gt;."


def test_what_is_noted_of_a_message_is_said_in_the_readers_language() -> None:
    with translation.override("ar"):
        assert str(why_urgent("only its beginning was read")) == "لم يُقرأ منها إلا بدايتها"
        assert why_urgent("raised from 2: machine-made: m").startswith("رُفع من \u20682\u2069")
