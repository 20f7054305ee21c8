"""A text with marks: facts and glossed words where they stand, for pages.

Rules: every letter of the text is shown, once, in its order; marks never overlap: where two facts
do, the first holds; a gloss stands on the word it explains, also inside a fact.

>>> from reknit.language import Fact, FactKind, FactRole
>>> [(p.text, p.kind) for p in marked("See Idris!", [Fact(FactKind.NAME, "Idris", 4, 9,
...     FactRole.SOUGHT)], [])]
[('See ', ''), ('Idris', 'name'), ('!', '')]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reknit.language import Fact, GlossWord


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text. kind, role, number: of the fact on it ("" and -1: none). meaning: of
    the glossed word that begins here."""

    text: str
    kind: str = ""
    role: str = ""
    number: int = -1
    meaning: str = ""


def marked(text: str, facts: Sequence[Fact], gloss: Sequence[GlossWord]) -> list[Piece]:
    """The text in pieces."""
    held = _apart(facts)
    cuts = {0, len(text)}
    for _, fact in held:
        cuts |= {fact.start, fact.end}
    for word in gloss:
        cuts |= {word.start, word.end}
    places = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    meanings = {word.start: word.meaning for word in reversed(gloss)}
    pieces = []
    for start, end in pairwise(places):
        here, meaning = text[start:end], meanings.get(start, "")
        for number, fact in held:
            if fact.start <= start and end <= fact.end:
                pieces.append(Piece(here, str(fact.kind), str(fact.role), number, meaning))
                break
        else:
            pieces.append(Piece(here, meaning=meaning))
    return pieces


def _apart(facts: Sequence[Fact]) -> list[tuple[int, Fact]]:
    """Facts with their numbers, without those that overlap one before them."""
    held: list[tuple[int, Fact]] = []
    for number, fact in sorted(enumerate(facts), key=lambda pair: (pair[1].start, -pair[1].end)):
        if fact.end > fact.start and (not held or fact.start >= held[-1][1].end):
            held.append((number, fact))
    return held
