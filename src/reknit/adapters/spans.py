"""Literal spans: a value that a model gave counts only where the message says it, letter by letter.

Rules: the value is looked for as it is, no letter folded, no space forgiven; a place where it
stands as words of its own is taken before one inside a longer word ("Ali" not in "Alicante"), and
a place already taken by the same value is not taken twice. Not found is None, and the value is
dropped by whoever asked.

>>> find_literal("Ali left Alicante with Ali", "Ali", taken=[(0, 3)])
(23, 26)
>>> find_literal("my wife is bleeding", "John Smith") is None
True
"""

from __future__ import annotations

from collections.abc import Collection

LONGEST_VALUE = 120
"""Code points: what is longer is a sentence, no value."""


def find_literal(
    text: str, value: str, taken: Collection[tuple[int, int]] = ()
) -> tuple[int, int] | None:
    """Where the text says a value: code points, half-open. None where it does not."""
    if not value or value != value.strip() or len(value) > LONGEST_VALUE or "\n" in value:
        return None
    places = [place for place in _occurrences(text, value) if place not in taken]
    whole = (place for place in places if _stands_alone(text, *place))
    return next(whole, places[0] if places else None)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Code points that two spans share, over the length of the longer; 0 to 1.

    >>> overlap((0, 10), (5, 10))
    0.5
    """
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / max(one[1] - one[0], other[1] - other[0], 1)


def _occurrences(text: str, value: str) -> list[tuple[int, int]]:
    places = []
    at = text.find(value)
    while at >= 0:
        places.append((at, at + len(value)))
        at = text.find(value, at + 1)
    return places


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
