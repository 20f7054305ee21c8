"""Sheets of paper as PDF files: Typst sets text in the scripts of its fonts, in both directions.

Rules: values are data and never markup, so that nothing that people wrote is obeyed; nothing but
the template's folder and the given fonts is read, and nothing is fetched; a sign that no font has
is not left out in silence: `unprintable` says so beforehand.

>>> unprintable("Idris · إدريس · ဒေါ်ခင်")
''
>>> unprintable("陳美玲")
'陳美玲'
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FAMILIES = (
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Armenian", "Noto Sans Bengali",
    "Noto Sans Devanagari", "Noto Sans Ethiopic", "Noto Sans Georgian", "Noto Sans Hebrew",
    "Noto Sans Myanmar",
)  # fmt: skip
"""The fonts, in the order in which they are asked for a sign."""

_SCRIPTS = frozenset({
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "ARMENIAN", "BENGALI", "DEVANAGARI", "ETHIOPIC",
    "GEORGIAN", "HEBREW", "MYANMAR",
})  # fmt: skip
"""What the fonts have, as Unicode names its signs."""


def is_available(fonts: Path) -> bool:
    """True where both Typst and the fonts are installed."""
    return importlib.util.find_spec("typst") is not None and any(fonts.glob("*.ttf"))


def as_pdf(template: Path, fonts: Path, values: Mapping[str, Any]) -> bytes:
    """The template, set with these values, as a PDF with its fonts in it. values: what JSON can
    say; the template reads them from `sys.inputs.data`. Raises RuntimeError for a template that
    Typst refuses."""
    import typst

    said = {**values, "fonts": FAMILIES}
    made = typst.compile(
        str(template), root=str(template.parent), font_paths=[str(fonts)],
        ignore_system_fonts=True, sys_inputs={"data": json.dumps(said, ensure_ascii=False)},
        format="pdf",
    )  # fmt: skip
    assert isinstance(made, bytes)  # noqa: S101 - for mypy: one page or many, one file
    return made


def unprintable(text: str) -> str:
    """The signs of a text that no font has."""
    return "".join(sign for sign in text if not _is_printable(sign))


@cache
def _is_printable(sign: str) -> bool:
    if not unicodedata.category(sign).startswith(("L", "M")):
        return sign.isspace() or ord(sign) < 0x2070 or unicodedata.category(sign) == "Cf"
    script = unicodedata.name(sign, "").split(" ")[0]
    return script in _SCRIPTS or script in {"COMBINING", "MODIFIER"}
