"""What rules say of a message, made from its labels: so that the laws of `Assistant` are tested
against any rules, not against what ours happen to find."""

from __future__ import annotations

from collections.abc import Iterable

from reknit.adapters.trial import labelled_messages
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


def by_the_labels(what: str, text: str) -> object:
    """What a model answers to the trial's messages that is always right. KeyError for others."""
    message = {one.text: one for one in labelled_messages()}[text]
    if what == "sorted":
        return {"categories": sorted(message.categories), "urgency": message.urgency}
    return {
        "facts": [
            {"kind": kind, "quote": text[start:end], "role": "other"}
            for kind, start, end in message.facts
        ]
    }
