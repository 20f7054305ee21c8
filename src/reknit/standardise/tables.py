"""Packaged tables, read once.

A table is UTF-8, one row a line; lines that start with "#" tell where it comes from. Columns
are divided by a tab. A missing or malformed table is a TableError that names it: the package is
then damaged, and no name may be read with half of its knowledge.

>>> rows("hangul_surnames.tsv")[0]
('김', 'kim gim')
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files

from reknit.standardise.errors import TableError

_DATA = files("reknit.standardise") / "data"


def text_of(name: str) -> str:
    """The text of a packaged table, unpacked when its name ends in .gz."""
    try:
        raw = (_DATA / name).read_bytes()
    except OSError as error:
        raise TableError(f"data/{name}", "is missing", "reinstall reknit") from error
    return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")


@lru_cache(maxsize=64)
def rows(name: str, columns: int = 2) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, each with just so many columns."""
    found = []
    for number, line in enumerate(text_of(name).splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if len(cells) != columns:
            rule = f"line {number} has {len(cells)} columns, not {columns}"
            raise TableError(f"data/{name}", rule, "reinstall reknit")
        found.append(cells)
    return tuple(found)
