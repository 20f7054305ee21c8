"""Marked messages to messages with facts and their offsets: written once, in the text itself.

A file holds messages one after the other: a header, the text (one line or several), an empty line.

    en-02 5 child_alone,sighting !child_alone
    a girl of [[age:child|{6} years]] alone, name is [[name:child|Rima]]

Rules: the header gives id, urgency, categories, after "!" the danger signals, and `lang=` where
the file's name is no language. A mark is `[[kind|surface]]` or `[[kind:role|surface]]`; braces
show the part that is enough ("6" for "6 years"). `[[?kind|…]]` marks what may be given or left
out: it is no fact to find and no error to give. Offsets are code points, half-open. Text outside
double brackets stands for itself, braces included. Lines that start with # before the first
header are remarks. A mistake is one line with file and line.

>>> text, facts = read_marks("name is [[name:child|Rima]], [[age|{6} years]]")
>>> text
'name is Rima, 6 years'
>>> [(fact.kind, fact.role, text[fact.start:fact.end], fact.spans) for fact in facts]
[('name', 'child', 'Rima', ((8, 12),)), ('age', None, '6 years', ((14, 21), (14, 15)))]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent
KINDS = (
    "name", "age", "sex", "date", "place", "phone", "relation", "condition", "group_size",
)  # fmt: skip
ROLES = ("sought", "found", "sender", "relative", "child", "other")
CATEGORIES = (
    "sought", "sighting", "safe", "medical", "rescue", "threat", "child_alone", "detention",
    "trafficking", "death", "shelter", "food", "water", "transport", "offer", "case_question",
    "other",
)  # fmt: skip
DANGERS = ("threat", "medical", "child_alone", "pregnancy", "detention")

_HEADER = re.compile(
    r"(?P<id>[a-z]{2,3}-\d{2,3}) (?P<urgency>[1-5]) (?P<categories>[a-z_,]+)"
    r"(?: !(?P<dangers>[a-z_,]+))?(?: lang=(?P<language>[a-z]{2}))?"
)
_MARK = re.compile(
    r"\[\[(?P<optional>\??)(?P<kind>[a-z_]+)(?::(?P<role>[a-z]+))?\|(?P<surface>[^\[\]|]+)\]\]"
)
_CORE = re.compile(r"(?P<before>[^{}]*)(?:\{(?P<core>[^{}]+)\}(?P<after>[^{}]*))?")


class Half(StrEnum):
    """Which half a message belongs to: even numbers may be read by whoever writes rules, odd
    numbers are only scored."""

    DEVELOPMENT = "development"
    HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True)
class Fact:
    """One marked fact.

    kind: one of KINDS. role: one of ROLES, None where it is not judged. value: as written in the
    text. start, end: code points of the text, half-open. core: the part of it that is enough, None
    without one. optional: may be given or left out.
    """

    kind: str
    role: str | None
    value: str
    start: int
    end: int
    core: tuple[int, int] | None = None
    optional: bool = False

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The spans that are right: the whole and, where marked, the part that is enough."""
        return (
            ((self.start, self.end),) if self.core is None else ((self.start, self.end), self.core)
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One message and what a careful desk worker reads in it. language: ISO 639-1; in romanised
    text, of the speech. urgency: 1 lowest to 5 now."""

    message_id: str
    text: str
    language: str
    urgency: int
    categories: frozenset[str]
    dangers: frozenset[str]
    facts: tuple[Fact, ...]

    @property
    def half(self) -> Half:
        """By the number of its id."""
        even = int(self.message_id.rpartition("-")[2]) % 2 == 0
        return Half.DEVELOPMENT if even else Half.HELD_OUT

    def as_row(self) -> dict[str, object]:
        """For JSON Lines."""
        return {
            "message_id": self.message_id,
            "text": self.text,
            "language": self.language,
            "urgency": self.urgency,
            "categories": sorted(self.categories),
            "dangers": sorted(self.dangers),
            "half": str(self.half),
            "facts": [
                {
                    "kind": fact.kind,
                    "value": fact.value,
                    "start": fact.start,
                    "end": fact.end,
                    "role": fact.role,
                    "core": fact.core,
                    "optional": fact.optional,
                }
                for fact in self.facts
            ],
        }


INJECTIONS, ROMANISED = "injections", "romanised"


def languages() -> list[str]:
    """The languages that have a file, in the alphabet's order."""
    names = sorted(path.stem for path in FOLDER.glob("*.txt"))
    return [name for name in names if name not in (INJECTIONS, ROMANISED)]


def read_plain() -> list[Message]:
    """The messages of all languages, without injections and romanised ones."""
    return [message for name in languages() for message in read_file(FOLDER / f"{name}.txt")]


def read_injections() -> list[Message]:
    """Messages that try to give orders to a machine."""
    return read_file(FOLDER / f"{INJECTIONS}.txt")


def read_romanised() -> list[Message]:
    """Arabic, Urdu, Russian and Persian in Latin letters."""
    return read_file(FOLDER / f"{ROMANISED}.txt")


def read_file(path: Path) -> list[Message]:
    """The messages of one file. ValueError says file, line and what is wrong."""
    language = path.stem if re.fullmatch("[a-z]{2}", path.stem) else None
    messages = []
    for number, lines in _blocks(path.read_text(encoding="utf-8")):
        try:
            messages.append(_read_message(lines, language))
        except ValueError as error:
            raise ValueError(f"{path.name} line {number}: {error}") from None
    return messages


def read_marks(marked: str) -> tuple[str, tuple[Fact, ...]]:
    """The text without marks, and its facts in order. ValueError for a mark that is none."""
    parts: list[str] = []
    facts: list[Fact] = []
    length = reached = 0
    for mark in _MARK.finditer(marked):
        between = marked[reached : mark.start()]
        surface, core = _surface(mark["surface"])
        start = length + len(between)
        facts.append(
            Fact(
                _one_of(mark["kind"], KINDS, "kind"),
                None if mark["role"] is None else _one_of(mark["role"], ROLES, "role"),
                surface,
                start,
                start + len(surface),
                None if core is None else (start + core[0], start + core[1]),
                optional=bool(mark["optional"]),
            )
        )
        parts += [between, surface]
        length = start + len(surface)
        reached = mark.end()
    parts.append(marked[reached:])
    text = "".join(parts)
    if "[[" in text or "]]" in text:
        raise ValueError("a mark that cannot be read; write [[kind:role|surface]]")
    return text, tuple(facts)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line of the header, lines) of each message, remarks left out."""
    block: list[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            first = first if block else number
            block.append(line)
        elif block:
            if not all(part.startswith("#") for part in block):
                yield first, block
            block = []


def _read_message(lines: Sequence[str], language: str | None) -> Message:
    header = _HEADER.fullmatch(lines[0].strip())
    if header is None:
        raise ValueError('a header reads "en-02 5 sought,threat !threat lang=en"')
    if (header["language"] is None) == (language is None):
        raise ValueError("lang= belongs where the file's name is no language, and only there")
    text, facts = read_marks("\n".join(lines[1:]))
    if not text.strip():
        raise ValueError("no text")
    return Message(
        header["id"],
        text,
        header["language"] or language or "",
        int(header["urgency"]),
        _all_of(header["categories"], CATEGORIES, "category"),
        _all_of(header["dangers"], DANGERS, "danger"),
        facts,
    )


def _surface(marked: str) -> tuple[str, tuple[int, int] | None]:
    """The surface without braces, and where the part in braces lies in it."""
    found = _CORE.fullmatch(marked)
    if found is None:
        raise ValueError(f"braces that do not close once: {marked}")
    before, core, after = found["before"], found["core"], found["after"]
    surface = before if core is None else before + core + after
    if surface != surface.strip():
        raise ValueError(f"a mark starts or ends with a space: {marked!r}")
    if core is None or core == surface:
        return surface, None
    return surface, (len(before), len(before) + len(core))


def _one_of(word: str, allowed: Sequence[str], what: str) -> str:
    if word not in allowed:
        raise ValueError(f"no {what}: {word}")
    return word


def _all_of(words: str | None, allowed: Sequence[str], what: str) -> frozenset[str]:
    return frozenset(_one_of(word, allowed, what) for word in (words.split(",") if words else ()))
