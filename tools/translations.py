"""Bring the pages' translations up to date: `python tools/translations.py` after changing a text.

Every text of the pages' Python and templates, and of the rooms whose errors a page shows, goes
into each language's django.po: what was translated stays, what is new waits with an empty
translation (and a test says so), what nothing uses any more goes. New languages are started by
adding them to `LANGUAGES` in the settings.

Written with Babel, which needs no program of the system; Django's own reading of its templates
turns them into what Babel can read.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src/reknit/web"
ROOMS = [ROOT / "src/reknit" / room for room in ("records", "guard", "intake", "casework")]
"""Their errors are shown as they are."""
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
HEADER = "# Reknit in {language}. Awaiting a native speaker's review.\n# License: AGPL-3.0-or-later"
WIDTH = 100
PLURALS = {
    "ar": (
        6,
        "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
        "n%100>=11 && n%100<=99 ? 4 : 5",
    )
}
"""Where Babel's rule differs from Django's own (its last two forms of Arabic are not in CLDR's
order)."""
STARTED = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
"""One date for all, so that a new run changes nothing by itself."""


def main() -> int:
    """Write each language's file; says how many texts wait in each."""
    for code in languages():
        path = WEB / "locale" / code / "LC_MESSAGES" / "django.po"
        catalog = updated(path, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=WIDTH, no_location=True, ignore_obsolete=True)
        waiting = sum(not said for said in map(is_translated, catalog) if said is not None)
        print(f"{code}: {len(catalog)} texts, {waiting} to translate")
    return 0


def languages() -> list[str]:
    """Codes of all languages but English, which the texts are written in."""
    from django.conf import settings

    return [code for code, _name in settings.LANGUAGES if code != "en"]


def texts() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Each text of the pages (a pair for singular and plural) with its context, in the order of
    the files."""
    from django.utils.translation.template import templatize

    files = [
        *(file for room in ROOMS for file in sorted(room.rglob("*.py"))),
        *sorted(WEB.rglob("*.py")),
        *sorted((WEB / "templates").rglob("*.*")),
    ]
    for path in files:
        if {"node_modules", "built", "migrations"} & set(path.parts):
            continue
        source = path.read_text("utf-8")
        if path.suffix != ".py":
            source = templatize(source, origin=str(path))
        stream = io.BytesIO(source.encode())
        for _line, message, _comments, context in extract("python", stream, KEYWORDS):
            if message and message != ("", ""):
                yield message, context


def updated(path: Path, code: str) -> Catalog:
    """The language's file as it has to be now."""
    before = Catalog(locale=code)
    if path.exists():
        with path.open("rb") as file:
            before = read_po(file, locale=code)
    after = Catalog(
        locale=code,
        project="Reknit",
        version="",
        copyright_holder="the Reknit contributors",
        header_comment=HEADER.format(language=Locale.parse(code).english_name),
        fuzzy=False,
        creation_date=STARTED,
        revision_date=STARTED,
        last_translator="the Reknit contributors",
        language_team=Locale.parse(code).english_name,
    )
    if code in PLURALS:
        after._num_plurals, after._plural_expr = PLURALS[code]
    for message, context in texts():
        known = before.get(message if isinstance(message, str) else message[0], context)
        said = known.string if known is not None else None
        if known is not None and isinstance(known.id, tuple) != isinstance(message, tuple):
            said = None
        after.add(message, said or "", context=context)
    return after


def is_translated(message: object) -> bool | None:
    """None for the file's header."""
    said_id, said = message.id, message.string  # type: ignore[attr-defined]
    if not said_id:
        return None
    return all(said) if isinstance(said, list | tuple) else bool(said)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reknit.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["REKNIT_DATA"] = folder
        import django

        django.setup()
        sys.exit(main())
