"""ASCII readings of one word in any script, likeliest first, at most four.

Rules
 A reading has only the letters a to z. Each script has a module with one function, `read`,
 that takes a clean lower-case word and gives its readings; what a script leaves open (vowels,
 dialects, whose spelling) is said by giving several.
 Letters of scripts without a module are read by ICU's general rules.

>>> readings("Шевченко".lower(), Script.CYRILLIC)[0]
'shevchenko'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module

from reknit.vocabulary.names import Script

MOST = 4
_NOT_A_TO_Z = re.compile("[^a-z]+")
_MODULES = {
    Script.ARABIC: "arabic",
    Script.CYRILLIC: "cyrillic",
    Script.ETHIOPIC: "ethiopic",
    Script.HEBREW: "hebrew",
    Script.GREEK: "greek",
    Script.GEORGIAN: "georgian",
    Script.ARMENIAN: "armenian",
    Script.HAN: "han",
    Script.HANGUL: "hangul",
    Script.KANA: "kana",
    Script.MYANMAR: "myanmar",
    Script.THAI: "thai",
    Script.KHMER: "khmer",
    Script.DEVANAGARI: "indic",
    Script.BENGALI: "indic",
    Script.LATIN: "latin",
    Script.OTHER: "general",
}


@lru_cache(maxsize=32)
def _reader(script: Script) -> Callable[[str], Iterable[str]]:
    module = import_module(f"reknit.standardise.romanise.{_MODULES[script]}")
    reader: Callable[[str], Iterable[str]] = module.read
    return reader


def readings(word: str, script: Script) -> tuple[str, ...]:
    """The readings of a clean lower-case word; empty when nothing in it can be read."""
    if script is Script.NONE:
        return ()
    return distinct(_reader(script)(word))


def distinct(forms: Iterable[str]) -> tuple[str, ...]:
    """The first four different readings, each reduced to a-z."""
    found: list[str] = []
    for form in forms:
        if not (form.isascii() and form.isalpha()):
            form = _NOT_A_TO_Z.sub("", form)
        if form and form not in found:
            found.append(form)
            if len(found) == MOST:
                break
    return tuple(found)
