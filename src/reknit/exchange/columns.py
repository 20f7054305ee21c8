"""The contract's columns, and how a header row is matched to them.

Rules: a header cell means a column only when it is that column's name, whatever its case, spaces,
underscores or invisible marks; a likely synonym is suggested, never assumed. The header is looked
for in the first rows, so that a title above it, or a second header row under merged cells, does
not hide it.

>>> PEOPLE.match(["Person Record-ID", "\\ufeffFULL NAME", "shoe size"])
{'person_record_id': [0], 'full_name': [1]}
>>> PEOPLE.complaint(["ID", "full_name"])
('person_record_id', 'ID')
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reknit.vocabulary.columns import NAME_COLUMNS, PEOPLE_COLUMNS

HEADER_SEARCH_ROWS = 10

# Written by the project from general knowledge: what lists call these columns.
_SYNONYMS = {
    "person_record_id": (
        *("id", "record id", "person id", "case id", "case number", "registration number"),
        *("reg no", "ref", "reference", "number", "no", "nr", "code", "uuid", "key", "serial"),
        *("numero", "identifiant", "номер", "код", "رقم", "الرقم", "شماره", "编号"),
    ),
    "full_name": (
        *("name", "person name", "names", "first name", "last name", "surname", "nom", "prenom"),
        *("nombre", "nombre completo", "nom complet", "имя", "фио", "фамилия", "الاسم", "اسم"),
        *("الاسم الكامل", "نام", "نام کامل", "姓名", "ስም"),
    ),
}


@dataclass(frozen=True, slots=True)
class TableSchema:
    """Which columns a table may have, and which it must (each group: at least one of it)."""

    columns: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]

    def match(self, cells: Sequence[str]) -> dict[str, list[int]]:
        """The positions of each known column in a header row, in the header's order."""
        by_key = {_key(column): column for column in self.columns}
        found: dict[str, list[int]] = {}
        for position, cell in enumerate(cells):
            column = by_key.get(_key(cell))
            if column is not None:
                found.setdefault(column, []).append(position)
        return found

    def is_header(self, cells: Sequence[str]) -> bool:
        """True when every needed column is there."""
        matched = self.match(cells)
        return all(any(column in matched for column in group) for group in self.needed)

    def complaint(self, cells: Sequence[str]) -> tuple[str, str | None] | None:
        """The first needed column that is missing, and the header cell most like it, if any."""
        matched = self.match(cells)
        taken = {position for positions in matched.values() for position in positions}
        free = [cell for position, cell in enumerate(cells) if position not in taken]
        for group in self.needed:
            if not any(column in matched for column in group):
                return group[0], _likeliest(group[0], free)
        return None


PEOPLE = TableSchema(PEOPLE_COLUMNS, (("person_record_id",), NAME_COLUMNS))


@dataclass(frozen=True, slots=True)
class Header:
    """A header found in a table's first rows: its labels, and how many rows to skip with it."""

    labels: tuple[str, ...]
    rows: int


def locate_header(rows: Sequence[Sequence[str]], schema: TableSchema) -> Header:
    """The header among `rows` (the first of the file).

    The first row that has all needed columns; else two stacked rows (merged cells) that have
    them together; else the first row that is not empty, for the complaint.
    """
    head = rows[:HEADER_SEARCH_ROWS]
    for index, row in enumerate(head):
        following = head[index + 1] if index + 1 < len(head) else ()
        stacked = _stacked(row, following)
        if schema.is_header(row) and not _only_labels(following, schema):
            return Header(tuple(row), index + 1)
        if len(schema.match(stacked)) > len(schema.match(following)) and schema.is_header(stacked):
            return Header(stacked, index + 2)
    for index, row in enumerate(head):
        if any(cell.strip() for cell in row):
            return Header(tuple(row), index + 1)
    return Header((), len(head))


def _stacked(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    padded = [*lower, *[""] * (width - len(lower))]
    above = [*upper, *[""] * (width - len(upper))]
    return tuple(low if low.strip() else high for high, low in zip(above, padded, strict=True))


def _only_labels(row: Sequence[str], schema: TableSchema) -> bool:
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and len(filled) == sum(map(len, schema.match(filled).values()))


def _key(cell: str) -> str:
    folded = unicodedata.normalize("NFKC", cell).casefold()
    return "".join(c for c in folded if c.isalnum())


def _likeliest(column: str, cells: Sequence[str]) -> str | None:
    from rapidfuzz import fuzz, process

    best: tuple[float, str] | None = None
    for cell in cells:
        words = _words(cell)
        if not words:
            continue
        found = process.extractOne(
            words, [_words(column), *_SYNONYMS.get(column, ())], scorer=fuzz.ratio, score_cutoff=66
        )
        if found is not None and (best is None or found[1] > best[0]):
            best = found[1], cell
    return None if best is None else " ".join(best[1].split())


def _words(cell: str) -> str:
    folded = unicodedata.normalize("NFKC", cell).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
