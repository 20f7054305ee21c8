"""Packaged tables of this room, read once: UTF-8, a row a line, columns divided by a tab.

A line that starts with "#" says where the rows come from. A missing or malformed table is a
LexiconError: the package is then damaged, and no message may be read with half of its knowledge.

>>> rows("function_words.tsv")[0][0]
'en'
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from reknit.language.errors import LexiconError

_DATA = files("reknit.language") / "data"


@lru_cache(maxsize=64)
def rows(name: str, columns: int = 2) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, each with just so many columns."""
    try:
        text = (_DATA / name).read_text("utf-8")
    except OSError as error:
        raise LexiconError(f"data/{name}", "is missing", "reinstall reknit") from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if len(cells) != columns:
            rule = f"line {number} has {len(cells)} columns, not {columns}"
            raise LexiconError(f"data/{name}", rule, "reinstall reknit")
        found.append(cells)
    return tuple(found)
