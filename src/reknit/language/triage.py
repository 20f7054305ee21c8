"""One message, read whole: language, gloss, categories, urgency, facts, summary.

Rules
 Nothing is sent anywhere and nothing is decided: every result says how it was made and which words
 gave it, and a person reads the original. A message whose language is not sure is read by the
 lexicon of the likeliest one, for danger only, and is said to be "und". A language without a
 lexicon is never "low": a person has to look.
 A trained model stands beside the rules: for the labels that it learned it decides, but what the
 rules found of danger stays, and it may raise the urgency and never lower it.

>>> read = triage("My brother Idris, 8, is missing since Friday. Please help!")
>>> read.detection.language, read.categories, read.urgency.level
('en', ('sought',), 4)
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reknit.language.categories import categorise
from reknit.language.detect import LANGUAGES, detect
from reknit.language.facts import find_facts
from reknit.language.folding import LONGEST, fold
from reknit.language.gloss import gloss_of
from reknit.language.signals import Signals, read_signals
from reknit.language.summary import summarise
from reknit.language.urgency import UNREAD, weigh_urgency
from reknit.language.values import (
    DANGER,
    UNDETERMINED,
    Category,
    CategoryReason,
    Detection,
    Fact,
    Triage,
    Urgency,
)
from reknit.places import Gazetteer

if TYPE_CHECKING:
    from reknit.language.linear import MessageModel


def triage(
    text: str,
    *,
    reader: str = "en",
    stated: str | None = None,
    received: dt.date | None = None,
    region: str | None = None,
    gazetteer: Gazetteer | None = None,
    model: MessageModel | None = None,
) -> Triage:
    """Read one message; never an error, whatever the text.

    reader: the language of gloss and summary (`reknit.language.READERS`). stated: the language that
    the sender or desk said. received: the day it came. region: where local numbers are dialled, ISO
    3166-1 alpha-2. gazetteer: places are found only with one. model: a trained one, beside the
    rules. Raises ReaderLanguageError when no template words are in `reader`.
    """
    folded = fold(text)
    detection = detect(text, stated=stated, folded=folded)
    signals = read_signals(text, _read_as(detection), folded)
    facts = find_facts(signals, gazetteer=gazetteer, received=received, region=region)
    about = categorise(signals, facts)
    urgency = _urgency(detection, signals, facts, about)
    if detection.language == UNDETERMINED:
        about = _danger_only(about)
    if model is not None:
        about, urgency = model.beside(about, urgency, signals)
    categories = tuple(dict.fromkeys(str(reason.category) for reason in about))
    notes = ("only its beginning was read",) if len(text) > LONGEST else ()
    return Triage(
        detection=detection,
        gloss=gloss_of(signals, reader),
        categories=categories,
        because=about,
        urgency=urgency,
        facts=facts,
        summary=summarise(signals, categories, facts, reader, detection.language),
        notes=notes,
    )


def _read_as(detection: Detection) -> str:
    """The language whose lexicon reads the message."""
    guess = detection.guess
    if detection.language == UNDETERMINED and guess in LANGUAGES and detection.script == "latin":
        return guess
    return detection.language


def _urgency(
    detection: Detection,
    signals: Signals,
    facts: tuple[Fact, ...],
    about: tuple[CategoryReason, ...],
) -> Urgency:
    weighed = weigh_urgency(signals, facts, about)
    unread = detection.language == UNDETERMINED or detection.language not in LANGUAGES
    if unread and weighed.level <= UNREAD.level and signals.folded.words:
        return UNREAD
    return weighed


def _danger_only(about: tuple[CategoryReason, ...]) -> tuple[CategoryReason, ...]:
    kept = tuple(reason for reason in about if reason.category in DANGER)
    return kept or (CategoryReason(str(Category.OTHER), ()),)
