"""Names as the project's own lists write them: native spellings, Latin ones, nicknames.

Rules: the lists under `data/names` are this room's alone; the matcher never reads them, and they
were not taken from its tables. A line is `native;variant@second script | Latin;variants |
nickname=Latin`; a family name with two sexes is `masculine/feminine`; a fourth column holds
patronymics. Earlier lines are commoner.

>>> load_pool("arabic")["m"][0].latin[0]
'Mohammed'
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")
Nickname = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One name in its spellings; equal only to itself, so it can key a clerk's memory.

    native: accepted native spellings, the usual one first (for Slavic names Ukrainian, Russian;
    for Chinese ones simplified, traditional). latin: the usual one first. second: the same name
    in the community's other script. feminine: the form that women bear, if it differs.
    patronymic: what sons and daughters are called after it.
    """

    native: tuple[str, ...]
    latin: tuple[str, ...]
    nicknames: tuple[Nickname, ...] = ()
    second: str | None = None
    feminine: Entry | None = None
    patronymic: tuple[Entry, Entry] | None = None


def compose(entries: tuple[Entry, ...], native_joint: str, latin_joint: str) -> Entry:
    """One name made of several words (José Luis, Abdul Karim, Aung Kyaw Win)."""
    if len(entries) == 1:
        return entries[0]
    native = tuple(
        dict.fromkeys(
            native_joint.join(e.native[min(i, len(e.native) - 1)] for e in entries)
            for i in range(2)
        )
    )
    latin = tuple(
        dict.fromkeys(
            latin_joint.join(e.latin[min(i, len(e.latin) - 1)] for e in entries) for i in range(3)
        )
    )
    seconds = [e.second for e in entries]
    second = None if None in seconds else " ".join(s for s in seconds if s)
    return Entry(native, latin, entries[-1].nicknames, second)


def weighted(choices: Sequence[T], cumulative: Sequence[float], rng: Random) -> T:
    """One of `choices` by their cumulative weights: `Random.choices` for one, in half the time."""
    return choices[bisect(cumulative, rng.random() * cumulative[-1], 0, len(choices) - 1)]


@dataclass(frozen=True, slots=True)
class Pool:
    """Names to draw from, the earlier the commoner."""

    entries: tuple[Entry, ...]
    cumulative: tuple[float, ...]

    def draw(self, rng: Random) -> Entry:
        """One name, by its weight."""
        return weighted(self.entries, self.cumulative, rng)


def pool_of(entries: tuple[Entry, ...], steepness: float) -> Pool:
    """`entries` weighted by rank: steepness 0 is even, 1 nearly Zipf's law."""
    weights = ((rank + 4.0) ** -steepness for rank in range(len(entries)))
    return Pool(entries, tuple(accumulate(weights)))


def read_sections(*path: str) -> dict[str, list[str]]:
    """The lines of a data file under each `[section]`, without comments and blanks."""
    text = resources.files("reknit.synth").joinpath("data", *path).read_text("utf-8")
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif line.strip() and not line.startswith("#"):
            current.append(line)
    return sections


@cache
def load_pool(name: str) -> dict[str, tuple[Entry, ...]]:
    """The sections of one list of names, each a tuple of entries."""
    return {
        section: tuple(_entry(line) for line in lines)
        for section, lines in read_sections("names", f"{name}.txt").items()
    }


def _entry(line: str) -> Entry:
    cells = [cell.strip() for cell in line.split("|")]
    cells += [""] * (4 - len(cells))
    natives, _, second = cells[0].partition("@")
    native, latin = natives.split(";"), cells[1].split(";")
    nicknames = tuple(_nickname(pair) for pair in cells[2].split(";") if pair)
    if "/" in natives:
        feminine = Entry(_half(native, 1), _half(latin, 1))
        return Entry(_half(native, 0), _half(latin, 0), nicknames, feminine=feminine)
    patronymic = _patronymics(cells[3]) if cells[3] else None
    return Entry(tuple(native), tuple(latin), nicknames, second or None, patronymic=patronymic)


def _nickname(pair: str) -> Nickname:
    native, _, latin = pair.partition("=")
    return native, latin


def _half(forms: list[str], half: int) -> tuple[str, ...]:
    return tuple(form.split("/")[min(half, form.count("/"))] for form in forms)


def _patronymics(cell: str) -> tuple[Entry, Entry]:
    """Sons' and daughters' names, Ukrainian and Russian, with no Latin forms yet."""
    forms = cell.split(";")
    return Entry(_half(forms, 0), ()), Entry(_half(forms, 1), ())
