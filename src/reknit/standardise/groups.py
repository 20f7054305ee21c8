"""Spellings of one name across scripts: which name-groups a word belongs to.

Rules
 A group is an item of Wikidata ("Q12345") with its spellings, as rigour collects them: MIT, facts
 CC0. The tables are made by tools/name_groups.py, one a script, and loaded when first needed.
 For a word in another script the table also gives its usual Latin spellings.

>>> "Q5837762" in groups_of("mohammed", Script.LATIN)
True
>>> spellings_of("محمد", Script.ARABIC)[0]
'mohamed'
"""

from __future__ import annotations

from functools import lru_cache

from reknit.standardise.tables import text_of
from reknit.vocabulary.names import Script


@lru_cache(maxsize=32)
def _table(script: Script) -> dict[str, str]:
    """Each word's row, unread: most rows are never asked for."""
    if script in (Script.OTHER, Script.NONE):
        return {}
    lines = text_of(f"groups_{script}.tsv.gz").split("\n")[1:-1]
    return dict(line.split("\t", 1) for line in lines)


def groups_of(word: str, script: Script) -> tuple[str, ...]:
    """The name-groups of a folded word."""
    row = _table(script).get(word)
    if row is None:
        return ()
    return tuple(["Q" + number for number in row[: row.index("\t")].split()])


def spellings_of(word: str, script: Script) -> tuple[str, ...]:
    """The usual Latin spellings of a folded word in another script, likeliest first."""
    row = _table(script).get(word)
    return () if row is None else tuple(row[row.index("\t") + 1 :].split())
