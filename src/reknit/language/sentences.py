"""The sentences and clauses of a message, by place in the text as it came.

Rules: a sentence ends at . ! ? and their kin in each writing (؟ ۔ । ။ 。 ። ), at a line's end, and
at an emoji; a full stop between digits or letters without a space ends nothing. A clause also ends
at a comma, a semicolon or a dash between spaces.

>>> text = "No one is injured, we are safe. Ahmad is here!"
>>> [text[start:end] for start, end in sentences(text)]
['No one is injured, we are safe.', 'Ahmad is here!']
>>> [text[start:end] for start, end in clauses(text)]
['No one is injured,', 'we are safe.', 'Ahmad is here!']
"""

from __future__ import annotations

import re

_ENDS = r"[.!?](?=[\s\"'”»)\]]|$)|[؟۔।॥။。！？።፧\n\r]|[\U0001F300-\U0001FAFF]"
_SENTENCE = re.compile(rf"(?:{_ENDS})+[\"'”»)\]]*")
_CLAUSE = re.compile(rf"(?:{_ENDS}|[,;:،؛、，；：፣፤፥၊]|\s[-–—]\s|…|\.\.+)+[\"'”»)\]]*")


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, its mark included, without spaces around it."""
    return _pieces(text, _SENTENCE)


def clauses(text: str) -> list[tuple[int, int]]:
    """(start, end) of each clause, as `sentences`."""
    return _pieces(text, _CLAUSE)


def _pieces(text: str, ending: re.Pattern[str]) -> list[tuple[int, int]]:
    found = []
    begin = 0
    for match in ending.finditer(text):
        found.append((begin, match.end()))
        begin = match.end()
    found.append((begin, len(text)))
    stripped = []
    for start, end in found:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end -= len(piece) - len(piece.rstrip())
        if end > start and any(letter.isalnum() for letter in text[start:end]):
            stripped.append((start, end))
    return stripped
