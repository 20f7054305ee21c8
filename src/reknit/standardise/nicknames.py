"""Nicknames, diminutives and national forms of one name, as symbols ("nick:sasha").

Rules
 data/nicknames.tsv has a line a name: the symbol, then every form of it in any script, written by
 the project from general knowledge. A word may be in several lines (Sasha: Aleksandr, Aleksandra).

>>> sorted(symbols_of("pepe") & symbols_of("jose"))
['nick:joseph']
"""

from __future__ import annotations

from functools import lru_cache

from reknit.standardise.scripts import fold_word, script_of
from reknit.standardise.tables import rows

_NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for symbol, forms in rows("nicknames.tsv"):
        for form in forms.split():
            table.setdefault(fold_word(form, script_of(form)), set()).add(f"nick:{symbol}")
    return {form: frozenset(symbols) for form, symbols in table.items()}


def symbols_of(word: str) -> frozenset[str]:
    """The nickname symbols of a folded word in any script."""
    return _table().get(word, _NOTHING)
