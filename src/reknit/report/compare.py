"""Two records side by side: which fields agree, and which words of the others do not.

Rules kept here: fields pair up by label; a difference is marked by word and never hidden by it;
words in two scripts cannot be compared by eye, so they are not marked but said to be in another
script. What the marks show is spelling; what the evidence weighs is the model's business.

>>> rows = side_by_side((RecordField("Home", "Deir Hafer"),), (RecordField("Home", "Deir Hafir"),))
>>> rows[0].state, [part.text for part in rows[0].found[0].parts if part.is_different]
(<State.DIFFERS: 'differs'>, ['Hafir'])
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reknit.report.data import RecordField
from reknit.report.text import language_tag, script_code

BETWEEN_WORDS = re.compile(r"([\s,;:/.\-–()،؛]+)")


class State(StrEnum):
    """How two fields stand to each other, in the words the page shows."""

    SAME = "same"
    ORDER = "other order"
    DIFFERS = "differs"
    SCRIPT = "other script"
    SOUGHT_ONLY = "not on the found side"
    FOUND_ONLY = "not on the sought side"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line; is_different where the other record lacks the word."""

    text: str
    is_different: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a field, cut into parts, with its lang attribute where its script tells."""

    parts: tuple[Part, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both records; a side without lines is not known."""

    label: str
    sought: tuple[Line, ...]
    found: tuple[Line, ...]
    state: State


def side_by_side(sought: Sequence[RecordField], found: Sequence[RecordField]) -> tuple[Row, ...]:
    """One row a label: the sought record's labels in their order, then the found record's own."""
    left, right = _by_label(sought), _by_label(found)
    return tuple(_row(label, left.get(label, ""), right.get(label, "")) for label in left | right)


def _by_label(fields: Sequence[RecordField]) -> dict[str, str]:
    values: dict[str, list[str]] = {}
    for field in fields:
        values.setdefault(field.label, []).append(field.value.strip())
    return {label: "\n".join(filter(None, parts)) for label, parts in values.items()}


def _row(label: str, sought: str, found: str) -> Row:
    state = _state(sought, found)
    marks = state is State.DIFFERS
    return Row(
        label,
        _lines(sought, _words(found) if marks else None),
        _lines(found, _words(sought) if marks else None),
        state,
    )


def _state(sought: str, found: str) -> State:
    if not sought or not found:
        if not sought and not found:
            return State.UNKNOWN
        return State.SOUGHT_ONLY if sought else State.FOUND_ONLY
    if _fold(sought) == _fold(found):
        return State.SAME
    if _words(sought) == _words(found):
        return State.ORDER
    return State.SCRIPT if _scripts(sought) != _scripts(found) else State.DIFFERS


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in BETWEEN_WORDS.split(_fold(text)) if _is_word(word))


def _scripts(text: str) -> frozenset[str | None]:
    return frozenset(map(script_code, _words(text))) - {None}


def _is_word(text: str) -> bool:
    return bool(text) and not BETWEEN_WORDS.fullmatch(text)


def _lines(text: str, other: frozenset[str] | None) -> tuple[Line, ...]:
    return tuple(
        Line(_parts(line.strip(), other), language_tag(line))
        for line in text.splitlines()
        if line.strip()
    )


def _parts(line: str, other: frozenset[str] | None) -> tuple[Part, ...]:
    if other is None:
        return (Part(line),)
    return tuple(
        Part(piece, _is_word(piece) and _fold(piece) not in other)
        for piece in BETWEEN_WORDS.split(line)
        if piece
    )
