"""What rules say of a message, made from its labels: so that the laws of `Assistant` are tested
against any rules, not against what ours happen to find."""

from __future__ import annotations

from collections.abc import Iterable

from reknit.language.values import (
    Category,
    CategoryReason,
    Detection,
    Fact,
    Gloss,
    Summary,
    Triage,
    Urgency,
)


def triage_saying(
    urgency: int = 2,
    categories: Iterable[str] = ("other",),
    facts: Iterable[Fact] = (),
    language: str = "en",
) -> Triage:
    """A triage as rules give it."""
    categories = tuple(categories)
    return Triage(
        detection=Detection(language, 0.9, "Latin"),
        gloss=Gloss((), "en"),
        categories=categories,
        because=tuple(CategoryReason(Category(category), ("word",)) for category in categories),
        urgency=Urgency(urgency, ("word",)),
        facts=tuple(facts),
        summary=Summary("Facts: none.", "en"),
    )
