"""CSV text into rows: RFC 4180, and what people make of it.

Rules: a cell in quotation marks may hold separators, line ends and doubled marks; a row in which a
cell opens a mark and does not close it before the next separator ends at its line, is split as if
marks were letters, and is called broken, so that no mark swallows the rows after it.

>>> [(record.line, record.cells) for record in split_records('1,"a\\nb"\\n2,c', ",")]
[(1, ['1', 'a\\nb']), (3, ['2', 'c'])]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Record(NamedTuple):
    """One row: the line it begins on, and its cells (a named tuple, for there are millions).

    broken: its quotation marks do not pair. plain: its text, not split, when it is clean and has
    the number of cells that was asked for; cells are empty then.
    """

    line: int
    cells: list[str]
    broken: bool = False
    plain: str = ""


def split_records(
    text: str, separator: str, line: int = 1, plain_width: int = 0
) -> Iterator[Record]:
    """The rows of `text` (line ends are LF), the first on line number `line`.

    plain_width: rows of exactly this many clean cells (2 or more) are left unsplit.
    """
    cell, plain = _cell_pattern(separator), _plain_pattern(separator, plain_width)
    separators = plain_width - 1 if plain_width > 1 else -1
    position, end = 0, len(text)
    while position < end:
        stop = text.find("\n", position)
        stop = end if stop < 0 else stop
        row = text[position:stop]
        if '"' not in row:
            if row.count(separator) == separators:
                yield Record(line, [], plain=row)
            else:
                yield Record(line, row.split(separator))
        elif plain is not None and (clean := plain.match(text, position)) is not None:
            yield Record(line, [], plain=clean.group())
            line += text.count("\n", position, clean.end())
            stop = clean.end()
        else:
            cells, after = _quoted_cells(text, position, cell, separator)
            if cells is None:
                yield Record(line, row.split(separator), broken=True)
            else:
                yield Record(line, cells)
                line += text.count("\n", position, after)
                stop = after
        position, line = stop + 1, line + 1


def _cell_pattern(separator: str) -> re.Pattern[str]:
    s = re.escape(separator)
    quoted = rf' *"([^"]*+(?:""[^"]*+)*+)" *(?=[{s}\n]|\Z)'
    bare = rf'((?! *")[^{s}\n]*+)(?=[{s}\n]|\Z)'
    return re.compile(f"{quoted}|{bare}")


def _plain_pattern(separator: str, width: int) -> re.Pattern[str] | None:
    """A whole row of `width` cells, each in quotation marks or without any."""
    if width < 2:
        return None
    s = re.escape(separator)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{s}\n]*+)'
    return re.compile(rf"{cell}(?:{s}{cell}){{{width - 1}}}(?=\n|\Z)")


def _quoted_cells(
    text: str, position: int, cell: re.Pattern[str], separator: str
) -> tuple[list[str] | None, int]:
    cells: list[str] = []
    while True:
        found = cell.match(text, position)
        if found is None:
            return None, position
        inside, bare = found.group(1, 2)
        cells.append(bare if inside is None else inside.replace('""', '"'))
        position = found.end()
        if position >= len(text) or text[position] != separator:
            return cells, position
        position += 1
