"""Read messages in the background: language, categories, urgency, facts, and which are alike.

Rules: one job a message, run again without harm; what was read is a suggestion (I10): it fills the
message's own row and nothing else, and never overwrites what a person said; texts are compared in
the worker's memory alone, nothing of that is written; a gazetteer that cannot be opened or a model
that cannot be read leaves the other rules at work. What the settings' model adds comes later, as a
job of its own (`reknit.intake.assisting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from reknit.adapters.rows import as_row
from reknit.guard import audit, commits
from reknit.guard.audit import Resource
from reknit.intake import assisting, likeness
from reknit.intake.learned import in_use
from reknit.intake.models import Message, MessageState
from reknit.intake.places import gazetteer
from reknit.language import (
    Fact,
    FactKind,
    FactRole,
    GlossWord,
    Made,
    Triage,
    gloss_of,
    read_signals,
    summarise,
    triage,
)
from reknit.language.lexicons import READERS, senses
from reknit.queue.worker import Run
from reknit.sealing import records as sealing
from reknit.vocabulary import SYSTEM, Purpose

MOST_SIGNS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules read in a message, in a reader's words."""

    language: str
    guess: str
    confidence: float
    categories: tuple[str, ...]
    urgency: int
    reasons: tuple[str, ...]
    facts: tuple[Fact, ...]
    gloss: tuple[GlossWord, ...]
    summary: str
    translation: str


def read(attempt: Run) -> None:
    """The job. Running it twice has one effect."""
    message = Message.objects.filter(id=attempt.subject_id).first()
    if message is None or message.state != MessageState.WAITING:
        return
    (content,) = sealing.unseal([message])
    text = content["text"]
    found = triage(
        text,
        stated=message.stated_language or None,
        received=message.received_at.date(),
        gazetteer=gazetteer(),
        model=in_use(),
    )
    older = likeness.older_than(message, text)

    def keep() -> None:
        row = Message.objects.select_for_update().get(id=message.id)
        if row.state != MessageState.WAITING:
            return
        sealing.reseal([row], [content | {"reading": _stored(found)}])
        row.state, row.read_at = MessageState.OPEN, timezone.now()
        row.language = found.detection.language
        row.urgency, row.categories = found.urgency.level, list(found.categories)
        row.signs = signs_of(found)
        row.save()
        if older is not None:
            likeness.join(row, older)
        assisting.ask_for(row)
        audit.record(SYSTEM, "message:suggest", Resource.of(row), Purpose.FAMILY_TRACING)

    commits.commit(keep)


def reading_of(content: dict[str, Any], reader: str) -> Reading | None:
    """What a message's content says was read in it; None until it was. reader: the language of
    gloss and summary, English where there are no words in it."""
    said = content.get("reading")
    if said is None:
        return None
    to = reader if reader in READERS else "en"
    text = content["text"]
    facts = tuple(_fact(one) for one in said["facts"])
    guess = said["guess"] or ""
    signals = read_signals(text, guess if said["language"] == "und" and guess else said["language"])
    return Reading(
        said["language"],
        guess,
        said["language_confidence"],
        tuple(said["categories"]),
        said["urgency"],
        tuple(said["reasons"]),
        facts,
        gloss_of(signals, to).words,
        summarise(signals, said["categories"], facts, to, said["language"]).text,
        said["translation"] or "",
    )


def signs_of(found: Triage) -> list[str]:
    """The senses that gave the urgency, as codes of the lexicon: they name nobody."""
    by_meaning = {sense.meaning("en"): sense.name for sense in senses().values()}
    said = [why.partition(": ")[0].removeprefix("no ") for why in found.urgency.reasons]
    codes = [by_meaning[meaning] for meaning in said if meaning in by_meaning]
    return list(dict.fromkeys(codes))[:MOST_SIGNS]


def signs_in(codes: Sequence[str], reader: str) -> list[str]:
    """Those senses in a reader's words."""
    to = reader if reader in READERS else "en"
    known = senses()
    return [known[code].meaning(to) for code in codes if code in known]


def _stored(found: Triage) -> dict[str, Any]:
    """The contract's row, but for what is made for a reader when they look."""
    row = as_row("", found)
    for name in ("message_id", "gloss", "summary"):
        del row[name]
    return row | {"guess": found.detection.guess}


def _fact(said: dict[str, Any]) -> Fact:
    return Fact(
        FactKind(said["kind"]),
        said["value"],
        said["start"],
        said["end"],
        FactRole(said["role"]),
        Made(said.get("made", "rules")),
    )


__all__ = ["Reading", "read", "reading_of", "signs_in", "signs_of"]
