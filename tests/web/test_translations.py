"""Every text of the pages is there in every language, with the same places to fill in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from tools import translations

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")

NUMBER, COUNT = "%(number)s", "%(count)s"


def file_of(code: str) -> Path:
    return translations.WEB / "locale" / code / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def texts() -> set[tuple[str | tuple[str, ...], str | None]]:
    return set(translations.texts())


def test_the_texts_are_found_in_python_and_templates(
    texts: set[tuple[str | tuple[str, ...], str | None]],
) -> None:
    assert ("Who saw whom, when and why.", None) in texts  # web/menu.py
    assert ("Nobody like this is in the records", None) in texts  # a template


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_all_of_them(
    code: str, texts: set[tuple[str | tuple[str, ...], str | None]]
) -> None:
    with file_of(code).open("rb") as file:
        catalog = read_po(file, locale=code)
    said = {(one.id, one.context) for one in catalog if translations.is_translated(one)}
    missing = sorted(str(text) for text, context in texts if (text, context) not in said)
    assert missing == [], f"{len(missing)} texts wait: python tools/translations.py"
    unused = sorted(str(text) for text, context in said - texts)
    assert unused == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_same_places_to_fill_in(code: str) -> None:
    with file_of(code).open("rb") as file:
        catalog = read_po(file, locale=code)
    wrong = []
    for one in catalog:
        if not one.id or not translations.is_translated(one):
            continue
        asked = [one.id] if isinstance(one.id, str) else list(one.id)
        answers = [one.string] if isinstance(one.string, str) else list(one.string)
        wanted = set(PLACES.findall(asked[0]))
        # A plural form for one or two may say the number in a word.
        allowed = [wanted] if isinstance(one.id, str) else [wanted, wanted - {NUMBER, COUNT}]
        wrong += [text for text in answers if set(PLACES.findall(text)) not in allowed]
    assert wrong == []


SAID_IN_ENGLISH = {
    "need_rules.py", "rules_file.py",  # a settings file, read by who runs the installation
    "reviewers.py",  # the page says it in its own words, beside the field
    "mailbox.py", "gateways.py", "backup.py",  # told to commands and machines
    "scoping.py", "permissions.py", "__init__.py",  # told to programmers
    "access.py", "quota.py", "commits.py", "subjects.py",  # pages of their own: web/refusals.py
}  # fmt: skip
SHOWN = re.compile(
    r"(Casework|NotYet|Desk|RefusedUpload|NotUndoable|Lesson|Alarm|Grant|UnusableConsent|Records"
    r"|UnknownRecord|AlreadyUndone|Question|Staff)Error"
)


def test_an_error_that_a_page_shows_is_raised_in_the_readers_language() -> None:
    bare = []
    files = [path for room in translations.ROOMS for path in sorted(room.glob("*.py"))]
    assert len(files) > 50
    for path in files:
        if path.name in SAID_IN_ENGLISH:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(), *_]) if SHOWN.fullmatch(
                    name
                ):
                    bare.append(f"{path.name}:{node.lineno}")
    assert bare == [], "wrap the text in gettext"
